using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Interchange.Tests.Support;

/// <summary>Integer networks over images in the shapes that quantizers write, from seeds.</summary>
internal sealed class QuantizedImages : QuantizedBuilder
{
    private readonly bool _isOperators;
    private int _channels, _height, _width;
    private float _scale;
    private string _scaleName = "", _zeroName = "";

    private QuantizedImages(int seed, int type, int channels, int height, int width, bool operators = false, long[]? shape = null)
        : base(seed, type, shape ?? (height == 0 ? [0, channels, width] : [0, channels, height, width]))
    {
        _isOperators = operators;
        (_channels, _height, _width) = (channels, height, width);
    }

    /// <summary>The files by what is in them.</summary>
    public static Dictionary<string, Func<OnnxBuilder>> All { get; } = new()
    {
        ["QDQ of a classifier, per tensor, uint8"] = static () =>
            Of(1, UInt8).Inputs().Conv(4, 3, pad: 1).Max().Conv(6, 2).Flatten().Dense(5).Builder,
        ["QDQ of a classifier, per channel, int8"] = static () =>
            Of(2, Int8).Inputs().Conv(4, 3, pad: 1, perChannel: true).Max().Conv(6, 2, perChannel: true).Flatten().Dense(5).Builder,
        ["QDQ of convolutions with ReLU and float biases"] = static () =>
            Of(3, UInt8).Inputs().Conv(5, 3, perChannel: true, nodes: "Relu", biases: "float").Flatten().Dense(4).Builder,
        ["QDQ of convolutions without ReLU or biases"] = static () =>
            Of(4, Int8).Inputs().Conv(5, 2, stride: 2, biases: "", zero: 7).Conv(4, 2, biases: "", zero: -20).Flatten().Dense(3).Builder,
        ["QDQ of groups, strides and dilations"] = static () => new QuantizedImages(5, UInt8, 4, 8, 7).Inputs()
            .Conv(8, 3, groups: 2, dilation: 2, pad: 2, stride: 2).Conv(8, 3, groups: 8, pad: 1).Conv(4, 1).Flatten().Dense(3).Builder,
        ["QDQ with weights of uint8 around 128"] = static () =>
            Of(6, UInt8).Inputs().Conv(4, 3, weights: UInt8).Flatten().Dense(3).Builder,
        ["QDQ with average over the whole image"] = static () =>
            Of(7, UInt8).Inputs().Conv(6, 3, pad: 1).Average("GlobalAveragePool", 0.37f).Flatten().Dense(4).Builder,
        ["QDQ with average over the whole image, the same codes"] = static () =>
            new QuantizedImages(8, Int8, 3, 6, 6).Inputs().Conv(6, 3).Average("GlobalAveragePool", 1).Flatten().Dense(4).Builder,
        ["QDQ of averages that end the network"] = static () =>
            Of(9, UInt8).Inputs().Conv(6, 3, pad: 1, zero: 140).Average("GlobalAveragePool", 0.4f).Flatten().Builder,
        ["QDQ with averages of windows"] = static () =>
            Of(10, UInt8).Inputs().Conv(4, 3, pad: 1).Average("AveragePool", 0.731f).Conv(5, 2).Flatten().Dense(4).Builder,
        ["QDQ with averages of windows, int8 and padding that counts"] = static () => Of(11, Int8).Inputs()
            .Conv(4, 3, pad: 1, zero: 9).Average("AveragePool", 0.613f, kernel: 3, pad: 1).Flatten().Dense(4).Builder,
        ["QDQ of a maximum between a convolution and its codes"] = static () =>
            Of(12, UInt8).Inputs().Conv(4, 3, nodes: "Relu MaxPool").Flatten().Dense(4).Builder,
        ["QDQ of maxima of the inputs, padding and windows that end past it"] = static () => new QuantizedImages(13, UInt8, 2, 8, 9)
            .Inputs().Max(3, stride: 2, pad: 1, ceil: true).Conv(4, 2, zero: 99).Max(2, stride: 1, dilation: 2).Flatten().Dense(4).Builder,
        ["QDQ with symmetric activations, other codes behind ReLU"] = static () =>
            Of(14, Int8).Inputs().Conv(4, 3, zero: 0).Relu(0.731f).Max().Flatten().Dense(4).Builder,
        ["QDQ over one axis"] = static () =>
            new QuantizedImages(15, UInt8, 3, 0, 16).Inputs().Conv(6, 3, pad: 1).Max().Conv(4, 3, stride: 2).Flatten().Dense(4).Builder,
        ["QDQ of rows that are reshaped to an image"] = static () => new QuantizedImages(16, UInt8, 1, 6, 6, shape: [0, 36])
            .Reshape(-1, 1, 6, 6).Inputs().Conv(4, 3).Reshape(0, -1).Dense(4).Builder,
        ["QDQ of images with the channels last"] = static () => new QuantizedImages(17, UInt8, 3, 6, 5, shape: [0, 6, 5, 3])
            .Transpose(0, 3, 1, 2).Inputs().Conv(4, 3).Transpose(0, 2, 3, 1).Reshape(0, -1).Dense(4).Builder,
        ["QDQ whose shape is that of its samples"] = static () =>
            Of(18, UInt8).Inputs().Conv(4, 3).Dynamic().Dense(4).Builder,
        ["QDQ of 7 bits, cut off behind QuantizeLinear"] = static () =>
            Of(19, UInt8, limit: true).Inputs().Conv(4, 3, pad: 1).Max().Flatten().Dense(4).Builder,
        ["QOperator, uint8"] = static () => new QuantizedImages(20, UInt8, 3, 8, 6, operators: true).Inputs()
            .Conv(4, 3, pad: 1).Max().Conv(6, 2, pad: 1).Average("QLinearAveragePool", 0.43f).Flatten().Dense(5).Builder,
        ["QOperator, per channel, int8"] = static () => Of(21, Int8, operators: true).Inputs()
            .Conv(4, 3, pad: 1, perChannel: true).Conv(6, 2, perChannel: true, biases: "").Average("QLinearGlobalAveragePool", 0.3f)
            .Flatten().Dense(5).Builder,
    };

