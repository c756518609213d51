using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Interchange.Tests.Support;

/// <summary>Integer networks in the shapes that quantizers write, from seeds.</summary>
internal sealed class QuantizedModels : QuantizedBuilder
{
    private readonly int[] _widths;

    private QuantizedModels(int seed, int type, int[] widths, params long[] shape)
        : base(seed, type, shape.Length > 0 ? shape : [0, widths[0]]) => _widths = widths;

    /// <summary>The files by what writes them.</summary>
    public static Dictionary<string, Func<OnnxBuilder>> All { get; } = new()
    {
        ["QDQ of onnxruntime.quantization, per tensor, uint8"] = static () =>
            new QuantizedModels(1, UInt8, [30, 17, 5]).Static(perChannel: false, reduced: false),
        ["QDQ of onnxruntime.quantization, per channel, int8"] = static () =>
            new QuantizedModels(2, Int8, [13, 40, 24, 10]).Static(perChannel: true, reduced: false),
        ["QDQ of onnxruntime.quantization, per channel, reduced range"] = static () =>
            new QuantizedModels(3, UInt8, [64, 33, 3]).Static(perChannel: true, reduced: true),
        ["QDQ without codes of the outputs"] = static () =>
            new QuantizedModels(4, UInt8, [16, 8, 1]).Static(perChannel: false, reduced: false, codesOutputs: false),
        ["QDQ of a hidden layer without ReLU"] = static () =>
            new QuantizedModels(5, Int8, [9, 20, 4]).Static(perChannel: true, reduced: false, relu: false),
        ["QDQ with symmetric activations, other codes behind ReLU"] = static () =>
            new QuantizedModels(6, Int8, [12, 19, 7, 4]).Symmetric(sameScale: false),
        ["QDQ with symmetric activations, the same codes behind ReLU"] = static () =>
            new QuantizedModels(7, UInt8, [12, 19, 4]).Symmetric(sameScale: true),
        ["QDQ of MatMul, Add and Relu with biases of float32"] = static () => new QuantizedModels(8, UInt8, [21, 16, 6]).MatMulAdd(),
        ["QDQ of training with simulated quantization"] = static () => new QuantizedModels(9, Int8, [18, 24, 5]).Simulated(),
        ["QDQ with biases that the graph divides"] = static () => new QuantizedModels(10, UInt8, [18, 24, 5]).Divided(),
        ["QDQ with weights of uint8 around 128"] = static () => new QuantizedModels(11, UInt8, [11, 14, 3]).Unsigned(),
        ["QDQ behind Flatten of an image"] = static () => new QuantizedModels(12, UInt8, [16, 8, 3], 0, 1, 4, 4).Image(),
        ["QOperator with QGemm, uint8"] = static () => new QuantizedModels(13, UInt8, [30, 17, 5]).Operators(perChannel: false),
        ["QOperator with QGemm, per channel, int8"] = static () => new QuantizedModels(14, Int8, [30, 17, 5]).Operators(perChannel: true),
        ["QOperator with QLinearMatMul"] = static () => new QuantizedModels(15, UInt8, [24, 18, 6]).LinearMatMul(),
        ["QDQ of 7 bits, cut off behind QuantizeLinear"] = static () => new QuantizedModels(17, UInt8, [14, 20, 12, 4]).Limited(null, 127),
        ["QDQ of int8 without the lowest code"] = static () => new QuantizedModels(18, Int8, [14, 20, 12, 4]).Limited(-127, 127),
        ["QDQ of codes from 10 to 200"] = static () => new QuantizedModels(19, UInt8, [10, 9, 8, 3]).Limited(10, 200),
        ["QDQ with Cast between codes and numbers"] = static () => new QuantizedModels(20, UInt8, [14, 20, 4]).Limited(null, null),
        ["MatMulInteger, Cast and Mul behind codes"] = static () => new QuantizedModels(16, UInt8, [24, 18, 6]).Integers(),
        ["MatMulInteger, Cast and Mul between codes"] = static () => new QuantizedModels(21, UInt8, [5, 6, 4, 3]).Narrow(),
    };

    private OnnxBuilder Static(bool perChannel, bool reduced, bool codesOutputs = true, bool relu = true)
    {
        float scale = Inputs();
        for (int l = 0; l + 1 < _widths.Length; l++)
        {
            bool isLast = l == _widths.Length - 2;
            scale = Gemm(l, scale, perChannel, reduced, outputsFirst: perChannel);
            if (!isLast || codesOutputs) scale = Codes(scale, isLast || !relu ? Middle : Lowest);
        }

        return Builder;
    }

