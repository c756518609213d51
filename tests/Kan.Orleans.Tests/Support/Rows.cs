using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using DuckDB.NET.Data;
using Kan.DuckDB;
using Kan.Interchange.Tests.Support;
using Kan.Orleans.Silo;
using Xunit;

namespace Kan.Orleans.Tests.Support;

/// <summary>Rows in Parquet files, and what one process makes of them.</summary>
internal sealed class Rows : IDisposable
{
    public const int Files = 8, RowsPerGroup = 4096, GroupsPerFile = 5, Count = Files * RowsPerGroup * GroupsPerFile;

    private readonly Scratch _scratch = new();
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");
    private readonly (long Id, uint Score)[] _expected;

    public Rows()
    {
        _connection.Open();
        _connection.RegisterKan<Credit>("credit");
        for (int file = 0; file < Files; file++)
        {
            int first = file * RowsPerGroup * GroupsPerFile;
            Execute($"""
                COPY (SELECT i AS id, (18 + (i * 7919 % 72000) / 1000.0)::FLOAT AS age, ((i * 104729) % 200000)::FLOAT AS income FROM range({first}, {first + (RowsPerGroup * GroupsPerFile)}) t(i))
                TO '{_scratch.PathOf($"rows-{file}.parquet")}' (FORMAT parquet, ROW_GROUP_SIZE {RowsPerGroup})
                """);
        }

        _expected = Query($"SELECT id, credit(age, income) FROM '{_scratch.PathOf("rows-*.parquet")}' ORDER BY id");
        Assert.Equal(Count, _expected.Length);
        Assert.True(_expected.DistinctBy(static row => row.Score).Count() > 1000);
    }

    /// <summary>A folder that does not exist yet.</summary>
    public string NewFolder() => _scratch.PathOf("out-" + Guid.NewGuid().ToString("N"));

    /// <summary>A file of the folder of rows.</summary>
    public string PathOf(string name) => _scratch.PathOf(name);

    /// <summary>A job over all rows, a partition for each row group.</summary>
    public ScoringJob Job(string folder, params JobPartition[] more) => new()
    {
        ModelHash = Credit.Info.ContentHash,
        Inputs = ["age", "income"],
        Kept = ["id"],
        OutputFolder = folder,
        Partitions = [.. JobPlan.Divide(_scratch.PathOf("rows-*.parquet"), RowsPerGroup), .. more],
    };

    /// <summary>
    /// Asserts that results are those of one process bit for bit, nothing is there twice, and the commit records are true.
    /// </summary>
    public void AssertComplete(string folder, IEnumerable<PartitionRecord> records)
    {
        Assert.Equal(_expected, Query($"SELECT id, score FROM '{folder}/part-*.parquet' ORDER BY id"));
        foreach (var record in records.Where(static record => record.State == PartitionState.Done))
        {
            byte[] bytes = File.ReadAllBytes(Path.Combine(folder, ScoringJob.OutputName(record.Partition)));
            Assert.Equal((bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))), (record.Bytes, record.Sha256));
        }
    }

    /// <summary>The number of files of results.</summary>
    public static int CountResults(string folder) => Directory.Exists(folder) ? Directory.GetFiles(folder, "part-*.parquet").Length : 0;

    public void Dispose()
    {
        _connection.Dispose();
        _scratch.Dispose();
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private (long Id, uint Score)[] Query(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<(long, uint)>();
        while (reader.Read()) rows.Add((reader.GetInt64(0), BitConverter.SingleToUInt32Bits(reader.GetFloat(1))));
        return [.. rows];
    }
}
