using System.Collections.Immutable;
using Orleans;

namespace Kan.Orleans;

/// <summary>Where a job stands.</summary>
[GenerateSerializer]
[Alias("kan.state")]
public enum JobState
{
    /// <summary>Partitions are open.</summary>
    Running,

    /// <summary>Every partition has its results.</summary>
    Complete,

    /// <summary>Some partitions failed; all others have their results.</summary>
    CompleteWithFailures,

    /// <summary>The job was cancelled. Results that were committed stay.</summary>
    Cancelled,
}

/// <summary>How far a job is.</summary>
/// <param name="State">Where it stands.</param>
/// <param name="Partitions">The number of its partitions.</param>
/// <param name="Done">The partitions whose results are committed.</param>
/// <param name="Rows">The rows of those results.</param>
/// <param name="Failures">The partitions that failed.</param>
/// <param name="Silos">The silos that the coordinator knows; empty when the job does not run.</param>
[GenerateSerializer]
[Alias("kan.progress")]
public sealed record JobProgress(
    [property: Id(0)] JobState State,
    [property: Id(1)] int Partitions,
    [property: Id(2)] int Done,
    [property: Id(3)] long Rows,
    [property: Id(4)] ImmutableArray<PartitionFailure> Failures,
    [property: Id(5)] ImmutableArray<SiloProgress> Silos);

/// <summary>A partition that failed.</summary>
/// <param name="Partition">Its place in the job.</param>
/// <param name="File">The file of its rows.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Reason">What happened at the last attempt.</param>
[GenerateSerializer]
[Alias("kan.failure")]
public sealed record PartitionFailure([property: Id(0)] int Partition, [property: Id(1)] string File, [property: Id(2)] int Attempts,
    [property: Id(3)] string Reason);

/// <summary>What a job knows of a silo.</summary>
/// <param name="Silo">Its address.</param>
/// <param name="InFlight">The partitions that it is scoring for this job.</param>
/// <param name="Trouble">Why it gets no partition now: another network, a full disk, or no answer. Empty if it does.</param>
[GenerateSerializer]
[Alias("kan.silo")]
public sealed record SiloProgress([property: Id(0)] string Silo, [property: Id(1)] int InFlight, [property: Id(2)] string Trouble);
