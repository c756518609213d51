using System;
using System.Globalization;
using System.IO;
using System.Linq;
using DuckDB.NET.Data;
using Kan.Benchmarks.Engines;
using Kan.DuckDB;

namespace Kan.Benchmarks.Workloads;

/// <summary>Made-up rows in Parquet files: an identifier and a <c>FLOAT</c> column for each input.</summary>
internal sealed class ScoringFiles : IDisposable
{
    /// <summary>The names that the functions of the queries have.</summary>
    public const string Ours = "ours", Peer = "peer", Idle = "idle";

    /// <summary>The same rows in memory, for FROM.</summary>
    public const string MemoryTable = "memory_rows";

    private readonly string _folder = Directory.CreateTempSubdirectory("kan-scoring").FullName;
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");

    /// <param name="inputs">The number of inputs.</param>
    /// <param name="rows">The number of rows, in two files.</param>
    public ScoringFiles(int inputs, int rows)
    {
        _connection.Open();
        Columns = [.. Enumerable.Range(0, inputs).Select(static p => string.Create(CultureInfo.InvariantCulture, $"x{p}"))];
        Directory.CreateDirectory(PathOf("rows"));
        Run("SELECT setseed(0.5)");
        string random = string.Join(", ", Columns.Select(static column => $"(random() * 2 - 1)::FLOAT AS {column}"));
        for (int file = 0; file < 2; file++)
        {
            long first = (long)rows / 2 * file;
            Run(string.Create(CultureInfo.InvariantCulture,
                $"COPY (SELECT i AS id, {random} FROM range({first}, {first + (rows / 2)}) t(i)) TO '{PathOf("rows")}/{file}.parquet'"));
        }

        Run($"CREATE TABLE {MemoryTable} AS FROM {Table}");
    }

    /// <summary>The names of the columns of the inputs.</summary>
    public string[] Columns { get; }

    /// <summary>The table of all rows, for FROM.</summary>
    public string Table => $"'{PathOf("rows")}/*.parquet'";

    /// <summary>The arguments of a function of all inputs.</summary>
    public string Arguments => string.Join(", ", Columns);

    /// <summary>The length of the files.</summary>
    public long Bytes => Directory.GetFiles(PathOf("rows")).Sum(static path => new FileInfo(path).Length);

    public string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>Makes the generated code, ONNX Runtime and a network that computes nothing functions of queries.</summary>
    public void Register(Type ours, ReadOnlyMemory<byte> peer)
    {
        var register = typeof(KanFunctions).GetMethod(nameof(KanFunctions.RegisterKan))!;
        register.MakeGenericMethod(ours).Invoke(null, [_connection, Ours]);
        var info = (KanModelInfo)ours.GetProperty(nameof(IKanModel<float>.Info))!.GetValue(null)!;
        PeerModel.Load(peer.ToArray(), Columns.Length, outputs: 1, info);
        _connection.RegisterKan<PeerModel>(Peer);
        _connection.RegisterKan<IdleModel>(Idle);
    }

    /// <summary>Runs a statement.</summary>
    public void Run(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The number that a query gives.</summary>
    public double Number(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToDouble(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _connection.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
