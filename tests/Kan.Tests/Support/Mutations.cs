using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Tests.Support;

/// <summary>Networks that differ from a network in one number.</summary>
internal static class Mutations
{
    /// <summary>One mutant of each kind, where the network has the part: a slope, a breakpoint, a sign, a bias, an edge less.</summary>
    public static IEnumerable<(string Kind, KanNetwork Mutant)> Of(KanNetwork network, Random random)
    {
        var slope = Pick(network, random, static edge => !edge.Function.IsZero);
        if (slope is { } s)
        {
            yield return ("slope", Replace(network, s, function =>
            {
                var slopes = function.Slopes.ToArray();
                int i = random.Next(slopes.Length);
                slopes[i] = NextUp(slopes[i]);
                return PiecewiseLinearFunction.FromSlopes(function.Breakpoints, slopes, function.AnchorPoint, function.AnchorValue);
            }));
            yield return ("sign", Replace(network, s, static function => -function));
            yield return ("edge", Replace(network, s, static _ => PiecewiseLinearFunction.Zero));
        }

        if (Pick(network, random, static edge => !edge.Function.IsAffine) is { } bent)
        {
            yield return ("breakpoint", Replace(network, bent, function =>
            {
                var breakpoints = function.Breakpoints.ToArray();
                int i = random.Next(breakpoints.Length);
                breakpoints[i] = NextUp(breakpoints[i]);
                return PiecewiseLinearFunction.FromSlopes(breakpoints, function.Slopes, function.AnchorPoint, function.AnchorValue);
            }));
        }

        int layer = random.Next(network.Layers.Length);
        var biases = network.Layers[layer].Biases;
        int node = random.Next(biases.Length);
        yield return ("bias", Replace(network, layer, new KanLayer(
            network.Layers[layer].InputCount, network.Layers[layer].OutputCount, network.Layers[layer].Edges,
            biases.SetItem(node, NextUp(biases[node])))));
    }

    /// <summary>One mutant of each kind: a weight, a sign, a weight less, a bias.</summary>
    public static IEnumerable<(string Kind, ReluNetwork Mutant)> Of(ReluNetwork network, Random random)
    {
        int l = random.Next(network.Layers.Length);
        var layer = network.Layers[l];
        var entries = layer.Weights.Entries().ToList();
        if (entries.Count > 0)
        {
            int i = random.Next(entries.Count);
            var (row, column, weight) = entries[i];
            foreach (var (kind, value) in new[] { ("weight", NextUp(weight)), ("sign", -weight), ("weight less", Rational.Zero) })
            {
                var changed = entries.ToArray();
                changed[i] = (row, column, value);
                yield return (kind,
                    Replace(new ReluLayer(SparseMatrix.Create(layer.OutputCount, layer.InputCount, changed), layer.Biases,
                    layer.IsRectified)));
            }
        }

        int node = random.Next(layer.OutputCount);
        yield return ("bias",
            Replace(new ReluLayer(layer.Weights, layer.Biases.SetItem(node, NextUp(layer.Biases[node])), layer.IsRectified)));

        ReluNetwork Replace(ReluLayer replaced) => new(network.Layers.SetItem(l, replaced));
    }

    /// <summary>The next double after the nearest one: a change of one unit in the last place.</summary>
    public static Rational NextUp(Rational number)
    {
        double nearest = number.ToDouble();
        var step = Rational.FromDouble(Math.BitIncrement(nearest)) - Rational.FromDouble(nearest);
        return number + step;
    }

    private static (int Layer, int Edge)? Pick(KanNetwork network, Random random, Func<KanEdge, bool> fits)
    {
        var places = network.Layers.SelectMany((layer, l) => layer.Edges.Select((edge, e) => (edge, l, e))).Where(place => fits(place.edge))
            .ToList();
        if (places.Count == 0) return null;
        var (_, chosen, index) = places[random.Next(places.Count)];
        return (chosen, index);
    }

    private static KanNetwork Replace(KanNetwork network, (int Layer, int Edge) place, Func<PiecewiseLinearFunction,
        PiecewiseLinearFunction> change)
    {
        var layer = network.Layers[place.Layer];
        var edge = layer.Edges[place.Edge];
        var edges = layer.Edges.SetItem(place.Edge, edge with { Function = change(edge.Function) });
        return Replace(network, place.Layer, new KanLayer(layer.InputCount, layer.OutputCount, edges, layer.Biases));
    }

    private static KanNetwork Replace(KanNetwork network, int position, KanLayer layer) => new(network.Layers.SetItem(position, layer));
}
