using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Numerics;

namespace Kan.Tool;

/// <summary>Rows that are written to the standard output as CSV.</summary>
internal sealed class ConsoleRowSink<T> : RowSink<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TextWriter _output;
    private readonly char[] _digits = new char[CsvText.LongestNumber];
    private readonly StringWriter _row = new(CultureInfo.InvariantCulture);

    public ConsoleRowSink(TextWriter output, int count, IReadOnlyList<string> names)
    {
        _output = output;
        output.Write(CsvText.Header(names, count, ',') + "\n");
    }

    public override void Write(ReadOnlySpan<T> row)
    {
        // A row at once: the console passes on every write.
        CsvText.Write(_row, row, ',', _digits);
        _output.Write(_row.GetStringBuilder());
        _row.GetStringBuilder().Clear();
        Rows++;
    }

    public override bool LastRowIs(ReadOnlySpan<T> row) => false;

    public override void Flush() => _output.Flush();

    public override void Complete() => Flush();

    public override void Abandon()
    {
    }

    protected override void Close() => _row.Dispose();
}
