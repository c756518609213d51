using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Onnx.Proto;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Onnx;

/// <summary>Each operator by itself, and random chains of them, mean what ONNX Runtime computes.</summary>
public sealed class OperatorOracleTests
{
    private static readonly Dictionary<string, Func<OnnxBuilder>> s_models = new()
    {
        ["Gemm, weights first"] = static () => Fixed(4, 1).Floats("w", [3, 4], Some(12)).Floats("c", [3, 1], Some(3))
            .Node("Gemm", ["w", "x", "c"], ("alpha", 0.5f), ("beta", -2f)),
        ["Gemm, weights first and transposed"] = static () =>
            Fixed(4, 1).Floats("w", [4, 3], Some(12)).Node("Gemm", ["w", "x"], ("transA", 1)),
        ["Gemm, data transposed as the second"] = static () => Open(4).Floats("w", [3, 4], Some(12))
            .Node("Gemm", ["w", "x"], ["y"], ("transB", 1)).Node("Transpose", ["y"], ("perm", OnnxBuilder.Ints(1, 0))),
        ["Gemm with one number as bias"] = static () =>
            Open(4).Floats("w", [4, 3], Some(12)).Floats("c", [], 0.5f).Node("Gemm", ["x", "w", "c"]),
        ["MatMul of a vector"] = static () =>
            Fixed(4).Floats("w", [4], Some(4)).Node("MatMul", ["x", "w"]).Integers("s", 1).Node("Reshape", ["*", "s"]),
        ["MatMul over channels"] = static () => Open(3, 4).Floats("w", [4, 2], Some(8)).Node("MatMul", ["x", "w"]),
        ["MatMul, weights first over channels"] = static () => Open(3, 4).Floats("w", [2, 3], Some(6)).Node("MatMul", ["w", "x"]),
        ["Add"] = static () => Open(3, 2).Floats("c", [3, 1], Some(3)).Node("Add", ["c", "x"]),
        ["Sub"] = static () => Open(4).Floats("c", [4], Some(4)).Node("Sub", ["c", "x"]),
        ["Mul"] = static () => Open(4).Floats("c", [1, 4], Some(4)).Node("Mul", ["x", "c"]),
        ["Div"] = static () => Open(4).Floats("c", [4], 2, -4, 0.3f, 1).Node("Div", ["x", "c"]),
        ["BatchNormalization"] = static () => Open(3).Floats("g", [3], Some(3)).Floats("b", [3], Some(3)).Floats("m", [3], Some(3))
            .Floats("v", [3], 1, 0.25f, 3).Node("BatchNormalization", ["x", "g", "b", "m", "v"]),
        ["LeakyRelu"] = static () => Open(4).Node("LeakyRelu", ["x"]),
        ["PRelu per channel"] = static () => Open(3, 2).Floats("s", [3, 1], -1, 0, 2).Node("PRelu", ["x", "s"]),
        ["Clip below"] = static () => Open(4).Floats("a", [], -0.25f).Node("Clip", ["x", "a"]),
        ["Clip above"] = static () => Open(4).Floats("b", [], 0.25f).Node("Clip", ["x", "", "b"]),
        ["Clip to bounds that cross"] = static () => Open(4).Floats("a", [], 1).Floats("b", [], -1).Node("Clip", ["x", "a", "b"]),
        ["HardSigmoid"] = static () => Open(4).Node("HardSigmoid", ["x"]),
        ["Abs"] = static () => Open(4).Node("Abs", ["x"]),
        ["Neg"] = static () => Open(4).Node("Neg", ["x"]),
        ["Max with constants"] = static () => Open(4).Floats("c", [4], Some(4)).Floats("d", [1], 0.125f).Node("Max", ["c", "x", "d"]),
        ["Min with constants"] = static () => Open(4).Floats("c", [4], Some(4)).Node("Min", ["x", "c"]),
        ["ThresholdedRelu without a jump"] = static () => Open(4).Node("ThresholdedRelu", ["x"], ("alpha", 0f)),
        ["Identity and Dropout"] = static () => Open(4).Node("Identity", ["x"]).Node("Dropout", ["*"]).Node("Relu", ["*"]),
        ["Flatten"] = static () => Open(2, 3, 2).Node("Flatten", ["x"]).Node("Relu", ["*"]),
        ["Flatten at the last axis"] = static () => Open(4).Node("Relu", ["x"]).Node("Flatten", ["*"], ("axis", -1)),
        ["Reshape"] = static () => Open(2, 6).Integers("s", 0, 3, -1).Node("Reshape", ["x", "s"]).Node("Relu", ["*"]),
        ["Squeeze and Unsqueeze"] = static () =>
            Open(1, 4).Integers("a", 1).Integers("b", -1, 1).Node("Squeeze", ["x", "a"]).Node("Unsqueeze", ["*", "b"]).Node("Relu", ["*"]),
        ["Constant"] = static () => Open(2).Node("Constant", [], ("value_floats", new[] { 0.5f, -3f })).Node("Mul", ["*", "x"]),
        ["Cast"] = static () => Open(2).Node("Cast", ["x"], ("to", 11)).Node("Cast", ["*"], ("to", 1)).Node("Relu", ["*"]),
        ["Concat"] = static () =>
            Open(2, 3).Floats("c", [1, 1, 3], Some(3)).Node("Relu", ["x"]).Node("Concat", ["*", "x", "c"], ("axis", -2)),
        ["Split into equal parts"] = static () => Open(6).Node("Split", ["x"], ["a", "b", "c"], ("axis", 1)).Node("Sub", ["a", "c"]),
        ["Slice backwards"] = static () => Open(6).Integers("s", -1).Integers("e", 0).Integers("a", 1).Integers("t", -2)
            .Node("Slice", ["x", "s", "e", "a", "t"]).Node("Relu", ["*"]),
        ["Gather, one index"] = static () => Open(3, 2).Integers("i", 2, -3).Node("Gather", ["x", "i"], ("axis", 1)).Node("Relu", ["*"]),
        ["ReduceSum over all features"] = static () => Open(3, 2).Integers("a", 1, -1).Node("ReduceSum", ["x", "a"], ("keepdims", 1)),
        ["ReduceMean"] = static () => Open(3, 2).Node("ReduceMean", ["x"], ("axes", OnnxBuilder.Ints(1)), ("keepdims", 0)),
        ["Residual Add"] = static () => Open(4).Floats("w", [4, 4], Some(16)).Node("MatMul", ["x", "w"]).Node("Relu", ["*"])
            .Node("Add", ["x", "*"]).Node("Relu", ["*"]),
        ["Conv"] = static () => Open(2, 5, 5).Floats("k", [3, 2, 2, 3], Some(36)).Floats("b", [3], Some(3))
            .Node("Conv", ["x", "k", "b"], ("strides", OnnxBuilder.Ints(2, 1)), ("pads", OnnxBuilder.Ints(0, 1, 1, 0))),
        ["AveragePool without counting padding"] = static () =>
            Open(1, 4, 4).Node("AveragePool", ["x"], ("kernel_shape", OnnxBuilder.Ints(3, 3)), ("pads", OnnxBuilder.Ints(1, 1, 1, 1)),
                ("strides", OnnxBuilder.Ints(2, 2))),
        ["MaxPool with padding"] = static () =>
            Open(1, 4, 4).Node("MaxPool", ["x"], ("kernel_shape", OnnxBuilder.Ints(3, 2)), ("pads", OnnxBuilder.Ints(1, 0, 1, 1)),
                ("strides", OnnxBuilder.Ints(2, 2))),
        ["MaxPool with dilation"] = static () =>
            Open(1, 6).Node("MaxPool", ["x"], ("kernel_shape", OnnxBuilder.Ints(2)), ("dilations", OnnxBuilder.Ints(3))),
    };

