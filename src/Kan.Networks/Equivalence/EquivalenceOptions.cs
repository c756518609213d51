using System;
using System.Threading;

namespace Kan.Networks;

/// <summary>Limits on the work before the answer is <see cref="EquivalenceVerdict.Undecided"/>.</summary>
public sealed record EquivalenceOptions
{
    /// <summary>
    /// The maximum duration of a decision. Default: 5 seconds; <see cref="Timeout.InfiniteTimeSpan"/> for no limit. Observed within a few
    /// milliseconds, in long computations too. A slower machine may leave undecided what a faster one decides, but neither gives a wrong
    /// answer.
    /// </summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The clock for <see cref="TimeLimit"/>. Default: the system clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The most cells, on each of which both networks are seen to be the same function, that are visited; 0 for none.</summary>
    public int CellLimit { get; init; } = 20_000;

    /// <summary>The most linear programs that are solved to decide on which side of a breakpoint cells lie.</summary>
    public int LinearProgramLimit { get; init; } = 400_000;

    /// <summary>The maximum number of inputs for which cells are visited; their number grows with the power of the inputs.</summary>
    public int CellInputLimit { get; init; } = 64;

    /// <summary>The number of points to try.</summary>
    public int SampleCount { get; init; } = 32;

    /// <summary>The number of lines through the box along which both networks are compared as a whole.</summary>
    public int LineCount { get; init; } = 8;

    /// <summary>The maximum number of pieces that a function along a line may have.</summary>
    public int PieceLimit { get; init; } = 50_000;

    /// <summary>The seed of the random choice of points and lines.</summary>
    public int Seed { get; init; } = 1;
}
