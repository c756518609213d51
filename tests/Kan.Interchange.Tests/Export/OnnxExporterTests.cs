using System;
using System.Linq;
using Kan.Interchange;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Export;

/// <summary>What is written is what the network is: read back exactly, and evaluated elsewhere.</summary>
public sealed class OnnxExporterTests
{
    private const int Samples = 10_000;

    [Theory]
    [InlineData(Precision.Single)]
    [InlineData(Precision.Double)]
    public void A_relu_network_read_back_is_the_same(Precision precision)
    {
        var network = SampleNetworks.Dyadic(seed: 1, bits: 8, segments: 4, 3, 4, 2).ToRelu();
        var export = OnnxExporter.Export(network, new OnnxExportOptions { Precision = precision });
        Assert.Equal(new RoundingReport(network.NonZeroCount, 0, 0), export.Rounding);
        AssertSame(network.ToKan(ReluEmbedding.Separate), ReadBack(export));
    }

    [Fact]
    public void A_fused_network_read_back_is_the_product()
    {
        var network = SampleNetworks.Dyadic(seed: 2, bits: 6, segments: 2, 3, 4, 2).ToRelu();
        var export = OnnxExporter.Export(network, new OnnxExportOptions { Precision = Precision.Double, Fuse = true });
        Assert.True(export.Rounding.IsExact);
        var fused = network.Fuse();
        Assert.True(fused.Layers.Length < network.Layers.Length);
        AssertSame(fused.ToKan(ReluEmbedding.Separate), ReadBack(export));
    }

    /// <summary>Identities between the affine maps of an imported ReLU network are multiplied out, and nothing is rounded.</summary>
    [Theory]
    [InlineData("digits-mlp.onnx")]
    [InlineData("breast-cancer-mlp.onnx")]
    public void A_trained_relu_network_is_written_as_it_was_read(string file)
    {
        var network = ModelImporter.Import(TestFiles.Model(file)).ToNetwork();
        var export = OnnxExporter.Export(network);
        Assert.True(export.Rounding.IsExact);
        AssertSame(network, ReadBack(export));
    }

    [Fact]
    public void What_a_float_does_not_hold_is_rounded_and_counted()
    {
        var layer = KanLayer.Affine(2, 1, static (_, input) => input == 0 ? Rational.Create(1, 3) : Rational.One,
            [Rational.FromDouble(0.1)]);
        var export = OnnxExporter.Export(new KanNetwork([layer]));
        Assert.Equal(3, export.Rounding.Numbers);
        Assert.Equal(2, export.Rounding.Rounded);
        Rational third = Rational.Create(1, 3), tenth = Rational.FromDouble(0.1);
        double change = Math.Max(Relative(third), Relative(tenth));
        Assert.Equal(change, export.Rounding.MaxRelativeChange);
        Assert.InRange(change, double.Epsilon, 1.0 / (1 << 24));
        var read = ReadBack(export).Layers[0];
        Assert.Equal(Rational.FromSingle(1f / 3), read.Edges[0].Function.Slopes[0]);
        Assert.Equal(Rational.FromSingle(0.1f), read.Biases[0]);

        static double Relative(Rational value) => Rational.Abs((Rational.FromSingle(value.ToSingle()) - value) / value).ToDouble();
    }

    [Fact]
    public void Double_dyadic_networks_give_the_exact_bits_in_another_runtime()
    {
        var network = SampleNetworks.Dyadic(seed: 3, bits: 7, segments: 8, 4, 6, 3);
        var export = OnnxExporter.Export(network, new OnnxExportOptions { Precision = Precision.Double });
        Assert.True(export.Rounding.IsExact);
        double[] inputs = SampleNetworks.Inputs(seed: 4, bits: 7, Samples * 4);
        using var run = new OrtRun(export.Bytes);
        double[] outputs = run.Evaluate(inputs);
        for (int i = 0; i < Samples; i++)
        {
            // Doubles of few bits: sums and products of plain double arithmetic are exact too.
            var expected = DoubleEvaluation.Evaluate(network, inputs[(i * 4)..((i + 1) * 4)]);
            for (int q = 0; q < 3; q++)
                Assert.Equal(BitConverter.DoubleToInt64Bits(expected[q] + 0.0), BitConverter.DoubleToInt64Bits(outputs[(i * 3) + q] + 0.0));
            if (i % 1000 == 0) Assert.Equal(network.Evaluate(inputs[(i * 4)..((i + 1) * 4)]), expected);
        }
    }

