using System;
using System.Linq;
using Kan.Interchange.Onnx.Proto;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Onnx;

/// <summary>Graphs that branch, join, fold and reshape mean what ONNX Runtime computes.</summary>
public sealed class GraphTests
{
    private readonly Random _random = new(11);

    private float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(_random.Next(-64, 65) / 32.0))];

    private OnnxBuilder Weights(OnnxBuilder model, string name, params long[] shape) =>
        model.Floats(name, shape, Numbers((int)shape.Aggregate(1L, static (product, size) => product * size)));

    private static OnnxBuilder Model(params long[] shape)
    {
        var model = new OnnxBuilder(shape);
        if (shape[0] == 0) model.Graph.Input[0].Type.TensorType.Shape.Dim[0] = new TensorShapeProto.Types.Dimension { DimParam = "N" };
        return model;
    }

    [Fact]
    public void A_residual_block_keeps_the_skip_on_identity_edges()
    {
        var model = Model(0, 4);
        Weights(model, "w1", 4, 6);
        Weights(model, "w2", 6, 4);
        Weights(model, "w3", 4, 2);
        model.Node("MatMul", ["x", "w1"]).Node("Relu", ["*"]).Node("MatMul", ["*", "w2"]).Node("Add", ["*", "x"], ["sum"])
            .Node("Relu", ["*"]).Node("MatMul", ["*", "w3"]);
        var document = OnnxOracle.AssertAgrees(model);
        Assert.Equal([4, 10, 10, 4, 4, 2], document.ToNetwork().Widths);
    }

    [Fact]
    public void Two_branches_of_different_depth_are_joined()
    {
        var model = Model(0, 5);
        Weights(model, "w1", 5, 3);
        Weights(model, "w2", 3, 3);
        Weights(model, "w3", 6, 2);
        model.Node("MatMul", ["x", "w1"], ["a"]).Node("Relu", ["a"]).Node("MatMul", ["*", "w2"])
            .Node("LeakyRelu", ["*"], ["deep"], ("alpha", 0.25f));
        model.Node("Concat", ["a", "deep"], ("axis", 1)).Node("MatMul", ["*", "w3"]).Node("Abs", ["*"]);
        OnnxOracle.AssertAgrees(model);
    }

    [Theory]
    [InlineData("Max")]
    [InlineData("Min")]
    public void Maxima_of_two_computed_values(string type)
    {
        var model = Model(0, 3);
        Weights(model, "a", 3, 4);
        Weights(model, "b", 3, 4);
        model.Floats("c", [4], 0.5f, -1, 0, 2);
        model.Node("MatMul", ["x", "a"], ["l"]).Node("MatMul", ["x", "b"], ["r"]).Node(type, ["l", "r", "c"]).Node("Relu", ["*"]);
        OnnxOracle.AssertAgrees(model);
    }

    [Fact]
    public void Convolution_pools_and_a_head()
    {
        var model = Model(0, 2, 6, 5);
        Weights(model, "k1", 4, 2, 3, 3);
        Weights(model, "b1", 4);
        Weights(model, "k2", 4, 1, 2, 2);
        Weights(model, "w", 3, 16);
        model.Node("Conv", ["x", "k1", "b1"], ("pads", OnnxBuilder.Ints(1, 1, 1, 1))).Node("Relu", ["*"])
            .Node("MaxPool", ["*"], ("kernel_shape", OnnxBuilder.Ints(2, 2)), ("strides", OnnxBuilder.Ints(2, 1)))
            .Node("Conv", ["*", "k2"], ("group", 4), ("dilations", OnnxBuilder.Ints(1, 2)))
            .Node("AveragePool", ["*"], ("kernel_shape", OnnxBuilder.Ints(2, 1)), ("pads", OnnxBuilder.Ints(1, 0, 0, 0)),
                ("count_include_pad", 1))
            .Node("Flatten", ["*"]).Node("Gemm", ["*", "w"], ("transB", 1));
        OnnxOracle.AssertAgrees(model);
    }

    [Theory]
    [InlineData("SAME_UPPER", 0)]
    [InlineData("SAME_LOWER", 0)]
    [InlineData("VALID", 0)]
    [InlineData("NOTSET", 1)]
    public void Windows_with_automatic_padding_and_rounding_up(string padding, int roundsUp)
    {
        var model = Model(0, 1, 7);
        Weights(model, "k", 2, 1, 3);
        model.Node("Conv", ["x", "k"], ("auto_pad", padding), ("strides", OnnxBuilder.Ints(2)));
        model.Node("AveragePool", ["*"], ("kernel_shape", OnnxBuilder.Ints(2)), ("strides", OnnxBuilder.Ints(2)), ("ceil_mode", roundsUp),
            ("auto_pad", padding));
        OnnxOracle.AssertAgrees(model);
    }

    [Fact]
    public void Global_pools()
    {
        var model = Model(0, 3, 4, 2);
        model.Node("GlobalMaxPool", ["x"], ["m"]).Node("GlobalAveragePool", ["x"], ["a"]).Node("Sub", ["m", "a"])
            .Node("Squeeze", ["*", "axes"]).Integers("axes", 2, 3);
        OnnxOracle.AssertAgrees(model);
    }

    [Fact]
    public void Max_pool_straight_after_a_convolution()
    {
        var model = Model(0, 1, 5, 5);
        Weights(model, "k", 2, 1, 2, 2);
        model.Node("Conv", ["x", "k"])
            .Node("MaxPool", ["*"], ("kernel_shape", OnnxBuilder.Ints(3, 3)), ("strides", OnnxBuilder.Ints(1, 1)));
        OnnxOracle.AssertAgrees(model);
    }

    [Fact]
    public void Values_are_picked_split_sliced_transposed_and_padded()
    {
        var model = Model(0, 3, 4).Integers("i", 2, 0).Integers("parts", 1, 3).Integers("starts", -1, 0).Integers("ends", int.MinValue, 2)
            .Integers("axes", 2, 1).Integers("steps", -2, 1)
            .Integers("pads", 0, 1, 0, 0, 0, 2).Integers("tail", 0, -1).Floats("f", [], 0.5f);
        model.Node("Transpose", ["x"], ("perm", OnnxBuilder.Ints(0, 2, 1))).Node("Split", ["*", "parts"], ["s0", "s1"], ("axis", 1));
        model.Node("Gather", ["s1", "i"], ("axis", 2)).Node("Slice", ["x", "starts", "ends", "axes", "steps"], ["slice"]);
        model.Node("Pad", ["slice", "pads", "f"]).Node("Reshape", ["*", "tail"], ["flat"]).Node("Relu", ["flat"], ["left"]);
        model.Node("Gather", ["s1", "i"], ["g"], ("axis", 2)).Node("Reshape", ["g", "tail"], ["right"])
            .Node("Concat", ["left", "right"], ("axis", -1));
        OnnxOracle.AssertAgrees(model);
    }

    [Fact]
    public void Shapes_computed_in_the_graph_fold()
    {
        var model = Model(0, 2, 3).Integers("zero", 0).Integers("rest", -1);
        model.Node("Shape", ["x"]).Node("Gather", ["*", "zero"]).Node("Concat", ["*", "rest"], ["target"], ("axis", 0))
            .Node("Reshape", ["x", "target"]).Node("Relu", ["*"]);
        OnnxOracle.AssertAgrees(model);
    }

    [Fact]
    public void Reductions_over_features()
    {
        var model = Model(0, 3, 4).Integers("axes", 1);
        model.Node("ReduceSum", ["x", "axes"], ["s"], ("keepdims", 0))
            .Node("ReduceMean", ["x"], ["m"], ("axes", OnnxBuilder.Ints(-1)), ("keepdims", 0));
        model.Node("ReduceMax", ["x"], ["a"], ("axes", OnnxBuilder.Ints(1, 2)), ("keepdims", 0))
            .Node("ReduceMin", ["x"], ["i"], ("axes", OnnxBuilder.Ints(2)), ("keepdims", 0));
        model.Node("Unsqueeze", ["a", "axes"], ["a1"]).Node("Concat", ["s", "m", "a1", "i"], ("axis", 1));
        OnnxOracle.AssertAgrees(model);
    }

    [Fact]
    public void Constants_fold_before_they_meet_the_data()
    {
        var model = Model(0, 3);
        Weights(model, "v", 3, 2);
        model.Floats("g", [1, 2], 4, 9).Floats("two", [], 2);
        model.Node("Sqrt", ["g"], ["n"]).Node("Mul", ["v", "n"]).Node("Relu", ["*"]).Node("Add", ["*", "two"], ["w"])
            .Node("MatMul", ["x", "w"]);
        OnnxOracle.AssertAgrees(model);
    }

    [Fact]
    public void Matrices_on_the_left_and_stacks()
    {
        var column = Model(3, 1);
        Weights(column, "w", 5, 3);
        column.Node("MatMul", ["w", "x"]).Node("Relu", ["*"]);
        OnnxOracle.AssertAgrees(column);

        var stack = Model(0, 2, 1, 3);
        Weights(stack, "w", 2, 3, 4);
        stack.Node("MatMul", ["x", "w"]).Node("Relu", ["*"]);
        OnnxOracle.AssertAgrees(stack);

        var gemm = Model(3, 1);
        Weights(gemm, "w", 3, 2);
        Weights(gemm, "c", 1, 2);
        gemm.Node("Gemm", ["x", "w", "c"], ("transA", 1), ("alpha", 0.5f), ("beta", 2f));
        OnnxOracle.AssertAgrees(gemm);

        var vector = Model(3);
        Weights(vector, "w", 3, 2);
        vector.Node("MatMul", ["x", "w"]).Node("Relu", ["*"]);
        OnnxOracle.AssertAgrees(vector);
    }

    [Fact]
    public void Bends_of_every_kind()
    {
        var model = Model(0, 4).Floats("s", [4], 0, 0.5f, -1, 2).Floats("low", [], -0.5f).Floats("c", [1, 4], 1, 2, 3, -4);
        model.Node("PRelu", ["x", "s"]).Node("HardSigmoid", ["*"], ("alpha", 0.5f), ("beta", 0.25f)).Node("Sub", ["*", "c"])
            .Node("Clip", ["*", "low"])
            .Node("ThresholdedRelu", ["*"], ("alpha", 0f)).Node("Sum", ["*", "x", "c"])
            .Node("Shrink", ["*"], ("lambd", 0.5f), ("bias", 0.5f)).Node("Div", ["*", "c"])
            .Node("Mean", ["*", "c"]).Node("Neg", ["*"]).Node("Cast", ["*"], ("to", 1)).Node("Max", ["*"]);
        OnnxOracle.AssertAgrees(model);
    }

    [Fact]
    public void Batch_normalisation_of_channels()
    {
        var model = Model(0, 2, 3).Floats("g", [2], 1, -2).Floats("b", [2], 0.5f, 0).Floats("m", [2], 0.25f, 1).Floats("v", [2], 1.5f, 4);
        model.Node("BatchNormalization", ["x", "g", "b", "m", "v"], ("epsilon", 0.01f)).Node("Relu", ["*"]);
        OnnxOracle.AssertAgrees(model);
    }

    [Fact]
    public void Inputs_and_outputs_by_name()
    {
        var model = Model(0, 2).Input("y", 1, 3);
        Weights(model, "w", 5, 2);
        model.Node("Concat", ["x", "y"], ("axis", 1)).Node("MatMul", ["*", "w"], ["hidden"]).Node("Relu", ["*"], ["r"])
            .Node("Neg", ["hidden"], ["n"]).Output("r").Output("n");
        var document = OnnxOracle.AssertAgrees(model, options: new ImportOptions { Inputs = ["x", "y"], Outputs = ["r", "n"] });
        Assert.Equal(["x[0]", "x[1]", "y[0]", "y[1]", "y[2]"], document.InputNames);
        Assert.Equal(["r[0]", "r[1]", "n[0]", "n[1]"], document.OutputNames);

        var inner = model.Import(new ImportOptions { Inputs = ["y", "x"], Outputs = ["hidden"] }).Document.ToNetwork();
        var reordered = document.ToNetwork().Evaluate([4.0, 5, 1, 2, 3]);
        Assert.Equal(Array.ConvertAll(reordered[2..], static value => -value), inner.Evaluate([1.0, 2, 3, 4, 5]));
    }

    [Fact]
    public void Linear_layers_without_a_bend_between_multiply_out_only_where_that_is_smaller()
    {
        var wide = Model(0, 2);
        Weights(wide, "a", 2, 9);
        Weights(wide, "b", 9, 2);
        Assert.Equal([2, 2], OnnxOracle.AssertAgrees(wide.Node("MatMul", ["x", "a"]).Node("MatMul", ["*", "b"])).ToNetwork().Widths);
        var narrow = Model(0, 9);
        Weights(narrow, "a", 9, 2);
        Weights(narrow, "b", 2, 9);
        Assert.Equal([9, 2, 9], OnnxOracle.AssertAgrees(narrow.Node("MatMul", ["x", "a"]).Node("MatMul", ["*", "b"])).ToNetwork().Widths);
    }

    [Fact]
    public void Older_operator_sets_give_as_attributes_what_newer_ones_take_as_inputs()
    {
        var model = Model(0, 1, 4).Floats("c", [4], 1, -1, 2, 0);
        model.Node("Squeeze", ["x"], ("axes", OnnxBuilder.Ints(1)))
            .Node("Slice", ["*"], ("starts", OnnxBuilder.Ints(1)), ("ends", OnnxBuilder.Ints(9)), ("axes", OnnxBuilder.Ints(1)))
            .Node("Clip", ["*"], ("min", -1f), ("max", 1f))
            .Node("Unsqueeze", ["*"], ("axes", OnnxBuilder.Ints(2)))
            .Node("ReduceSum", ["*"], ("axes", OnnxBuilder.Ints(2)), ("keepdims", 0));
        OnnxOracle.AssertAgrees(model, opset: 8);
    }
}
