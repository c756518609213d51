using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Kan.Networks;

/// <summary>
/// Makes a network smaller layer by layer, the first layer first: each is fitted, with what is left of it, to what the nodes of the network
/// before are on the samples, from the values that the layers before it now give, so that it makes up for their errors.
/// </summary>
internal sealed class SampledElimination
{
    private readonly KanNetwork _network;
    private readonly TermBlock[][] _blocks;
    private readonly double[][][] _rows;
    private readonly double[][] _weights;
    private readonly SimplificationGoal _goal;
    private readonly LayerElimination _first;
    private readonly LayerElimination.Path _path;

    private SampledElimination(
        KanNetwork network, TermBlock[][] blocks, double[][][] rows, double[][] weights, SimplificationGoal goal,
        CancellationToken cancellation)
    {
        (_network, _blocks, _rows, _weights, _goal) = (network, blocks, rows, weights, goal);
        _first = Of(0, [.. rows.Select(static row => row[0])], static _ => 0);
        _path = _first.Steps(cancellation);
    }

    /// <summary>Prepares a network; null if a layer of it has too many terms, or edges that share none.</summary>
    /// <param name="network">The network.</param>
    /// <param name="ranges">By level the ranges of its nodes.</param>
    /// <param name="rows">By sample and level the values of its nodes.</param>
    /// <param name="weights">By level and node, how much the outputs feel it.</param>
    /// <param name="goal">What is kept small.</param>
    /// <param name="cancellation">Cancels the work.</param>
    public static SampledElimination? TryCreate(
        KanNetwork network, InputRange[][] ranges, double[][][] rows, double[][] weights, SimplificationGoal goal,
        CancellationToken cancellation)
    {
        var blocks = new TermBlock[network.Layers.Length][];
        for (int l = 0; l < blocks.Length; l++)
        {
            if (TermBlock.Of(network.Layers[l], ranges[l], goal) is not { } own) return null;
            if (own.All(static block => block.Terms.Length == 0)) return null;
            blocks[l] = own;
        }

        return new SampledElimination(network, blocks, rows, weights, goal, cancellation);
    }

    /// <summary>The rates of the steps of the first layer, rising: what they cost for a number that they save.</summary>
    public IReadOnlyList<double> Rates => [.. _path.Steps.Select(static step => step.Rate)];

    /// <summary>
    /// The network without all that costs at most a rate for a number that it saves: as least squares leave it, and then tuned as a whole.
    /// </summary>
    /// <param name="rate">The rate.</param>
    /// <param name="isChoice">Whether only the largest output counts.</param>
    /// <param name="cancellation">Cancels the work.</param>
    public IEnumerable<KanNetwork> At(double rate, bool isChoice, CancellationToken cancellation)
    {
        List<(KanLayer Layer, double[][,] Weights)> layers = [_first.After(_path, rate)];
        double[][] inputs = [.. _rows.Select(static row => row[0])], values = inputs;
        for (int l = 1; l < _network.Layers.Length; l++)
        {
            var before = new SampledNetwork(new KanNetwork([layers[^1].Layer]));
            values = Array.ConvertAll(values, before.Outputs);

            // Tables hold panels of nodes, so that one node fewer saves nothing of the layer before.
            double[] segments = new double[_network.Layers[l].InputCount];
            if (_goal == SimplificationGoal.Segments)
            {
                foreach (var edge in layers[^1].Layer.Edges) segments[edge.Output] += edge.Function.Slopes.Length;
            }

            layers.Add(Of(l, values, input => segments[input]).Run(rate, cancellation));
        }

        var parts = layers.Select((layer, l) => (layer.Layer, _blocks[l], layer.Weights));
        yield return new KanNetwork(layers.Select(static layer => layer.Layer));
        yield return new SampledTuning(parts, inputs, [.. _rows.Select(static row => row[^1])], isChoice).Run(cancellation);
    }

    private LayerElimination Of(int l, double[][] values, Func<int, double> saved) => new(
        _network.Layers[l], _blocks[l], values, [.. _rows.Select(row => row[l + 1])],
        [.. _weights[l + 1].Select(static weight => weight * weight)], _goal, saved);
}
