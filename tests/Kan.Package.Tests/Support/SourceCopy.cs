using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using Kan.Interchange.Tests.Support;
using Kan.Testing;
using Xunit;

namespace Kan.Package.Tests.Support;

/// <summary>
/// A folder with a copy of the sources, as a stranger's clone, where README.md is carried out: the packages that it makes are what the
/// guides begin with.
/// </summary>
public sealed class SourceCopy : IAsyncLifetime
{
    private readonly Scratch _scratch = new();

    // The linker of native libraries takes the files of its packages without quotes.
    private readonly DirectoryInfo _withoutSpaces = Directory.CreateTempSubdirectory("kan-native-");

    /// <summary>What went wrong while README.md was carried out; nothing where all went well.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>The clone.</summary>
    public string Clone => _scratch.PathOf("kan-generators");

    /// <summary>
    /// What to set for a command. A user's project restores into a cache of this copy, and templates are installed for it alone, whatever
    /// an earlier run left in that of the machine; what the sources themselves need is the same for all.
    /// </summary>
    public IReadOnlyDictionary<string, string> EnvironmentOf(string command) => command.Contains("dotnet pack", StringComparison.Ordinal)
        ? new Dictionary<string, string>()
        : new Dictionary<string, string>
        {
            ["NUGET_PACKAGES"] = command.Contains("--use-current-runtime", StringComparison.Ordinal)
            ? _withoutSpaces.FullName
            : _scratch.PathOf("cache"),
            ["DOTNET_CLI_HOME"] = _scratch.PathOf("home")
        };

    public async ValueTask InitializeAsync()
    {
        var (code, files) = await Command.Run("git", Repository.Root, new Dictionary<string, string>(), "ls-files", "-z", "--cached",
            "--others", "--exclude-standard");
        Assert.True(code == 0, files);
        foreach (string file in files.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            string from = Repository.PathOf(file), to = Path.Combine(Clone, file);
            if (!File.Exists(from)) continue;
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(from, to);
        }

        try
        {
            await new Walkthrough("README.md").Run(Clone, EnvironmentOf);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Failure = e;
        }
    }

    public ValueTask DisposeAsync()
    {
        _scratch.Dispose();
        _withoutSpaces.Delete(recursive: true);
        return default;
    }
}
