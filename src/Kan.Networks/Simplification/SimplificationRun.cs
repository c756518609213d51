using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;

namespace Kan.Networks;

/// <summary>The layers that passes work on, and the list of what they did.</summary>
internal sealed class SimplificationRun(KanNetwork network, IReadOnlyList<InputRange> box, SimplificationGoal goal,
    CancellationToken cancellation)
{
    public List<KanLayer> Layers { get; } = [.. network.Layers];

    public IReadOnlyList<InputRange> Box { get; } = box;

    public CancellationToken Cancellation { get; } = cancellation;

    public int Round { get; set; } = 1;

    public List<SimplificationStep> Steps { get; } = [];

    public KanNetwork ToNetwork() => new(Layers);

    /// <summary>Notes what was done; nothing if no node is concerned.</summary>
    public void Note(SimplificationKind kind, int level, IEnumerable<int> nodes, long edges, long segments)
    {
        ImmutableArray<int> all = [.. nodes];
        if (!all.IsEmpty) Steps.Add(new SimplificationStep(kind, Round, level, all, edges, segments));
    }

    /// <summary>What the goal counts of a layer.</summary>
    public long SizeOf(KanLayer layer) => LayerSize.By(goal, layer);

    /// <summary>Replaces a layer and the next if the goal gets closer, or is as close with fewer nodes, and notes it.</summary>
    /// <param name="kind">The reason.</param>
    /// <param name="l">The index of the first of the two.</param>
    /// <param name="nodes">The nodes between the layers that go.</param>
    /// <param name="replacement">One layer or two.</param>
    public bool Replace(SimplificationKind kind, int l, IReadOnlyList<int> nodes, params KanLayer[] replacement)
    {
        KanLayer[] old = [Layers[l], Layers[l + 1]];
        long before = old.Sum(SizeOf), after = replacement.Sum(SizeOf);
        int Hidden(KanLayer[] layers) => layers.Length == 1 ? 0 : layers[0].OutputCount;
        if (after > before || (after == before && Hidden(replacement) >= Hidden(old))) return false;
        Note(kind, l + 1, nodes, old.Sum(static layer => layer.Edges.Length) - replacement.Sum(static layer => layer.Edges.Length),
            old.Sum(LayerSize.SegmentsOf) - replacement.Sum(LayerSize.SegmentsOf));
        Layers.RemoveRange(l, 2);
        Layers.InsertRange(l, replacement);
        return true;
    }
}
