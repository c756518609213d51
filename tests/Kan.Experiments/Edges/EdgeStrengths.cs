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

    /// <summary>The edges of each layer, the strongest first.</summary>
    private readonly KanEdge[][] _layers;

    /// <summary>For each layer what its nodes read on each sample, and last the outputs.</summary>
    private readonly double[][][] _levels;

    public EdgeStrengths(KanNetwork network, IReadOnlyList<double[]> samples)
    {
        _network = network;
        Ranges = NodeRanges.Observed(network, samples);
        _layers = [.. network.Layers.Select((layer, l) => layer.Edges.OrderByDescending(edge =>
        {
            var range = NodeRanges.Of(edge.Function, Ranges[l][edge.Input]);
            return range.High - range.Low;
        }).ToArray())];
        _levels = new double[network.Layers.Length + 1][][];
        _levels[0] = [.. samples];
        for (int l = 0; l < network.Layers.Length; l++) _levels[l + 1] = Outputs(network.Layers[l], _levels[l]);
    }

    /// <summary>The least and largest values of all nodes.</summary>
    public ImmutableArray<ImmutableArray<InputRange>> Ranges { get; }

    /// <summary>The edges of a layer that bend where samples are.</summary>
    public int BendingCount(int layer) => _network.Layers[layer].Edges.Count(edge =>
    {
        var range = Ranges[layer][edge.Input];
        return edge.Function.Breakpoints.Any(breakpoint => breakpoint > range.Low && breakpoint < range.High);
    });

    /// <summary>The strongest part of the edges of each layer; in place of the others their mean on the samples.</summary>
    public KanNetwork Strongest(double part) => new(_network.Layers.Select((layer, l) =>
    {
        var kept = new KanLayer(layer.InputCount, layer.OutputCount, _layers[l].Take((int)Math.Ceiling(part * _layers[l].Length)),
            layer.Biases);
        double[][] whole = _levels[l + 1], rest = Outputs(kept, _levels[l]);
        return new KanLayer(kept.InputCount, kept.OutputCount, kept.Edges, [.. kept.Biases.Select((bias, q) =>
            bias + Rational.FromSingle((float)(whole.Average(outputs => outputs[q]) - rest.Average(outputs => outputs[q]))))]);
    }));

    private static double[][] Outputs(KanLayer layer, double[][] inputs) =>
        Array.ConvertAll(inputs, new Converter<double[], double[]>(new Subject(new KanNetwork([layer])).In<double>()));
}
