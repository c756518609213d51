using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Kan.Interchange.Tensors;

namespace Kan.Interchange.Safetensors;

/// <summary>
/// Reads <c>.safetensors</c>: the length of a JSON header, the header with type, shape and place of each tensor, and the numbers.
/// </summary>
internal static class SafetensorsReader
{
    private const string Remedy = "Save or copy the model again.";

    private const int LengthBytes = 8, MaximumHeader = 1 << 25;

    private static readonly Dictionary<string, ElementType> s_types = new()
    {
        ["F16"] = ElementType.Float16,
        ["BF16"] = ElementType.BFloat16,
        ["F32"] = ElementType.Float32,
        ["F64"] = ElementType.Float64,
        ["I8"] = ElementType.Int8,
        ["I16"] = ElementType.Int16,
        ["I32"] = ElementType.Int32,
        ["I64"] = ElementType.Int64,
        ["U8"] = ElementType.UInt8,
        ["U16"] = ElementType.UInt16,
        ["U32"] = ElementType.UInt32,
        ["U64"] = ElementType.UInt64,
        ["BOOL"] = ElementType.Bool,
    };

    private sealed record Entry(string Name, ElementType Type, List<long> Shape, long Begin, long End);

    /// <exception cref="ModelFileException">The file is damaged, or holds numbers of other types.</exception>
    public static StateDict Read(ModelFile file)
    {
        var bytes = file.Bytes.AsSpan();
        if (bytes.Length < LengthBytes)
            throw file.Malformed($"The file has {bytes.Length} bytes, too few for the length of a header. {Remedy}");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        if (length > (ulong)(bytes.Length - LengthBytes))
            throw file.Malformed($"The file claims a header of {length} bytes, but only {bytes.Length - LengthBytes} follow. {Remedy}");
        if (length > MaximumHeader) throw file.Unsupported($"The file has a header of {length} bytes; at most {MaximumHeader} are read.");
        var entries = ReadHeader(file, (int)length);
        int start = LengthBytes + (int)length;
        RequireOrder(file, entries, bytes.Length - start);

        var tensors = new List<StoredTensor>(entries.Count);
        long total = 0;
        foreach (var entry in entries)
        {
            int count = StoredTensor.CountOf(entry.Shape), size = entry.Type.Size();
            if (count < 0) throw StoredTensor.TooLarge(file, entry.Name, entry.Shape);
            if (entry.End - entry.Begin != (long)count * size)
                throw file.Malformed($"The tensor '{entry.Name}' of shape {StoredTensor.ShapeText(entry.Shape)} needs "
                    + $"{(long)count * size} bytes, but its data_offsets span {entry.End - entry.Begin}. {Remedy}");
            total += count;
            if (total > ModelLimits.Parameters) throw file.Unsupported($"The model has more than {ModelLimits.Parameters} numbers. "
                + $"Compiled networks are small: reduce or prune the model.");
            var values = new double[count];
            for (int i = 0; i < count; i++) values[i] = entry.Type.Read(bytes.Slice(start + (int)entry.Begin + (i * size), size));
            tensors.Add(new StoredTensor(entry.Name, [.. entry.Shape.Select(static dimension => (int)dimension)], entry.Type, values));
        }

        return new StateDict(tensors, IsInModelOrder: false);
    }

    private static List<Entry> ReadHeader(ModelFile file, int length)
    {
        try
        {
            var reader = new Utf8JsonReader(file.Bytes.AsSpan(LengthBytes, length), new JsonReaderOptions { MaxDepth = 8 });
            var entries = new List<Entry>();
            var names = new HashSet<string>(StringComparer.Ordinal);
            Expect(ref reader, file, JsonTokenType.StartObject);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = reader.GetString()!;
                if (!names.Add(name)) throw file.Malformed($"The header names the tensor '{name}' twice, at byte "
                    + $"{LengthBytes + reader.TokenStartIndex}. {Remedy}");
                reader.Read();
                if (name == "__metadata__") reader.Skip();
                else entries.Add(ReadEntry(ref reader, file, name));
            }

            while (reader.Read())
            {
            }

            return entries;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw file.Malformed($"The header is not the JSON that the format requires ({exception.Message.TrimEnd('.')}). {Remedy}",
                exception);
        }
    }

    private static Entry ReadEntry(ref Utf8JsonReader reader, ModelFile file, string name)
    {
        string? type = null;
        List<long>? shape = null, offsets = null;
        if (reader.TokenType != JsonTokenType.StartObject) throw Bad(ref reader, "is not an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string? field = reader.GetString();
            reader.Read();
            if (field == "dtype" && type is null && reader.TokenType == JsonTokenType.String) type = reader.GetString();
            else if (field == "shape" && shape is null) shape = Numbers(ref reader);
            else if (field == "data_offsets" && offsets is null) offsets = Numbers(ref reader);
            else throw Bad(ref reader, $"has the field '{field}', which the format does not define there");
        }

        if (type is null || shape is null || offsets is not [var begin, var end])
            throw Bad(ref reader, "lacks dtype, shape or two data_offsets");
        if (!s_types.TryGetValue(type, out var element))
            throw file.Unsupported($"The tensor '{name}' holds numbers of type '{type}'; F16, BF16, F32, F64 and integers are supported. "
                + $"Save the model in float32 (it must not be quantized).");
        return new Entry(name, element, shape, begin, end);

        List<long> Numbers(ref Utf8JsonReader reader)
        {
            var numbers = new List<long>();
            if (reader.TokenType != JsonTokenType.StartArray) throw Bad(ref reader, "does not have an array where one is expected");
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < 0)
                    throw Bad(ref reader, "has a size or an offset that is not a non-negative integer");
                numbers.Add(number);
            }

            return numbers;
        }

        ModelFileException Bad(ref Utf8JsonReader reader, string what) =>
            file.Malformed($"The header entry '{name}' {what}, at byte {LengthBytes + reader.TokenStartIndex}. {Remedy}");
    }

    private static void Expect(ref Utf8JsonReader reader, ModelFile file, JsonTokenType type)
    {
        if (!reader.Read() || reader.TokenType != type)
            throw file.Malformed($"The header begins with {reader.TokenType}, where an object is expected. {Remedy}");
    }

    /// <summary>
    /// Requires that the tensors fill the data without gaps, as the format demands: nothing is hidden between them, and nothing is read
    /// twice.
    /// </summary>
    private static void RequireOrder(ModelFile file, List<Entry> entries, long dataLength)
    {
        long at = 0;
        foreach (var entry in entries.OrderBy(static entry => entry.Begin).ThenBy(static entry => entry.End))
        {
            if (entry.Begin != at || entry.End < entry.Begin || entry.End > dataLength)
                throw file.Malformed($"The tensor '{entry.Name}' is declared at bytes {entry.Begin} to {entry.End} of the data, which "
                    + $"has {dataLength}; expected a start at {at}. {Remedy}");
            at = entry.End;
        }

        if (at != dataLength) throw file.Malformed($"The tensors take {at} bytes, but {dataLength} follow the header. {Remedy}");
    }
}