    private bool IsLimited { get; init; }

    private static QuantizedImages Of(int seed, int type, bool operators = false, bool limit = false) =>
        new(seed, type, 3, 6, 5, operators) { IsLimited = limit };

    private QuantizedImages Inputs()
    {
        _scale = 0.0213f;
        return Coded(Middle - 20, _scale);
    }

    /// <summary>Codes of the numbers before, and in QDQ their numbers.</summary>
    private QuantizedImages Coded(int zero, float scale)
    {
        Codes(zero, scale);
        Builder.Node("QuantizeLinear", ["*", _scaleName, _zeroName]);
        if (IsLimited) Builder.Node("Clip", ["*", Integers(Type, [], [Lowest]), Integers(Type, [], [127])]);
        return _isOperators ? this : Numbers();
    }

    private void Codes(int zero, float scale)
    {
        _scale = scale;
        (_scaleName, _zeroName) = (Floats([scale], isScalar: true), Integers(Type, [], [IsLimited ? Math.Min(zero, 100) : zero]));
    }

    private QuantizedImages Numbers()
    {
        Builder.Node("DequantizeLinear", ["*", _scaleName, _zeroName]);
        return this;
    }

    private QuantizedImages Conv(int filters, int kernel, int stride = 1, int pad = 0, int groups = 1, int dilation = 1,
        bool perChannel = false, string biases = "int32", string nodes = "", int? zero = null, int weights = Int8)
    {
        int inner = _channels / groups, rank = _height == 0 ? 1 : 2, taps = rank == 1 ? kernel : kernel * kernel;
        int count = inner * taps * filters;
        string x = Builder.Current, codes = Integers(weights, [filters, inner, .. Enumerable.Repeat((long)kernel, rank)],
            weights == UInt8 ? [.. Enumerable.Range(0, count).Select(_ => Random.Next(256))]
            : [.. Enumerable.Range(0, count).Select(i => i % 5 < 2 ? (i % 3 == 0 ? -128 : 127) : Random.Next(-127, 128))]);
        float[] values = [.. Enumerable.Range(0, perChannel ? filters : 1).Select(_ => (float)(0.004 + (Random.NextDouble() * 0.02)))];
        string scales = Floats(values, isScalar: !perChannel),
            zeros = Integers(weights, perChannel ? [filters] : [],
                [.. Enumerable.Repeat(weights == UInt8 ? 128 : 0, perChannel ? filters : 1)]);
        (string, object)[] attributes = [("kernel_shape", Repeated(kernel)), ("strides", Repeated(stride)),
            ("dilations", Repeated(dilation)), ("group", groups),
            pad == 0 ? ("auto_pad", "VALID") : ("pads", (object)Enumerable.Repeat(pad, 2 * rank).ToArray())];
        string integers = Integers(Int32, [filters], [.. Enumerable.Range(0, filters).Select(_ => Random.Next(-3000, 3000))]);
        float before = _scale, scale = _scale * values.Average() * (float)Math.Sqrt(inner * taps) * 60;
        if (_isOperators)
        {
            string scaleBefore = _scaleName, zeroBefore = _zeroName;
            Codes(zero ?? Lowest, scale);
            string[] inputs = [x, scaleBefore, zeroBefore, codes, scales, zeros, _scaleName, _zeroName];
            Builder.Node("QLinearConv", biases.Length > 0 ? [.. inputs, integers] : inputs, attributes);
        }
        else
        {
            Builder.Node("DequantizeLinear", [codes, scales, zeros], ("axis", 0));
            List<string> inputs = [x, Builder.Current];
            if (biases == "float")
                inputs.Add(Floats([.. Enumerable.Range(0, filters).Select(_ => (float)((Random.NextDouble() - 0.5) * 3))]));
            if (biases == "int32")
            {
                Builder.Node("DequantizeLinear", [integers, Floats([.. values.Select(value => before * value)], !perChannel)], ("axis", 0));
                inputs.Add(Builder.Current);
            }

            Builder.Node("Conv", [.. inputs], attributes);
        }

        (_channels, _height, _width) =
            (filters, Out(_height, kernel, stride, pad, dilation), Out(_width, kernel, stride, pad, dilation));
        foreach (string node in nodes.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (node == "MaxPool") Max();
            else Builder.Node(node, ["*"]);
        }

        return _isOperators ? this : Coded(zero ?? Lowest, scale);
    }

