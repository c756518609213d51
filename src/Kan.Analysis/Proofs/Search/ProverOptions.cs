using System;
using System.Threading;

namespace Kan.Analysis;

/// <summary>Limits on the work before a statement is left undecided.</summary>
public sealed record ProverOptions
{
    /// <summary>The maximum duration. Default: 60 seconds; <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The clock for <see cref="TimeLimit"/>. Default: the system clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// The number of threads, 1 or more. The answer does not depend on it unless time runs out. Default: 2, or 1 on one processor.
    /// </summary>
    public int Workers { get; init; } = Math.Min(2, Environment.ProcessorCount);

    /// <summary>
    /// The maximum number of parts that the box may be split into. Default: 4,000,000, for which the proof takes about 500 MB.
    /// </summary>
    public int PartLimit { get; init; } = 4_000_000;

    /// <summary>
    /// Whether every accepted part is derived again by the separate checker. Default: true; without it a proof depends on the prover alone.
    /// </summary>
    public bool IsChecked { get; init; } = true;

    /// <summary>The seed of the points that are tried first.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// Takes how far the proof is: the share of the box that is proved, and how many parts that took. May be called from any thread.
    /// </summary>
    public IProgress<ProofProgress>? Progress { get; init; }
}

/// <summary>How far a proof is.</summary>
/// <param name="Share">The share of the box that is proved, from 0 to 1.</param>
/// <param name="Parts">The parts examined.</param>
/// <param name="Open">The parts that wait.</param>
public readonly record struct ProofProgress(double Share, int Parts, int Open);
