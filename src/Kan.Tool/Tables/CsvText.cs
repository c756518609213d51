using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Numerics;

namespace Kan.Tool;

/// <summary>Rows as CSV: numbers in the shortest digits that read back as the same bits.</summary>
internal static class CsvText
{
    /// <summary>The most characters of a number.</summary>
    public const int LongestNumber = 64;

    /// <summary>The first line: the names, or <c>y0</c>, <c>y1</c>, ... where there are none.</summary>
    public static string Header(IReadOnlyList<string> names, int count, char separator) => string.Join(separator, names.Count == count
        ? names.Select(name => Quote(name, separator))
        : Enumerable.Range(0, count).Select(static i => string.Create(CultureInfo.InvariantCulture, $"y{i}")));

    /// <summary>Writes a row and the end of its line.</summary>
    public static void Write<T>(TextWriter writer, ReadOnlySpan<T> row, char separator, char[] digits)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < row.Length; i++)
        {
            if (i > 0) writer.Write(separator);
            row[i].TryFormat(digits, out int length, default, CultureInfo.InvariantCulture);
            writer.Write(digits.AsSpan(0, length));
        }

        writer.Write('\n');
    }

    private static string Quote(string name, char separator) =>
        name.AsSpan().ContainsAny("\"\r\n".AsSpan()) || name.Contains(separator, StringComparison.Ordinal)
            ? "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\""
            : name;
}
