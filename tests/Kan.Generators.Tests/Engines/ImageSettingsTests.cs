using System.Collections.Generic;
using System.Threading.Tasks;
using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Engines;

/// <summary>Runs the agreement tests of layers over images again in processes whose JIT sees other vectors.</summary>
[Trait("Speed", "Slow")]
public sealed class ImageSettingsTests
{
    [Theory]
    [InlineData("DOTNET_EnableAVX512", "0")]
    [InlineData("DOTNET_EnableAVX", "0")]
    [InlineData("DOTNET_EnableHWIntrinsic", "0")]
    public Task Agreement_holds_under(string variable, string value) =>
        TestProcess.RunAsync(typeof(ImageAgreementTests), new Dictionary<string, string> { [variable] = value });
}
