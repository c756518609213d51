using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Onnx.Graph;
using Kan.Interchange.Onnx.Operators;
using Kan.Interchange.Onnx.Proto;

namespace Kan.Interchange.Onnx.Quantized;

/// <summary>
/// The constants of a graph, and what exporters compute from them: in <c>float</c>, each operation rounded, as a runtime folds them.
/// </summary>
internal sealed class FoldedConstants(OnnxGraph graph, ModelFile file)
{
    /// <summary>Nodes in a row that are folded; exporters write a few.</summary>
    private const int MostDepth = 32;

    private readonly Dictionary<string, OnnxTensor?> _known = [];
    private long _numbers;

    /// <summary>A constant; null if the name stands for something else, or is computed in a way that is not known here.</summary>
    public OnnxTensor? Find(string name) => Find(name, 0);

    private OnnxTensor? Find(string name, int depth)
    {
        if (name.Length == 0 || depth > MostDepth) return null;
        if (graph.Constants.TryGetValue(name, out var constant)) return constant;
        if (_known.TryGetValue(name, out var known)) return known;
        var found = graph.Writers.TryGetValue(name, out int writer) ? Fold(graph.Nodes[writer], writer, depth) : null;
        _numbers += found?.Values.Length ?? 0;
        if (_numbers > ModelLimits.Parameters) throw file.Unsupported($"Folding the constants takes more than {ModelLimits.Parameters} "
            + $"numbers. Fold them before exporting, or reduce the model.");
        _known[name] = found;
        return found;
    }

    private OnnxTensor? Fold(NodeProto node, int index, int depth)
    {
        if (node.Domain is not ("" or "ai.onnx") || node.Output.Count != 1) return null;
        if (node.OpType == "Constant")
        {
            var value = node.Attribute.FirstOrDefault(static attribute => attribute.Name == "value")?.T;
            if (value is not null) return OnnxTensor.Read(value, node.Output[0], file);
            var number = node.Attribute.FirstOrDefault(static attribute => attribute.Name == "value_float");
            return number is null ? null : new OnnxTensor(node.Output[0], [], [number.F], IsFloat: true) { Type = OnnxTensor.Float32 };
        }

        var inputs = node.Input.Select(input => Find(input, depth + 1)).ToArray();
        if (inputs.Length == 0 || inputs[0] is not { } first) return null;
        var result = node.OpType switch
        {
            "Identity" => first,
            "Mul" => Both(first, inputs, static (a, b) => a * b),
            "Div" => Both(first, inputs, static (a, b) => a / b),
            "Round" => first with { Values = Array.ConvertAll(first.Values, Math.Round) },
            "Clip" when End(node, inputs, 1, double.NegativeInfinity) is { } low
                && End(node, inputs, 2, double.PositiveInfinity) is { } high =>
                first with { Values = Array.ConvertAll(first.Values, x => Math.Min(Math.Max(x, low), high)) },
            "Cast" => Cast(first, (int)(node.Attribute.FirstOrDefault(static attribute => attribute.Name == "to")?.I ?? 0)),
            "Shape" =>
                new OnnxTensor("", [first.Dimensions.Length], Array.ConvertAll(first.Dimensions, static size => (double)size),
                    IsFloat: false),
            "ConstantOfShape" => Filled(node, first),
            "QuantizeLinear" => Quantize(node, index, first, inputs),
            _ => null,
        };
        return result is null ? null : result with { Name = node.Output[0] };
    }

    /// <summary>An end of a range: that of an operand, or a silent one; null if it is not known.</summary>
    private static double? End(NodeProto node, OnnxTensor?[] inputs, int input, double silent) =>
        input >= inputs.Length || node.Input[input].Length == 0 ? silent : inputs[input] is { Values: [var end] } ? end : null;

