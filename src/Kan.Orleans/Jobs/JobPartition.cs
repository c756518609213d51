using Orleans;

namespace Kan.Orleans;

/// <summary>A piece of work: the rows of one Parquet file, or a range of them.</summary>
/// <param name="File">The path of the file, as every silo sees it.</param>
/// <param name="FirstRow">The first row, from 0.</param>
/// <param name="RowCount">The number of rows; null for all that follow.</param>
[GenerateSerializer]
[Alias("kan.partition")]
public sealed record JobPartition([property: Id(0)] string File, [property: Id(1)] long FirstRow = 0,
    [property: Id(2)] long? RowCount = null);
