using System;
using System.Buffers.Binary;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;

namespace Kan.Tool;

/// <summary>The beginning of a <c>.npy</c> file of rows.</summary>
/// <param name="ElementBytes">4 for float, 8 for double.</param>
/// <param name="Rows">The first dimension.</param>
/// <param name="Columns">The second dimension; 1 where there is none.</param>
/// <param name="DataStart">Where the numbers begin.</param>
internal sealed record NpyHeader(int ElementBytes, long Rows, long Columns, int DataStart)
{
    /// <summary>Bytes of the headers written here: room for any number of rows.</summary>
    public const int WrittenBytes = 128;

    private const int MaximumBytes = 1 << 16;

    private static readonly Regex s_dictionary = new(
        @"^\{\s*'descr'\s*:\s*'(?<type>[^']*)'\s*,\s*'fortran_order'\s*:\s*(?<order>True|False)\s*,\s*'shape'\s*:\s*\((?<shape>[0-9,\s]*)\)\s*,?\s*\}\s*$",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <exception cref="ToolException">The stream is not such a file.</exception>
    public static NpyHeader Read(Stream stream, string path)
    {
        var head = new byte[12];
        int count = stream.ReadAtLeast(head, 12, throwOnEndOfStream: false);
        if (count < 12 || head[0] != 0x93 || !head.AsSpan(1).StartsWith("NUMPY"u8))
            throw ToolException.BadData(path, "The file does not begin like a .npy file. Save it with numpy.save.");
        int start = head[6] == 1 ? 10 : 12;
        long length = head[6] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(8))
            : BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(8));
        if (length > MaximumBytes || start + length > stream.Length) throw ToolException.BadData(path, "The file ends within its header, "
            + "or the size of its header is not plausible. Save it again.");
        stream.Position = start;
        var text = new byte[length];
        stream.ReadExactly(text);
        var match = s_dictionary.Match(Encoding.Latin1.GetString(text));
        if (!match.Success) throw ToolException.BadData(path, "The header is not one that numpy writes. Save the file with numpy.save.");
        int bytes = match.Groups["type"].Value switch
        {
            "<f4" => sizeof(float),
            "<f8" => sizeof(double),
            var type => throw ToolException.BadData(path, $"The file holds numbers of type '{type}'; '<f4' and '<f8' are supported. Save "
                + $"array.astype('<f4')."),
        };
        var shape = match.Groups["shape"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(static part => long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : -1)
            .ToArray();
        if (shape.Length is < 1 or > 2 || shape.Any(static value => value < 0))
            throw ToolException.BadData(path,
                $"The file holds an array of shape ({match.Groups["shape"].Value}); expected (rows, columns).");
        var header = new NpyHeader(bytes, shape[0], shape.Length == 2 ? shape[1] : 1, start + (int)length);
        if (match.Groups["order"].Value == "True" && header.Rows > 1 && header.Columns > 1)
            throw ToolException.BadData(path, "The file is in Fortran order, column by column. Save numpy.ascontiguousarray(array).");
        long expected = header.Rows > 0 && header.Columns > (long.MaxValue / 16) / header.Rows ? -1 : header.Rows * header.Columns * bytes;
        if (stream.Length - header.DataStart != expected)
            throw ToolException.BadData(path, $"The header claims {NumberText.Count(header.Rows, "row")} of "
                + $"{NumberText.Count(header.Columns, "number")}, but {NumberText.Count(stream.Length - header.DataStart)} bytes follow. "
                + $"Save the file again.");
        return header;
    }

    /// <summary>A header of a fixed length.</summary>
    public static byte[] Write(int elementBytes, long rows, int columns)
    {
        string text = string.Create(CultureInfo.InvariantCulture,
            $"{{'descr': '<f{elementBytes}', 'fortran_order': False, 'shape': ({rows}, {columns}), }}").PadRight(WrittenBytes - 11) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, WrittenBytes - 10, 0, .. Encoding.ASCII.GetBytes(text)];
    }
}
