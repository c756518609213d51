using System;

namespace Kan.Orleans;

/// <summary>What a silo may use for scoring.</summary>
public sealed class KanScoringOptions
{
    /// <summary>
    /// How many partitions the silo scores at a time, each by one thread; 0 for a silo that only coordinates. The number of processors
    /// unless set.
    /// </summary>
    public int PartitionsInFlight { get; set; } = Environment.ProcessorCount;

    /// <summary>What DuckDB may use for its buffers, in megabytes. 1,024 unless set.</summary>
    public int MemoryMegabytes { get; set; } = 1024;

    /// <summary>How often the silo looks for jobs that have lost their coordinator. Two seconds unless set.</summary>
    public TimeSpan WatchPeriod { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a silo that cannot write, or does not answer, gets no partition. Five seconds unless set.</summary>
    public TimeSpan PauseAfterFault { get; set; } = TimeSpan.FromSeconds(5);
}
