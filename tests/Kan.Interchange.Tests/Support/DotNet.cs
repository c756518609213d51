using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Kan.Testing;

namespace Kan.Interchange.Tests.Support;

/// <summary>Runs dotnet commands as users do.</summary>
internal static class DotNet
{
    public static Task<(int ExitCode, string Output)> Run(string folder, params string[] arguments) =>
        Run(folder, new Dictionary<string, string>(), arguments);

    /// <param name="folder">Where to run it.</param>
    /// <param name="environment">Variables to set.</param>
    /// <param name="arguments">What follows <c>dotnet</c>.</param>
    public static async Task<(int ExitCode, string Output)> Run(string folder, IReadOnlyDictionary<string, string> environment,
        params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (string argument in arguments) start.ArgumentList.Add(argument);

        // What an enclosing build or test run sets must not lead the inner one astray.
        var inherited = new List<string>(start.Environment.Keys);
        foreach (string name in inherited)
        {
            if (name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)) start.Environment.Remove(name);
        }

        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";

        // Commands are over before profiles of their code would pay.
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach (var (name, value) in CompilerServer.Variables) start.Environment[name] = value;
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await HangGuard.WaitForExitAsync(process, "dotnet " + string.Join(' ', arguments), CancellationToken.None);
        return (process.ExitCode, await output + await error);
    }
}
