using System;
using System.Linq;
using Kan.Interchange.Onnx.Proto;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Onnx;

/// <summary>What is not understood is refused by name, with a remedy.</summary>
public sealed class RefusalTests
{
    private static void AssertRefused(OnnxBuilder model, ModelFileProblem problem, params string[] parts)
    {
        var exception = Assert.Throws<ModelFileException>(() => model.Import());
        Assert.Equal(problem, exception.Problem);
        Assert.Contains("m.onnx", exception.Message, StringComparison.Ordinal);
        foreach (string part in parts) Assert.Contains(part, exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Curved_operators() =>
        AssertRefused(new OnnxBuilder(0, 2).Node("Relu", ["*"]).Node("Sigmoid", ["*"]), ModelFileProblem.Unsupported, "'n1' (Sigmoid)",
            "not piecewise linear");

    [Fact]
    public void Unknown_attributes() =>
        AssertRefused(new OnnxBuilder(0, 2).Node("Relu", ["*"], ("slope", 1f)), ModelFileProblem.Unsupported, "'slope'");

    [Fact]
    public void Division_of_a_constant() =>
        AssertRefused(new OnnxBuilder(0, 1).Floats("c", [1], 1).Node("Div", ["c", "*"]), ModelFileProblem.Unsupported,
            "not piecewise linear");

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.NegativeInfinity, "-infinity")]
    public void Weights_that_are_not_finite(float weight, string text) =>
        AssertRefused(new OnnxBuilder(0, 2).Floats("w", [2, 2], 1, 2, weight, 3).Node("MatMul", ["*", "w"]), ModelFileProblem.Malformed,
            "'w'", text + " at [1, 0]");

    [Fact]
    public void Huge_claims()
    {
        AssertRefused(new OnnxBuilder(0, 2).Floats("w", [1L << 40, 1L << 40], 1).Node("MatMul", ["*", "w"]), ModelFileProblem.Unsupported,
            "'w'", "1099511627776");
        AssertRefused(new OnnxBuilder(0, 2).Floats("w", [4000, 4000], 1).Node("MatMul", ["*", "w"]), ModelFileProblem.Malformed,
            "needs 16000000 numbers");
        AssertRefused(new OnnxBuilder(0, long.MaxValue, 3).Node("Relu", ["*"]), ModelFileProblem.Unsupported, "'x'");
    }

    [Fact]
    public void Small_kernels_over_many_positions() =>
        AssertRefused(
            new OnnxBuilder(0, 16, 10, 10, 10).Floats("k", [13, 16, 3, 3, 3], Enumerable.Repeat(0.5f, 13 * 16 * 27).ToArray())
            .Node("Conv", ["*", "k"]), ModelFileProblem.Unsupported, "(Conv)", "2,875,392 edges", "2,097,152");

    [Fact]
    public void Weights_that_do_not_fit() =>
        AssertRefused(new OnnxBuilder(0, 3).Floats("w", [2, 2], 1, 2, 3, 4).Node("MatMul", ["*", "w"]), ModelFileProblem.Malformed,
            "2 inputs", "has 3");

    [Fact]
    public void Graphs_of_two_inputs()
    {
        var model = new OnnxBuilder(0, 1).Input("y", 0, 1).Node("Add", ["x", "y"]);
        AssertRefused(model, ModelFileProblem.Unsupported, "'x', 'y'");
    }

    [Fact]
    public void Graphs_of_two_outputs()
    {
        var model = new OnnxBuilder(0, 1).Node("Relu", ["*"]).Output("v0").Output("x");
        AssertRefused(model, ModelFileProblem.Unsupported, "'v0', 'x'", "Outputs = v0,x");
    }

    [Theory]
    [InlineData("HardSwish", "not piecewise linear")]
    [InlineData("Tanh", "not piecewise linear")]
    [InlineData("ArgMax", "jumps")]
    [InlineData("NonMaxSuppression", "Gemm")]
    public void Operators_by_their_kind(string type, string reason) =>
        AssertRefused(new OnnxBuilder(0, 2).Node("Relu", ["*"]).Node(type, ["*"]), ModelFileProblem.Unsupported, "'n1' (" + type + ")",
            reason);

