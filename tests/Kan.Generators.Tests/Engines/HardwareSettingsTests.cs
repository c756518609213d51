using System.Collections.Generic;
using System.Threading.Tasks;
using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Engines;

/// <summary>
/// Runs the agreement tests again in processes whose JIT sees other vectors, over the networks that this process has compiled.
/// </summary>
[Trait("Speed", "Slow")]
[Collection(typeof(AgreementGroup))]
public sealed class HardwareSettingsTests(AgreementNetworks networks)
{
    [Theory]
    [InlineData("DOTNET_EnableAVX512", "0")]
    [InlineData("DOTNET_EnableAVX2", "0")]
    [InlineData("DOTNET_EnableAVX", "0")]
    [InlineData("DOTNET_EnableHWIntrinsic", "0")]
    [InlineData("DOTNET_MaxVectorTBitWidth", "512")]
    public Task Agreement_holds_under(string variable, string value) => Run(new() { [variable] = value });

    /// <summary>Kernels of integers are all that use instructions between AVX2 and AVX-512.</summary>
    [Fact]
    public Task Integers_agree_with_AVX2_and_without_its_successors() =>
        Run(new() { ["DOTNET_EnableAVX512"] = "0", ["DOTNET_EnableAVXVNNI"] = "0" },
            nameof(EngineAgreementTests.Integer_code_has_the_bits_of_the_reference));

    private Task Run(Dictionary<string, string> settings, string? method = null)
    {
        settings[AgreementNetworks.Variable] = networks.Folder;
        return TestProcess.RunAsync(typeof(EngineAgreementTests), settings, method);
    }
}
