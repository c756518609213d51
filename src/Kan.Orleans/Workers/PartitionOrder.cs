using System.Collections.Immutable;
using Orleans;

namespace Kan.Orleans;

/// <summary>What a silo is told to score.</summary>
/// <param name="Number">The place of the partition in its job.</param>
/// <param name="Partition">The rows.</param>
/// <param name="ModelHash">The hash of the network.</param>
/// <param name="Inputs">The columns of the inputs.</param>
/// <param name="Kept">The columns that results keep.</param>
/// <param name="OutputFolder">The folder of the results.</param>
[GenerateSerializer]
[Alias("kan.order")]
internal sealed record PartitionOrder(
    [property: Id(0)] int Number,
    [property: Id(1)] JobPartition Partition,
    [property: Id(2)] string ModelHash,
    [property: Id(3)] ImmutableArray<string> Inputs,
    [property: Id(4)] ImmutableArray<string> Kept,
    [property: Id(5)] string OutputFolder);

/// <summary>Who was at fault.</summary>
internal enum Blame
{
    /// <summary>Nobody: the results are in their place.</summary>
    None,

    /// <summary>The rows: they cannot be read, or do not fit the network.</summary>
    Partition,

    /// <summary>The silo: it cannot write, or serves another network.</summary>
    Silo,
}

/// <summary>What became of an order.</summary>
/// <param name="Blame">Who was at fault.</param>
/// <param name="Reason">What happened.</param>
/// <param name="Rows">The rows of the results.</param>
/// <param name="Bytes">The length of the file of results.</param>
/// <param name="Sha256">The SHA-256 of that file.</param>
[GenerateSerializer]
[Alias("kan.outcome")]
internal sealed record PartitionOutcome(
    [property: Id(0)] Blame Blame, [property: Id(1)] string Reason = "", [property: Id(2)] long Rows = 0, [property: Id(3)] long Bytes = 0,
    [property: Id(4)] string Sha256 = "");
