using System;
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
        AssertRefused(new OnnxBuilder(0, 2).Node("Relu", ["*"]).Node("Sigmoid", ["*"]), ModelFileProblem.Unsupported, "'n1' (Sigmoid)", "not piecewise linear");

    [Fact]
    public void Unknown_operators() =>
        AssertRefused(new OnnxBuilder(0, 2).Node("Conv", ["*"]), ModelFileProblem.Unsupported, "'n0' (Conv)", "Gemm");

    [Fact]
    public void Unknown_attributes() =>
        AssertRefused(new OnnxBuilder(0, 2).Node("Relu", ["*"], ("slope", 1f)), ModelFileProblem.Unsupported, "'slope'");

    [Fact]
    public void Skip_connections() =>
        AssertRefused(new OnnxBuilder(0, 2).Node("Relu", ["*"]).Node("Add", ["*", "x"]), ModelFileProblem.Unsupported, "'x'", "skip connections");

    [Fact]
    public void Products_of_the_data_with_itself() =>
        AssertRefused(new OnnxBuilder(0, 2).Node("Mul", ["*", "*"]), ModelFileProblem.Unsupported, "more than once");

    [Fact]
    public void Division_of_a_constant() =>
        AssertRefused(new OnnxBuilder(0, 1).Floats("c", [1], 1).Node("Div", ["c", "*"]), ModelFileProblem.Unsupported, "not piecewise linear");

    [Fact]
    public void Transposed_data() =>
        AssertRefused(new OnnxBuilder(0, 1).Floats("w", [1, 1], 1).Node("Gemm", ["*", "w"], ("transA", 1)), ModelFileProblem.Unsupported, "transA");

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.NegativeInfinity, "-infinity")]
    public void Weights_that_are_not_finite(float weight, string text) =>
        AssertRefused(new OnnxBuilder(0, 2).Floats("w", [2, 2], 1, 2, weight, 3).Node("MatMul", ["*", "w"]), ModelFileProblem.Malformed, "'w'", text + " at [1, 0]");

    [Fact]
    public void Huge_claims()
    {
        AssertRefused(new OnnxBuilder(0, 2).Floats("w", [1L << 40, 1L << 40], 1).Node("MatMul", ["*", "w"]), ModelFileProblem.Unsupported, "'w'", "1099511627776");
        AssertRefused(new OnnxBuilder(0, 2).Floats("w", [4000, 4000], 1).Node("MatMul", ["*", "w"]), ModelFileProblem.Malformed, "needs 16000000 numbers");
        AssertRefused(new OnnxBuilder(0, long.MaxValue, 3).Node("Relu", ["*"]), ModelFileProblem.Unsupported, "'x'");
    }

    [Fact]
    public void Weights_that_do_not_fit() =>
        AssertRefused(new OnnxBuilder(0, 3).Floats("w", [2, 2], 1, 2, 3, 4).Node("MatMul", ["*", "w"]), ModelFileProblem.Malformed, "2 inputs", "has 3");

    [Fact]
    public void Half_precision_weights()
    {
        var model = new OnnxBuilder(0, 1).Floats("w", [1, 1], 1).Node("MatMul", ["*", "w"]);
        model.Graph.Initializer[0].DataType = 10;
        AssertRefused(model, ModelFileProblem.Unsupported, "'w'", "float16");
    }

    [Fact]
    public void Data_in_other_files()
    {
        var model = new OnnxBuilder(0, 1).Floats("w", [1, 1], 1).Node("MatMul", ["*", "w"]);
        model.Graph.Initializer[0].DataLocation = 1;
        AssertRefused(model, ModelFileProblem.Unsupported, "another file");
    }

    [Fact]
    public void Graphs_of_two_inputs()
    {
        var model = new OnnxBuilder(0, 1).Node("Relu", ["*"]);
        model.Graph.Input.Add(new ValueInfoProto { Name = "y" });
        AssertRefused(model, ModelFileProblem.Unsupported, "'x', 'y'");
    }
}
