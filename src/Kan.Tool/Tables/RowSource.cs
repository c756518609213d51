using System;
using System.Globalization;
using System.Numerics;

namespace Kan.Tool;

/// <summary>Rows of numbers that are read one after the other, however many there are.</summary>
internal abstract class RowSource<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The rows read or skipped so far.</summary>
    public long Row { get; protected set; }

    /// <summary>How far through the file, from 0 to 1.</summary>
    public abstract double Position { get; }

    /// <summary>Reads the next row; false at the end.</summary>
    /// <exception cref="ToolException">The file is not what it should be there; the message names row and column.</exception>
    public abstract bool Read(Span<T> row);

    /// <summary>Reads the next row, whose numbers must be finite; false at the end.</summary>
    /// <param name="row">Receives the row.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="ToolException">The file is not what it should be there, or a number is not finite.</exception>
    public bool ReadFinite(Span<T> row, string path)
    {
        if (!Read(row)) return false;
        for (int column = 0; column < row.Length; column++)
        {
            if (T.IsFinite(row[column])) continue;
            string number = NumberText.Of(double.CreateChecked(row[column]));
            throw ToolException.BadData(path, $"Row {Row}, {ColumnName(column)} holds {number}, but a finite number is needed there.");
        }

        return true;
    }

    /// <summary>Where the file has a number of a row.</summary>
    protected virtual string ColumnName(int index) => string.Create(CultureInfo.InvariantCulture, $"column {index + 1}");

    /// <summary>Passes over rows.</summary>
    /// <exception cref="ToolException">There are fewer.</exception>
    public abstract void Skip(long rows);

    public abstract void Dispose();

    /// <summary>A number that the precision cannot hold.</summary>
    protected ToolException BeyondFloat(string path, int column, double value) =>
        ToolException.BadData(path,
            $"Row {Row}, column {column} holds {NumberText.Of(value)}, which does not fit float: use --precision double.");

    /// <summary>A file with fewer rows than were read before.</summary>
    protected static ToolException TooFew(string path, long rows, long before) => ToolException.BadData(
        path, $"The file has {NumberText.Count(rows, "row")}; {NumberText.Count(before)} were read before. It is not the file that the "
        + $"run was started with: run without --resume.");

    /// <summary>Opens a file by its extension.</summary>
    /// <param name="path">
    /// A <c>.csv</c>, <c>.tsv</c>, <c>.txt</c>, <c>.npy</c> or <c>.npz</c> file, images as MNIST is published, or <c>-</c>, CSV on the
    /// standard input.
    /// </param>
    /// <param name="columns">The numbers of a row, and their names in a CSV file with a header.</param>
    public static RowSource<T> Open(string path, RowColumns columns) => System.IO.Path.GetExtension(path).ToUpperInvariant() switch
    {
        _ when path == DataFile.Standard => new CsvRowSource<T>(path, columns),
        ".CSV" or ".TSV" or ".TXT" => new CsvRowSource<T>(path, columns),
        ".NPY" => new NpyRowSource<T>(path, columns.Count),
        ".NPZ" => ArrayRowSource<T>.OfArchive(path, columns.Count),
        _ when IdxImages.IsNamed(path) => ArrayRowSource<T>.OfImages(path, columns.Count),
        var other => throw ToolException.Option($"Data of type '{other.ToLowerInvariant()}' cannot be read: '{path}' must be .csv, .npy, "
            + $".npz or images of idx (...-ubyte, ...-ubyte.gz), or - for the standard input."),
    };
}
