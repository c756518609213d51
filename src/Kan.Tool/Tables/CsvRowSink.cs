using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Numerics;
using System.Text;

namespace Kan.Tool;

/// <summary>A CSV file with a header; numbers in the shortest digits that read back as the same bits.</summary>
internal sealed class CsvRowSink<T> : RowSink<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int LongestRowBytes = 1 << 20;

    private readonly StreamWriter _writer;
    private readonly char[] _digits = new char[CsvText.LongestNumber];
    private readonly char _separator;
    private readonly string? _last;

    public CsvRowSink(string path, int count, IReadOnlyList<string> names, char separator, bool resume)
        : base(path, resume)
    {
        _separator = separator;
        string header = CsvText.Header(names, count, separator);
        _last = resume ? FindEnd(path, header) : null;
        _writer = new StreamWriter(File, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        if (File.Position == 0) _writer.Write(header + "\n");
    }

    public override void Write(ReadOnlySpan<T> row)
    {
        CsvText.Write(_writer, row, _separator, _digits);
        Rows++;
    }

    public override bool LastRowIs(ReadOnlySpan<T> row)
    {
        var text = new StringBuilder();
        for (int i = 0; i < row.Length; i++)
            text.Append(i > 0 ? _separator.ToString() : "").Append(row[i].ToString(null, CultureInfo.InvariantCulture));
        return text.ToString() == _last;
    }

    public override void Flush() => _writer.Flush();

    // The text of the last row must be on its way before the file is closed.
    protected override void Close()
    {
        try
        {
            if (File.CanWrite) _writer.Dispose();
        }
        finally
        {
            base.Close();
        }
    }

    /// <summary>
    /// Counts the complete rows of a partial file, cuts off what follows them, and moves to their end; returns the last of them.
    /// </summary>
    private string? FindEnd(string path, string header)
    {
        var buffer = new byte[1 << 16];
        long end = 0, lines = 0, previousEnd = 0, position = 0;
        for (int count; (count = File.Read(buffer)) > 0; position += count)
        {
            for (int i = 0; i < count; i++)
            {
                if (buffer[i] != '\n') continue;
                previousEnd = end;
                end = position + i + 1;
                lines++;
            }
        }

        File.SetLength(end);
        if (lines == 0) return null;
        string first = ReadLine(0, Encoding.UTF8.GetByteCount(header) + 1);
        if (first != header) throw ToolException.BadData(path + ".part", "Its header does not match these outputs: it was started with "
            + "another model. Run without --resume.", 1, 1);
        Rows = lines - 1;
        string? last = Rows == 0 ? null : ReadLine(previousEnd, (int)Math.Min(end - previousEnd, LongestRowBytes));
        File.Position = end;
        return last;
    }

    private string ReadLine(long start, int count)
    {
        var bytes = new byte[count];
        File.Position = start;
        count = File.ReadAtLeast(bytes, count, throwOnEndOfStream: false);
        return Encoding.UTF8.GetString(bytes, 0, count).TrimEnd('\n');
    }
}
