using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using DuckDB.NET.Data;
using Kan.DuckDB;
using Microsoft.Extensions.Options;

namespace Kan.Orleans;

/// <summary>
/// Scores partitions on one silo, at most so many at a time as its options say: rows stream through DuckDB and the network into a part,
/// which takes the name of the results when it is whole.
/// </summary>
/// <remarks>
/// A partition is scored by one thread, so that its file of results has the same bytes whoever writes it, and however often.
/// </remarks>
internal sealed class PartitionScorer : IDisposable
{
    private const string Function = "kan_score", Parts = ".parts";

    private readonly ServedModel _model;
    private readonly SemaphoreSlim _free;
    private readonly Lazy<DuckDBConnection> _database;

    public PartitionScorer(ServedModel model, IOptions<KanScoringOptions> options)
    {
        _model = model;
        _free = new SemaphoreSlim(options.Value.PartitionsInFlight);
        _database = new Lazy<DuckDBConnection>(() => Open(model, options.Value.MemoryMegabytes));
    }

    /// <summary>Removes the parts that silos left when they died.</summary>
    public static void Clean(string outputFolder)
    {
        string parts = Path.Combine(outputFolder, Parts);
        if (Directory.Exists(parts)) Directory.Delete(parts, recursive: true);
    }

    /// <summary>Scores a partition when a place is free.</summary>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public async Task<PartitionOutcome> ScoreAsync(PartitionOrder order, CancellationToken token)
    {
        if (order.ModelHash != _model.Hash)
            return new PartitionOutcome(Blame.Silo, new WrongModelException(_model.Hash, order.ModelHash).Message);
        await _free.WaitAsync(token);
        try
        {
            return await Task.Run(() => Score(order, token), token);
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose()
    {
        if (_database.IsValueCreated) _database.Value.Dispose();
        _free.Dispose();
    }

    private static DuckDBConnection Open(ServedModel model, int megabytes)
    {
        var database = new DuckDBConnection("DataSource=:memory:");
        database.Open();
        foreach (string setting in (string[])
            ["autoinstall_known_extensions = false", "autoload_known_extensions = false", "threads = 1",
                string.Create(CultureInfo.InvariantCulture, $"memory_limit = '{megabytes}MB'")])
            Sql.Execute(database, "SET " + setting);
        model.Register(database, Function);
        return database;
    }

    private static string Query(PartitionOrder order)
    {
        var (file, first, count) = order.Partition;
        string kept = string.Concat(order.Kept.Select(static name => Sql.Name(name) + ", ")),
            inputs = string.Join(", ", order.Inputs.Select(Sql.Name));
        string end = count is { } rows ? string.Create(CultureInfo.InvariantCulture, $" AND file_row_number < {first + rows}") : "";
        string range = string.Create(CultureInfo.InvariantCulture, $"file_row_number >= {first}{end}");
        return $"SELECT {kept}{Function}({inputs}) AS score FROM read_parquet({Sql.Text(file)}, file_row_number = true) WHERE {range}";
    }

    private PartitionOutcome Score(PartitionOrder order, CancellationToken token)
    {
        string folder = Path.Combine(order.OutputFolder, Parts), name = ScoringJob.OutputName(order.Number);
        string part = Path.Combine(folder, $"{Guid.NewGuid():N}-{name}");
        try
        {
            Directory.CreateDirectory(folder);
            long rows = Copy(order, part, token);
            using (var stream = new FileStream(part, FileMode.Open, FileAccess.ReadWrite))
            {
                // Whole on the disk before it has its name: a machine that loses power keeps no half of a file.
                stream.Flush(flushToDisk: true);
                var outcome = new PartitionOutcome(Blame.None, "", rows, stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
                File.Move(part, Path.Combine(order.OutputFolder, name), overwrite: true);
                return outcome;
            }
        }
        catch (DuckDBException) when (token.IsCancellationRequested)
        {
            throw new OperationCanceledException(token);
        }
        catch (DuckDBException exception)
        {
            return new PartitionOutcome(IsOfOutput(exception, part) ? Blame.Silo : Blame.Partition,
                exception.Message.ReplaceLineEndings(" "));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new PartitionOutcome(Blame.Silo, exception.Message);
        }
        finally
        {
            Remove(part);
        }
    }

    /// <summary>Runs the query into a file.</summary>
    private long Copy(PartitionOrder order, string part, CancellationToken token)
    {
        using var connection = _database.Value.Duplicate();
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"COPY ({Query(order)}) TO {Sql.Text(part)} (FORMAT parquet)";
        token.ThrowIfCancellationRequested();
        using var stop = token.Register(command.Cancel);
        return command.ExecuteNonQuery();
    }

    private static bool IsOfOutput(DuckDBException exception, string part) =>
        exception.Message.Contains(part, StringComparison.Ordinal) || exception.Message.Contains("No space left", StringComparison.Ordinal);

    private static void Remove(string part)
    {
        try
        {
            File.Delete(part);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What happened before is what counts; the end of the job removes all parts.
        }
    }
}
