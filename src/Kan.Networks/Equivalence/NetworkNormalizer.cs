using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;

namespace Kan.Networks;

/// <summary>
/// Brings a network to a normal form of the same function, by steps that are exact identities: layers that read one node each move into
/// the layer behind them (so a ReLU network made from a KAN becomes that KAN again), affine layers into the layer before them, constants
/// into biases, biases of hidden nodes into the breakpoints behind them. Equal forms are equal functions; different forms decide nothing,
/// except for a single layer, whose form is unique.
/// </summary>
internal static class NetworkNormalizer
{
    private const int MostRounds = 8;

    /// <summary>The maximum number of products of entries that merging two layers may take.</summary>
    private const long MostProducts = 4_000_000;

    /// <summary>The normal form.</summary>
    /// <param name="network">Any network.</param>
    /// <param name="box">Where the function matters; everywhere when null.</param>
    /// <param name="standardScale">Whether hidden nodes are scaled, merged where equal, and sorted, too.</param>
    /// <param name="cancellation">Cancels the operation; observed between edges.</param>
    public static KanNetwork Normalize(KanNetwork network, IReadOnlyList<InputRange>? box, bool standardScale,
        CancellationToken cancellation)
    {
        for (int round = 0; round < MostRounds; round++)
        {
            var layers = NetworkSimplifier.Simplify(network, cancellation).Layers.ToList();
            if (box is not null) DomainRestriction.Apply(layers, box, cancellation);
            Reduce(layers, standardScale, cancellation);
            var next = new KanNetwork(layers);
            bool same = next.Layers.Length == network.Layers.Length
                && next.Layers.Zip(network.Layers).All(static pair => EquivalenceDecision.SameLayer(pair.First, pair.Second));
            network = next;
            if (same) break;
        }

        return network;
    }

    private static void Reduce(List<KanLayer> layers, bool standardScale, CancellationToken cancellation)
    {
        // Units first: a layer of them is affine, and taken for that it would multiply the edges before it.
        for (int l = layers.Count - 2; l >= 0; l--)
        {
            if (!ReadsOneNodeEach(layers[l]) || TryMerge(layers[l], layers[l + 1], cancellation) is not { } merged) continue;
            layers[l] = merged;
            layers.RemoveAt(l + 1);
        }

        for (int l = 0; ;)
        {
            layers[l] = Center(layers[l]);
            if (layers[l].Edges.IsEmpty)
            {
                CollapseToConstant(layers, l);
                return;
            }

            if (l == layers.Count - 1) return;
            if (TryMerge(layers[l], layers[l + 1], cancellation) is { } merged)
            {
                layers[l] = merged;
                layers.RemoveAt(l + 1);
                continue;
            }

            (layers[l], layers[l + 1]) = standardScale
                ? NodeStandardization.Apply(layers[l], layers[l + 1], cancellation)
                : NodeStandardization.MoveBiases(layers[l], layers[l + 1]);
            if (ReadsOneNodeEach(layers[l]) && TryMerge(layers[l], layers[l + 1], cancellation) is not null) continue;
            l++;
        }
    }

    /// <summary>A layer that depends on nothing makes the whole network constant.</summary>
    private static void CollapseToConstant(List<KanLayer> layers, int constant)
    {
        int inputs = layers[0].InputCount;
        var values = layers[constant].Biases.ToArray();
        for (int l = constant + 1; l < layers.Count; l++) values = layers[l].Evaluate(values);
        layers.Clear();
        layers.Add(new KanLayer(inputs, values.Length, [], [.. values]));
    }

    /// <summary>Every edge is 0 at 0, and the constants are biases: the one form of a layer as a function on all of R^n.</summary>
    private static KanLayer Center(KanLayer layer)
    {
        var values = layer.Edges.Select(static edge => edge.Function.Evaluate(Rational.Zero)).ToArray();
        if (values.All(static value => value.IsZero)) return layer;
        var biases = layer.Biases.ToArray();
        var edges = new KanEdge[values.Length];
        for (int i = 0; i < edges.Length; i++)
        {
            var edge = layer.Edges[i];
            biases[edge.Output] += values[i];
            edges[i] = edge with { Function = edge.Function.Shift(-values[i]) };
        }

        return new KanLayer(layer.InputCount, layer.OutputCount, edges, [.. biases]);
    }

    /// <summary>Both layers as one where that is possible: the first reads one node each, or the second is affine.</summary>
    private static KanLayer? TryMerge(KanLayer first, KanLayer second, CancellationToken cancellation)
    {
        bool single = ReadsOneNodeEach(first);
        if (!single && (!second.IsAffine || ProductCount(first, second) > MostProducts)) return null;
        var incoming = first.Edges.ToLookup(static edge => edge.Output);
        var biases = second.Biases.ToArray();
        var terms = new Dictionary<(int Input, int Output), List<PiecewiseLinearFunction>>();
        foreach (var edge in second.Edges)
        {
            cancellation.ThrowIfCancellationRequested();
            var bias = first.Biases[edge.Input];
            if (!incoming.Contains(edge.Input))
            {
                biases[edge.Output] += edge.Function.Evaluate(bias);
                continue;
            }

            // An affine function of a sum is the sum of the functions of its terms, the bias going to the first of them.
            foreach (var source in incoming[edge.Input])
            {
                if (NetworkSimplifier.TryCompose(edge.Function, source.Function.Shift(bias)) is not { } composed) return null;
                if (!single) composed = composed.Shift(-edge.Function.AnchorValue);
                bias = Rational.Zero;
                if (!terms.TryGetValue((source.Input, edge.Output), out var own)) terms.Add((source.Input, edge.Output), own = []);
                own.Add(composed);
            }

            if (!single) biases[edge.Output] += edge.Function.AnchorValue;
        }

        return new KanLayer(
            first.InputCount,
            second.OutputCount,
            terms.Select(static term => new KanEdge(term.Key.Input, term.Key.Output, PiecewiseLinearFunction.Sum(term.Value))),
            ImmutableArray.Create(biases));
    }

    private static bool ReadsOneNodeEach(KanLayer layer)
    {
        var read = new bool[layer.OutputCount];
        foreach (var edge in layer.Edges)
        {
            if (read[edge.Output]) return false;
            read[edge.Output] = true;
        }

        return true;
    }

    private static long ProductCount(KanLayer first, KanLayer second)
    {
        var outgoing = new int[first.OutputCount];
        foreach (var edge in second.Edges) outgoing[edge.Input]++;
        return first.Edges.Sum(edge => (long)outgoing[edge.Output]);
    }
}
