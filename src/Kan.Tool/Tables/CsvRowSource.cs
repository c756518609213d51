using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Numerics;
using System.Text;
using CsvHelper;

namespace Kan.Tool;

/// <summary>
/// Rows of a CSV file, with or without a header: separated by commas, semicolons or tabs, with decimal points. A header chooses the columns
/// as <see cref="RowColumns"/> says.
/// </summary>
internal sealed class CsvRowSource<T> : RowSource<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MaximumRecordBytes = 1 << 26;

    private readonly string _path;
    private readonly Stream _file;
    private readonly CsvReader _reader;
    private readonly int[] _columns;
    private readonly string[]? _header;
    private readonly int _width;
    private bool _isBuffered;

    public CsvRowSource(string path, RowColumns columns)
    {
        _path = path == DataFile.Standard ? "standard input" : path;
        _file = path == DataFile.Standard ? Console.OpenStandardInput() : DataFile.Open(path);
        _reader = CsvReader.Create(_file, new CsvReaderOptions
        {
            HasHeader = false,
            MalformedData = CsvMalformedDataHandling.Throw,
            TrimWhitespace = true,
            TrackLineNumbers = true,
            MaxRecordSize = MaximumRecordBytes,
        });
        try
        {
            if (!Advance()) throw ToolException.BadData(_path, "The file contains no rows.");
            _width = _reader.FieldCount;
            string[] first = [.. Enumerable.Range(0, _width).Select(_reader.GetString)];
            bool isHeader = !Enumerable.Range(0, _width).All(i => TryParse(_reader.GetSpan(i), out _)) || columns.AreIn(first);
            if (isHeader) _header = first;
            _isBuffered = !isHeader;
            _columns = columns.Find(_path, _header, _width);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    // What comes from another program has no length.
    public override double Position => !_file.CanSeek ? 0 : _file.Length == 0 ? 1 : (double)_file.Position / _file.Length;

    public override bool Read(Span<T> row)
    {
        if (!Next()) return false;
        Row++;
        if (_reader.FieldCount != _width)
            throw ToolException.BadData(_path, $"Row {Row} has {NumberText.Count(_reader.FieldCount, "field")}, the first line {_width}.",
                Line, 1);
        for (int i = 0; i < _columns.Length; i++)
        {
            if (!TryParse(_reader.GetSpan(_columns[i]), out row[i])) throw NoNumber(_columns[i]);
        }

        return true;
    }

    public override void Skip(long rows)
    {
        for (long i = 0; i < rows; i++)
        {
            if (!Next()) throw ToolException.BadData(_path, $"The file has {NumberText.Count(Row, "row")}; more were read before. It is "
                + $"not the file that the run was started with: run without --resume.");
            Row++;
        }
    }

    public override void Dispose()
    {
        _reader.Dispose();
        _file.Dispose();
    }

    private int Line => (int)Math.Clamp(_reader.LineNumber, 1, int.MaxValue);

    private bool Next()
    {
        if (!_isBuffered) return Advance();
        _isBuffered = false;
        return true;
    }

    private bool Advance()
    {
        try
        {
            return DataFile.Read(_path, _reader.Read);
        }
        catch (CsvFormatException exception)
        {
            throw ToolException.BadData(_path, $"Row {Row + 1} is not a valid CSV row: {exception.Message}",
                (int)Math.Clamp(exception.LineNumber, 1, int.MaxValue), 1);
        }
    }

    protected override string ColumnName(int index) => ColumnOf(_columns[index]);

    private string ColumnOf(int column)
    {
        string name = _header is null ? "" : $" '{_header[column]}'";
        return string.Create(CultureInfo.InvariantCulture, $"column {column + 1}{name}");
    }

    private ToolException NoNumber(int column)
    {
        string field = _reader.GetString(column);
        string found = field.Length == 0 ? "is empty" : $"holds '{Shorten(field)}'";
        return ToolException.BadData(_path, $"Row {Row}, {ColumnOf(column)} {found}; expected a number that fits "
            + $"{(typeof(T) == typeof(float) ? "float" : "double")}, with a decimal point.", Line, CharacterOf(column));
    }

    /// <summary>Where a field begins in its line, in UTF-16 units from 1.</summary>
    private int CharacterOf(int column)
    {
        string record = Encoding.UTF8.GetString(_reader.RawRecord);
        bool isQuoted = false;
        for (int i = 0; i < record.Length && column > 0; i++)
        {
            if (record[i] == '"') isQuoted = !isQuoted;
            else if (!isQuoted && record[i] == _reader.Separator && --column == 0) return i + 2;
        }

        return 1;
    }

    /// <summary>A number in any of the usual spellings; not one past the largest finite one.</summary>
    private static bool TryParse(ReadOnlySpan<byte> field, out T value)
    {
        if (T.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
            return !T.IsInfinity(value) || Ascii.EqualsIgnoreCase(field, "infinity"u8) || Ascii.EqualsIgnoreCase(field, "-infinity"u8)
                || Ascii.EqualsIgnoreCase(field, "+infinity"u8);
        if (Ascii.EqualsIgnoreCase(field, "inf"u8) || Ascii.EqualsIgnoreCase(field, "+inf"u8)) value = T.PositiveInfinity;
        else if (Ascii.EqualsIgnoreCase(field, "-inf"u8)) value = T.NegativeInfinity;
        else return false;
        return true;
    }

    private static string Shorten(string field) =>
        field.Length <= 40 ? field.ReplaceLineEndings(" ") : field[..40].ReplaceLineEndings(" ") + "...";
}
