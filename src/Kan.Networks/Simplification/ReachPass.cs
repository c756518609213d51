using System.Collections.Generic;
using System.Linq;

namespace Kan.Networks;

/// <summary>
/// Drops what edges do outside the values that their inputs take: the edge stays the same function on these values, so by induction over
/// the layers the network does on the box. Edges that are constant then become biases.
/// </summary>
internal static class ReachPass
{
    public static void Apply(SimplificationRun run, NodeBounds? bounds)
    {
        var ranges = ReachedRanges.Of(run.ToNetwork(), run.Box, bounds, run.Cancellation);
        for (int l = 0; l < run.Layers.Count; l++)
        {
            var layer = run.Layers[l];
            var biases = layer.Biases.ToArray();
            var edges = new List<KanEdge>(layer.Edges.Length);
            var nodes = new Reach[layer.InputCount];
            foreach (var edge in layer.Edges)
            {
                run.Cancellation.ThrowIfCancellationRequested();
                var (low, high) = ranges[l][edge.Input];
                var function = edge.Function.RestrictTo(low, high);
                nodes[edge.Input].Add(edge.Function, function);
                if (function.IsConstant) biases[edge.Output] += function.AnchorValue;
                else edges.Add(edge with { Function = function });
            }

            if (edges.Count == layer.Edges.Length && nodes.All(static node => node.Segments == 0)) continue;
            run.Layers[l] = new KanLayer(layer.InputCount, layer.OutputCount, edges, [.. biases]);
            Note(run, SimplificationKind.NeverSwitches, l, nodes, static node => node is { WasBent: true, IsBent: false, Varies: false });
            Note(run, SimplificationKind.AlwaysSwitches, l, nodes, static node => node is { WasBent: true, IsBent: false, Varies: true });
            Note(run, SimplificationKind.OutOfReach, l, nodes, static node => node is { IsBent: true, Segments: > 0 });
            Note(run, SimplificationKind.ConstantNode, l, nodes, static node => node is { WasBent: false, Edges: > 0 });
        }
    }

    private static void Note(SimplificationRun run, SimplificationKind kind, int level, Reach[] nodes, System.Predicate<Reach> isMeant)
    {
        int[] meant = [.. Enumerable.Range(0, nodes.Length).Where(i => isMeant(nodes[i]))];
        run.Note(kind, level, meant, meant.Sum(i => nodes[i].Edges), meant.Sum(i => nodes[i].Segments));
    }

    /// <summary>What restricting the edges of a node changed.</summary>
    private struct Reach
    {
        public bool WasBent { get; private set; }

        public bool IsBent { get; private set; }

        public bool Varies { get; private set; }

        /// <summary>The edges that became biases.</summary>
        public long Edges { get; private set; }

        /// <summary>The segments that went, these edges included.</summary>
        public long Segments { get; private set; }

        public void Add(PiecewiseLinearFunction before, PiecewiseLinearFunction after)
        {
            WasBent |= !before.IsAffine;
            IsBent |= !after.IsAffine;
            Varies |= !after.IsConstant;
            Segments += before.Slopes.Length - (after.IsConstant ? 0 : after.Slopes.Length);
            Edges += after.IsConstant ? 1 : 0;
        }
    }
}
