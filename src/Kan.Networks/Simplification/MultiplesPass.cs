using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Networks;

/// <summary>Merges nodes that are c z + d of another node z: what reads them reads z instead, through phi(c z + d).</summary>
internal static class MultiplesPass
{
    public static void Apply(SimplificationRun run)
    {
        for (int l = 0; l + 1 < run.Layers.Count; l++)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            var groups = Groups(run.Layers[l]);
            if (groups.Count == 0 || Try(run, l, groups)) continue;

            // Together they may cost a layer its shared shapes; alone some of them do not.
            foreach (var group in groups.Where(group => KeepsShape(run.Layers[l + 1], group)).ToList())
            {
                if (!Try(run, l, [group])) continue;
                l--;
                break;
            }
        }
    }

    private static bool Try(SimplificationRun run, int l, List<Multiple[]> groups)
    {
        if (Merge(run.Layers[l], run.Layers[l + 1], groups) is not { } merged) return false;
        return run.Replace(SimplificationKind.MultipleOfNode, l,
            [.. groups.SelectMany(static group => group.Skip(1)).Select(static multiple => multiple.Node).Order()], merged.Layer,
            merged.Next);
    }

    /// <summary>
    /// The nodes that are multiples of each other, up to constants: groups of two and more, in the order of their first node.
    /// </summary>
    private static List<Multiple[]> Groups(KanLayer layer)
    {
        var incoming = layer.Edges.ToLookup(static edge => edge.Output);
        var groups = new Dictionary<Row, List<Multiple>>();
        for (int q = 0; q < layer.OutputCount; q++)
        {
            KanEdge[] edges = [.. incoming[q].Where(static edge => !edge.Function.IsConstant)];
            if (edges.Length == 0) continue;
            var factor = edges[0].Function.Slopes.First(static slope => !slope.IsZero);
            var offset = layer.Biases[q];
            foreach (var edge in incoming[q]) offset += edge.Function.AnchorValue;
            var inverse = Rational.One / factor;
            var row = new Row(Array.ConvertAll(edges, edge => (edge.Input, inverse * edge.Function.Shift(-edge.Function.AnchorValue))));
            if (!groups.TryGetValue(row, out var group)) groups.Add(row, group = []);
            group.Add(new Multiple(q, factor, offset));
        }

        return [.. groups.Values.Where(static group => group.Count > 1).Select(static group => group.ToArray())
            .OrderBy(static group => group[0].Node)];
    }

    private static bool KeepsShape(KanLayer next, Multiple[] group)
    {
        if (MergeOutgoing(next, [group]) is not { } edges) return false;
        var own = edges.Where(edge => edge.Input == group[0].Node).Select(static edge => (PiecewiseLinearFunction?)edge.Function).ToArray();
        return Factorization.TryFactor([own], Precision.Single) is not null;
    }

    private static (KanLayer Layer, KanLayer Next)? Merge(KanLayer layer, KanLayer next, List<Multiple[]> groups)
    {
        if (MergeOutgoing(next, groups) is not { } outgoing) return null;
        var gone = groups.SelectMany(static group => group.Skip(1)).Select(static multiple => multiple.Node).ToHashSet();
        int[] kept = [.. Enumerable.Range(0, layer.OutputCount).Where(q => !gone.Contains(q))];
        var position = new int[layer.OutputCount];
        for (int i = 0; i < kept.Length; i++) position[kept[i]] = i;
        return (
            new KanLayer(
                layer.InputCount,
                kept.Length,
                layer.Edges.Where(edge => !gone.Contains(edge.Output)).Select(edge => edge with { Output = position[edge.Output] }),
                [.. kept.Select(q => layer.Biases[q])]),
            new KanLayer(kept.Length, next.OutputCount, outgoing.Select(edge => edge with { Input = position[edge.Input] }), next.Biases));
    }

    /// <summary>
    /// The edges behind the nodes, those of each group at its first node; null if a function would have too many breakpoints.
    /// </summary>
    private static List<KanEdge>? MergeOutgoing(KanLayer next, List<Multiple[]> groups)
    {
        var byNode = new Dictionary<int, (Multiple Own, Multiple First)>();
        foreach (var group in groups)
        {
            foreach (var multiple in group) byNode.Add(multiple.Node, (multiple, group[0]));
        }

        var edges = new List<KanEdge>();
        var sums = new Dictionary<(int Input, int Output), List<PiecewiseLinearFunction>>();
        foreach (var edge in next.Edges)
        {
            if (!byNode.TryGetValue(edge.Input, out var place))
            {
                edges.Add(edge);
                continue;
            }

            // z = factor row + offset and z_first = factor_first row + offset_first.
            var (own, first) = place;
            var ratio = own.Factor / first.Factor;
            if (NetworkSimplifier.TryCompose(edge.Function, PiecewiseLinearFunction.Linear(ratio, own.Offset - (ratio * first.Offset)))
                is not { } composed) return null;
            if (!sums.TryGetValue((first.Node, edge.Output), out var terms)) sums.Add((first.Node, edge.Output), terms = []);
            terms.Add(composed);
        }

        edges.AddRange(sums.Select(static sum => new KanEdge(sum.Key.Input, sum.Key.Output, PiecewiseLinearFunction.Sum(sum.Value))));
        return edges;
    }

    /// <summary>A node that is factor times a row of functions, plus an offset.</summary>
    private readonly record struct Multiple(int Node, Rational Factor, Rational Offset);

    /// <summary>The incoming functions of a node, by input, scaled and shifted to a standard; compared by content.</summary>
    private sealed class Row((int Input, PiecewiseLinearFunction Function)[] edges) : IEquatable<Row>
    {
        private readonly int _hash = edges.Aggregate(edges.Length,
            static (hash, edge) => HashCode.Combine(hash, edge.Input, edge.Function));

        private (int Input, PiecewiseLinearFunction Function)[] Edges => edges;

        public bool Equals(Row? other) => other is not null && _hash == other._hash && edges.AsSpan().SequenceEqual(other.Edges);

        public override bool Equals(object? obj) => Equals(obj as Row);

        public override int GetHashCode() => _hash;
    }
}
