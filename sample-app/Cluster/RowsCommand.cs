using System;
using System.Globalization;
using System.IO;
using DuckDB.NET.Data;

namespace SampleApp.Cluster;

/// <summary>Writes made-up rows to score: ten Parquet files.</summary>
internal static class RowsCommand
{
    private const int Files = 10;

    public static int Run(ClusterArguments arguments)
    {
        string folder = arguments.Only("a folder for the rows");
        long rows = arguments.Number("--count", 10_000_000) / Files;
        Directory.CreateDirectory(folder);
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        for (int i = 0; i < Files; i++)
        {
            string path = Path.Combine(folder, $"rows-{i}.parquet").Replace("'", "''", StringComparison.Ordinal);
            using var command = connection.CreateCommand();
            command.CommandText = string.Create(CultureInfo.InvariantCulture, $"""
                COPY (SELECT i AS id, (18 + hash(i) % 72000 / 1000.0)::FLOAT AS age, (hash(i + 1) % 200000)::FLOAT AS income FROM range({i * rows}, {(i + 1) * rows}) t(i))
                TO '{path}' (FORMAT parquet)
                """);
            command.ExecuteNonQuery();
        }

        Console.WriteLine($"{Files * rows:N0} rows in {Files} files of {folder}");
        return 0;
    }
}
