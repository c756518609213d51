using Orleans;

namespace Kan.Orleans;

/// <summary>Where a partition stands.</summary>
[GenerateSerializer]
[Alias("kan.partition-state")]
public enum PartitionState
{
    /// <summary>To be scored, or being scored.</summary>
    Open,

    /// <summary>Its results are in their place.</summary>
    Done,

    /// <summary>It was tried as often as the job allows.</summary>
    Failed,
}

/// <summary>What is kept of a partition: for one that is done, this is its commit record.</summary>
/// <param name="Partition">Its place in the job.</param>
[GenerateSerializer]
[Alias("kan.record")]
public sealed record PartitionRecord([property: Id(0)] int Partition)
{
    /// <summary>Where it stands.</summary>
    [Id(1)]
    public PartitionState State { get; init; }

    /// <summary>How often it was handed to a silo.</summary>
    [Id(2)]
    public int Attempts { get; init; }

    /// <summary>The rows of its results.</summary>
    [Id(3)]
    public long Rows { get; init; }

    /// <summary>The length of its file of results, in bytes.</summary>
    [Id(4)]
    public long Bytes { get; init; }

    /// <summary>The lowercase hexadecimal SHA-256 of that file.</summary>
    [Id(5)]
    public string Sha256 { get; init; } = "";

    /// <summary>The silo of the last attempt.</summary>
    [Id(6)]
    public string Silo { get; init; } = "";

    /// <summary>What happened at the last attempt that did not succeed.</summary>
    [Id(7)]
    public string Reason { get; init; } = "";
}
