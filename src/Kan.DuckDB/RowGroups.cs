using System.Collections.Generic;
using DuckDB.NET.Data;

namespace Kan.DuckDB;

/// <summary>Consecutive rows of a file.</summary>
/// <param name="First">The first row.</param>
/// <param name="Count">The number of rows.</param>
internal readonly record struct RowRange(long First, long Count);

/// <summary>Divides a Parquet file along its row groups, which are read without what is around them.</summary>
internal static class RowGroups
{
    /// <summary>Ranges of whole row groups, in order.</summary>
    /// <param name="connection">A database.</param>
    /// <param name="file">The path of the file.</param>
    /// <param name="rows">The rows of a range, at least; the last may have fewer.</param>
    /// <exception cref="DuckDBException">The file cannot be read.</exception>
    public static List<RowRange> Divide(DuckDBConnection connection, string file, long rows)
    {
        var ranges = new List<RowRange>();
        long first = 0, count = 0;
        foreach (long group in Groups(connection, file))
        {
            count += group;
            if (count < rows) continue;
            ranges.Add(new RowRange(first, count));
            (first, count) = (first + count, 0);
        }

        if (count > 0) ranges.Add(new RowRange(first, count));
        return ranges;
    }

    /// <summary>The rows of each row group.</summary>
    private static List<long> Groups(DuckDBConnection connection, string file) => Sql.Rows(
        connection,
        $"SELECT any_value(row_group_num_rows) FROM parquet_metadata({Sql.Text(file)}) GROUP BY row_group_id ORDER BY row_group_id",
        static reader => reader.GetInt64(0));
}
