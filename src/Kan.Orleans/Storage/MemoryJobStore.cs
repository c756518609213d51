using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Kan.Orleans;

/// <summary>Keeps jobs in the memory of one silo.</summary>
internal sealed class MemoryJobStore : IJobStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, StoredJob> _jobs = new(StringComparer.Ordinal);

    public Task AddAsync(string name, ScoringJob job)
    {
        lock (_lock)
            _jobs.TryAdd(name, new StoredJob(job, false,
                [.. Enumerable.Range(0, job.Partitions.Length).Select(static i => new PartitionRecord(i))]));
        return Task.CompletedTask;
    }

    public Task<StoredJob?> FindAsync(string name)
    {
        lock (_lock) return Task.FromResult(_jobs.GetValueOrDefault(name));
    }

    public Task SaveAsync(string name, IReadOnlyList<PartitionRecord> records)
    {
        lock (_lock)
        {
            var all = _jobs[name].Records.ToBuilder();
            foreach (var record in records.Where(record => all[record.Partition].State != PartitionState.Done))
                all[record.Partition] = record;
            _jobs[name] = _jobs[name] with { Records = all.MoveToImmutable() };
        }

        return Task.CompletedTask;
    }

    public Task CancelAsync(string name)
    {
        lock (_lock) _jobs[name] = _jobs[name] with { IsCancelled = true };
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<string>> UnfinishedAsync()
    {
        lock (_lock)
            return Task.FromResult<IReadOnlyList<string>>(
                [.. _jobs.Where(static job => job.Value.Progress().State == JobState.Running).Select(static job => job.Key)]);
    }
}
