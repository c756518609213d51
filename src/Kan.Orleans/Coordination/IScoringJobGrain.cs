using System;
using System.Collections.Immutable;
using System.Threading.Tasks;
using Orleans;

namespace Kan.Orleans;

/// <summary>The coordinator of a job. The key is the name of the job.</summary>
/// <remarks>It survives its silo: what is committed is kept in the store, and another silo takes over.</remarks>
[Alias("kan.scoring-job")]
public interface IScoringJobGrain : IGrainWithStringKey
{
    /// <summary>Starts a job. Submitting the same job again does nothing.</summary>
    /// <exception cref="ArgumentException">The job cannot be run.</exception>
    /// <exception cref="InvalidOperationException">There is another job of that name.</exception>
    [Alias("submit")]
    Task Submit(ScoringJob job);

    /// <summary>Says how far the job is.</summary>
    /// <exception cref="InvalidOperationException">There is no job of that name.</exception>
    [Alias("progress")]
    Task<JobProgress> GetProgress();

    /// <summary>The records of all partitions, with row counts and checksums.</summary>
    /// <exception cref="InvalidOperationException">There is no job of that name.</exception>
    [Alias("records")]
    Task<ImmutableArray<PartitionRecord>> GetRecords();

    /// <summary>Cancels the job. Silos stop where they are; results that were committed stay.</summary>
    /// <exception cref="InvalidOperationException">There is no job of that name.</exception>
    [Alias("cancel")]
    Task Cancel();

    /// <summary>Continues the job if it is not finished and nobody works on it. Silos call this.</summary>
    [Alias("wake")]
    Task Wake();
}
