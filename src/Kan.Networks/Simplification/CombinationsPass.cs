using System.Collections.Generic;
using System.Linq;

namespace Kan.Networks;

/// <summary>
/// Drops nodes that nothing bends and that are affine combinations of other nodes: what reads them reads the others instead.
/// </summary>
internal static class CombinationsPass
{
    // Attempts with nodes that are bent, each of which compares whole layers.
    private const int MostAttempts = 32;

    /// <summary>Drops some nodes at a level; whether there were any.</summary>
    public static bool Apply(SimplificationRun run, int l, int[] linear)
    {
        // Of the nodes that nothing bends alone, whose edges stay affine then.
        var found = NodeRelations.Find(run.Layers[l], linear, run.Cancellation);
        if (found.Count > 0 && Drop(run, l, found)) return true;
        int attempts = 0;
        foreach (var relation in found)
        {
            if (++attempts > MostAttempts) return false;
            if (Drop(run, l, [relation])) return true;
        }

        // With others, whose functions then get another slope.
        var isLinear = linear.ToHashSet();
        int[] others = [.. Enumerable.Range(0, run.Layers[l].OutputCount).Where(q => !isLinear.Contains(q))];
        if (others.Length == 0) return false;
        foreach (var relation in NodeRelations.Find(run.Layers[l], [.. others, .. linear], run.Cancellation))
        {
            if (!isLinear.Contains(relation.Node)) continue;
            if (++attempts > MostAttempts) return false;
            if (Drop(run, l, [relation])) return true;
        }

        return false;
    }

    private static bool Drop(SimplificationRun run, int l, IReadOnlyList<NodeRelation> relations)
    {
        KanLayer layer = run.Layers[l], next = run.Layers[l + 1];
        var byNode = relations.ToDictionary(static relation => relation.Node);
        if (relations.Any(relation => relation.Terms.Any(term => byNode.ContainsKey(term.Node)))) return false;
        int[] kept = [.. Enumerable.Range(0, layer.OutputCount).Where(q => !byNode.ContainsKey(q))];
        if (kept.Length == 0) return false;
        var position = new int[layer.OutputCount];
        for (int i = 0; i < kept.Length; i++) position[kept[i]] = i;
        var biases = next.Biases.ToArray();
        var slopes = new Dictionary<(int Input, int Output), Rational>();
        foreach (var edge in next.Edges)
        {
            if (!byNode.TryGetValue(edge.Input, out var relation)) continue;
            biases[edge.Output] += edge.Function.Evaluate(relation.Offset);
            foreach (var (node, factor) in relation.Terms)
            {
                slopes.TryGetValue((node, edge.Output), out var slope);
                slopes[(node, edge.Output)] = slope + (edge.Function.Slopes[0] * factor);
            }
        }

        var edges = new List<KanEdge>();
        foreach (var edge in next.Edges)
        {
            if (byNode.ContainsKey(edge.Input)) continue;
            var function = slopes.Remove((edge.Input, edge.Output), out var slope)
                ? edge.Function + PiecewiseLinearFunction.Linear(slope, Rational.Zero)
                : edge.Function;
            edges.Add(new KanEdge(position[edge.Input], edge.Output, function));
        }

        foreach (var ((node, output), slope) in slopes)
            edges.Add(new KanEdge(position[node], output, PiecewiseLinearFunction.Linear(slope, Rational.Zero)));
        var first = new KanLayer(
            layer.InputCount,
            kept.Length,
            layer.Edges.Where(edge => !byNode.ContainsKey(edge.Output)).Select(edge => edge with { Output = position[edge.Output] }),
            [.. kept.Select(q => layer.Biases[q])]);
        return run.Replace(SimplificationKind.CombinationOfNodes, l, [.. byNode.Keys.Order()], first,
            new KanLayer(kept.Length, next.OutputCount, edges, [.. biases]));
    }
}
