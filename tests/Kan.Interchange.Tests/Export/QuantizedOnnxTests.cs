using System;
using System.Linq;
using Kan.Compiler;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Export;

/// <summary>Integer networks in ONNX files against ONNX Runtime, which has integer kernels of its own.</summary>
public sealed class QuantizedOnnxTests
{
    [Theory]
    [InlineData(1, 30, 17, 5)]
    [InlineData(2, 64, 40, 24, 10)]
    [InlineData(3, 7, 3)]
    [InlineData(4, 16, 33, 1)]
    public void Shared_codes_give_the_numbers_of_onnx_runtime(int seed, params int[] widths)
    {
        var form = Form(Network(seed, widths) with { InputRanges = [new(-1, Rational.Create(3, 2))] });
        using var runtime = new OrtRun(QuantizedOnnxExporter.Export(form));
        var evaluator = new IntegerEvaluator(form);
        var random = new Random(seed);
        for (int sample = 0; sample < 2000; sample++)
        {
            float[] x = [.. Enumerable.Range(0, widths[0]).Select(_ => (float)((random.NextDouble() * 3) - 1.2))];
            Assert.Equal(runtime.Evaluate(x), evaluator.Evaluate(x));
        }
    }

    [Fact]
    public void Codes_of_each_input_give_the_numbers_of_onnx_runtime()
    {
        var document = Network(5, 6, 20, 4) with { InputRanges = [new(0, 1), new(-1, 1), new(0, 100), new(-5, 0), new(2, 3), new(-1, 7)] };
        var form = Form(document);
        using var runtime = new OrtRun(QuantizedOnnxExporter.Export(form));
        var evaluator = new IntegerEvaluator(form);
        var random = new Random(5);
        int differing = 0;
        for (int sample = 0; sample < 2000; sample++)
        {
            float[] x =
                [.. document.InputRanges.Select(range =>
                (float)(range.Low.ToDouble() + (random.NextDouble() * (range.High - range.Low).ToDouble())))];
            float[] expected = runtime.Evaluate(x), actual = evaluator.Evaluate(x);

            // Codes of several scales are multiplied in floats there, and a sum at half a step may go to either side.
            double step = form.Layers[0].Codes.Scale * 8.0;
            for (int q = 0; q < actual.Length; q++) Assert.Equal(expected[q], actual[q], step);
            if (!expected.Zip(actual).All(static pair => Math.Abs(pair.First - pair.Second) < 1e-4)) differing++;
        }

        Assert.InRange(differing, 0, 100);
    }

    /// <summary>ONNX Runtime has no integer kernels for them: it adds floats, whose rounding may move a code by one or two.</summary>
    [Theory]
    [InlineData(6, 30, 17, 5)]
    [InlineData(7, 64, 40, 24, 10)]
    public void Codes_of_16_bits_give_numbers_near_those_of_onnx_runtime(int seed, params int[] widths)
    {
        var form = Form(Network(seed, widths) with { InputRanges = [new(-1, Rational.Create(3, 2))], IntegerTolerance = 1e-9 });
        Assert.True(form.IsWide);
        using var runtime = new OrtRun(QuantizedOnnxExporter.Export(form));
        var evaluator = new IntegerEvaluator(form);
        var random = new Random(seed);
        double step = form.Layers[^2].Codes.Scale, most = 4 * step * widths[^2];
        for (int sample = 0; sample < 500; sample++)
        {
            float[] x = [.. Enumerable.Range(0, widths[0]).Select(_ => (float)((random.NextDouble() * 3) - 1.2))];
            foreach (var (expected, actual) in runtime.Evaluate(x).Zip(evaluator.Evaluate(x))) Assert.Equal(expected, actual, most);
        }
    }

    private static IntegerForm Form(KanDocument document) =>
        NetworkCompiler.Plan(document, Precision.Int8, Lowering.Auto, TestContext.Current.CancellationToken).Integers!.Form;

    private static KanDocument Network(int seed, params int[] widths)
    {
        var random = new Random(seed);
        var layers = new System.Collections.Generic.List<LayerDescription>();
        for (int l = 0; l + 1 < widths.Length; l++)
        {
            int n = widths[l], m = widths[l + 1];
            if (l > 0) layers.Add(new ActivationDescription(n, [PiecewiseLinearFunction.Relu]));
            layers.Add(new AffineDescription(n, m, [.. Enumerable.Range(0, n * m).Select(_ => Number(2 / Math.Sqrt(n)))],
                [.. Enumerable.Range(0, m).Select(_ => Number(0.3))]));
        }

        return new KanDocument { Name = "integers", Layers = [.. layers] };

        Rational Number(double size) => Rational.FromSingle((float)(((random.NextDouble() * 2) - 1) * size));
    }
}