    private QuantizedImages Max(int kernel = 2, int? stride = null, int pad = 0, int dilation = 1, bool ceil = false)
    {
        Builder.Node("MaxPool", ["*"], ("kernel_shape", Repeated(kernel)), ("strides", Repeated(stride ?? kernel)),
            ("pads", Enumerable.Repeat(pad, 2 * (_height == 0 ? 1 : 2)).ToArray()), ("dilations", Repeated(dilation)),
            ("ceil_mode", ceil ? 1 : 0));
        (_height, _width) = (Size(_height), Size(_width));
        return this;

        int Size(int size) => Out(size, kernel, stride ?? kernel, pad, dilation, ceil);
    }

    private QuantizedImages Average(string operation, float ratio, int kernel = 2, int pad = 0)
    {
        bool isGlobal = operation.Contains("Global", StringComparison.Ordinal);
        (string, object)[] attributes = isGlobal ? []
            : [("kernel_shape", Repeated(kernel)), ("strides", Repeated(kernel)), ("pads", Enumerable.Repeat(pad, 4).ToArray()),
                ("count_include_pad", 1)];
        int zero = ratio == 1 ? Lowest : Type == Int8 ? -101 : 20;
        if (_isOperators)
        {
            string before = _scaleName, zeroBefore = _zeroName;
            Codes(zero, _scale * ratio);
            Builder.Node(operation, ["*", before, zeroBefore, _scaleName, _zeroName], attributes).In("com.microsoft");
        }
        else
        {
            Builder.Node(operation, ["*"], attributes);
            Coded(zero, _scale * ratio);
        }

        (_height, _width) = isGlobal ? (1, 1) : (Out(_height, kernel, kernel, pad, 1), Out(_width, kernel, kernel, pad, 1));
        return this;
    }

