using System;
using System.Linq;
using Kan.Interchange.Tests.Support;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace Kan.Interchange.Tests.Curves;

/// <summary>Networks with curved activations are within the certified error of what ONNX Runtime computes.</summary>
public sealed class CurvedOperatorTests
{
    private const double Tolerance = 1e-3, Reach = 2;

    private static readonly ImportOptions s_options = new() { Tolerance = Tolerance, Domain = [new InputRange(-2, 2)] };

    public static TheoryData<string> Graphs => [.. CurveGraphs.Names];

    /// <summary>Three inputs, four nodes of the activation, two outputs.</summary>
    private static OnnxBuilder Network(string activation) => new OnnxBuilder(0, 3)
        .Floats("w1", [3, 4], 0.5f, -0.25f, 0.75f, 0.1f, -0.5f, 0.6f, 0.2f, -0.7f, 0.3f, 0.4f, -0.6f, 0.5f)
        .Floats("b1", [4], 0.1f, -0.2f, 0.3f, 0)
        .Node("Gemm", ["*", "w1", "b1"]).Append(activation)
        .Floats("w2", [4, 2], 0.5f, -0.5f, 0.25f, 0.75f, -0.3f, 0.2f, 0.1f, 0.4f).Node("MatMul", ["*", "w2"]);