    private static OnnxTensor? Both(OnnxTensor first, OnnxTensor?[] inputs, Func<float, float, float> compute)
    {
        if (inputs.Length != 2 || inputs[1] is not { } second || first.Type != OnnxTensor.Float32 || second.Type != OnnxTensor.Float32)
            return null;
        var larger = first.Values.Length >= second.Values.Length ? first : second;
        if (first.Values.Length != 1 && second.Values.Length != 1 && !first.Dimensions.AsSpan().SequenceEqual(second.Dimensions))
            return null;
        double[] values = new double[larger.Values.Length];
        for (int i = 0; i < values.Length; i++) values[i] =
            compute((float)first.Values[first.Values.Length == 1 ? 0 : i], (float)second.Values[second.Values.Length == 1 ? 0 : i]);
        return larger with { Values = values };
    }

    private static OnnxTensor? Cast(OnnxTensor value, int type) => type switch
    {
        OnnxTensor.Float32 =>
            value with { Values = Array.ConvertAll(value.Values, static x => (double)(float)x), IsFloat = true, Type = type },
        OnnxTensor.Int32 when Array.TrueForAll(value.Values, static x => x is > int.MinValue and < int.MaxValue) =>
            value with { Values = Array.ConvertAll(value.Values, Math.Truncate), IsFloat = false, Type = type },
        OnnxTensor.UInt8 when Array.TrueForAll(value.Values, static x => x is >= 0 and <= 255) =>
            value with { Values = Array.ConvertAll(value.Values, Math.Truncate), IsFloat = false, Type = type },
        OnnxTensor.Int8 when Array.TrueForAll(value.Values, static x => x is >= -128 and <= 127) =>
            value with { Values = Array.ConvertAll(value.Values, Math.Truncate), IsFloat = false, Type = type },
        _ => null,
    };

    private OnnxTensor? Filled(NodeProto node, OnnxTensor shape)
    {
        int[] sizes = Array.ConvertAll(shape.Values, static size => (int)Math.Clamp(size, 0, int.MaxValue));
        long count = TensorShape.Count(sizes);
        if (count > ModelLimits.Parameters) return null;
        var fill = node.Attribute.FirstOrDefault(static attribute => attribute.Name == "value")?.T is { } tensor
            ? OnnxTensor.Read(tensor, node.Output[0], file)
            : null;
        double[] values = new double[count];
        if (fill is { Values.Length: > 0 }) Array.Fill(values, fill.Values[0]);
        return new OnnxTensor("", sizes, values, fill?.IsFloat ?? true) { Type = fill?.Type ?? OnnxTensor.Float32 };
    }

    /// <summary>Weights that are stored as floats and rounded in the graph, as trained with simulated quantization.</summary>
    private OnnxTensor? Quantize(NodeProto proto, int index, OnnxTensor value, OnnxTensor?[] inputs)
    {
        if (inputs.Length < 2 || inputs[1] is not { } scale || value.Type != OnnxTensor.Float32) return null;
        var node = new OnnxNode(proto, OnnxNode.TitleOf(proto, index), [], file);
        var zero = inputs.Length > 2 ? inputs[2] : null;
        if (inputs.Length > 2 && proto.Input[2].Length > 0 && zero is null) return null;
        int type = zero?.Type ?? OnnxTensor.UInt8;
        if (type is not (OnnxTensor.UInt8 or OnnxTensor.Int8)) return null;
        int axis = scale.Values.Length == 1 ? 0 : node.Axis(node.Integer("axis", 1), value.Dimensions.Length);
        if (scale.Values.Length != 1 && scale.Values.Length != value.Dimensions[axis]) return null;
        if (zero is not null && zero.Values.Length != scale.Values.Length) return null;
        int inner = scale.Values.Length == 1 ? Math.Max(1, value.Values.Length) : TensorShape.Strides(value.Dimensions)[axis];
        int lowest = type == OnnxTensor.UInt8 ? 0 : -128;
        double[] codes = new double[value.Values.Length];
        for (int i = 0; i < codes.Length; i++)
        {
            int place = i / inner % scale.Values.Length;
            if (!double.IsFinite(value.Values[i])) throw file.NotFinite(value.Name, value.Values[i], i, value.Dimensions);
            codes[i] = Math.Clamp(Math.Round((double)((float)value.Values[i] / (float)scale.Values[place])) + (zero?.Values[place] ?? 0),
                lowest, lowest + 255);
        }

        return value with { Values = codes, IsFloat = false, Type = type };
    }
}
