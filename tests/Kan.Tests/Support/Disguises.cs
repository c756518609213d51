using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Tests.Support;

/// <summary>
/// Networks that look different and are the same function: what conversions, training tools and refactoring hands leave behind.
/// </summary>
internal static class Disguises
{
    private static readonly Rational[] s_scales = [1, -1, 2, -3, Rational.Create(1, 3), Rational.Create(-5, 2)];

    private static readonly (string Kind, Func<KanNetwork, Random, KanNetwork> Apply)[] s_all =
    [
        ("scaled and permuted nodes", static (network, random) => AtHiddenNodes(network, random, MoveNodes)),
        ("a node in two parts", static (network, random) => AtHiddenNodes(network, random, DivideNode)),
        ("dead nodes", static (network, random) => AtHiddenNodes(network, random, AddDeadNodes)),
        ("a bent activation and its inverse", static (network, random) => AtHiddenNodes(network, random, InsertActivation)),
        ("an affine map and its inverse", static (network, random) => AtHiddenNodes(network, random, InsertAffinePair)),
        ("constants elsewhere", MoveConstants),
        ("ReLU units and back", ThroughRelu),
    ];

    /// <summary>The same function after some changes of form.</summary>
    /// <returns>The network, and what was done to it.</returns>
    public static (string Kinds, KanNetwork Network) Of(KanNetwork network, Random random, int steps)
    {
        List<string> kinds = [];
        for (int i = 0; i < steps; i++)
        {
            var (kind, apply) = s_all[random.Next(s_all.Length)];
            network = apply(network, random);
            kinds.Add(kind);
        }

        return (string.Join(", ", kinds), network);
    }

    /// <summary>The same function on a box: edges do something else beyond all values that reach them.</summary>
    public static KanNetwork BeyondReach(KanNetwork network, IReadOnlyList<InputRange> box, Random random)
    {
        List<KanLayer> layers = [];
        var ranges = box;
        foreach (var layer in network.Layers)
        {
            var own = ranges;
            var edges = layer.Edges.Select(edge => edge with { Function = edge.Function + Outside(own[edge.Input]) }).ToList();
            ranges =
                [.. layer.Biases.Select((bias, q) => layer.Edges.Where(edge => edge.Output == q)
                .Aggregate(new InputRange(bias, bias), (sum, edge) =>
            {
                var (least, greatest) = edge.Function.RangeOn(own[edge.Input].Low, own[edge.Input].High);
                return new InputRange(sum.Low + least, sum.High + greatest);
            }))];
            layers.Add(new KanLayer(layer.InputCount, layer.OutputCount, edges, layer.Biases));
        }

        return new KanNetwork(layers);

        PiecewiseLinearFunction Outside(InputRange range) => random.Next(3) switch
        {
            0 => PiecewiseLinearFunction.Zero,
            1 => Scale(random) * PiecewiseLinearFunction.Relu.Compose(PiecewiseLinearFunction.Linear(1, -range.High - random.Next(2))),
            _ => Scale(random) * PiecewiseLinearFunction.Relu.Compose(PiecewiseLinearFunction.Linear(-1, range.Low - random.Next(2))),
        };
    }

    private static KanNetwork AtHiddenNodes(KanNetwork network, Random random, Func<KanLayer, KanLayer, Random,
        IEnumerable<KanLayer>> change)
    {
        if (network.Layers.Length < 2) return network;
        int l = random.Next(network.Layers.Length - 1);
        return new KanNetwork([.. network.Layers.Take(l), .. change(network.Layers[l], network.Layers[l + 1], random),
            .. network.Layers.Skip(l + 2)]);
    }

    private static IEnumerable<KanLayer> MoveNodes(KanLayer layer, KanLayer next, Random random)
    {
        int n = layer.OutputCount;
        int[] place = [.. Enumerable.Range(0, n)];
        random.Shuffle(place);
        Rational[] scales = [.. place.Select(_ => Scale(random))], shifts = [.. place.Select(_ => Small(random))];
        var biases = new Rational[n];
        for (int q = 0; q < n; q++) biases[place[q]] = (scales[q] * layer.Biases[q]) + shifts[q];
        yield return new KanLayer(layer.InputCount, n,
            layer.Edges.Select(edge => new KanEdge(edge.Input, place[edge.Output], scales[edge.Output] * edge.Function)), [.. biases]);
        yield return new KanLayer(n, next.OutputCount,
            next.Edges.Select(edge => new KanEdge(place[edge.Input], edge.Output,
            edge.Function.Compose(Inverse(scales[edge.Input], shifts[edge.Input])))), next.Biases);
    }