    [Theory]
    [MemberData(nameof(Graphs))]
    public void Agree_with_onnx_runtime_within_the_certificate(string activation)
    {
        byte[] bytes = Network(activation).ToBytes(CurveGraphs.OpsetOf(activation));
        using var scratch = new Scratch();
        var (document, report) = ModelImporter.Import(scratch.Write("m.onnx", bytes), s_options);
        Assert.InRange(report.CertifiedError, 0, Tolerance);
        Assert.InRange(report.SampledError, 0, report.CertifiedError);

        // One table for the four nodes.
        var activations = document.Layers.OfType<ActivationDescription>().Where(static layer => !layer.Functions[0].IsAffine).ToList();
        Assert.Single(Assert.Single(activations).Functions);

        var network = document.ToNetwork();
        using var settings = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, IntraOpNumThreads = 1 };
        using var session = new InferenceSession(bytes, settings);
        var random = new Random(5);
        for (int sample = 0; sample < 200; sample++)
        {
            float[] x = [.. Enumerable.Range(0, 3).Select(_ => (float)((random.NextDouble() * 2 * Reach) - Reach))];
            using var input = OrtValue.CreateTensorValueFromMemory(x, [1, 3]);
            using var run = new RunOptions();
            using var results = session.Run(run, [session.InputNames[0]], [input], [session.OutputNames[0]]);
            float[] expected = results[0].GetTensorDataAsSpan<float>().ToArray();
            double[] actual = network.Evaluate([.. x.Select(static value => (double)value)]);
            for (int i = 0; i < expected.Length; i++)
            {
                // What floats add in ONNX Runtime.
                double allowed = report.CertifiedError + (4e-6 * (1 + Math.Abs(expected[i])));
                Assert.True(Math.Abs(expected[i] - actual[i]) <= allowed,
                    $"{activation}, output {i}: {actual[i]:R} is not within {allowed:R} of {expected[i]:R}");
            }
        }
    }

    /// <summary>Curves of several values, as sums of curves of each.</summary>
    [Theory]
    [InlineData("ReduceSumSquare")]
    [InlineData("ReduceLogSumExp")]
    public void Reductions_agree_with_onnx_runtime_within_the_certificate(string type)
    {
        var model = Network("x + Tanh(x)").Floats("far", [1, 2], 3, 5).Node("Add", ["*", "far"])
            .Node(type, ["*"], ("axes", OnnxBuilder.Ints(1)));
        byte[] bytes = model.ToBytes();
        using var scratch = new Scratch();
        var (document, report) = ModelImporter.Import(scratch.Write("m.onnx", bytes), s_options);
        Assert.InRange(report.CertifiedError, 0, Tolerance);
        var network = document.ToNetwork();
        using var runtime = new OrtRun(bytes);
        var random = new Random(9);
        for (int sample = 0; sample < 100; sample++)
        {
            float[] x = [.. Enumerable.Range(0, 3).Select(_ => (float)((random.NextDouble() * 2 * Reach) - Reach))];
            Assert.Equal(runtime.Evaluate(x)[0], network.Evaluate([.. x.Select(static value => (double)value)])[0],
                report.CertifiedError + 1e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Graphs))]
    public void Without_a_tolerance_they_are_refused_with_what_to_add(string activation)
    {
        using var scratch = new Scratch();
        var exception =
            Assert.Throws<ModelFileException>(() =>
            ModelImporter.Import(scratch.Write("m.onnx", Network(activation).ToBytes(CurveGraphs.OpsetOf(activation)))));
        Assert.Equal("KAN0303", exception.DiagnosticId);
        Assert.Contains("Tolerance = 1e-3", exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tolerance_needs_a_domain()
    {
        var exception = Assert.Throws<ModelFileException>(() => Network("Tanh").Import(new ImportOptions { Tolerance = Tolerance }));
        Assert.Contains("Domain = -1,1", exception.Reason, StringComparison.Ordinal);
        Assert.Equal(Tolerance, Network("Tanh").Import(new ImportOptions { Tolerance = Tolerance, Range = new InputRange(-1, 1) })
            .Report.CertifiedError, Tolerance / 5);
    }

    [Fact]
    public void Products_of_different_values_stay_refused()
    {
        var gate = new OnnxBuilder(0, 2).Floats("a", [2, 2], 1, 2, 3, 4).Floats("b", [2, 2], 1, -1, 1, 1)
            .Node("MatMul", ["x", "a"], ["left"]).Node("MatMul", ["x", "b"]).Node("Sigmoid", ["*"]).Node("Mul", ["left", "*"]);
        var exception = Assert.Throws<ModelFileException>(() => gate.Import(s_options));
        Assert.Contains("multiplies two values that both depend on the model's inputs", exception.Reason, StringComparison.Ordinal);
        var quotient = new OnnxBuilder(0, 2).Floats("a", [2, 2], 1, 2, 3, 4).Node("MatMul", ["x", "a"]).Node("Div", ["x", "*"]);
        Assert.Contains("divides by a value that depends on the model's inputs",
            Assert.Throws<ModelFileException>(() => quotient.Import(s_options)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_curve_that_is_undefined_on_what_it_reaches_names_the_node_and_the_interval()
    {
        var exception = Assert.Throws<ModelFileException>(() => new OnnxBuilder(0, 2).Node("Log", ["*"]).Import(s_options));
        Assert.Contains("node 'n0' (Log)", exception.Reason, StringComparison.Ordinal);
        Assert.Contains("[-2, 2]", exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_note_names_segments_bytes_and_both_errors()
    {
        string note = Assert.Single(Network("Tanh").Import(s_options).Report.Notes);
        Assert.Contains("segments", note, StringComparison.Ordinal);
        Assert.Contains("1 table, about", note, StringComparison.Ordinal);
        Assert.Contains("certified", note, StringComparison.Ordinal);
        Assert.Contains("The largest error found at", note, StringComparison.Ordinal);
    }

    [Fact]
    public void A_final_sigmoid_may_be_dropped_beside_curves_inside()
    {
        var model = Network("x * Sigmoid(x)").Node("Sigmoid", ["*"]);
        Assert.Contains(model.Import(s_options with { Head = ModelHead.Drop }).Report.Notes,
            static note => note.Contains("left out", StringComparison.Ordinal));
        Assert.DoesNotContain(model.Import(s_options).Report.Notes, static note => note.Contains("left out", StringComparison.Ordinal));
    }
}
