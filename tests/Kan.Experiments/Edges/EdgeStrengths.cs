using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Kan.Analysis;
using Kan.Experiments.Conversions;

namespace Kan.Experiments.Edges;

/// <summary>The edges of a network on some samples: the values that reach them, and how much each varies there.</summary>
internal sealed class EdgeStrengths
{
    private readonly KanNetwork _network;

    /// <summary>For each layer its edges in the order of their strength, with the mean of their values.</summary>
    private readonly (KanEdge Edge, double Strength, double Mean)[][] _layers;

    public EdgeStrengths(KanNetwork network, IReadOnlyList<double[]> samples)
    {
        _network = network;
        Ranges = NodeRanges.Observed(network, samples);
        double[][] means = Means(network, samples);
        _layers = [.. network.Layers.Select((layer, l) => layer.Edges.Select((edge, e) =>
        {
            var range = NodeRanges.Of(edge.Function, Ranges[l][edge.Input]);
            return (edge, (range.High - range.Low).ToDouble(), means[l][e]);
        }).OrderByDescending(static edge => edge.Item2).ToArray())];
    }

    /// <summary>The least and largest values of all nodes.</summary>
    public ImmutableArray<ImmutableArray<InputRange>> Ranges { get; }

    /// <summary>The edges of a layer that bend where samples are.</summary>
    public int BendingCount(int layer) => _network.Layers[layer].Edges.Count(edge =>
    {
        var range = Ranges[layer][edge.Input];
        return edge.Function.Breakpoints.Any(breakpoint => breakpoint > range.Low && breakpoint < range.High);
    });

    /// <summary>The strongest part of the edges of each layer; in place of each of the others its mean.</summary>
    public KanNetwork Strongest(double part) => new(_network.Layers.Select((layer, l) =>
    {
        int kept = (int)Math.Ceiling(part * _layers[l].Length);
        double[] biases = new double[layer.OutputCount];
        foreach (var (edge, _, mean) in _layers[l].Skip(kept)) biases[edge.Output] += mean;
        return new KanLayer(layer.InputCount, layer.OutputCount, _layers[l].Take(kept).Select(static item => item.Edge), [.. layer.Biases.Zip(biases, static (bias, mean) => bias + Rational.FromSingle((float)mean))]);
    }));

    private static double[][] Means(KanNetwork network, IReadOnlyList<double[]> samples)
    {
        double[][] means = [.. network.Layers.Select(static layer => new double[layer.Edges.Length])];
        var steps = network.Layers.Select(static layer => new Subject(new KanNetwork([layer])).In<double>()).ToList();
        foreach (double[] sample in samples)
        {
            double[] values = sample;
            for (int l = 0; l < steps.Count; l++)
            {
                var edges = network.Layers[l].Edges;
                for (int e = 0; e < edges.Length; e++) means[l][e] += ValueOf(edges[e].Function, values[edges[e].Input]) / samples.Count;
                values = steps[l](values);
            }
        }

        return means;
    }

    private static double ValueOf(PiecewiseLinearFunction function, double x)
    {
        if (function.IsAffine) return function.AnchorValue.ToDouble() + (function.Slopes[0].ToDouble() * x);
        double point = function.Breakpoints[0].ToDouble(), value = function.AnchorValue.ToDouble();
        if (x <= point) return value + (function.Slopes[0].ToDouble() * (x - point));
        int i = 1;
        for (; i < function.Breakpoints.Length && function.Breakpoints[i].ToDouble() < x; i++)
        {
            double next = function.Breakpoints[i].ToDouble();
            value += function.Slopes[i].ToDouble() * (next - point);
            point = next;
        }

        return value + (function.Slopes[i].ToDouble() * (x - point));
    }
}
