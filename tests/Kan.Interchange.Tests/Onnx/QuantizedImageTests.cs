using System.Linq;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Onnx;

/// <summary>
/// Integer networks over images as quantizers write them: read as what they are, with the numbers that ONNX Runtime gives.
/// </summary>
public sealed class QuantizedImageTests
{
    public static TheoryData<string> Names => [.. QuantizedImages.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Integers_are_those_of_onnx_runtime(string name)
    {
        var model = QuantizedImages.All[name]();
        var document = model.Import();
        using var runtime = new OrtRun(model.ToBytes());
        IntegerAgreement.AssertSame(runtime, document.Codes!.FormOf(document.Layers));
    }
}
