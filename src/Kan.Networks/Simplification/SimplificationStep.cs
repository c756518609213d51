using System.Collections.Immutable;

namespace Kan.Networks;

/// <summary>A reason why a part of a network is not needed.</summary>
public enum SimplificationKind
{
    /// <summary>All that a node feeds is constant on the values it takes: a unit that never switches on.</summary>
    NeverSwitches,

    /// <summary>All that a node feeds is affine on the values it takes: a unit that is always on.</summary>
    AlwaysSwitches,

    /// <summary>Breakpoints that the values of a node do not reach.</summary>
    OutOfReach,

    /// <summary>Nodes that are constant; they become biases of what reads them.</summary>
    ConstantNode,

    /// <summary>Nodes that nothing depends on.</summary>
    UnreadNode,

    /// <summary>Nodes that are multiples of another one, up to a constant: equal ones, opposite ones, scaled ones.</summary>
    MultipleOfNode,

    /// <summary>Nodes that are affine combinations of others, and that nothing bends.</summary>
    CombinationOfNodes,

    /// <summary>Nodes that nothing bends, replaced by fewer: by one sum of them for each output that reads them.</summary>
    SummedNodes,

    /// <summary>A layer that is one with its neighbor: nothing bends between them, or each node of it reads one node.</summary>
    CollapsedLayer,

    /// <summary>Edges with fewer segments within a certified error.</summary>
    ShortenedEdge,

    /// <summary>Edges replaced by constants within a certified error.</summary>
    PrunedEdge,

    /// <summary>
    /// A layer replaced by two of fewer numbers, between which nothing bends, within a certified error: factors of low rank.
    /// </summary>
    FactoredLayer,
}

/// <summary>What one pass did at one level.</summary>
/// <param name="Kind">The reason.</param>
/// <param name="Round">The round, from 1.</param>
/// <param name="Level">
/// The level of the nodes in the network as it was before this step: 0 for the inputs, l for the outputs of its layer l - 1.
/// </param>
/// <param name="Nodes">The indices of the nodes, as they were before this step.</param>
/// <param name="Edges">The number of edges that went.</param>
/// <param name="Segments">
/// The number of segments that went, those of the edges included; below 0 where edges that were kept took more.
/// </param>
public sealed record SimplificationStep(SimplificationKind Kind, int Round, int Level, ImmutableArray<int> Nodes, long Edges,
    long Segments);

/// <summary>A layer that became two: its edges summed into a few nodes, and a matrix of these.</summary>
/// <param name="Layer">Its index in the network as the exact passes left it.</param>
/// <param name="Rank">The number of nodes in between.</param>
/// <param name="NumbersBefore">The numbers of the layer, as <see cref="SimplificationSize.Numbers"/> counts them.</param>
/// <param name="NumbersAfter">Those of the two.</param>
public sealed record FactoredLayer(int Layer, int Rank, long NumbersBefore, long NumbersAfter);