    private OnnxBuilder Symmetric(bool sameScale)
    {
        float scale = Inputs(symmetric: true);
        for (int l = 0; l + 1 < _widths.Length; l++)
        {
            scale = Codes(Gemm(l, scale, perChannel: false, reduced: false, outputsFirst: false), Middle);
            if (l == _widths.Length - 2) break;
            Builder.Node("Relu", ["*"]);
            scale = Codes(scale, Middle, sameScale ? scale : scale * 0.731f);
        }

        return Builder;
    }

    private OnnxBuilder MatMulAdd()
    {
        float scale = Inputs();
        for (int l = 0; l + 1 < _widths.Length; l++)
        {
            var (weights, scales, values) = Weights(l, perChannel: true, reduced: false, outputsFirst: false);
            string x = Builder.Current, w = Dequantized(weights, scales, axis: 1);
            string biases = Floats([.. Enumerable.Range(0, _widths[l + 1]).Select(_ => (float)((Random.NextDouble() - 0.5) * 3))]);
            Builder.Node("MatMul", [x, w]).Node("Add", l == 0 ? [biases, "*"] : ["*", biases]);
            if (l < _widths.Length - 2) Builder.Node("Relu", ["*"]);
            scale = Codes(scale * values.Average() * (float)Math.Sqrt(_widths[l]) * 60, l < _widths.Length - 2 ? Lowest : Middle);
        }

        return Builder;
    }

    private OnnxBuilder Simulated()
    {
        float scale = Inputs();
        for (int l = 0; l + 1 < _widths.Length; l++)
        {
            int n = _widths[l], m = _widths[l + 1];
            string x = Builder.Current, name = Name();
            Builder.Floats(name, [m, n], [.. Enumerable.Range(0, n * m).Select(_ => (float)((Random.NextDouble() * 2.6) - 1.3))]);
            string scales = Floats([.. Enumerable.Range(0, m).Select(_ => (float)(0.008 + (Random.NextDouble() * 0.004)))]),
                zeros = Integers(Int8, [m], new int[m]);
            Builder.Node("QuantizeLinear", [name, scales, zeros], ("axis", 0)).Node("DequantizeLinear", ["*", scales, zeros], ("axis", 0));
            Builder.Node("Gemm", [x, "*", Floats([.. Enumerable.Range(0, m).Select(_ => (float)(Random.NextDouble() - 0.5))])],
                ("transB", 1));
            if (l < _widths.Length - 2) Builder.Node("Relu", ["*"]);
            scale = Codes(scale * 3, l < _widths.Length - 2 ? Lowest : Middle);
        }

        return Builder;
    }

    /// <summary>Codes between two numbers, as quantizers for fewer bits leave them, and Cast to the type that they have.</summary>
    private OnnxBuilder Limited(int? lowest, int? highest)
    {
        int[] zeros = Type == Int8 ? [3, -127, -20] : [64, lowest ?? 0, 90];
        float scale = 0.0213f;
        Coded(zeros[0], inputs: true);
        for (int l = 0; l + 1 < _widths.Length; l++)
        {
            bool isLast = l == _widths.Length - 2;
            scale = Gemm(l, scale, perChannel: true, reduced: true, outputsFirst: true) * 1.4f;
            if (!isLast) Coded(zeros[1 + (l % 2)], inputs: false);
        }

        return Builder;

        void Coded(int zero, bool inputs)
        {
            string scaleName = Floats([scale], isScalar: true), zeroName = Integers(Type, [], [zero]);
            Builder.Node("QuantizeLinear", ["*", scaleName, zeroName]);
            if (lowest is not null || highest is not null)
            {
                string low = lowest is { } from ? Integers(Type, [], [from]) : "";
                Builder.Node("Clip", highest is { } to ? ["*", low, Integers(Type, [], [to])] : ["*", low]);
            }

            if (!inputs) Builder.Node("Cast", ["*"], ("to", Type));
            Builder.Node("DequantizeLinear", ["*", scaleName, zeroName]);
        }
    }

