using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Onnx;

/// <summary>
/// Integer networks that are no chains of dense layers, or whose integers runtimes do not compute: refused by the node that shows it.
/// </summary>
public sealed class QuantizedRefusalTests
{
    private static readonly (string, object)[] s_none = [];

    private static readonly Dictionary<string, (Func<OnnxBuilder> Model, string[] Words)> s_refused = new()
    {
        ["ranges of run time"] = (
            static () => new OnnxBuilder(0, 3).Node("DynamicQuantizeLinear", ["*"], ["q", "s", "z"], s_none)
                .Codes("w", 3, [3, 2], 1, 2, 3, 4, 5, 6).Node("MatMulInteger", ["q", "w"]),
            ["'n0' (DynamicQuantizeLinear)", "chooses the range of its codes for each input while the model runs", "quantize_static"]),
        ["ranges of run time, multiplied"] = (
            static () => new OnnxBuilder(0, 3).Node("DynamicQuantizeLinear", ["*"], ["q", "s", "z"], s_none)
                .Codes("w", 3, [3, 2], 1, 2, 3, 4, 5, 6).Node("MatMulInteger", ["q", "w", "z"]).Node("Cast", ["*"], ("to", 1))
                .Node("Mul", ["*", "s"]),
            ["'n0' (DynamicQuantizeLinear)", "Precision = Int8 quantizes that here"]),
        ["weights of float"] = (
            static () => Values(Start(3)).Floats("w", [3, 2], 1, 2, 3, 4, 5, 6).Node("MatMul", ["*", "w"]),
            ["'n2' (MatMul)", "multiplies codes with weights 'w' of type float32", "Quantize the weights as well"]),
        ["kernels of float"] = (
            static () => Values(new OnnxBuilder(0, 1, 2, 2).Floats("xs", [], 0.1f).Codes("xz", 2, [], 3)).Floats("w", [1, 1, 1, 1], 1)
                .Node("Conv", ["*", "w"]),
            ["'n2' (Conv)", "multiplies codes with weights 'w' of type float32", "Quantize the weights as well"]),
        ["a convolution without codes behind it"] = (
            static () => Convolved(Image()),
            ["'n3' (Conv)", "gives outputs that are not rounded to codes", "Quantize its output as well"]),
        ["a convolution that is flattened before its codes"] = (
            static () => Coded(Convolved(Image()).Node("Flatten", ["*"]), 2, 128),
            ["'n5' (QuantizeLinear)", "what the node 'n4' (Flatten) arranged, behind the node 'n3' (Conv)", "use Reshape"]),
        ["codes that are flattened before a layer"] = (
            static () => Layer(Values(Coded(Convolved(Image()), 2, 128), "ys", "yz").Node("Flatten", ["*"]), 8, 2),
            ["(MatMul)", "multiplies what the node 'n6' (Flatten) arranged, which has no codes again", "use Reshape"]),
        ["a constant that is added to a convolution"] = (
            static () => Convolved(Image()).Floats("b", [2, 1, 1], 1, 2).Node("Add", ["*", "b"]),
            ["'n4' (Add)", "so that they are rounded apart"]),
        ["kernels that do not fit the image"] = (
            static () => Convolved(Image(), kernel: 5),
            ["'n3' (Conv)", "has a kernel that spans 5 values along an axis of 3"]),
        ["kernels of other channels"] = (
            static () => Convolved(Image(), channels: 3),
            ["'n3' (Conv)", "has weights of shape [2, 3, 2, 2] in 1 groups for samples of shape [1, 3, 3]"]),
        ["a convolution over rows"] = (
            static () => Convolved(Values(Start(9))),
            ["'n3' (Conv)", "in 1 groups for samples of shape [9]"]),
        ["an image as output"] = (
            static () => Values(Coded(Convolved(Image()), 2, 128), "ys", "yz"),
            ["The output 'v5' of shape [2, 2, 2] is an image", "one channel, one place, or a dense layer"]),
        ["an average whose codes have the scale of those before"] = (
            static () => Values(Image().Node("AveragePool", ["*"], ("kernel_shape", OnnxBuilder.Ints(2, 2)))
                .Node("QuantizeLinear", ["*", "xs", "xz"]), "xs", "xz"),
            ["'n3' (QuantizeLinear)", "averages of the node 'n2' (AveragePool)", "midway between codes", "with a scale of their own"]),
        ["an average whose padding does not count"] = (
            static () => Image().Node("AveragePool", ["*"], ("kernel_shape", OnnxBuilder.Ints(2, 2)),
                ("pads", OnnxBuilder.Ints(1, 1, 0, 0))),
            ["'n2' (AveragePool)", "divides by other numbers at the edges", "count_include_pad"]),
        ["an average by ReduceMean"] = (
            static () => Image().Node("ReduceMean", ["*"], ("axes", OnnxBuilder.Ints(2, 3))),
            ["'n2' (ReduceMean)", "in an order that runtimes choose", "GlobalAveragePool"]),
        ["a maximum of what are not codes"] = (
            static () => new OnnxBuilder(0, 1, 4, 4).Floats("xs", [], 0.1f).Codes("xz", 2, [], 3)
                .Node("MaxPool", ["*"], ("kernel_shape", OnnxBuilder.Ints(2, 2))).Node("QuantizeLinear", ["*", "xs", "xz"]),
            ["'n0' (MaxPool)", "takes numbers that are not codes"]),
        ["images whose axes change places"] = (
            static () => Convolved(Image().Node("Transpose", ["*"], ("perm", OnnxBuilder.Ints(0, 1, 3, 2)))),
            ["'n4' (Conv)", "were put into another order"]),
        ["sums that are rounded twice"] = (
            static () => Start(400).Node("QuantizeLinear", ["*", "xs", "xz"])
                .Codes("w", 3, [400, 8], [.. Enumerable.Range(0, 3200).Select(static i => (i * 37 % 251) - 125)])
                .Floats("s", [], 0.000123f).Node("MatMulInteger", ["*", "w", "xz"]).Node("Cast", ["*"], ("to", 1)).Node("Mul", ["*", "s"])
                .Floats("b", [8], 1, 2, 3, 4, 5, 6, 7, 8).Node("Add", ["*", "b"]).Floats("ys", [], 1.37f)
                .Codes("yz", 2, [], 120).Node("QuantizeLinear", ["*", "ys", "yz"]),
            ["'n5' (QuantizeLinear)", "rounds what was multiplied apart from it, behind the node 'n1' (MatMulInteger): output ",
                "integers with a bias of integers give", "Quantize biases to int32"]),
        ["a branch"] = (
            static () => Layer(Values(Start(2)), 2, 2).Node("Add", ["*", "v1"]),
            ["'n4' (Add)", "takes 2 values that depend on the input", "'v1'"]),
        ["ReLU with codes below 0"] = (
            static () => Coded(Layer(Values(Start(3)), 3, 2).Node("Relu", ["*"]), 2, 128),
            ["'n5' (QuantizeLinear)", "has codes for more than the node 'n4' (Relu) lets pass", "zero 128 of 0 to 255",
                "quantize activations asymmetrically"]),
        ["an activation that cuts into codes"] = (
            static () =>
                Coded(Layer(Values(Start(3)), 3, 2).Floats("low", [], -1).Floats("high", [], 1).Node("Clip", ["*", "low", "high"]), 2, 128),
            ["'n5' (QuantizeLinear)", "the node 'n4' (Clip)"]),
        ["biases of float without codes behind"] = (
            static () => Layer(Values(Start(3)), 3, 2).Floats("b", [2], 1, 2).Node("Add", ["*", "b"]),
            ["'n3' (MatMul)", "adds biases of float32 to sums that are not rounded to codes"]),
        ["a sum of codes"] = (
            static () => Values(Coded(Layer(Values(Start(3)), 3, 2), 2, 128), "ys", "yz").Floats("b", [2], 1, 2).Node("Add", ["*", "b"]),
            ["'n6' (Add)", "so that they are rounded apart", "quant_pre_process"]),
        ["codes that are read as others"] = (
            static () =>
                Coded(Layer(Values(Start(3)), 3, 2), 2, 128).Floats("other", [], 0.7f).Node("DequantizeLinear", ["*", "other", "yz"]),
            ["'n5' (DequantizeLinear)", "reads codes of the scale 0.5 and the zero point 128 as ones of 0.7 and 128"]),
        ["weights of 9 bits"] = (
            static () => Values(Start(2)).Codes("w", 2, [2, 1], 250, 3).Codes("wz", 2, [], 7).Floats("ws", [], 0.1f)
                .Node("DequantizeLinear", ["w", "ws", "wz"]).Node("MatMul", ["v1", "*"]),
            ["'n2' (DequantizeLinear)", "has the weight 250 with the zero point 7 ('w', input 0, output 0), a difference of 9 bits",
                "weight_type=QuantType.QInt8"]),
        ["scales of inputs"] = (
            static () => Values(Start(2)).Codes("w", 3, [2, 3], 1, 2, 3, 4, 5, 6).Floats("ws", [2], 0.1f, 0.2f)
                .Node("DequantizeLinear", ["w", "ws"], ("axis", 0)).Node("MatMul", ["v1", "*"]),
            ["'n2' (DequantizeLinear)", "has 2 scales along axis 0 of its weights, which have 2 inputs and 3 outputs"]),
        ["activations per channel"] = (
            static () => new OnnxBuilder(0, 2).Floats("xs", [2], 0.1f, 0.2f).Codes("xz", 2, [2], 3, 4)
                .Node("QuantizeLinear", ["*", "xs", "xz"], ("axis", 1)),
            ["'n0' (QuantizeLinear)", "has 2 scales of values that depend on the input", "quantize activations per tensor"]),
        ["codes of 16 bits"] = (
            static () => new OnnxBuilder(0, 2).Floats("xs", [], 0.1f).Codes("xz", 4, [], 3).Node("QuantizeLinear", ["*", "xs", "xz"]),
            ["'n0' (QuantizeLinear)", "has codes of type uint16", "Codes of uint8 and int8 are supported"]),
        ["biases of another scale"] = (
            static () => Values(Start(2)).Codes("w", 3, [2, 1], 1, 2).Floats("ws", [], 0.5f).Node("DequantizeLinear", ["w", "ws"])
                .Codes("b", 6, [1], 9).Floats("bs", [], 0.06f).Node("DequantizeLinear", ["b", "bs"]).Node("Gemm", ["v1", "v2", "v3"]),
            ["'n3' (DequantizeLinear)", "gives the bias of output 0 the scale 0.06, where the scales of inputs and weights give 0.05"]),
        ["codes cut off beyond 0"] = (
            static () => Start(3).Node("QuantizeLinear", ["*", "xs", "xz"]).Codes("low", 2, [], 4).Node("Clip", ["*", "low"]),
            ["'n1' (Clip)", "cuts codes off to 4 to", "the zero point 3 is not among them"]),
        ["codes of another type"] = (
            static () => Start(3).Node("QuantizeLinear", ["*", "xs", "xz"]).Node("Cast", ["*"], ("to", 3)),
            ["'n1' (Cast)", "turns codes of uint8 into int8"]),
        ["a constant that is added to codes"] = (
            static () => Coded(Layer(Values(Start(3)), 3, 2), 2, 128).Codes("b", 2, [2], 1, 2)
                .Node("QLinearAdd", ["*", "ys", "yz", "b", "ys", "yz", "ys", "yz"]).In("com.microsoft"),
            ["'n5' (QLinearAdd)", "rounded apart from the sums", "quant_pre_process"]),
        ["outputs of codes"] = (
            static () => Coded(Layer(Values(Start(3)), 3, 2), 2, 128),
            ["The output 'v4' holds integers", "DequantizeLinear"]),
        ["no layer"] = (static () => Values(Start(3)), ["The output 'v1' depends on no dense layer"]),
        ["a sum in 32 bits that leaves them"] = (
            static () =>
                Values(Start(1)).Codes("w", 3, [1, 1], 127).Floats("ws", [], 0.5f).Node("DequantizeLinear", ["w", "ws"])
                    .Codes("b", 6, [1], int.MaxValue - 5).Floats("bs", [], 0.05f).Node("DequantizeLinear", ["b", "bs"])
                    .Node("Gemm", ["v1", "v2", "v3"]),
            ["'n4' (Gemm)", "might leave 32 bits"]),
        ["layers that do not fit"] = (static () => Layer(Values(Start(4)), 3, 2),
            ["'n3' (MatMul)", "multiplies 4 values of a sample with weights for 3"]),
        ["an operator on codes"] = (
            static () =>
                Coded(Layer(Values(Start(3)), 3, 2), 2, 128).Node("QLinearSigmoid", ["*", "ys", "yz", "ys", "yz"]).In("com.microsoft"),
            ["'n5' (QLinearSigmoid)", "computes on codes what no dense layer, convolution or pool does"]),
        ["a curve between layers"] = (
            static () => Layer(Values(Start(3)), 3, 2).Node("Tanh", ["*"]),
            ["'n4' (Tanh)", "is not part of a chain of dense layers", "export the model in float32, before quantization"]),
        ["a head in the middle"] = (
            static () => Coded(Layer(Values(Start(3)), 3, 2).Node("Softmax", ["*"]), 2, 0),
            ["'n4' (Softmax)", "Head = keep"]),
    };

