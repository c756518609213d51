using System;
using System.Globalization;

namespace Kan.Networks;

/// <summary>A matrix would hold more numbers than was allowed. Nothing was allocated for it.</summary>
public sealed class MatrixTooLargeException : InvalidOperationException
{
    /// <summary>A matrix that is too large.</summary>
    /// <param name="what">What was requested, as the start of the message: "The dense form".</param>
    /// <param name="rowCount">Its rows.</param>
    /// <param name="columnCount">Its columns.</param>
    /// <param name="entryCount">The numbers it would hold.</param>
    /// <param name="limit">The most that was allowed.</param>
    internal MatrixTooLargeException(string what, int rowCount, int columnCount, long entryCount, long limit)
        : base(string.Create(CultureInfo.InvariantCulture,
            $"{what} of this matrix of {rowCount:N0} rows and {columnCount:N0} columns would hold up to "
        + $"{entryCount:N0} numbers, more than the limit of {limit:N0}. Keep it sparse, or raise the limit."))
    {
        RowCount = rowCount;
        ColumnCount = columnCount;
        EntryCount = entryCount;
        Limit = limit;
    }

    /// <summary>The rows of the matrix.</summary>
    public int RowCount { get; }

    /// <summary>The columns of the matrix.</summary>
    public int ColumnCount { get; }

    /// <summary>The numbers it would hold, at most.</summary>
    public long EntryCount { get; }

    /// <summary>The most that was allowed.</summary>
    public long Limit { get; }
}
