using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Onnx.Proto;
using Kan.Interchange.Tests.Support;

namespace Kan.Fuzzing.Onnx;

/// <summary>Small valid graphs that together use each supported operator.</summary>
internal static class OnnxSeeds
{
    private static readonly Func<OnnxBuilder>[] s_builders =
    [
        static () => Open(4).Floats("w", [4, 3], Some(12)).Floats("c", [3], Some(3)).Node("Gemm", ["x", "w", "c"]).Node("Relu", ["*"])
            .Floats("v", [3, 2], Some(6)).Node("Gemm", ["*", "v"]),
        static () => new OnnxBuilder(4, 1).Floats("w", [3, 4], Some(12)).Floats("c", [3, 1], Some(3))
            .Node("Gemm", ["w", "x", "c"], ("alpha", 0.5f), ("beta", -2f)),
        static () => Open(4).Floats("w", [4, 3], Some(12)).Floats("c", [3], Some(3)).Node("MatMul", ["x", "w"]).Node("Add", ["*", "c"])
            .Node("LeakyRelu", ["*"], ("alpha", 0.1f)),
        static () => Open(3, 4).Floats("w", [2, 3], Some(6)).Node("MatMul", ["w", "x"]).Node("Relu", ["*"]),
        static () => Open(4).Floats("c", [4], Some(4)).Node("Sub", ["c", "x"]).Node("Mul", ["*", "c"]).Floats("d", [4], 2, -4, 0.3f, 1)
            .Node("Div", ["*", "d"]),
        static () => Open(3).Floats("g", [3], Some(3)).Floats("b", [3], Some(3)).Floats("m", [3], Some(3)).Floats("v", [3], 1, 0.25f, 3)
            .Node("BatchNormalization", ["x", "g", "b", "m", "v"]),
        static () => Open(3, 2).Floats("s", [3, 1], -1, 0, 2).Node("PRelu", ["x", "s"]),
        static () => Open(4).Floats("a", [], -0.25f).Floats("b", [], 0.5f).Node("Clip", ["x", "a", "b"]).Node("HardSigmoid", ["*"]),
        static () => Open(4).Node("Abs", ["x"]).Node("Neg", ["*"]).Node("ThresholdedRelu", ["*"], ("alpha", 0f))
            .Node("Shrink", ["*"], ("lambd", 0.5f), ("bias", 0.5f)),
        static () => Open(4).Floats("c", [4], Some(4)).Floats("d", [1], 0.125f).Node("Max", ["c", "x", "d"]).Node("Min", ["*", "c"]),
        static () => Open(4).Node("Relu", ["x"]).Node("Sum", ["*", "x", "x"]).Node("Mean", ["*", "x"]),
        static () => Open(4).Node("Identity", ["x"]).Node("Dropout", ["*"]).Node("Relu", ["*"]).Node("Softmax", ["*"]),
        static () => Open(2, 3, 2).Node("Flatten", ["x"]).Node("Relu", ["*"]).Node("Sigmoid", ["*"]),
        static () => Open(2, 6).Integers("s", 0, 3, -1).Node("Reshape", ["x", "s"]).Node("Relu", ["*"]),
        static () =>
            Open(1, 4).Integers("a", 1).Integers("b", -1, 1).Node("Squeeze", ["x", "a"]).Node("Unsqueeze", ["*", "b"]).Node("Relu", ["*"]),
        static () => Open(2).Node("Constant", [], ("value_floats", new[] { 0.5f, -3f })).Node("Mul", ["*", "x"])
            .Node("Cast", ["*"], ("to", 11)).Node("Relu", ["*"]),
        static () => Open(2).Node("Constant", [], ("value", new TensorProto { DataType = 1, Dims = { 2 }, FloatData = { 1, 2 } }))
            .Node("Add", ["*", "x"]).Node("Relu", ["*"]),
        static () => Open(2, 3).Floats("c", [1, 1, 3], Some(3)).Node("Relu", ["x"]).Node("Concat", ["*", "x", "c"], ("axis", -2)),
        static () => Open(6).Node("Split", ["x"], ["a", "b", "c"], ("axis", 1)).Node("Sub", ["a", "c"]).Node("Abs", ["*"]),
        static () => Open(6).Integers("p", 2, 4).Node("Split", ["x", "p"], ["a", "b"], ("axis", 1)).Node("Relu", ["b"]),
        static () => Open(6).Integers("s", -1).Integers("e", 0).Integers("a", 1).Integers("t", -2).Node("Slice", ["x", "s", "e", "a", "t"])
            .Node("Relu", ["*"]),
        static () => Open(3, 2).Integers("i", 2, -3).Node("Gather", ["x", "i"], ("axis", 1)).Node("Relu", ["*"]),
        static () => Open(3, 2).Integers("a", 1, -1).Node("ReduceSum", ["x", "a"], ("keepdims", 1)),
        static () => Open(3, 2).Node("ReduceMean", ["x"], ("axes", OnnxBuilder.Ints(1)), ("keepdims", 0))
            .Node("ReduceMax", ["*"], ("axes", OnnxBuilder.Ints(1)), ("keepdims", 1)),
        static () => Open(3, 2).Node("ReduceMin", ["x"], ("axes", OnnxBuilder.Ints(2)), ("keepdims", 0)),
        static () => Open(4).Floats("w", [4, 4], Some(16)).Node("MatMul", ["x", "w"]).Node("Relu", ["*"]).Node("Add", ["x", "*"])
            .Node("Relu", ["*"]),
        static () => Open(2, 5, 5).Floats("k", [3, 2, 2, 3], Some(36)).Floats("b", [3], Some(3))
            .Node("Conv", ["x", "k", "b"], ("strides", OnnxBuilder.Ints(2, 1)), ("pads", OnnxBuilder.Ints(0, 1, 1, 0))).Node("Relu", ["*"]),
        static () => Open(2, 6).Floats("k", [2, 1, 3], Some(6))
            .Node("Conv", ["x", "k"], ("group", 2), ("dilations", OnnxBuilder.Ints(2)), ("auto_pad", "SAME_UPPER")),
        static () =>
            Open(1, 4, 4).Node("AveragePool", ["x"], ("kernel_shape", OnnxBuilder.Ints(3, 3)), ("pads", OnnxBuilder.Ints(1, 1, 1, 1)),
                ("strides", OnnxBuilder.Ints(2, 2)), ("count_include_pad", 1)),
        static () =>
            Open(1, 4, 4).Node("MaxPool", ["x"], ("kernel_shape", OnnxBuilder.Ints(3, 2)), ("pads", OnnxBuilder.Ints(1, 0, 1, 1)),
                ("strides", OnnxBuilder.Ints(2, 2)), ("ceil_mode", 1)),
        static () => Open(1, 6).Node("MaxPool", ["x"], ("kernel_shape", OnnxBuilder.Ints(2)), ("dilations", OnnxBuilder.Ints(3))),
        static () => Open(2, 3, 3).Node("GlobalAveragePool", ["x"]).Node("Flatten", ["*"]).Node("Relu", ["*"]),
        static () => Open(2, 3, 3).Node("GlobalMaxPool", ["x"]).Node("Flatten", ["*"]),
        static () => Open(1, 3).Floats("k", [1, 2, 2], Some(4))
            .Node("ConvTranspose", ["x", "k"], ("strides", OnnxBuilder.Ints(2)), ("pads", OnnxBuilder.Ints(1, 0))).Node("Relu", ["*"]),
        static () => Open(1, 3).Floats("s", [3], 1, 1, 1.5f).Node("Resize", ["x", "", "s"], ("nearest_mode", "floor")).Node("Relu", ["*"]),
        static () => Open(1, 3).Floats("s", [3], 1, 1, 2).Node("Upsample", ["x", "s"]).Node("Relu", ["*"]),
        static () => Open(3).Integers("p", 0, 1, 0, 2).Floats("v", [], 0.5f).Node("Pad", ["x", "p", "v"]).Node("Relu", ["*"]),
        static () => Open(1, 3).Integers("s", 1, 2, 3).Node("Expand", ["x", "s"]).Node("Relu", ["*"])
            .Node("Transpose", ["*"], ("perm", OnnxBuilder.Ints(0, 2, 1))),
        static () => Open(4).Node("Shape", ["x"]).Node("Reshape", ["x", "*"]).Node("Relu", ["*"]),
        static () =>
            Open(3).Integers("s", 1, 3).Node("ConstantOfShape", ["s"],
                ("value", new TensorProto { DataType = 1, Dims = { 1 }, FloatData = { 0.5f } })).Node("Add", ["x", "*"])
                .Node("Relu", ["*"]),
        static () => Open(3).Floats("c", [3], 1, 2, 3).Floats("two", [], 2).Node("Pow", ["c", "two"]).Node("Sqrt", ["*"])
            .Node("Reciprocal", ["*"]).Node("Log", ["*"]).Node("Exp", ["*"]).Node("Mul", ["x", "*"]).Node("Relu", ["*"]),
        static () => Open(1, 4).Integers("z", 1, 1, 7).Node("Resize", ["x", "", "", "z"], ("mode", "cubic"), ("antialias", 1))
            .Node("Relu", ["*"]),
        static () => Open(1, 3).Floats("k", [1, 1, 3], Some(3)).Node("ConvTranspose", ["x", "k"], ("strides", OnnxBuilder.Ints(2)),
            ("auto_pad", "SAME_UPPER")).Node("Relu", ["*"]),
        static () => Open(3).Matrix("i", [1, 2], 2, 0).Node("GatherElements", ["x", "i"], ("axis", 1)).Node("Relu", ["*"]),
        static () => Open(3).Matrix("j", [1, 2, 1], 2, 0).Node("GatherND", ["x", "j"], ("batch_dims", 1)).Node("Relu", ["*"]),
        static () => Open(3).Matrix("i", [1, 2], 2, 0).Floats("u", [1, 2], 3, 4)
            .Node("ScatterElements", ["x", "i", "u"], ("axis", 1), ("reduction", "add")).Node("Scatter", ["*", "i", "u"], ("axis", 1))
            .Node("Relu", ["*"]),
        static () => new OnnxBuilder(3, 2).Matrix("i", [2, 1], 2, 0).Floats("u", [2, 2], 3, 4, 5, 6).Node("ScatterND", ["x", "i", "u"])
            .Node("Relu", ["*"]),
        static () => Open(4, 2, 2).Node("DepthToSpace", ["x"], ("blocksize", 2)).Node("SpaceToDepth", ["*"], ("blocksize", 2))
            .Node("Relu", ["*"]),
        static () => Open(4, 9).Integers("s", 4, 4).Integers("b", 2, 2).Node("Col2Im", ["x", "s", "b"]).Node("Relu", ["*"]),
        static () => Open(5).Integers("s", 3).Node("CenterCropPad", ["x", "s"], ("axes", OnnxBuilder.Ints(1))).Node("Relu", ["*"]),
        static () => Open(3, 2).Integers("n", 2, 3).Node("ReverseSequence", ["x", "n"], ("time_axis", 1), ("batch_axis", 2))
            .Node("Constant", [], ["c"], ("value", new TensorProto { DataType = 9, Dims = { 3 }, Int32Data = { 1, 0, 1 } }))
            .Node("Compress", ["v0", "c"], ("axis", 1)).Node("Relu", ["*"]),
        static () => Open(3).Node("Size", ["x"]).Node("Cast", ["*"], ("to", 1)).Node("Mul", ["x", "*"]).Node("Relu", ["*"]),
        static () => Open(3).Floats("c", [3], 0.5f, 0.25f, -0.5f).Node("Asin", ["c"]).Node("Acos", ["c"], ["a"]).Node("Atanh", ["c"], ["t"])
            .Node("Asinh", ["a"]).Floats("two", [], 2).Node("Add", ["*", "two"]).Node("Acosh", ["*"]).Node("Add", ["*", "t"])
            .Node("Mul", ["x", "*"]).Node("Relu", ["*"]),
        static () => Open(2).Input("z", 1, 3).Node("Concat", ["x", "z"], ("axis", 1)).Node("Relu", ["*"]),
        static () => Curves("Tanh", "Atan", "Sin", "Cos", "Erf", "Softplus", "Softsign", "Mish", "Gelu", "HardSwish", "Swish"),
        static () => Curves("Elu", "Celu", "Selu", "Sinh", "Cosh", "Tan"),
        static () => Open(3).Floats("zero", [], 0).Node("Greater", ["x", "zero"]).Node("Cast", ["*"], ("to", 1)).Node("Mul", ["x", "*"]),
        static () => Open(3).Floats("zero", [], 0).Node("Neg", ["x"], ["minus"]).Node("LessOrEqual", ["x", "zero"])
            .Node("Where", ["*", "minus", "x"]),
        static () =>
            Open(3).Floats("zero", [], 0).Floats("one", [], 1).Node("Less", ["x", "one"]).Node("Where", ["*", "x", "one"], ["low"])
                .Node("GreaterOrEqual", ["x", "zero"]).Node("Not", ["*"]).Node("Cast", ["*"], ["mask"], ("to", 1))
                .Node("Sub", ["one", "mask"]).Node("Mul", ["low", "*"]),
        static () =>
            Open(3).Floats("zero", [], 0).Node("Equal", ["x", "zero"], ["same"]).Node("Less", ["x", "zero"])
                .Node("Or", ["*", "same"], ["low"]).Node("Not", ["low"]).Node("And", ["*", "*"]).Node("Cast", ["*"], ("to", 1))
                .Node("Mul", ["x", "*"]),
        static () => Open(3).Node("Sign", ["x"]).Node("Mul", ["x", "*"])
            .Node("ReduceL1", ["x"], ["sum"], ("axes", OnnxBuilder.Ints(1)), ("keepdims", 1)).Node("Relu", ["sum"]),
        static () => Open(3).Integers("axis", 1).Node("CumSum", ["x", "axis"]).Integers("r", 1, 2).Node("Tile", ["*", "r"])
            .Floats("like", [1], 1).Node("CastLike", ["*", "like"]).Node("Relu", ["*"]),
        static () => Open(3).Floats("w", [3, 3], Some(9)).Integers("k", 0).Node("Trilu", ["w", "k"], ["t"], ("upper", 1))
            .Node("Einsum", ["x", "t"], ("equation", "ni,ij->nj")).Node("Relu", ["*"]),
        static () => Open(2).Floats("five", [], 5).Node("Add", ["x", "five"])
            .Node("ReduceL2", ["*"], ("axes", OnnxBuilder.Ints(1)), ("keepdims", 1)).Node("Relu", ["*"]),
        static () => Open(2).Floats("five", [], 5).Node("Add", ["x", "five"])
            .Node("ReduceSumSquare", ["*"], ("axes", OnnxBuilder.Ints(1)), ("keepdims", 1)).Node("Relu", ["*"]),
        static () => Open(2).Floats("five", [], 5).Node("Add", ["x", "five"])
            .Node("ReduceLogSum", ["*"], ("axes", OnnxBuilder.Ints(1)), ("keepdims", 1)).Node("Relu", ["*"]),
        static () => Open(2).Floats("five", [], 5).Node("Add", ["x", "five"])
            .Node("ReduceLogSumExp", ["*"], ("axes", OnnxBuilder.Ints(1)), ("keepdims", 1)).Node("Relu", ["*"]),
        static () =>
            Open(2).Node("Constant", [], ["q"],
                ("value", new TensorProto { DataType = 3, Dims = { 2, 2 }, Int32Data = { -3, 7, 100, -128 } })).Floats("s", [], 0.125f)
                .Node("DequantizeLinear", ["q", "s"], ["w"]).Node("MatMul", ["x", "w"]).Node("Relu", ["*"]),
        QuantizedModels.All["QDQ with symmetric activations, other codes behind ReLU"],
        QuantizedModels.All["MatMulInteger, Cast and Mul between codes"],
        QuantizedImages.All["QDQ of a classifier, per channel, int8"],
        QuantizedImages.All["QDQ with averages of windows"],
        QuantizedImages.All["QOperator, uint8"],
    ];