    [Theory]
    [InlineData("digits-mlp.onnx")]
    [InlineData("kan")]
    [InlineData("kan, thirds")]
    public void Floats_agree_with_another_runtime_to_the_rounding_bound(string model)
    {
        var network = model switch
        {
            "kan" => SampleNetworks.Dyadic(seed: 5, bits: 20, segments: 8, 6, 8, 3),
            "kan, thirds" => Scaled(SampleNetworks.Dyadic(seed: 6, bits: 20, segments: 5, 5, 7, 2), Rational.Create(1, 3)),
            _ => ModelImporter.Import(TestFiles.Model(model)).ToNetwork(),
        };
        var export = OnnxExporter.Export(network);
        Assert.Equal(model != "kan, thirds", export.Rounding.IsExact);
        var random = new Random(7);
        float[] inputs = [.. Enumerable.Range(0, Samples * network.InputCount).Select(_ => (random.NextSingle() * 4) - 2)];
        using var run = new OrtRun(export.Bytes);
        float[] outputs = run.Evaluate(inputs);
        var bound = new RoundingBound(network.ToRelu().FuseWhereSmaller());
        double worst = 0;
        for (int i = 0; i < Samples; i++)
        {
            double[] sample = [.. inputs.AsSpan(i * network.InputCount, network.InputCount).ToArray().Select(static x => (double)x)];
            var (expected, bounds) = bound.At(sample, export.Rounding.MaxRelativeChange);
            for (int q = 0; q < expected.Length; q++)
            {
                double error = Math.Abs(outputs[(i * expected.Length) + q] - expected[q]);
                Assert.True(error <= bounds[q], $"sample {i}, output {q}: {error:E2} exceeds {bounds[q]:E2}");
                worst = Math.Max(worst, bounds[q] / (1 + Math.Abs(expected[q])));
            }
        }

        // A bound that grew past use would prove nothing.
        Assert.InRange(worst, 0, 1e-2);
    }

    [Fact]
    public void The_graph_has_an_open_batch_and_the_names_asked_for()
    {
        var export = OnnxExporter.Export(
            SampleNetworks.Dyadic(seed: 8, bits: 4, segments: 2, 3, 2),
            new OnnxExportOptions { Precision = Precision.Double, InputName = "features", OutputName = "score" });
        using var run = new OrtRun(export.Bytes);
        var (name, shape, open, type) = run.Input;
        Assert.Equal(("features", typeof(double)), (name, type));
        Assert.Equal([-1, 3], shape);
        Assert.Equal("batch", open[0]);
        (name, shape, open, type) = run.Output;
        Assert.Equal(("score", typeof(double)), (name, type));
        Assert.Equal([-1, 2], shape);
        Assert.Equal("batch", open[0]);
        Assert.Equal(5 * 2, run.Evaluate(new double[5 * 3]).Length);
    }

    [Fact]
    public void Graphs_hold_gemm_and_relu_only()
    {
        var export = OnnxExporter.Export(SampleNetworks.Dyadic(seed: 9, bits: 4, segments: 3, 2, 2, 1));
        var graph = Kan.Interchange.Onnx.Proto.ModelProto.Parser.ParseFrom(export.Bytes.Span).Graph;
        Assert.Equal(["Gemm", "Relu"], graph.Node.Select(static node => node.OpType).Distinct());
    }

    [Fact]
    public void Numbers_past_the_type_are_refused()
    {
        var network = new KanNetwork([KanLayer.Affine(1, 1, static (_, _) => Rational.FromDouble(1e300))]);
        var exception = Assert.Throws<OverflowException>(() => OnnxExporter.Export(network));
        Assert.Contains("Layer 0 holds a number near 1.000E+300, which does not fit float32", exception.Message, StringComparison.Ordinal);
        Assert.True(OnnxExporter.Export(network, new OnnxExportOptions { Precision = Precision.Double }).Rounding.IsExact);
    }

    [Theory]
    [InlineData("", "y", "names")]
    [InlineData("x", "x", "both named 'x'")]
    [InlineData("kan.weights0", "y", "begins with 'kan.'")]
    public void Names_that_a_graph_cannot_have_are_refused(string input, string output, string complaint)
    {
        var network = new KanNetwork([KanLayer.Affine(1, 1, static (_, _) => Rational.One)]);
        var exception =
            Assert.Throws<ArgumentException>(() =>
            OnnxExporter.Export(network, new OnnxExportOptions { InputName = input, OutputName = output }));
        Assert.Contains(complaint, exception.Message, StringComparison.Ordinal);
    }

    private static KanNetwork ReadBack(OnnxExport export)
    {
        using var scratch = new Scratch();
        string path = scratch.PathOf("out/again.onnx");
        export.Save(path);
        return ModelImporter.Import(path).ToNetwork();
    }

    private static KanNetwork Scaled(KanNetwork network, Rational factor) => new(network.Layers.Select(layer => new KanLayer(
        layer.InputCount, layer.OutputCount, layer.Edges.Select(edge => edge with { Function = factor * edge.Function }), layer.Biases)));

    private static void AssertSame(KanNetwork expected, KanNetwork actual)
    {
        Assert.Equal(expected.Widths, actual.Widths);
        Assert.All(expected.Layers.Zip(actual.Layers), static pair =>
        {
            Assert.Equal(pair.First.Edges.AsSpan(), pair.Second.Edges.AsSpan());
            Assert.Equal(pair.First.Biases.AsSpan(), pair.Second.Biases.AsSpan());
        });
    }
}