    public static TheoryData<string> Names => [.. s_refused.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Refusals_name_the_node_and_what_to_do(string name)
    {
        var (model, words) = s_refused[name];
        var exception = Assert.Throws<ModelFileException>(() => model().Import());
        Assert.False(exception.IsFault, exception.Message);
        Assert.All(words, word => Assert.Contains(word, exception.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public void Standardization_would_change_the_codes()
    {
        var options = new ImportOptions { Mean = [.. Enumerable.Repeat(Rational.One, 30)] };
        Assert.Contains("whose codes are those of its inputs",
            Assert.Throws<ModelFileException>(() => QuantizedModels.All.First().Value().Import(options)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_alone_stay_floats()
    {
        var document = new OnnxBuilder(0, 2).Codes("w", 3, [2, 1], 3, -5).Floats("ws", [], 0.5f).Node("DequantizeLinear", ["w", "ws"])
            .Node("MatMul", ["x", "*"]).Import();
        Assert.Null(document.Codes);
        Assert.Equal([-3.5], document.ToNetwork().Evaluate([1.0, 2]));
    }

    private static OnnxBuilder Start(int width) => new OnnxBuilder(0, width).Floats("xs", [], 0.1f).Codes("xz", 2, [], 3);

    private static OnnxBuilder Values(OnnxBuilder model, string scale = "xs", string zero = "xz") =>
        scale == "xs" ? model.Node("QuantizeLinear", ["*", scale, zero]).Node("DequantizeLinear", ["*", scale, zero])
            : model.Node("DequantizeLinear", ["*", scale, zero]);

    private static OnnxBuilder Layer(OnnxBuilder model, int inputs, int outputs)
    {
        string x = model.Current;
        return model.Codes("w", 3, [inputs, outputs], [.. Enumerable.Range(1, inputs * outputs)]).Floats("ws", [], 0.5f)
            .Node("DequantizeLinear", ["w", "ws"]).Node("MatMul", [x, "*"]);
    }

    private static OnnxBuilder Image() => Values(new OnnxBuilder(0, 1, 3, 3).Floats("xs", [], 0.1f).Codes("xz", 2, [], 3));

    private static OnnxBuilder Convolved(OnnxBuilder model, int channels = 1, int kernel = 2)
    {
        string x = model.Current;
        int count = 2 * channels * kernel * kernel;
        return model.Codes("k", 3, [2, channels, kernel, kernel], [.. Enumerable.Range(1, count)]).Floats("ks", [], 0.5f)
            .Node("DequantizeLinear", ["k", "ks"]).Node("Conv", [x, "*"]);
    }

    private static OnnxBuilder Coded(OnnxBuilder model, int type, int zero) =>
        model.Floats("ys", [], 0.5f).Codes("yz", type, [], zero).Node("QuantizeLinear", ["*", "ys", "yz"]);
}
