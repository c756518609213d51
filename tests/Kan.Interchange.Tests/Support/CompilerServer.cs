using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Kan.Interchange.Tests.Support;
using Xunit;

[assembly: AssemblyFixture(typeof(CompilerServer))]

namespace Kan.Interchange.Tests.Support;

/// <summary>
/// The compiler that the builds of a test run share, as builds at a desk do: a process that is warm from the second build on. It has a name
/// of its own, so that no other build meets it, and ends with the run.
/// </summary>
public sealed class CompilerServer : IAsyncDisposable
{
    private static readonly string s_name = "kan-tests-" + Guid.NewGuid().ToString("N");
    private static bool s_isUsed;

    /// <summary>What a build is told by its environment.</summary>
    internal static IReadOnlyDictionary<string, string> Variables
    {
        get
        {
            s_isUsed = true;
            return new Dictionary<string, string> { ["UseSharedCompilation"] = "true", ["SharedCompilationId"] = s_name };
        }
    }

    /// <summary>Ends the compiler. Where that fails, it ends by itself after ten minutes without work.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!s_isUsed) return;
        var (_, list) = await DotNet.Run(AppContext.BaseDirectory, "--list-sdks");

        // A line is a version, and in brackets the folder of all versions.
        foreach (string[] sdk in list.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => line.Trim().TrimEnd(']').Split(" [", 2)).Where(static sdk => sdk.Length == 2))
        {
            string server = Path.Combine(sdk[1], sdk[0], "Roslyn", "bincore", "VBCSCompiler.dll");
            if (File.Exists(server)) await DotNet.Run(AppContext.BaseDirectory, "exec", server, "-pipename:" + s_name, "-shutdown");
        }
    }
}