    private QuantizedImages Relu(float ratio)
    {
        Builder.Node("Relu", ["*"]);
        return Coded(0, _scale * ratio);
    }

    private QuantizedImages Flatten()
    {
        Builder.Node("Flatten", ["*"], ("axis", 1));
        if (!_isOperators)
        {
            Builder.Node("QuantizeLinear", ["*", _scaleName, _zeroName]);
            Numbers();
        }

        return this;
    }

    private QuantizedImages Reshape(params int[] sizes)
    {
        string name = Name();
        Builder.Integers(name, [.. sizes.Select(static size => (long)size)]).Node("Reshape", ["*", name]);
        return this;
    }

    /// <summary>Rows of as many values as there are, as exporters write <c>view(x.size(0), -1)</c>.</summary>
    private QuantizedImages Dynamic()
    {
        string x = Builder.Current, first = Name(), rest = Name(), axes = Name();
        Builder.Integers(rest, -1).Integers(axes, 0).Codes(first, 7, []);
        Builder.Graph.Initializer[^1].Int64Data.Add(0);
        Builder.Node("Shape", ["*"]).Node("Gather", ["*", first], ("axis", 0)).Node("Unsqueeze", ["*", axes])
            .Node("Concat", ["*", rest], ("axis", 0));
        Builder.Node("Reshape", [x, "*"]);
        return this;
    }

    private QuantizedImages Transpose(params int[] order)
    {
        Builder.Node("Transpose", ["*"], ("perm", order));
        return this;
    }

    private QuantizedImages Dense(int outputs)
    {
        int n = _channels * Math.Max(1, _height) * _width, zero = Middle;
        float value = 0.013f, scale = _scale * value * (float)Math.Sqrt(n) * 60;
        string x = Builder.Current, scales = Floats([value], isScalar: true),
            weights = Integers(Int8, [outputs, n], [.. Enumerable.Range(0, n * outputs).Select(_ => Random.Next(-127, 128))]),
            biases = Integers(Int32, [outputs], [.. Enumerable.Range(0, outputs).Select(_ => Random.Next(-3000, 3000))]);
        if (_isOperators)
        {
            string before = _scaleName, zeroBefore = _zeroName;
            Codes(zero, scale);
            string zeros = Integers(Int8, [], [0]);
            Builder.Node("QGemm", [x, before, zeroBefore, weights, scales, zeros, biases, _scaleName, _zeroName], ("transB", 1))
                .In("com.microsoft");
            return Numbers();
        }

        string w = Dequantized(weights, scales, axis: 0);
        Builder.Node("DequantizeLinear", [biases, Floats([_scale * value], isScalar: true)]).Node("Gemm", [x, w, "*"], ("transB", 1));
        return Coded(zero, scale);
    }

    private int[] Repeated(int size) => [.. Enumerable.Repeat(size, _height == 0 ? 1 : 2)];

    private static int Out(int size, int kernel, int stride, int pad, int dilation, bool ceil = false)
    {
        if (size == 0) return 0;
        int room = size + (2 * pad) - (dilation * (kernel - 1)) - 1;
        return (room / stride) + 1 + (ceil && room % stride != 0 && ((room / stride) + 1) * stride < size + pad ? 1 : 0);
    }
}
