using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Npgsql;
using NpgsqlTypes;

namespace Kan.Orleans;

/// <summary>Keeps jobs in PostgreSQL: a row for each job and one for each partition.</summary>
internal sealed class PostgresJobStore(string connectionString) : IJobStore, IAsyncDisposable
{
    // Whoever creates the tables first holds this lock until they are there.
    private const long SchemaLock = 0x6B616E;

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(connectionString);

    /// <summary>Creates the tables that are missing.</summary>
    public async Task CreateSchemaAsync()
    {
        using var reader = new StreamReader(typeof(PostgresJobStore).Assembly.GetManifestResourceStream("Schema.sql")!);
        string schema = await reader.ReadToEndAsync();
        await using var connection = await _source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("SELECT pg_advisory_xact_lock($1)",
            connection)
        { Parameters = { new() { Value = SchemaLock } } }) await hold.ExecuteNonQueryAsync();
        await using (var create = new NpgsqlCommand(schema, connection)) await create.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }

    public async Task AddAsync(string name, ScoringJob job)
    {
        const string Add = """
            WITH added AS (INSERT INTO kan_job (name, definition) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING name)
            INSERT INTO kan_partition (job, partition) SELECT name, generate_series(0, $3 - 1) FROM added
            """;
        await using var command = _source.CreateCommand(Add);
        command.Parameters.AddWithValue(name);
        command.Parameters.AddWithValue(NpgsqlDbType.Jsonb, JsonSerializer.Serialize(job, JobJson.Default.ScoringJob));
        command.Parameters.AddWithValue(job.Partitions.Length);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<StoredJob?> FindAsync(string name)
    {
        ScoringJob job;
        bool isCancelled;
        await using (var command = _source.CreateCommand("SELECT definition::text, is_cancelled FROM kan_job WHERE name = $1"))
        {
            command.Parameters.AddWithValue(name);
            await using var reader = await command.ExecuteReaderAsync();
            if (!await reader.ReadAsync()) return null;
            job = JsonSerializer.Deserialize(reader.GetString(0), JobJson.Default.ScoringJob)!;
            isCancelled = reader.GetBoolean(1);
        }

        return new StoredJob(job, isCancelled, await RecordsAsync(name));
    }

    public async Task SaveAsync(string name, IReadOnlyList<PartitionRecord> records)
    {
        const string Save = """
            UPDATE kan_partition p SET state = n.state, attempts = n.attempts, rows = n.rows, bytes = n.bytes, sha256 = n.sha256, silo = n.silo, reason = n.reason
            FROM unnest($2, $3, $4, $5, $6, $7, $8, $9) AS n (partition, state, attempts, rows, bytes, sha256, silo, reason)
            WHERE p.job = $1 AND p.partition = n.partition AND p.state <> $10
            """;
        await using var command = _source.CreateCommand(Save);
        command.Parameters.AddWithValue(name);
        command.Parameters.AddWithValue(records.Select(static record => record.Partition).ToArray());
        command.Parameters.AddWithValue(records.Select(static record => (int)record.State).ToArray());
        command.Parameters.AddWithValue(records.Select(static record => record.Attempts).ToArray());
        command.Parameters.AddWithValue(records.Select(static record => record.Rows).ToArray());
        command.Parameters.AddWithValue(records.Select(static record => record.Bytes).ToArray());
        command.Parameters.AddWithValue(records.Select(static record => record.Sha256).ToArray());
        command.Parameters.AddWithValue(records.Select(static record => record.Silo).ToArray());
        command.Parameters.AddWithValue(records.Select(static record => record.Reason).ToArray());
        command.Parameters.AddWithValue((int)PartitionState.Done);
        await command.ExecuteNonQueryAsync();
    }

    public async Task CancelAsync(string name)
    {
        await using var command = _source.CreateCommand("UPDATE kan_job SET is_cancelled = true WHERE name = $1");
        command.Parameters.AddWithValue(name);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<IReadOnlyList<string>> UnfinishedAsync()
    {
        const string Unfinished =
            "SELECT name FROM kan_job WHERE NOT is_cancelled AND EXISTS (SELECT FROM kan_partition WHERE job = name AND state = 0)";
        await using var command = _source.CreateCommand(Unfinished);
        await using var reader = await command.ExecuteReaderAsync();
        var names = new List<string>();
        while (await reader.ReadAsync()) names.Add(reader.GetString(0));
        return names;
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<ImmutableArray<PartitionRecord>> RecordsAsync(string name)
    {
        const string Records =
            "SELECT partition, state, attempts, rows, bytes, sha256, silo, reason FROM kan_partition WHERE job = $1 ORDER BY partition";
        await using var command = _source.CreateCommand(Records);
        command.Parameters.AddWithValue(name);
        await using var reader = await command.ExecuteReaderAsync();
        var records = ImmutableArray.CreateBuilder<PartitionRecord>();
        while (await reader.ReadAsync())
        {
            records.Add(new PartitionRecord(reader.GetInt32(0))
            {
                State = (PartitionState)reader.GetInt32(1),
                Attempts = reader.GetInt32(2),
                Rows = reader.GetInt64(3),
                Bytes = reader.GetInt64(4),
                Sha256 = reader.GetString(5),
                Silo = reader.GetString(6),
                Reason = reader.GetString(7),
            });
        }

        return records.ToImmutable();
    }
}
