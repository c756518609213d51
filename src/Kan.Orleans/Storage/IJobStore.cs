using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;

namespace Kan.Orleans;

/// <summary>A job as it is kept.</summary>
/// <param name="Job">The job.</param>
/// <param name="IsCancelled">Whether it was cancelled.</param>
/// <param name="Records">A record for each partition, in order.</param>
internal sealed record StoredJob(ScoringJob Job, bool IsCancelled, ImmutableArray<PartitionRecord> Records)
{
    /// <summary>How far it is; what it knows of silos is not kept.</summary>
    public JobProgress Progress()
    {
        var done = Records.Where(static record => record.State == PartitionState.Done).ToArray();
        PartitionFailure[] failures =
        [
            .. Records.Where(static record => record.State == PartitionState.Failed)
                .Select(record => new PartitionFailure(record.Partition, Job.Partitions[record.Partition].File, record.Attempts,
                    record.Reason)),
        ];
        var state = done.Length + failures.Length == Records.Length
            ? (failures.Length == 0 ? JobState.Complete : JobState.CompleteWithFailures)
            : IsCancelled ? JobState.Cancelled : JobState.Running;
        return new JobProgress(state, Records.Length, done.Length, done.Sum(static record => record.Rows), [.. failures], []);
    }
}

/// <summary>
/// Keeps jobs. Records go forward only: what is done stays done, whoever writes later. So two coordinators of one job, which a cluster may
/// have while it finds out that a silo is gone, do no harm.
/// </summary>
/// <remarks>
/// Methods throw <see cref="System.Data.Common.DbException"/> while the store cannot be reached; they may be called again.
/// </remarks>
internal interface IJobStore
{
    /// <summary>Adds a job, all partitions open. Does nothing if there is a job of that name.</summary>
    Task AddAsync(string name, ScoringJob job);

    /// <summary>A job; null if there is none of that name.</summary>
    Task<StoredJob?> FindAsync(string name);

    /// <summary>Replaces records, but for those that are done, all of them or none.</summary>
    Task SaveAsync(string name, IReadOnlyList<PartitionRecord> records);

    /// <summary>Cancels a job.</summary>
    Task CancelAsync(string name);

    /// <summary>The jobs that are not cancelled and have open partitions.</summary>
    Task<IReadOnlyList<string>> UnfinishedAsync();
}
