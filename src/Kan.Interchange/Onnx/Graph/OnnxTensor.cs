using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Onnx;
using Kan.Interchange.Onnx.Proto;

namespace Kan.Interchange.Onnx.Graph;

/// <summary>A constant of the graph. Floats, doubles and small integers all are doubles exactly.</summary>
/// <param name="Name">Its name, for messages.</param>
/// <param name="Dimensions">The shape; empty for a scalar.</param>
/// <param name="Values">The numbers, row by row.</param>
/// <param name="IsFloat">Whether the element type is a floating-point one.</param>
internal sealed record OnnxTensor(string Name, int[] Dimensions, double[] Values, bool IsFloat)
{
    /// <summary>The numbers that ONNX gives to some types of elements.</summary>
    public const int Float32 = 1, UInt8 = 2, Int8 = 3, Int32 = 6;

    private const int ExternalData = 1;

    private static readonly Dictionary<int, ElementType> s_types = new()
    {
        [1] = ElementType.Float32,
        [2] = ElementType.UInt8,
        [3] = ElementType.Int8,
        [4] = ElementType.UInt16,
        [5] = ElementType.Int16,
        [6] = ElementType.Int32,
        [7] = ElementType.Int64,
        [9] = ElementType.Bool,
        [10] = ElementType.Float16,
        [11] = ElementType.Float64,
        [12] = ElementType.UInt32,
        [13] = ElementType.UInt64,
        [16] = ElementType.BFloat16,
    };

    private static readonly string[] s_typeNames =
    [
        "undefined", "float32", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool", "float16", "float64", "uint32",
            "uint64",
        "complex64", "complex128", "bfloat16", "float8e4m3fn", "float8e4m3fnuz", "float8e5m2", "float8e5m2fnuz", "uint4", "int4",
            "float4e2m1",
    ];

    /// <summary>The number that ONNX gives to the type of the elements; 0 where it does not matter.</summary>
    public int Type { get; init; }

    public static bool IsFloatType(int type) => s_types.TryGetValue(type, out var element) && element.IsFloat();

    public static string TypeName(int type) => type >= 0 && type < s_typeNames.Length ? s_typeNames[type] : $"number {type}";

    /// <exception cref="ModelFileException">The element type or storage is not supported, or the data does not fit the shape.</exception>
    public static OnnxTensor Read(TensorProto proto, string name, ModelFile file)
    {
        if (proto.Dims.Count > ModelLimits.Axes)
            throw file.Unsupported($"The tensor '{name}' has {proto.Dims.Count} axes; at most {ModelLimits.Axes} are supported.");
        var dimensions = new int[proto.Dims.Count];
        for (int i = 0; i < dimensions.Length; i++)
        {
            long dimension = proto.Dims[i];
            if (dimension < 0) throw file.Malformed($"The tensor '{name}' has the negative dimension {dimension}.");
            dimensions[i] = (int)Math.Min(dimension, int.MaxValue);
        }

        long count = TensorShape.Count(dimensions);
        if (count > ModelLimits.Parameters)
            throw file.Unsupported($"The tensor '{name}' claims the shape [{string.Join(", ", proto.Dims)}]; at most "
                + $"{ModelLimits.Parameters} numbers are read. Compiled networks are small: reduce or prune the model.");
        if (!s_types.TryGetValue(proto.DataType, out var type))
            throw file.Unsupported($"The tensor '{name}' holds numbers of type {TypeName(proto.DataType)}; float16, bfloat16, float32, "
                + $"float64 and integers are supported. Export the model in float32 (it must not be quantized).");

        bool isExternal = proto.DataLocation == ExternalData || proto.ExternalData.Count > 0;
        var raw = isExternal ? OnnxExternalData.Read(proto, name, count * type.Size(), file) : proto.RawData.Span;
        if (isExternal || raw.Length > 0)
        {
            if (raw.Length != count * type.Size()) throw Mismatch(raw.Length / (double)type.Size());
            var numbers = new double[count];
            for (int i = 0; i < numbers.Length; i++) numbers[i] = type.Read(raw.Slice(i * type.Size(), type.Size()));
            return new OnnxTensor(name, dimensions, numbers, type.IsFloat()) { Type = proto.DataType };
        }

        double[] values = type switch
        {
            ElementType.Float32 => [.. proto.FloatData.Select(static value => (double)value)],
            ElementType.Float64 => [.. proto.DoubleData],
            ElementType.Int64 => [.. proto.Int64Data.Select(static value => (double)value)],
            ElementType.Float16 => [.. proto.Int32Data.Select(static bits => (double)BitConverter.UInt16BitsToHalf((ushort)bits))],
            ElementType.BFloat16 => [.. proto.Int32Data.Select(static bits => ElementTypes.FromBFloat16((ushort)bits))],
            ElementType.UInt32 or ElementType.UInt64 => throw file.Unsupported($"The tensor '{name}' stores numbers of type "
                + $"{TypeName(proto.DataType)} outside its raw data. Export the model in float32."),
            _ => [.. proto.Int32Data.Select(static value => (double)value)],
        };
        return values.Length == count
            ? new OnnxTensor(name, dimensions, values, type.IsFloat()) { Type = proto.DataType }
            : throw Mismatch(values.Length);

        ModelFileException Mismatch(double found) =>
            file.Malformed($"The tensor '{name}' of shape {TensorShape.Text(dimensions)} needs {count} numbers, but its data holds "
                + $"{found}. The file is damaged; export it again.");
    }

    /// <summary>The numbers as rationals.</summary>
    /// <exception cref="ModelFileException">A number is NaN or infinite.</exception>
    public Rational[] ToRationals(ModelFile file)
    {
        var rationals = new Rational[Values.Length];
        for (int i = 0; i < rationals.Length; i++)
        {
            if (!double.IsFinite(Values[i])) throw file.NotFinite(Name, Values[i], i, Dimensions);
            rationals[i] = Rational.FromDouble(Values[i]);
        }

        return rationals;
    }
}
