using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using Kan.Testing;
using Xunit;

namespace Kan.Generators.Tests.Engines;

/// <summary>Runs the agreement tests again in processes whose JIT sees other vectors.</summary>
public sealed class HardwareSettingsTests
{
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
        var cancellation = TestContext.Current.CancellationToken;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        await HangGuard.WaitForExitAsync(process, $"The run under {variable}={value}", cancellation);
        Assert.True(process.ExitCode == 0, $"{variable}={value}: exit code {process.ExitCode}\n{await output}\n{await errors}");
    }
}
