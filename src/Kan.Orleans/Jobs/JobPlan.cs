using System;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using DuckDB.NET.Data;
using Kan.DuckDB;

namespace Kan.Orleans;

/// <summary>Divides files into partitions.</summary>
public static class JobPlan
{
    /// <summary>
    /// Divides Parquet files into partitions of whole row groups. A file that cannot be read becomes one partition, which the job reports
    /// as failed.
    /// </summary>
    /// <param name="pattern">A pattern such as <c>rows/*.parquet</c>.</param>
    /// <param name="rows">The rows of a partition, at least; the last partition of a file may have fewer.</param>
    /// <returns>The partitions, in the order of the names of the files.</returns>
    /// <exception cref="FileNotFoundException">The pattern names no file.</exception>
    public static ImmutableArray<JobPartition> Divide(string pattern, long rows)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        string[] files = Sql.Column(connection, $"SELECT file FROM glob({Sql.Text(Path.GetFullPath(pattern))})");
        if (files.Length == 0) throw new FileNotFoundException($"No file is at '{pattern}'.");
        return [.. files.Order(StringComparer.Ordinal).SelectMany(file => Divide(connection, file, rows))];
    }

    private static ImmutableArray<JobPartition> Divide(DuckDBConnection connection, string file, long rows)
    {
        try
        {
            return [.. RowGroups.Divide(connection, file, rows).Select(range => new JobPartition(file, range.First, range.Count))];
        }
        catch (DuckDBException)
        {
            return [new JobPartition(file)];
        }
    }
}