    private static readonly string[] s_combinations = ["Add", "Sub", "Max", "Min"];

    public static TheoryData<string> Names => [.. s_models.Keys];

    private static float[] Some(int count) => [.. Enumerable.Range(0, count).Select(static i => ((i * 37 % 23) - 11) / 8f)];

    private static OnnxBuilder Open(params long[] sample)
    {
        var model = new OnnxBuilder([1, .. sample]);
        model.Graph.Input[0].Type.TensorType.Shape.Dim[0] = new TensorShapeProto.Types.Dimension { DimParam = "N" };
        return model;
    }

    private static OnnxBuilder Fixed(params long[] shape) => new(shape);

    [Theory]
    [MemberData(nameof(Names))]
    public void One_by_one(string name) => OnnxOracle.AssertAgrees(s_models[name]());

    [Fact]
    public void Random_chains()
    {
        for (int seed = 0; seed < 40; seed++) OnnxOracle.AssertAgrees(Chain(new Random(seed)));
    }

    /// <summary>Up to eight nodes on vectors, with now and then the value of an earlier node beside the last one.</summary>
    private static OnnxBuilder Chain(Random random)
    {
        int width = random.Next(1, 6), start = width;
        var model = Open(width);
        var earlier = new List<(string Name, int Width)> { ("x", width) };
        for (int i = 0, nodes = random.Next(2, 9); i < nodes; i++)
        {
            string constant = "c" + i, result = "r" + i, last = earlier[^1].Name;
            switch (random.Next(9))
            {
                case 0 or 1:
                    int next = random.Next(1, 6);
                    model.Floats(constant, [width, next], Numbers(width * next)).Node("MatMul", [last, constant], [result]);
                    width = next;
                    break;
                case 2:
                    model.Floats(constant, [width], Numbers(width)).Node(random.Next(2) == 0 ? "Add" : "Mul", [last, constant], [result]);
                    break;
                case 3:
                    model.Node(random.Next(2) == 0 ? "Relu" : "Abs", [last], [result]);
                    break;
                case 4:
                    model.Floats(constant, [width], Numbers(width)).Node(random.Next(2) == 0 ? "Max" : "PRelu", [last, constant], [result]);
                    break;
                case 5:
                    model.Node("LeakyRelu", [last], [result], ("alpha", random.Next(-8, 9) / 8f));
                    break;
                case 6:
                    var other = earlier[random.Next(earlier.Count)];
                    if (other.Width == width) model.Node(s_combinations[random.Next(s_combinations.Length)], [other.Name, last], [result]);
                    else model.Node("Neg", [last], [result]);
                    break;
                case 7:
                    var joined = earlier[random.Next(earlier.Count)];
                    model.Node("Concat", [last, joined.Name], [result], ("axis", 1));
                    width += joined.Width;
                    break;
                default:
                    model.Node("ReduceMean", [last], [result], ("axes", OnnxBuilder.Ints(1)), ("keepdims", 1));
                    width = 1;
                    break;
            }

            earlier.Add((result, width));
        }

        // A constant beside the result, so that no graph is its own input or zero everywhere.
        return model.Floats("one", [1, 1], 1).Floats("ones", [start, 1], Numbers(start)).Node("MatMul", ["x", "ones"], ["tail"])
            .Node("Add", ["tail", "one"], ["moved"]).Node("Concat", [earlier[^1].Name, "moved"], ("axis", 1));

        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(-16, 17) / 8f)];
    }
}
