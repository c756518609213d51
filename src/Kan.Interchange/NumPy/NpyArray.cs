using System;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Kan.Interchange.NumPy;

/// <summary>An array of floats from a <c>.npy</c> file.</summary>
/// <param name="Name">Its name, for messages.</param>
/// <param name="Dimensions">The shape.</param>
/// <param name="Values">The numbers, row by row whatever order the file has.</param>
internal sealed record NpyArray(string Name, int[] Dimensions, double[] Values)
{
    private const int MaximumHeader = 1 << 16;

    // numpy writes the keys in this order.
    private static readonly Regex s_header = new(
        @"^\{\s*'descr'\s*:\s*'(?<type>[^']*)'\s*,\s*'fortran_order'\s*:\s*(?<order>True|False)\s*,\s*'shape'\s*:\s*\((?<shape>[0-9,\s]*)\)\s*,?\s*\}\s*$",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    public string Shape => "(" + string.Join(", ", Dimensions) + ")";

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <exception cref="ModelFileException">The bytes are not such an array.</exception>
    public static NpyArray Read(ReadOnlySpan<byte> bytes, string name, ModelFile file)
    {
        if (bytes.Length < 12 || !bytes.StartsWith(Magic))
            throw file.Malformed($"The array '{name}' does not begin like a .npy file. Save the model again with numpy.savez.");
        int version = bytes[6];
        if (version is < 1 or > 3)
            throw file.Unsupported($"The array '{name}' has version {version} of the .npy format; 1 to 3 are supported.");
        int start = version == 1 ? 10 : 12;
        long headerLength = version == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..])
            : BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (headerLength > MaximumHeader) throw file.Malformed($"The array '{name}' claims a header of {headerLength} bytes; at most "
            + $"{MaximumHeader} are read. Save the model again.");
        if (headerLength > bytes.Length - start) throw file.Malformed($"The array '{name}' ends within its header. Save the model again.");

        var header = s_header.Match(Encoding.Latin1.GetString(bytes.Slice(start, (int)headerLength)));
        if (!header.Success)
            throw file.Malformed($"The array '{name}' has a header that numpy does not write. Save the model again with numpy.savez.");
        int size = header.Groups["type"].Value switch
        {
            "<f4" => sizeof(float),
            "<f8" => sizeof(double),
            var type => throw file.Unsupported($"The array '{name}' holds numbers of type '{type}'; '<f4' and '<f8' are supported. Save "
                + $"array.astype('<f4')."),
        };
        var dimensions = ReadShape(header.Groups["shape"].Value, name, file, out int count);
        var data = bytes[(start + (int)headerLength)..];
        if (data.Length != (long)count * size)
            throw file.Malformed($"The array '{name}' of shape ({string.Join(", ", dimensions)}) needs {(long)count * size} bytes of "
                + $"data, but {data.Length} follow its header. Save the model again.");

        var values = new double[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = size == sizeof(float)
                ? BinaryPrimitives.ReadSingleLittleEndian(data[(i * size)..])
                : BinaryPrimitives.ReadDoubleLittleEndian(data[(i * size)..]);
        }

        bool isColumnMajor = header.Groups["order"].Value == "True";
        return new NpyArray(name, dimensions, isColumnMajor ? ToRowMajor(values, dimensions) : values);
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

    private static int[] ReadShape(string text, string name, ModelFile file, out int count)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var dimensions = new int[parts.Length];
        long product = 1;
        for (int i = 0; i < parts.Length; i++)
        {
            bool isNumber = long.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out long dimension);
            product = !isNumber || dimension > ModelLimits.Parameters ? long.MaxValue : product * dimension;
            if (product > ModelLimits.Parameters)
                throw file.Unsupported($"The array '{name}' claims the shape ({text}); at most {ModelLimits.Parameters} numbers are "
                    + $"read. Compiled networks are small: reduce or prune the model.");
            dimensions[i] = (int)dimension;
        }

        count = (int)product;
        return dimensions;
    }

    private static double[] ToRowMajor(double[] values, int[] dimensions)
    {
        var ordered = new double[values.Length];
        for (int i = 0; i < ordered.Length; i++)
        {
            int rest = i, stride = values.Length, index = 0;
            for (int axis = dimensions.Length - 1; axis >= 0; axis--)
            {
                stride /= dimensions[axis];
                index += rest % dimensions[axis] * stride;
                rest /= dimensions[axis];
            }

            ordered[i] = values[index];
        }

        return ordered;
    }
}
