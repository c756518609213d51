using System;
using System.Buffers.Binary;
using System.Linq;
using Kan.Interchange.Onnx.Proto;

namespace Kan.Interchange.Onnx;

/// <summary>A constant of the graph. Floats, doubles and small integers all are doubles exactly.</summary>
/// <param name="Name">Its name, for messages.</param>
/// <param name="Dimensions">The shape; empty for a scalar.</param>
/// <param name="Values">The numbers, row by row.</param>
/// <param name="IsFloat">Whether the element type is a floating-point one.</param>
internal sealed record OnnxTensor(string Name, int[] Dimensions, double[] Values, bool IsFloat)
{
    private const int Float32 = 1, Int32 = 6, Int64 = 7, Float64 = 11;
    private const int ExternalData = 1;

    private static readonly string[] s_typeNames =
    [
        "undefined", "float32", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool", "float16", "float64", "uint32", "uint64",
        "complex64", "complex128", "bfloat16",
    ];

    public string Shape => "[" + string.Join(", ", Dimensions) + "]";

    /// <exception cref="ModelFileException">The element type or storage is not supported, or the data does not fit the shape.</exception>
    public static OnnxTensor Read(TensorProto proto, string name, ModelFile file)
    {
        if (proto.DataLocation == ExternalData || proto.ExternalData.Count > 0)
            throw file.Unsupported($"The tensor '{name}' keeps its data in another file. Save the model as one file (onnx.save(..., save_as_external_data=False)).");

        var dimensions = new int[proto.Dims.Count];
        long count = 1;
        for (int i = 0; i < dimensions.Length; i++)
        {
            long dimension = proto.Dims[i];
            if (dimension < 0) throw file.Malformed($"The tensor '{name}' has the negative dimension {dimension}.");
            count = dimension > ModelLimits.Parameters ? long.MaxValue : count == long.MaxValue ? count : count * dimension;
            if (count > ModelLimits.Parameters)
                throw file.Unsupported($"The tensor '{name}' claims the shape [{string.Join(", ", proto.Dims)}]; at most {ModelLimits.Parameters} numbers are read. Compiled networks are small: reduce or prune the model.");
            dimensions[i] = (int)dimension;
        }

        var raw = proto.RawData.Span;
        bool isRaw = raw.Length > 0;
        double[] values = proto.DataType switch
        {
            Float32 => isRaw ? FromRaw(raw, sizeof(float), static b => BinaryPrimitives.ReadSingleLittleEndian(b)) : [.. proto.FloatData.Select(static v => (double)v)],
            Float64 => isRaw ? FromRaw(raw, sizeof(double), static b => BinaryPrimitives.ReadDoubleLittleEndian(b)) : [.. proto.DoubleData],
            Int64 => isRaw ? FromRaw(raw, sizeof(long), static b => BinaryPrimitives.ReadInt64LittleEndian(b)) : [.. proto.Int64Data.Select(static v => (double)v)],
            Int32 => isRaw ? FromRaw(raw, sizeof(int), static b => BinaryPrimitives.ReadInt32LittleEndian(b)) : [.. proto.Int32Data.Select(static v => (double)v)],
            _ => throw file.Unsupported($"The tensor '{name}' holds numbers of type {TypeName(proto.DataType)}; float32 and float64 are supported. Export the model in float32 (it must not be quantised)."),
        };
        int size = proto.DataType is Float32 or Int32 ? sizeof(float) : sizeof(double);
        if (values.Length != count || (isRaw && raw.Length != count * size))
            throw file.Malformed($"The tensor '{name}' of shape [{string.Join(", ", dimensions)}] needs {count} numbers, but its data holds {values.Length}. The file is damaged; export it again.");
        return new OnnxTensor(name, dimensions, values, proto.DataType is Float32 or Float64);
    }

    /// <summary>The numbers as rationals.</summary>
    /// <exception cref="ModelFileException">A number is NaN or infinite, or the tensor is one of integers.</exception>
    public Rational[] ToRationals(ModelFile file)
    {
        if (!IsFloat) throw file.Unsupported($"The tensor '{Name}' holds integers where numbers of type float32 or float64 are expected.");
        var rationals = new Rational[Values.Length];
        for (int i = 0; i < rationals.Length; i++)
        {
            if (!double.IsFinite(Values[i])) throw file.NotFinite(Name, Values[i], i, Dimensions);
            rationals[i] = Rational.FromDouble(Values[i]);
        }

        return rationals;
    }

    private delegate double Reader(ReadOnlySpan<byte> bytes);

    private static double[] FromRaw(ReadOnlySpan<byte> raw, int size, Reader read)
    {
        var values = new double[raw.Length / size];
        for (int i = 0; i < values.Length; i++) values[i] = read(raw.Slice(i * size, size));
        return values;
    }

    private static string TypeName(int type) => type >= 0 && type < s_typeNames.Length ? s_typeNames[type] : $"number {type}";
}
