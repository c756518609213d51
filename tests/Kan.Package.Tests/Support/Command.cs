using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Kan.Interchange.Tests.Support;
using Kan.Testing;
using Xunit;

namespace Kan.Package.Tests.Support;

/// <summary>Runs programs as a user's terminal does.</summary>
internal static class Command
{
    /// <summary>The exit code, and what went to standard output; where that failed, what went to standard error, too.</summary>
    public static async Task<(int ExitCode, string Output)> Run(string program, string folder, IReadOnlyDictionary<string,
        string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };

        // What an enclosing build or test run sets must not lead the inner one astray.
        foreach (string name in start.Environment.Keys.Where(static name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))
            .ToArray()) start.Environment.Remove(name);
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";

        // Commands are over before profiles of their code would pay.
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach (var (name, value) in CompilerServer.Variables) start.Environment[name] = value;
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await HangGuard.WaitForExitAsync(process, program + " " + string.Join(' ', arguments), TestContext.Current.CancellationToken);
        return (process.ExitCode, process.ExitCode == 0 ? await output : await output + await error);
    }
}
