using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan;

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

    /// <summary>How many entries are not 0.</summary>
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
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public ReadOnlySpan<int> ColumnsOf(int row) => _columns.AsSpan()[RangeOf(row)];

    /// <summary>The entries of a row that are not 0, in the order of <see cref="ColumnsOf"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
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
        var sums = new Dictionary<(int Row, int Column), Rational>();
        foreach (var (row, column, value) in entries)
        {
            if (row < 0 || row >= rowCount || column < 0 || column >= columnCount)
                throw new ArgumentOutOfRangeException(nameof(entries), $"The entry ({row}, {column}) is outside a matrix of {rowCount} rows and {columnCount} columns.");
            sums.TryGetValue((row, column), out var sum);
            sums[(row, column)] = sum + value;
        }

        int[] rowStarts = new int[rowCount + 1];
        var kept = sums.Where(static entry => !entry.Value.IsZero).OrderBy(static entry => entry.Key).ToList();
        foreach (var entry in kept) rowStarts[entry.Key.Row + 1]++;
        for (int row = 0; row < rowCount; row++) rowStarts[row + 1] += rowStarts[row];
        return new SparseMatrix(
            columnCount,
            [.. rowStarts],
            [.. kept.Select(static entry => entry.Key.Column)],
            [.. kept.Select(static entry => entry.Value)]);
    }

    /// <summary>The entries that are not 0, by row, then column.</summary>
    public IEnumerable<(int Row, int Column, Rational Value)> Entries()
    {
        for (int row = 0; row < RowCount; row++)
        {
            for (int i = _rowStarts[row]; i < _rowStarts[row + 1]; i++) yield return (row, _columns[i], _values[i]);
        }
    }

    /// <summary>The product with a vector, A x.</summary>
    /// <param name="vector">n numbers.</param>
    /// <returns>m numbers.</returns>
    /// <exception cref="ArgumentException">The vector has another length.</exception>
    public Rational[] Multiply(IReadOnlyList<Rational> vector)
    {
        ArgumentNullException.ThrowIfNull(vector);
        if (vector.Count != ColumnCount) throw new ArgumentException($"A matrix of {ColumnCount} columns needs a vector of {ColumnCount} numbers, not {vector.Count}.", nameof(vector));
        var product = new Rational[RowCount];
        for (int row = 0; row < product.Length; row++)
        {
            for (int i = _rowStarts[row]; i < _rowStarts[row + 1]; i++) product[row] += _values[i] * vector[_columns[i]];
        }

        return product;
    }

    /// <summary>The product with a matrix, A B.</summary>
    /// <param name="right">B, with as many rows as this has columns.</param>
    /// <exception cref="ArgumentException">B has another number of rows.</exception>
    public SparseMatrix Multiply(SparseMatrix right)
    {
        ArgumentNullException.ThrowIfNull(right);
        if (right.RowCount != ColumnCount) throw new ArgumentException($"A matrix of {ColumnCount} columns needs a factor of {ColumnCount} rows, not {right.RowCount}.", nameof(right));
        return Create(RowCount, right.ColumnCount, Products());

        IEnumerable<(int, int, Rational)> Products()
        {
            foreach (var (row, middle, value) in Entries())
            {
                for (int i = right._rowStarts[middle]; i < right._rowStarts[middle + 1]; i++)
                    yield return (row, right._columns[i], value * right._values[i]);
            }
        }
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

    private Range RangeOf(int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, RowCount);
        return _rowStarts[row].._rowStarts[row + 1];
    }
}