    private OnnxBuilder Divided()
    {
        float scale = Inputs();
        for (int l = 0; l + 1 < _widths.Length; l++)
        {
            int m = _widths[l + 1];
            var (weights, scales, values) = Weights(l, perChannel: false, reduced: true, outputsFirst: true);
            string x = Builder.Current, before = Floats([scale], isScalar: true);
            string w = Dequantized(weights, scales, axis: 0);
            Builder.Node("Transpose", [w], ("perm", OnnxBuilder.Ints(1, 0)));
            string transposed = Builder.Current,
                bias = Floats([.. Enumerable.Range(0, m).Select(_ => (float)(Random.NextDouble() - 0.5))]);
            Builder.Node("Mul", [scales, before]);
            string unit = Builder.Current;
            Builder.Node("Div", [bias, unit]).Node("Round", ["*"]).Node("Cast", ["*"], ("to", Int32)).Node("DequantizeLinear", ["*", unit]);
            Builder.Node("Gemm", [x, transposed, "*"]);
            if (l < _widths.Length - 2) Builder.Node("Relu", ["*"]);
            scale = Codes(scale * values[0] * (float)Math.Sqrt(_widths[l]) * 30, l < _widths.Length - 2 ? Lowest : Middle);
        }

        return Builder;
    }

    private OnnxBuilder Unsigned()
    {
        float scale = Inputs();
        for (int l = 0; l + 1 < _widths.Length; l++)
        {
            int n = _widths[l], m = _widths[l + 1];
            string x = Builder.Current, weights = Integers(UInt8, [n, m], [.. Enumerable.Range(0, n * m).Select(_ => Random.Next(256))]);
            string scales = Floats([0.01f], isScalar: true);
            Builder.Node("DequantizeLinear", [weights, scales, Integers(UInt8, [], [128])]);
            Builder.Node("MatMul", [x, "*"]);
            scale = Codes(scale * 2, l < _widths.Length - 2 ? Lowest : Middle);
        }

        return Builder;
    }

    private OnnxBuilder Image()
    {
        Builder.Node("Identity", ["*"]).Node("Flatten", ["*"], ("axis", 1));
        return Static(perChannel: true, reduced: false);
    }

    private OnnxBuilder Operators(bool perChannel)
    {
        float scale = 0.021f;
        int zero = Type == Int8 ? -9 : 117;
        string scaleName = Floats([scale], isScalar: true), zeroName = Integers(Type, [], [zero]);
        Builder.Node("QuantizeLinear", ["*", scaleName, zeroName]);
        for (int l = 0; l + 1 < _widths.Length; l++)
        {
            bool isLast = l == _widths.Length - 2;
            string x = Builder.Current;
            var (weights, scales, values) = Weights(l, perChannel, reduced: false, outputsFirst: perChannel);
            string zeros = Integers(Int8, perChannel ? [_widths[l + 1]] : [], perChannel ? new int[_widths[l + 1]] : [0]);
            string biases = Integers(Int32, [_widths[l + 1]],
                [.. Enumerable.Range(0, _widths[l + 1]).Select(_ => Random.Next(-3000, 3000))]);
            scale *= values.Average() * (float)Math.Sqrt(_widths[l]) * 60;
            string before = scaleName, beforeZero = zeroName;
            scaleName = Floats([scale], isScalar: true);
            zeroName = Integers(Type, [], [isLast ? Middle : Lowest]);
            Builder.Node("QGemm", [x, before, beforeZero, weights, scales, zeros, biases, scaleName, zeroName],
                ("transB", perChannel ? 1 : 0)).In("com.microsoft");
        }

        return Builder.Node("DequantizeLinear", ["*", scaleName, zeroName]);
    }

    private OnnxBuilder LinearMatMul()
    {
        float scale = 0.021f;
        string scaleName = Floats([scale], isScalar: true), zeroName = Integers(Type, [], [99]);
        Builder.Node("QuantizeLinear", ["*", scaleName, zeroName]);
        for (int l = 0; l + 1 < _widths.Length; l++)
        {
            string x = Builder.Current, before = scaleName, beforeZero = zeroName;
            var (weights, scales, values) = Weights(l, perChannel: false, reduced: false, outputsFirst: false);
            scale *= values.Average() * (float)Math.Sqrt(_widths[l]) * 60;
            scaleName = Floats([scale], isScalar: true);
            zeroName = Integers(Type, [], [l == _widths.Length - 2 ? Middle : Lowest]);
            Builder.Node("QLinearMatMul", [x, before, beforeZero, weights, scales, Integers(Int8, [], [0]), scaleName, zeroName]);
        }

        return Builder.Node("DequantizeLinear", ["*", scaleName, zeroName]);
    }

