using System;
using System.Linq;
using Kan.Compiler;
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

    [Theory]
    [MemberData(nameof(Names))]
    public void Integers_survive_files_of_both_kinds(string name)
    {
        var document = QuantizedImages.All[name]().Import();
        var again = KanDocumentReader.Read(KanDocumentWriter.Write(document));
        var form = document.Codes!.FormOf(document.Layers);
        Assert.Equal(KanDocumentWriter.Write(document), KanDocumentWriter.Write(again));
        IntegerAgreement.AssertEqual(form, again.Codes!.FormOf(again.Layers));
        byte[] exported = QuantizedOnnxExporter.Export(form);
        using var runtime = new OrtRun(exported);
        IntegerAgreement.AssertSame(runtime, form);
        using var scratch = new Scratch();
        var reread = ModelImporter.Import(scratch.Write("m.onnx", exported));
        IntegerAgreement.AssertEqual(form, reread.Codes!.FormOf(reread.Layers));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_layers_are_the_exact_network_within_the_certificate(string name)
    {
        var document = QuantizedImages.All[name]().Import();
        var plan = NetworkCompiler.Plan(document, Precision.Int8, Lowering.Auto, TestContext.Current.CancellationToken);
        var exact = document.ToNetwork();
        var evaluator = new IntegerEvaluator(plan.Integers!.Form);
        Assert.True(plan.Integers.IsModel);
        Assert.True(double.IsFinite(plan.ErrorBound), plan.Certificate.Reason);
        var random = new Random(3);
        double largest = 0;
        for (int sample = 0; sample < 200; sample++)
        {
            var range = Assert.Single(document.InputRanges);
            float[] x = [.. Enumerable.Range(0, exact.InputCount)
                .Select(_ => (float)(range.Low.ToDouble() + (random.NextDouble() * (range.High - range.Low).ToDouble())))];
            double[] expected = exact.Evaluate(Array.ConvertAll(x, static value => (double)value));
            float[] found = evaluator.Evaluate(x);
            for (int q = 0; q < found.Length; q++) largest = Math.Max(largest, Math.Abs(found[q] - expected[q]));
        }

        Assert.InRange(largest, 0, plan.ErrorBound);
    }
}
