using System;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using Orleans;

namespace Kan.Orleans;

/// <summary>Parquet files to score by a network, and where the results go.</summary>
/// <remarks>Results are one file for each partition, <c>part-000000.parquet</c> and so on, with the kept columns and the outputs.</remarks>
[GenerateSerializer]
[Alias("kan.job")]
public sealed record ScoringJob
{
    /// <summary>The hash of the network, <see cref="KanModelInfo.ContentHash"/>. Silos of another network take no part.</summary>
    [Id(0)]
    public required string ModelHash { get; init; }

    /// <summary>The columns of the inputs, in the order of the network.</summary>
    [Id(1)]
    public required ImmutableArray<string> Inputs { get; init; }

    /// <summary>The columns that results keep.</summary>
    [Id(2)]
    public ImmutableArray<string> Kept { get; init; } = [];

    /// <summary>The folder of the results, as every silo sees it.</summary>
    [Id(3)]
    public required string OutputFolder { get; init; }

    /// <summary>The work. See <see cref="JobPlan"/>.</summary>
    [Id(4)]
    public required ImmutableArray<JobPartition> Partitions { get; init; }

    /// <summary>How often a partition is tried before it counts as failed.</summary>
    [Id(5)]
    public int Attempts { get; init; } = 5;

    /// <summary>The name of a partition's file of results.</summary>
    public static string OutputName(int partition) => FormattableString.Invariant($"part-{partition:D6}.parquet");

    /// <summary>Whether the other job is the same work.</summary>
    public bool Equals(ScoringJob? other) =>
        other is not null && ModelHash == other.ModelHash && OutputFolder == other.OutputFolder && Attempts == other.Attempts
        && Inputs.SequenceEqual(other.Inputs) && Kept.SequenceEqual(other.Kept) && Partitions.SequenceEqual(other.Partitions);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(ModelHash, OutputFolder, Attempts, Inputs.Length, Partitions.Length);

    /// <exception cref="ArgumentException">The job cannot be run by any silo.</exception>
    internal void Validate()
    {
        if (Inputs.IsDefaultOrEmpty) throw new ArgumentException("The job names no columns of inputs.");
        if (Kept.IsDefault || Partitions.IsDefault) throw new ArgumentException("A list of the job is not set.");
        if (Attempts < 1) throw new ArgumentException($"The job allows {Attempts} attempts; expected one at least.");
        if (!Path.IsPathFullyQualified(OutputFolder))
            throw new ArgumentException($"'{OutputFolder}' is not a full path: silos may run in other folders.");
        if (Partitions.FirstOrDefault(static partition => !Path.IsPathFullyQualified(partition.File)) is { } relative)
            throw new ArgumentException($"'{relative.File}' is not a full path: silos may run in other folders.");
    }
}
