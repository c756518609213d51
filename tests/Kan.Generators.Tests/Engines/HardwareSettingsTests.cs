using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using Xunit;

namespace Kan.Generators.Tests.Engines;

/// <summary>Runs the agreement tests again in processes whose JIT sees other vectors.</summary>
public sealed class HardwareSettingsTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);

    [Theory]
    [InlineData("DOTNET_EnableAVX512", "0")]
    [InlineData("DOTNET_EnableAVX2", "0")]
    [InlineData("DOTNET_EnableHWIntrinsic", "0")]
    [InlineData("DOTNET_MaxVectorTBitWidth", "512")]
    public async Task Agreement_holds_under(string variable, string value)
    {
        string assembly = typeof(EngineAgreementTests).Assembly.Location;
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            ArgumentList = { "exec", assembly, "-class", typeof(EngineAgreementTests).FullName! },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        start.Environment[variable] = value;
        using var process = Process.Start(start)!;
        using var deadline = new System.Threading.CancellationTokenSource(s_limit);
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var errors = process.StandardError.ReadToEndAsync(deadline.Token);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        Assert.True(process.ExitCode == 0, $"{variable}={value}: exit code {process.ExitCode}\n{await output}\n{await errors}");
    }
}
