using System;
using System.Linq;
using System.Numerics;
using Kan.Interchange;
using Kan.Interchange.NumPy;

namespace Kan.Tool;

/// <summary>Rows of a file that is read as a whole: an array of a <c>.npz</c> archive, or images.</summary>
internal sealed class ArrayRowSource<T> : RowSource<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string Inputs = "inputs";

    private readonly string _path;
    private readonly long _count;
    private readonly Func<long, ReadOnlySpan<double>> _row;

    private ArrayRowSource(string path, long count, Func<long, ReadOnlySpan<double>> row) => (_path, _count, _row) = (path, count, row);

    /// <inheritdoc/>
    public override double Position => _count == 0 ? 1 : (double)Row / _count;

    /// <summary>The array <c>inputs</c> of an archive, or the only one that it has.</summary>
    /// <exception cref="ToolException">There is no such array, or its rows have another length.</exception>
    /// <exception cref="ModelFileException">The archive is damaged.</exception>
    public static ArrayRowSource<T> OfArchive(string path, int columns)
    {
        var arrays = NpzArchive.Read(ModelFile.Read(path));
        if (!arrays.TryGetValue(Inputs, out var array))
        {
            if (arrays.Count != 1)
            {
                var names = arrays.Keys.Order(StringComparer.Ordinal).Take(24).Select(static name => $"'{MessageText.Name(name)}'");
                throw ToolException.BadData(path, $"The archive has the arrays {string.Join(", ", names)}; "
                    + $"rows are read from '{Inputs}', or from the only one.");
            }

            array = arrays.Values.Single();
        }

        double[] values = ArrayRows.Of(array, columns, path);
        return new ArrayRowSource<T>(path, values.Length / columns, row => values.AsSpan((int)(row * columns), columns));
    }

    /// <summary>The images of an idx file, each pixel divided by 255.</summary>
    /// <exception cref="ToolException">It is not a file of images of so many pixels.</exception>
    public static ArrayRowSource<T> OfImages(string path, int columns)
    {
        var images = IdxImages.Open(path, columns);
        return new ArrayRowSource<T>(path, images.Count, row => images.Pixels((int)row));
    }

    /// <inheritdoc/>
    public override bool Read(Span<T> row)
    {
        if (Row == _count) return false;
        var values = _row(Row++);
        for (int i = 0; i < row.Length; i++)
        {
            row[i] = T.CreateTruncating(values[i]);
            if (T.IsInfinity(row[i]) && double.IsFinite(values[i])) throw BeyondFloat(_path, i + 1, values[i]);
        }

        return true;
    }

    /// <inheritdoc/>
    public override void Skip(long rows)
    {
        if (rows > _count - Row) throw TooFew(_path, _count, rows);
        Row += rows;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        // Nothing is open.
    }
}
