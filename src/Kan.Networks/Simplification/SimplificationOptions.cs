using System.Collections.Generic;
using System.Threading;

namespace Kan.Networks;

/// <summary>Bounds of the nodes of a network for inputs in a box, which must hold for every real input in it.</summary>
/// <param name="network">The network.</param>
/// <param name="box">A closed interval for each input.</param>
/// <param name="cancellation">Cancels the work.</param>
/// <returns>By level (0: the inputs, l: the outputs of layer l - 1) and node the interval; null if nothing is known.</returns>
public delegate IReadOnlyList<IReadOnlyList<InputRange?>> NodeBounds(KanNetwork network, IReadOnlyList<InputRange> box,
    CancellationToken cancellation);

/// <summary>What must not grow when nodes are merged or layers become one.</summary>
public enum SimplificationGoal
{
    /// <summary>
    /// The numbers in tables: a layer whose edges are multiples of one shape for each node stays one, unless it becomes smaller
    /// otherwise.
    /// </summary>
    Tables,

    /// <summary>The linear pieces of all edges, however these are stored: what a person reads, and what the papers count.</summary>
    Segments,
}

/// <summary>How a network is simplified on a box.</summary>
public sealed record SimplificationOptions
{
    /// <summary>The maximum number of rounds of all passes; each is tried on what the one before left. Default: 8.</summary>
    public int RoundLimit { get; init; } = 8;

    /// <summary>What must not grow. Default: <see cref="SimplificationGoal.Tables"/>.</summary>
    public SimplificationGoal Goal { get; init; }

    /// <summary>
    /// Tighter bounds of the nodes than interval arithmetic gives, such as <c>RelaxedBounds.Of</c> of <c>Kan.Analysis</c>; null for none.
    /// A bound that does not hold makes the result another function.
    /// </summary>
    public NodeBounds? Bounds { get; init; }
}
