using System;
using System.Linq;

namespace Kan.Interchange.Tests.Support;

/// <summary>What integer networks from seeds have in common.</summary>
internal abstract class QuantizedBuilder
{
    protected const int UInt8 = 2, Int8 = 3, Int32 = 6;

    private int _constants;

    /// <param name="seed">The seed.</param>
    /// <param name="type">The type of codes.</param>
    /// <param name="shape">The shape of the input, whose first axis is open.</param>
    protected QuantizedBuilder(int seed, int type, long[] shape)
    {
        Random = new Random(seed);
        Type = type;
        Builder = new OnnxBuilder(shape);
        Builder.Graph.Input[0].Type.TensorType.Shape.Dim[0].DimParam = "batch";
    }

    protected Random Random { get; }

    protected int Type { get; }

    protected OnnxBuilder Builder { get; }

    protected int Lowest => Type == Int8 ? -128 : 0;

    protected int Middle => Type == Int8 ? 3 : 131;

    protected string Dequantized(string weights, string scales, int axis)
    {
        // ONNX Runtime fuses weights whose zero points are written down.
        int count = Builder.Graph.Initializer.First(tensor => tensor.Name == scales) is { Dims: [var size] } ? (int)size : 0;
        Builder.Node("DequantizeLinear", [weights, scales, Integers(Int8, count > 0 ? [count] : [], new int[Math.Max(1, count)])],
            ("axis", axis));
        return Builder.Current;
    }

    protected string Name() => $"c{_constants++}";

    protected string Floats(float[] values, bool isScalar = false)
    {
        string name = Name();
        Builder.Floats(name, isScalar ? [] : [values.Length], values);
        return name;
    }

    protected string Integers(int type, long[] shape, int[] values)
    {
        string name = Name();
        Builder.Codes(name, type, shape, values);
        return name;
    }
}
