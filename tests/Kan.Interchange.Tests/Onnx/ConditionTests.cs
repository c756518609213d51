using System;
using System.Linq;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Onnx;

/// <summary>Masks and comparisons that make a continuous function are read exactly; what jumps in the end is refused.</summary>
public sealed class ConditionTests
{
    private static readonly (string, object)[] s_none = [];

    private static OnnxBuilder Model() => new OnnxBuilder(0, 3).Floats("w", [3, 4], 1, -2, 0.5f, 1, 2, 1, -1, 0.25f, -1, 0.5f, 2, -0.75f)
        .Floats("zero", [], 0).Floats("one", [], 1).Floats("tenth", [], 0.125f)
        .Node("MatMul", ["*", "w"], ["z"], s_none);

    [Fact]
    public void Leaky_relu_by_where() =>
        AssertExact(Model().Node("Mul", ["z", "tenth"], ["low"], s_none).Node("Greater", ["z", "zero"], s_none)
            .Node("Where", ["*", "z", "low"], s_none));

    [Fact]
    public void Relu_by_a_mask() =>
        AssertExact(Model().Node("Greater", ["z", "zero"], s_none).Node("Cast", ["*"], ("to", 1)).Node("Mul", ["z", "*"], s_none));

    [Fact]
    public void A_clamp_by_two_masks() => AssertExact(Model()
        .Node("Less", ["z", "one"], s_none).Node("Where", ["*", "z", "one"], ["high"], s_none)
        .Node("GreaterOrEqual", ["z", "zero"], s_none).Node("Not", ["*"], s_none).Node("Cast", ["*"], ["mask"], ("to", 1))
        .Node("Sub", ["one", "mask"], s_none).Node("Mul", ["high", "*"], s_none));

    [Fact]
    public void A_tent_by_a_conjunction() => AssertExact(Model()
        .Node("Greater", ["z", "zero"], ["a"], s_none).Node("LessOrEqual", ["z", "one"], ["b"], s_none).Node("And", ["a", "b"], s_none)
        .Node("Cast", ["*"], ["inside"], ("to", 1))
        .Node("Sub", ["one", "z"], s_none).Node("Min", ["*", "z"], s_none).Node("Mul", ["*", "inside"], s_none));

    [Fact]
    public void An_absolute_value_by_a_disjunction() => AssertExact(Model()
        .Node("Less", ["z", "zero"], ["a"], s_none).Node("Greater", ["z", "zero"], ["b"], s_none).Node("Or", ["a", "b"], s_none)
        .Node("Not", ["*"], s_none).Node("Or", ["*", "b"], ["c"], s_none)
        .Node("Neg", ["z"], ["minus"], s_none).Node("Where", ["c", "z", "minus"], s_none));

    [Fact]
    public void A_constant_mask_is_linear()
    {
        var model = Model();
        model.Graph.Initializer.Add(new Interchange.Onnx.Proto.TensorProto
        {
            Name = "mask",
            DataType = 9,
            Dims = { 4 },
            Int32Data = { 1, 0, 0, 1 }
        });
        Assert.Single(AssertExact(model.Node("Where", ["mask", "z", "one"], s_none)).Layers);
    }

    [Theory]
    [InlineData("Greater", 1f)]
    [InlineData("Less", 0.5f)]
    public void What_jumps_in_the_end_is_refused(string comparison, float threshold)
    {
        var model = Model().Floats("t", [], threshold).Node(comparison, ["z", "t"], s_none).Node("Cast", ["*"], ("to", 1))
            .Node("Mul", ["z", "*"], s_none).Floats("v", [4, 1], 1, 1, 1, 1).Node("MatMul", ["*", "v"], s_none);
        var exception = Assert.Throws<ModelFileException>(() => model.Import());
        Assert.Contains("jumps", exception.Reason, StringComparison.Ordinal);
        Assert.Contains("node 'n1' (" + comparison + ")", exception.Reason, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>1 everywhere but at 0: a mask that no graph would show by samples.</summary>
    [Fact]
    public void A_single_point_that_jumps_is_refused()
    {
        var model = Model().Node("Equal", ["z", "zero"], s_none).Node("Not", ["*"], s_none).Node("Cast", ["*"], ["mask"], ("to", 1))
            .Node("Add", ["z", "one"], s_none).Node("Mul", ["*", "mask"], s_none);
        Assert.Contains("jumps", Assert.Throws<ModelFileException>(() => model.Import()).Reason, StringComparison.Ordinal);

        // z times the same mask does not jump: z is 0 there.
        Assert.Single(Model().Node("Equal", ["z", "zero"], s_none).Node("Not", ["*"], s_none).Node("Cast", ["*"], ("to", 1))
            .Node("Mul", ["z", "*"], s_none).Import().Layers);
    }

    [Fact]
    public void A_choice_by_another_value_is_refused()
    {
        var model = Model().Floats("u", [3, 4], 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2).Node("MatMul", ["x", "u"], ["other"], s_none)
            .Node("Greater", ["z", "zero"], s_none).Node("Where", ["*", "other", "zero"], s_none);
        Assert.Contains("comparison of another one", Assert.Throws<ModelFileException>(() => model.Import()).Reason,
            StringComparison.Ordinal);
    }

    private static KanDocument AssertExact(OnnxBuilder model)
    {
        var document = OnnxOracle.AssertAgrees(model);
        Assert.Empty(document.SourceNotes);
        return document;
    }
}