    [Fact]
    public void Thresholds_that_jump() =>
        AssertRefused(new OnnxBuilder(0, 2).Node("ThresholdedRelu", ["*"], ("alpha", 0.5f)), ModelFileProblem.Unsupported,
            "'n0' (ThresholdedRelu)", "jumps from 0 to 0.5");

    [Fact]
    public void Products_of_two_values() =>
        AssertRefused(new OnnxBuilder(0, 2).Floats("w", [2, 2], 1, 2, 3, 4).Node("MatMul", ["*", "w"]).Node("Mul", ["x", "*"]),
            ModelFileProblem.Unsupported, "'n1' (Mul)", "both depend");

    [Fact]
    public void Samples_that_mix()
    {
        AssertRefused(new OnnxBuilder(0, 1).Floats("w", [1, 1], 1).Node("Gemm", ["*", "w"], ("transA", 1)), ModelFileProblem.Unsupported,
            "'n0' (Gemm)", "sums 'x' over the samples");
        AssertRefused(new OnnxBuilder(0, 2).Node("ReduceMean", ["*"], ("axes", OnnxBuilder.Ints(0))), ModelFileProblem.Unsupported,
            "mixes the samples");
        AssertRefused(new OnnxBuilder(0, 4).Integers("s", -1, 2).Node("Reshape", ["*", "s"]), ModelFileProblem.Unsupported,
            "mixes the samples");
        AssertRefused(new OnnxBuilder(0, 4).Node("Concat", ["*", "*"], ("axis", 0)), ModelFileProblem.Unsupported, "mixes the samples");
    }

    [Fact]
    public void Cycles()
    {
        var model = new OnnxBuilder(0, 2).Node("Add", ["x", "b"], ["a"]).Node("Relu", ["a"], ["b"]).Output("b");
        AssertRefused(model, ModelFileProblem.Malformed, "cycle", "'n0' (Add)");
    }

    [Fact]
    public void Names_given_twice()
    {
        AssertRefused(new OnnxBuilder(0, 2).Node("Relu", ["x"], ["a"]).Node("Neg", ["x"], ["a"]), ModelFileProblem.Malformed, "'n1' (Neg)",
            "'a'");
        AssertRefused(new OnnxBuilder(0, 2).Floats("w", [1], 1).Floats("w", [1], 2).Node("Add", ["x", "w"]), ModelFileProblem.Malformed,
            "'w'", "twice");
        AssertRefused(new OnnxBuilder(0, 2).Node("Relu", ["x"], ["x"]), ModelFileProblem.Malformed, "'x'");
    }

    [Fact]
    public void Missing_initializers() =>
        AssertRefused(new OnnxBuilder(0, 2).Node("MatMul", ["x", "w"]), ModelFileProblem.Malformed, "'n0' (MatMul)", "'w'",
            "an initializer");

    [Fact]
    public void Names_that_are_not_there()
    {
        var model = new OnnxBuilder(0, 2).Node("Relu", ["*"]);
        Assert.Contains("'q'", Assert.Throws<ModelFileException>(() => model.Import(new ImportOptions { Inputs = ["q"] })).Reason,
            StringComparison.Ordinal);
        Assert.Contains("'q'", Assert.Throws<ModelFileException>(() => model.Import(new ImportOptions { Outputs = ["q"] })).Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_small_file_that_asks_for_a_large_model()
    {
        var model = new OnnxBuilder(0, 1).Integers("s", 1, 4096).Node("Expand", ["*", "s"]);
        for (int i = 0; i < 12; i++) model.Node("Concat", ["*", "*"], ("axis", 1));
        AssertRefused(model, ModelFileProblem.Unsupported, "(Concat)", "reduce or prune");
    }
}