    private static IEnumerable<KanLayer> DivideNode(KanLayer layer, KanLayer next, Random random)
    {
        int n = layer.OutputCount, divided = random.Next(n);
        Rational scale = Scale(random), shift = Small(random);
        var copies = layer.Edges.Where(edge => edge.Output == divided).Select(edge => new KanEdge(edge.Input, n, scale * edge.Function));
        yield return new KanLayer(layer.InputCount, n + 1, [.. layer.Edges, .. copies],
            [.. layer.Biases, (scale * layer.Biases[divided]) + shift]);
        List<KanEdge> edges = [.. next.Edges.Where(edge => edge.Input != divided)];
        for (int s = 0; s < next.OutputCount; s++)
        {
            var whole = next.Edges.FirstOrDefault(edge => edge.Input == divided && edge.Output == s).Function
                ?? PiecewiseLinearFunction.Zero;
            var part = Function(random);
            edges.Add(new KanEdge(divided, s, whole - part));
            edges.Add(new KanEdge(n, s, part.Compose(Inverse(scale, shift))));
        }

        yield return new KanLayer(n + 1, next.OutputCount, edges, next.Biases);
    }

    private static IEnumerable<KanLayer> AddDeadNodes(KanLayer layer, KanLayer next, Random random)
    {
        // The first of them varies and nothing reads it but for a constant; the second is constant.
        int n = layer.OutputCount;
        Rational constant = Small(random), value = Small(random);
        var read = Function(random);
        var incoming = Enumerable.Range(0, layer.InputCount).Select(p => new KanEdge(p, n, Function(random)));
        yield return new KanLayer(layer.InputCount, n + 2, [.. layer.Edges, .. incoming], [.. layer.Biases, Small(random), constant]);
        int output = random.Next(next.OutputCount);
        yield return new KanLayer(
            n + 2,
            next.OutputCount,
            [.. next.Edges, new KanEdge(n, output, PiecewiseLinearFunction.Constant(value)), new KanEdge(n + 1, output, read)],
            next.Biases.SetItem(output, next.Biases[output] - value - read.Evaluate(constant)));
    }

    private static IEnumerable<KanLayer> InsertActivation(KanLayer layer, KanLayer next, Random random)
    {
        // Each function rises, so it has an inverse: the knots and values change places.
        int n = layer.OutputCount;
        var pairs = Enumerable.Range(0, n).Select(_ =>
        {
            Rational knot = Small(random), value = Small(random);
            Rational[] knots = [knot, knot + 3, knot + 5], values = [value, value + 1, value + 2 + random.Next(9)];
            return (Function: PiecewiseLinearFunction.FromKnots(knots, values), Inverse: PiecewiseLinearFunction.FromKnots(values, knots));
        }).ToList();
        yield return layer;
        yield return KanLayer.Activation([.. pairs.Select(static pair => pair.Function)]);
        yield return new KanLayer(n, next.OutputCount,
            next.Edges.Select(edge => edge with { Function = edge.Function.Compose(pairs[edge.Input].Inverse) }), next.Biases);
    }

    private static IEnumerable<KanLayer> InsertAffinePair(KanLayer layer, KanLayer next, Random random)
    {
        // Each step adds a multiple of one row to another; the inverse takes them back in the opposite order.
        int n = layer.OutputCount;
        Rational[,] forward = Unit(), back = Unit();
        for (int step = 0; n > 1 && step < 3; step++)
        {
            int from = random.Next(n), to = (from + 1 + random.Next(n - 1)) % n;
            var factor = Scale(random);
            for (int j = 0; j < n; j++) forward[to, j] += factor * forward[from, j];
            for (int i = 0; i < n; i++) back[i, from] -= factor * back[i, to];
        }

        yield return layer;
        yield return KanLayer.Affine(n, n, (q, p) => forward[q, p]);
        yield return KanLayer.Affine(n, n, (q, p) => back[q, p]);
        yield return next;

        Rational[,] Unit()
        {
            var unit = new Rational[n, n];
            for (int i = 0; i < n; i++) unit[i, i] = 1;
            return unit;
        }
    }

    private static KanNetwork MoveConstants(KanNetwork network, Random random) => new(network.Layers.Select(layer =>
    {
        var biases = layer.Biases.ToArray();
        List<KanEdge> edges = [];
        foreach (var edge in layer.Edges)
        {
            var shift = Small(random);
            biases[edge.Output] -= shift;
            edges.Add(edge with { Function = edge.Function.Shift(shift) });
        }

        return new KanLayer(layer.InputCount, layer.OutputCount, edges, [.. biases]);
    }));

    private static KanNetwork ThroughRelu(KanNetwork network, Random random)
    {
        var relu = network.ToRelu((ReluUnits)random.Next(3));
        if (random.Next(2) == 0) relu = relu.Fuse();
        return relu.ToKan((ReluEmbedding)random.Next(2));
    }

    private static PiecewiseLinearFunction Inverse(Rational scale, Rational shift) =>
        PiecewiseLinearFunction.Linear(1 / scale, -shift / scale);

    private static PiecewiseLinearFunction Function(Random random)
    {
        var first = Small(random);
        return PiecewiseLinearFunction.FromSlopes([first, first + 1, first + 4],
            [Small(random), Small(random), random.Next(2) == 0 ? 0 : Small(random), Small(random)], first, Small(random));
    }

    private static Rational Scale(Random random) => s_scales[random.Next(s_scales.Length)];

    private static Rational Small(Random random) => Rational.Create(random.Next(-12, 13), random.Next(1, 4));
}