    private OnnxBuilder Integers()
    {
        float scale = Codes(Gemm(0, Inputs(), perChannel: true, reduced: false, outputsFirst: true), Lowest);

        // The last nodes are those that turn codes into numbers: integers are multiplied in their place.
        string codes = Builder.Graph.Node[^2].Output[0], zero = Builder.Graph.Node[^2].Input[2];
        Builder.Graph.Node.RemoveAt(Builder.Graph.Node.Count - 1);
        var (weights, _, values) = Weights(1, perChannel: false, reduced: false, outputsFirst: false);
        return Builder.Node("MatMulInteger", [codes, weights, zero, Integers(Int8, [], [0])]).Node("Cast", ["*"], ("to", 1))
            .Node("Mul", ["*", Floats([scale * values[0]], isScalar: true)]);
    }

    /// <summary>Layers whose sums are so small that rounding twice gives the same codes as rounding once.</summary>
    private OnnxBuilder Narrow()
    {
        float scale = 0.021f;
        string scaleName = Floats([scale], isScalar: true), zeroName = Integers(Type, [], [130]);
        Builder.Node("QuantizeLinear", ["*", scaleName, zeroName]);
        for (int l = 0; l + 1 < _widths.Length; l++)
        {
            int n = _widths[l], m = _widths[l + 1];
            bool isLast = l == _widths.Length - 2;
            string x = Builder.Current, weights = Integers(Int8, [n, m], [.. Enumerable.Range(0, n * m).Select(_ => Random.Next(-3, 4))]);
            float[] units = [.. Enumerable.Range(0, m).Select(_ => scale * (float)(0.1 + Random.NextDouble()))];
            Builder.Node("MatMulInteger", [x, weights, zeroName, Integers(Int8, [], [0])]).Node("Cast", ["*"], ("to", 1))
                .Node("Mul", ["*", Floats(units)]);
            if (isLast) break;
            scale = units.Average() * n;
            (scaleName, zeroName) = (Floats([scale], isScalar: true), Integers(Type, [], [0]));
            Builder.Node("Relu", ["*"]).Node("QuantizeLinear", ["*", scaleName, zeroName]);
        }

        return Builder;
    }

    private float Inputs(bool symmetric = false)
    {
        const float Scale = 0.0213f;
        string scale = Floats([Scale], isScalar: true), zero = Integers(Type, [], [symmetric ? (Type == Int8 ? 0 : 128) : Middle - 20]);
        Builder.Node("QuantizeLinear", ["*", scale, zero]).Node("DequantizeLinear", ["*", scale, zero]);
        return Scale;
    }

    /// <summary>A layer with biases of int32; the scale of its outputs that its codes may have.</summary>
    private float Gemm(int l, float before, bool perChannel, bool reduced, bool outputsFirst)
    {
        int m = _widths[l + 1];
        var (weights, scales, values) = Weights(l, perChannel, reduced, outputsFirst);
        string x = Builder.Current, w = Dequantized(weights, scales, outputsFirst ? 0 : 1);
        string biases = Integers(Int32, [m], [.. Enumerable.Range(0, m).Select(_ => Random.Next(-3000, 3000))]);
        string units = Floats([.. values.Select(value => before * value)], isScalar: !perChannel);
        Builder.Node("DequantizeLinear", [biases, units], ("axis", 0)).Node("Gemm", [x, w, "*"], ("transB", outputsFirst ? 1 : 0));
        return before * values.Average() * (float)Math.Sqrt(_widths[l]) * (reduced ? 30 : 60);
    }

    private (string Weights, string Scales, float[] Values) Weights(int l, bool perChannel, bool reduced, bool outputsFirst)
    {
        int n = _widths[l], m = _widths[l + 1], most = reduced ? 64 : 127;

        // Quantizers spread weights up to the ends of the range; neighbours that both stand there do not fit 16 bits.
        string weights = Integers(Int8, outputsFirst ? [m, n] : [n, m],
            [.. Enumerable.Range(0, n * m)
            .Select(i => i % 5 < 2 ? (reduced ? 64 : (i % 3 == 0 ? -128 : 127)) : Random.Next(-most, most + 1))]);
        float[] values = [.. Enumerable.Range(0, perChannel ? m : 1).Select(_ => (float)(0.004 + (Random.NextDouble() * 0.02)))];
        return (weights, Floats(values, isScalar: !perChannel), values);
    }

    private float Codes(float suggested, int zero, float? scale = null)
    {
        float value = scale ?? suggested;
        string scaleName = Floats([value], isScalar: true), zeroName = Integers(Type, [], [zero]);
        Builder.Node("QuantizeLinear", ["*", scaleName, zeroName]).Node("DequantizeLinear", ["*", scaleName, zeroName]);
        return value;
    }
}
