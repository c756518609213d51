using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Networks;

/// <summary>An exact sparse matrix in compressed rows: only entries that are not 0 are kept, ordered by row, then column.</summary>
public sealed class SparseMatrix : IEquatable<SparseMatrix>
{
    private readonly ImmutableArray<int> _rowStarts;
    private readonly ImmutableArray<int> _columns;
    private readonly ImmutableArray<Rational> _values;

    private SparseMatrix(int columnCount, ImmutableArray<int> rowStarts, ImmutableArray<int> columns, ImmutableArray<Rational> values)
    {
        ColumnCount = columnCount;
        _rowStarts = rowStarts;
        _columns = columns;
        _values = values;
    }

    /// <summary>The number of rows, m.</summary>
    public int RowCount => _rowStarts.Length - 1;

    /// <summary>The number of columns, n.</summary>
    public int ColumnCount { get; }

    /// <summary>The number of non-zero entries.</summary>
    public int NonZeroCount => _values.Length;

    /// <summary>The entry at a row and a column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The place is outside the matrix.</exception>
    public Rational this[int row, int column]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(column);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(column, ColumnCount);
            int index = ColumnsOf(row).BinarySearch(column);
            return index < 0 ? Rational.Zero : ValuesOf(row)[index];
        }
    }

    /// <summary>The columns of a row where entries are not 0, increasing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The row does not exist.</exception>
    public ReadOnlySpan<int> ColumnsOf(int row) => _columns.AsSpan()[RangeOf(row)];

    /// <summary>The entries of a row that are not 0, in the order of <see cref="ColumnsOf"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The row does not exist.</exception>
    public ReadOnlySpan<Rational> ValuesOf(int row) => _values.AsSpan()[RangeOf(row)];

    /// <summary>The matrix with these entries; entries at the same place add up.</summary>
    /// <param name="rowCount">m, at least 0.</param>
    /// <param name="columnCount">n, at least 0.</param>
    /// <param name="entries">The entries in any order; those that are 0 are dropped.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative, or an entry is outside the matrix.</exception>
    public static SparseMatrix Create(int rowCount, int columnCount, IEnumerable<(int Row, int Column, Rational Value)> entries)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rowCount);
        ArgumentOutOfRangeException.ThrowIfNegative(columnCount);
        ArgumentNullException.ThrowIfNull(entries);
        var sorted = new List<(long Place, Rational Value)>();
        bool isSorted = true;
        foreach (var (row, column, value) in entries)
        {
            if (row < 0 || row >= rowCount || column < 0 || column >= columnCount)
                throw new ArgumentOutOfRangeException(nameof(entries),
                    $"The entry ({row}, {column}) is outside a matrix of {rowCount} rows and {columnCount} columns.");
            long place = ((long)row << 32) | (uint)column;
            if (sorted.Count > 0 && sorted[^1].Place == place)
            {
                sorted[^1] = (place, sorted[^1].Value + value);
                continue;
            }

            isSorted &= sorted.Count == 0 || sorted[^1].Place < place;
            sorted.Add((place, value));
        }

        if (!isSorted) sorted = AddUp(sorted);
        int[] rowStarts = new int[rowCount + 1];
        var columns = ImmutableArray.CreateBuilder<int>(sorted.Count);
        var values = ImmutableArray.CreateBuilder<Rational>(sorted.Count);
        foreach (var (place, value) in sorted)
        {
            if (value.IsZero) continue;
            rowStarts[(place >> 32) + 1]++;
            columns.Add((int)(uint)place);
            values.Add(value);
        }

        for (int row = 0; row < rowCount; row++) rowStarts[row + 1] += rowStarts[row];
        return new SparseMatrix(columnCount, [.. rowStarts], columns.DrainToImmutable(), values.DrainToImmutable());
    }

    /// <summary>The entries that are not 0, by row, then column.</summary>
    public IEnumerable<(int Row, int Column, Rational Value)> Entries()
    {
        for (int row = 0; row < RowCount; row++)
        {
            for (int i = _rowStarts[row]; i < _rowStarts[row + 1]; i++) yield return (row, _columns[i], _values[i]);
        }
    }

    /// <summary>The numbers that dense forms and products may hold when no other limit is given.</summary>
    public const int DefaultEntryLimit = 1 << 24;

    /// <summary>All m x n numbers, zeros included.</summary>
    /// <param name="entryLimit">The maximum number of numbers; the matrices of large networks are wide and nearly empty.</param>
    /// <exception cref="MatrixTooLargeException">There are more, and nothing was allocated.</exception>
    public Rational[,] ToDense(int entryLimit = DefaultEntryLimit)
    {
        RequireAtMost(entryLimit);
        var dense = new Rational[RowCount, ColumnCount];
        foreach (var (row, column, value) in Entries()) dense[row, column] = value;
        return dense;
    }

    /// <summary>All m x n numbers, each rounded to the nearest double.</summary>
    /// <inheritdoc cref="ToDense(int)"/>
    public double[,] ToDenseDouble(int entryLimit = DefaultEntryLimit)
    {
        RequireAtMost(entryLimit);
        double[,] dense = new double[RowCount, ColumnCount];
        foreach (var (row, column, value) in Entries()) dense[row, column] = value.ToDouble();
        return dense;
    }

    /// <summary>The product with a vector, A x.</summary>
    /// <param name="vector">n numbers.</param>
    /// <returns>m numbers.</returns>
    /// <exception cref="ArgumentException">The length of the vector is wrong.</exception>
    public Rational[] Multiply(IReadOnlyList<Rational> vector)
    {
        ArgumentNullException.ThrowIfNull(vector);
        if (vector.Count != ColumnCount) throw new ArgumentException($"A matrix of {ColumnCount} columns needs a vector of {ColumnCount} "
            + $"numbers, not {vector.Count}.", nameof(vector));
        var product = new Rational[RowCount];
        for (int row = 0; row < product.Length; row++)
        {
            for (int i = _rowStarts[row]; i < _rowStarts[row + 1]; i++) product[row] += _values[i] * vector[_columns[i]];
        }

        return product;
    }

    /// <summary>The product with a matrix, A B.</summary>
    /// <param name="right">B, with as many rows as this has columns.</param>
    /// <param name="entryLimit">The maximum number of terms to add: the product of two sparse matrices need not be sparse.</param>
    /// <exception cref="ArgumentException">The number of rows of B is wrong.</exception>
    /// <exception cref="MatrixTooLargeException">There are more terms, and nothing was allocated.</exception>
    public SparseMatrix Multiply(SparseMatrix right, int entryLimit = DefaultEntryLimit)
    {
        ArgumentNullException.ThrowIfNull(right);
        if (right.RowCount != ColumnCount) throw new ArgumentException($"A matrix of {ColumnCount} columns needs a factor of "
            + $"{ColumnCount} rows, not {right.RowCount}.", nameof(right));
        long terms = 0;
        foreach (int middle in _columns) terms += right._rowStarts[middle + 1] - right._rowStarts[middle];
        if (terms > entryLimit) throw new MatrixTooLargeException("The product", RowCount, right.ColumnCount, terms, entryLimit);

        int[] rowStarts = new int[RowCount + 1];
        var columns = ImmutableArray.CreateBuilder<int>();
        var values = ImmutableArray.CreateBuilder<Rational>();
        var sums = new SortedDictionary<int, Rational>();
        for (int row = 0; row < RowCount; row++)
        {
            sums.Clear();
            for (int i = _rowStarts[row]; i < _rowStarts[row + 1]; i++)
            {
                for (int k = right._rowStarts[_columns[i]]; k < right._rowStarts[_columns[i] + 1]; k++)
                {
                    var term = _values[i] * right._values[k];
                    sums[right._columns[k]] = sums.TryGetValue(right._columns[k], out var sum) ? sum + term : term;
                }
            }

            foreach (var (column, sum) in sums)
            {
                if (sum.IsZero) continue;
                columns.Add(column);
                values.Add(sum);
            }

            rowStarts[row + 1] = columns.Count;
        }

        return new SparseMatrix(right.ColumnCount, [.. rowStarts], columns.DrainToImmutable(), values.DrainToImmutable());
    }

    /// <inheritdoc/>
    public bool Equals(SparseMatrix? other) => other is not null
        && ColumnCount == other.ColumnCount
        && _rowStarts.SequenceEqual(other._rowStarts)
        && _columns.SequenceEqual(other._columns)
        && _values.SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SparseMatrix);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(RowCount);
        hash.Add(ColumnCount);
        foreach (var entry in Entries()) hash.Add(entry);
        return hash.ToHashCode();
    }

    /// <summary>The entries by place, each place once.</summary>
    private static List<(long Place, Rational Value)> AddUp(List<(long Place, Rational Value)> entries)
    {
        // The places decide the order alone, so that equal ones may meet in any order: their sum is exact.
        entries.Sort(static (a, b) => a.Place.CompareTo(b.Place));
        var sums = new List<(long Place, Rational Value)>(entries.Count);
        foreach (var entry in entries)
        {
            if (sums.Count > 0 && sums[^1].Place == entry.Place) sums[^1] = (entry.Place, sums[^1].Value + entry.Value);
            else sums.Add(entry);
        }

        return sums;
    }

    private void RequireAtMost(int entryLimit)
    {
        long count = (long)RowCount * ColumnCount;
        if (count > entryLimit) throw new MatrixTooLargeException("The dense form", RowCount, ColumnCount, count, entryLimit);
    }

    private Range RangeOf(int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, RowCount);
        return _rowStarts[row].._rowStarts[row + 1];
    }
}
