using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Kan.Testing;
using Xunit;

namespace Kan.Generators.Tests.Harness;

/// <summary>A test class in a process of its own, whose runtime has other settings.</summary>
internal static class TestProcess
{
    /// <summary>Runs the class; its tests must pass.</summary>
    /// <param name="testClass">The class.</param>
    /// <param name="settings">Environment variables.</param>
    /// <param name="method">The only test that is run; all of them where it is null.</param>
    public static async Task RunAsync(Type testClass, IReadOnlyDictionary<string, string> settings, string? method = null)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet"
            ? path
            : "dotnet")
        {
            ArgumentList =
            {
                "exec", testClass.Assembly.Location, method is null ? "-class" : "-method",
                method is null ? testClass.FullName! : $"{testClass.FullName}.{method}",
            },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in settings) start.Environment[name] = value;
        string subject = $"{testClass.Name} under {string.Join(' ', settings.Select(static setting => $"{setting.Key}={setting.Value}"))}";
        using var process = Process.Start(start)!;
        var cancellation = TestContext.Current.CancellationToken;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        await HangGuard.WaitForExitAsync(process, subject, cancellation);
        Assert.True(process.ExitCode == 0, $"{subject}: exit code {process.ExitCode}\n{await output}\n{await errors}");
    }
}
