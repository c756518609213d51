using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;

namespace Kan.Networks;

/// <summary>
/// Hidden nodes up to what the layer behind them can undo: z may be shifted and scaled, equal nodes may be one, and their order is free.
/// </summary>
internal static class NodeStandardization
{
    /// <summary>Biases of the nodes move into the functions that read them: phi(z + c).</summary>
    public static (KanLayer Layer, KanLayer Next) MoveBiases(KanLayer layer, KanLayer next)
    {
        if (layer.Biases.All(static bias => bias.IsZero)) return (layer, next);
        var edges =
            next.Edges.Select(edge => edge with
            {
                Function =
            edge.Function.Compose(PiecewiseLinearFunction.Linear(Rational.One, layer.Biases[edge.Input]))
            });
        return (new KanLayer(layer.InputCount, layer.OutputCount, layer.Edges),
            new KanLayer(next.InputCount, next.OutputCount, edges, next.Biases));
    }

    /// <summary>
    /// Moves biases and scales, merges nodes that are then equal, and sorts the rest. The edges of the layer are 0 at 0.
    /// </summary>
    public static (KanLayer Layer, KanLayer Next) Apply(KanLayer layer, KanLayer next, CancellationToken cancellation)
    {
        var incoming = layer.Edges.ToLookup(static edge => edge.Output, static edge => (edge.Input, edge.Function));
        var scales = new Rational[layer.OutputCount];
        var nodes = new Node[layer.OutputCount];
        for (int q = 0; q < nodes.Length; q++)
        {
            cancellation.ThrowIfCancellationRequested();
            (int Input, PiecewiseLinearFunction Function)[] edges = [.. incoming[q]];
            scales[q] = edges.Length == 0 ? Rational.One : edges[0].Function.Slopes.First(static slope => !slope.IsZero);
            var inverse = Rational.One / scales[q];
            nodes[q] = new Node(inverse == Rational.One ? edges : Array.ConvertAll(edges, edge => (edge.Input, inverse * edge.Function)));
        }

        Node[] kept = [.. nodes.Distinct().Order()];
        var position = new Dictionary<Node, int>();
        for (int i = 0; i < kept.Length; i++) position.Add(kept[i], i);
        var outgoing = next.Edges.GroupBy(
            edge => (position[nodes[edge.Input]], edge.Output),
            edge => edge.Function.Compose(PiecewiseLinearFunction.Linear(scales[edge.Input], layer.Biases[edge.Input])));
        return (
            new KanLayer(layer.InputCount, kept.Length,
                kept.SelectMany(static (node, q) => node.Edges.Select(edge => new KanEdge(edge.Input, q, edge.Function)))),
            new KanLayer(kept.Length, next.OutputCount,
                outgoing.Select(static group => new KanEdge(group.Key.Item1, group.Key.Output, PiecewiseLinearFunction.Sum(group))),
                next.Biases));
    }

    /// <summary>The incoming edges of a node, by input; compared by content.</summary>
    private sealed class Node((int Input, PiecewiseLinearFunction Function)[] edges) : IEquatable<Node>, IComparable<Node>
    {
        private readonly int _hash = edges.Aggregate(edges.Length,
            static (hash, edge) => HashCode.Combine(hash, edge.Input, edge.Function));

        public (int Input, PiecewiseLinearFunction Function)[] Edges => edges;

        public bool Equals(Node? other) => other is not null && _hash == other._hash && edges.AsSpan().SequenceEqual(other.Edges);

        public override bool Equals(object? obj) => Equals(obj as Node);

        public override int GetHashCode() => _hash;

        public int CompareTo(Node? other)
        {
            if (other is null) return 1;
            for (int i = 0; i < edges.Length && i < other.Edges.Length; i++)
            {
                int order = edges[i].Input.CompareTo(other.Edges[i].Input);
                if (order == 0) order = Compare(edges[i].Function, other.Edges[i].Function);
                if (order != 0) return order;
            }

            return edges.Length.CompareTo(other.Edges.Length);
        }

        private static int Compare(PiecewiseLinearFunction a, PiecewiseLinearFunction b)
        {
            int order = Compare(a.Slopes, b.Slopes);
            if (order == 0) order = Compare(a.Breakpoints, b.Breakpoints);
            return order == 0 ? a.AnchorValue.CompareTo(b.AnchorValue) : order;
        }

        private static int Compare(ImmutableArray<Rational> a, ImmutableArray<Rational> b)
        {
            for (int i = 0; i < a.Length && i < b.Length; i++)
            {
                int order = a[i].CompareTo(b[i]);
                if (order != 0) return order;
            }

            return a.Length.CompareTo(b.Length);
        }
    }
}