    private static readonly ModelProto[] s_models =
        [.. s_builders.Select(static builder => ModelProto.Parser.ParseFrom(builder().ToBytes()))];

    public static int Count => s_models.Length;

    /// <summary>A graph that nothing else holds.</summary>
    public static ModelProto Create(int index) => s_models[index].Clone();

    /// <summary>The operators that seeds use.</summary>
    public static IEnumerable<string> Operators =>
        s_models.SelectMany(static model => model.Graph.Node).Select(static node => node.OpType).Distinct();

    private static OnnxBuilder Matrix(this OnnxBuilder model, string name, long[] shape, params long[] values)
    {
        model.Graph.Initializer.Add(new TensorProto { Name = name, DataType = 7, Dims = { shape }, Int64Data = { values } });
        return model;
    }

    /// <summary>Curved functions of a constant, one after the other: without a tolerance that is where they may be.</summary>
    private static OnnxBuilder Curves(params string[] operators)
    {
        var model = Open(3).Floats("c", [3], 0.5f, 0.25f, -0.5f);
        for (int i = 0; i < operators.Length; i++) model.Node(operators[i], [i == 0 ? "c" : "*"]);
        return model.Node("Mul", ["x", "*"]).Node("Relu", ["*"]);
    }

    private static float[] Some(int count) => [.. Enumerable.Range(0, count).Select(static i => ((i * 37 % 23) - 11) / 8f)];

    private static OnnxBuilder Open(params long[] sample)
    {
        var model = new OnnxBuilder([1, .. sample]);
        model.Graph.Input[0].Type.TensorType.Shape.Dim[0] = new TensorShapeProto.Types.Dimension { DimParam = "N" };
        return model;
    }
}
