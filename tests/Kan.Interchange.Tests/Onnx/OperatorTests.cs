using System;
using System.Linq;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Onnx;

/// <summary>Each operator means what the ONNX reference says, exactly.</summary>
public sealed class OperatorTests
{
    private static readonly double[] s_points = [-3, -1, -0.5, 0, 0.25, 1, 2, 7];

    private static void AssertPointwise(OnnxBuilder model, Func<double, double> expected)
    {
        var network = model.Import().ToNetwork();
        foreach (double x in s_points) Assert.Equal(expected(x), Assert.Single(network.Evaluate([x])));
    }

    [Fact]
    public void Relu() => AssertPointwise(new OnnxBuilder(0, 1).Node("Relu", ["*"]), static x => Math.Max(x, 0));

    [Fact]
    public void LeakyRelu_takes_alpha_exactly() =>
        AssertPointwise(new OnnxBuilder(0, 1).Node("LeakyRelu", ["*"], ("alpha", 0.25f)), static x => x < 0 ? 0.25 * x : x);

    [Fact]
    public void PRelu() =>
        AssertPointwise(new OnnxBuilder(0, 1).Floats("s", [1], -2).Node("PRelu", ["*", "s"]), static x => x < 0 ? -2 * x : x);

    [Fact]
    public void Clip_by_inputs_and_by_attributes()
    {
        AssertPointwise(new OnnxBuilder(0, 1).Floats("a", [], -1).Floats("b", [], 2).Node("Clip", ["*", "a", "b"]),
            static x => Math.Clamp(x, -1, 2));
        AssertPointwise(new OnnxBuilder(0, 1).Floats("b", [], 2).Node("Clip", ["*", "", "b"]), static x => Math.Min(x, 2));
        AssertPointwise(new OnnxBuilder(0, 1).Node("Clip", ["*"], ("min", 0f), ("max", 6f)), static x => Math.Clamp(x, 0, 6));
    }

    [Fact]
    public void HardSigmoid() =>
        AssertPointwise(new OnnxBuilder(0, 1).Node("HardSigmoid", ["*"], ("alpha", 0.25f), ("beta", 0.5f)),
            static x => Math.Clamp(0.25 * x + 0.5, 0, 1));

    [Fact]
    public void Arithmetic_with_constants_on_either_side()
    {
        var model = () => new OnnxBuilder(0, 1).Floats("c", [1], 2);
        AssertPointwise(model().Node("Add", ["c", "*"]), static x => x + 2);
        AssertPointwise(model().Node("Sub", ["*", "c"]), static x => x - 2);
        AssertPointwise(model().Node("Sub", ["c", "*"]), static x => 2 - x);
        AssertPointwise(model().Node("Mul", ["*", "c"]), static x => x * 2);
        AssertPointwise(model().Node("Div", ["*", "c"]), static x => x / 2);
        AssertPointwise(model().Node("Max", ["*", "c"]), static x => Math.Max(x, 2));
        AssertPointwise(model().Node("Min", ["c", "*"]), static x => Math.Min(x, 2));
        AssertPointwise(model().Node("Neg", ["*"]).Node("Abs", ["*"]), Math.Abs);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Gemm_multiplies_alpha_and_beta_exactly(int transposed)
    {
        float[] rows = transposed == 1 ? [1, 2, 3, 4, 5, 6] : [1, 4, 2, 5, 3, 6];
        var network = new OnnxBuilder(0, 3)
            .Floats("b", transposed == 1 ? [2, 3] : [3, 2], rows)
            .Floats("c", [2], 10, 20)
            .Node("Gemm", ["*", "b", "c"], ("transB", transposed), ("alpha", 0.5f), ("beta", 0.1f))
            .Import().ToNetwork();
        var tenth = Rational.FromSingle(0.1f);
        var outputs = network.Evaluate([Rational.One, 10, 100]);
        Assert.Equal([Rational.Create(321, 2) + (tenth * 10), 327 + (tenth * 20)], outputs);
    }

    [Fact]
    public void MatMul_and_Add_are_one_affine_layer()
    {
        var document = new OnnxBuilder(0, 2).Floats("w", [2, 2], 1, 2, 3, 4).Floats("c", [1, 2], 5, 6)
            .Node("MatMul", ["*", "w"]).Node("Add", ["*", "c"]).Import();
        var layer = Assert.IsType<AffineDescription>(Assert.Single(document.Layers));
        Assert.Equal<Rational>([1, 3, 2, 4], layer.Weights);
        Assert.Equal<Rational>([5, 6], layer.Biases);
    }

    [Fact]
    public void Images_are_flattened_row_by_row_and_channels_broadcast()
    {
        var network = new OnnxBuilder(0, 2, 1, 2).Floats("c", [1, 2, 1, 1], 10, 20).Integers("s", -1, 4)
            .Node("Add", ["*", "c"]).Node("Dropout", ["*"]).Node("Reshape", ["*", "s"]).Node("Identity", ["*"]).Import().ToNetwork();
        Assert.Equal([11d, 12, 23, 24], network.Evaluate([1d, 2, 3, 4]));
    }

    [Fact]
    public void Scalars_of_rank_zero_count_for_all()
    {
        var network = new OnnxBuilder(1, 3).Floats("c", [], 4).Node("Flatten", ["*"]).Node("Mul", ["*", "c"]).Import().ToNetwork();
        Assert.Equal([4d, 8, 12], network.Evaluate([1d, 2, 3]));
    }
}
