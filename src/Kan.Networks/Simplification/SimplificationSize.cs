using System.Linq;

namespace Kan.Networks;

/// <summary>What a network holds, activations folded into edges.</summary>
/// <param name="Layers">The number of layers.</param>
/// <param name="Units">The number of hidden nodes.</param>
/// <param name="Edges">The number of edges that are not zero.</param>
/// <param name="Segments">The number of linear pieces of all edges.</param>
/// <param name="Numbers">
/// The numbers that tables need: where edges of a node are multiples of one shape or have the same breakpoints, these count once.
/// </param>
public sealed record SimplificationSize(int Layers, int Units, int Edges, long Segments, long Numbers)
{
    /// <summary>Counts a network.</summary>
    public static SimplificationSize Of(KanNetwork network) => new(
        network.Layers.Length,
        network.Layers.SkipLast(1).Sum(static layer => layer.OutputCount),
        network.Layers.Sum(static layer => layer.Edges.Length),
        network.Layers.Sum(static layer => LayerSize.SegmentsOf(layer)),
        network.Layers.Sum(static layer => LayerSize.NumbersOf(layer)));
}
