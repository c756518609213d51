using System;
using System.IO;
using Kan.Compiler;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Onnx;

/// <summary>
/// Trained networks in files that the quantizers of ONNX Runtime (<c>ort</c>) and of PyTorch (<c>torch</c>) have written:
/// <c>tests/models/make_quantized.py</c>.
/// </summary>
public sealed class QuantizedFixtureTests
{
    [Theory]
    [InlineData("ort-digits-qdq")]
    [InlineData("ort-cancer-qdq-per-channel")]
    [InlineData("ort-cancer-qdq-symmetric")]
    [InlineData("ort-cancer-qdq-float-bias")]
    [InlineData("ort-cancer-operators")]
    [InlineData("ort-cancer-operators-per-channel")]
    [InlineData("torch-digits-converted-per-channel")]
    [InlineData("torch-cancer-converted")]
    [InlineData("torch-cancer-simulated")]
    [InlineData("torch-cancer-simulated-7-bits")]
    [InlineData("torch-images-converted")]
    [InlineData("torch-images-converted-per-channel")]
    [InlineData("torch-images-separable")]
    [InlineData("torch-images-simulated")]
    public void Integers_are_those_of_onnx_runtime(string name)
    {
        var document = ModelImporter.Import(PathOf(name));
        var form = document.Codes!.FormOf(document.Layers);
        using (var runtime = new OrtRun(File.ReadAllBytes(PathOf(name)))) IntegerAgreement.AssertSame(runtime, form);
        var plan = NetworkCompiler.Plan(document, Precision.Int8, Lowering.Auto, TestContext.Current.CancellationToken);
        Assert.True(double.IsFinite(plan.ErrorBound), plan.Certificate.Reason);

        // As this tool writes it again.
        byte[] exported = QuantizedOnnxExporter.Export(form);
        using (var runtime = new OrtRun(exported)) IntegerAgreement.AssertSame(runtime, form);
        using var scratch = new Scratch();
        var reread = ModelImporter.Import(scratch.Write("m.onnx", exported));
        IntegerAgreement.AssertEqual(form, reread.Codes!.FormOf(reread.Layers));
    }

    [Fact]
    public void Fewer_than_all_codes_end_at_the_highest()
    {
        var codes = ModelImporter.Import(PathOf("torch-cancer-simulated-7-bits")).Codes!;
        Assert.Equal(128, codes.LowestInput);
        Assert.All(codes.Layers, static layer => Assert.Equal(128, Assert.Single(layer.Codes).Lowest));
        Assert.Equal((128, 128), (codes.Layers[0].Codes[0].Range.Zero, codes.Layers[1].Codes[0].Range.Zero));
    }

    [Theory]
    [InlineData("ort-cancer-dynamic", "(DynamicQuantizeLinear) chooses the range of its codes", "quantize_static", "Precision = Int8")]
    [InlineData("ort-cancer-matmul-add", "'/0/Gemm/Add' (Add)", "rounded apart", "quant_pre_process")]
    [InlineData("ort-cancer-matmul-add-operators", "'/0/Gemm/Add_quant' (QLinearAdd)", "rounded apart", "quant_pre_process")]
    [InlineData("ort-cancer-uint8-weights", "'0.weight_DequantizeLinear' (DequantizeLinear)", "a difference of 9 bits",
        "weight_type=QuantType.QInt8")]
    [InlineData("ort-cancer-softmax", "'softmax' (Softmax)", "Head = keep")]
    [InlineData("torch-images-simulated-flatten", "(Flatten) arranged, which has no codes again", "Reshape, which runtimes look through")]
    [InlineData("torch-cancer-simulated-unfused", "'/network/network.1/Relu' (Relu)", "which has no codes again", "fuse_modules")]
    public void What_runtimes_do_not_compute_in_integers_is_refused_by_its_node(string name, params string[] words)
    {
        var exception = Assert.Throws<ModelFileException>(() => ModelImporter.Import(PathOf(name)));
        Assert.False(exception.IsFault, exception.Message);
        Assert.All(words, word => Assert.Contains(word, exception.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public void The_codes_of_a_head_are_dropped_with_it()
    {
        var document = ModelImporter.Import(PathOf("ort-cancer-softmax"), new ImportOptions { Head = ModelHead.Drop }).Document;
        Assert.NotNull(document.Codes);
        Assert.Equal(NetworkHead.None, document.Head);
        Assert.Contains("(Softmax)", Assert.Throws<ModelFileException>(() =>
            ModelImporter.Import(PathOf("ort-cancer-softmax"), new ImportOptions { Head = ModelHead.Keep })).Reason,
            StringComparison.Ordinal);
    }

    private static string PathOf(string name) => TestFiles.Model(Path.Combine("quantized", name + ".onnx"));
}
