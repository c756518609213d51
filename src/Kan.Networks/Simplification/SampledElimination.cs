using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Kan.Networks;

/// <summary>
/// Makes a network smaller layer by layer, the first layer first: each is fitted, with what is left of it, to what the nodes of the network
/// before are on the samples, from the values that the layers before it now give, so that it makes up for their errors. What is left is
/// some terms of the layer, or two layers of fewer numbers.
/// </summary>
internal sealed class SampledElimination
{
    private readonly KanNetwork _network;
    private readonly InputRange[][] _ranges;
    private readonly TermBlock[][] _blocks;
    private readonly double[][][] _rows;
    private readonly double[][] _weights;
    private readonly SimplificationGoal _goal;
    private readonly LayerElimination _first;
    private readonly LayerElimination.Path _path;
    private readonly SampledFactors? _firstFactors;

    private SampledElimination(
        KanNetwork network, InputRange[][] ranges, TermBlock[][] blocks, double[][][] rows, double[][] weights, SimplificationGoal goal,
        CancellationToken cancellation)
    {
        (_network, _ranges, _blocks, _rows, _weights, _goal) = (network, ranges, blocks, rows, weights, goal);
        double[][] inputs = [.. rows.Select(static row => row[0])];
        _first = Of(0, inputs, static _ => 0);
        _path = _first.Steps(cancellation);
        _firstFactors = FactorsOf(0, inputs, cancellation);
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

        return new SampledElimination(network, ranges, blocks, rows, weights, goal, cancellation);
    }

    /// <summary>The rates of the steps of the first layer, rising: what they cost for a number that they save.</summary>
    public IReadOnlyList<double> Rates => [.. _path.Steps.Select(static step => step.Rate)];

    /// <summary>
    /// The network without all that costs at most a rate for a number that it saves: as least squares leave it, and then tuned as a whole.
    /// </summary>
    /// <param name="rate">The rate.</param>
    /// <param name="isFactored">
    /// Whether layers may become two: those do for which the numbers that are left, at the rate, and what is lost then cost less.
    /// </param>
    /// <param name="isChoice">Whether only the largest output counts.</param>
    /// <param name="cancellation">Cancels the work.</param>
    public IEnumerable<FactoredNetwork> At(double rate, bool isFactored, bool isChoice, CancellationToken cancellation)
    {
        var parts = new List<TunedPart[]>();
        double[][] inputs = [.. _rows.Select(static row => row[0])], values = inputs;
        for (int l = 0; l < _network.Layers.Length; l++)
        {
            // Tables hold panels of nodes, so that one node fewer saves nothing of the layer before.
            double[] segments = new double[_network.Layers[l].InputCount];
            if (l > 0)
            {
                var before = new SampledNetwork(new KanNetwork(parts[^1].Select(static part => part.Layer)));
                values = Array.ConvertAll(values, before.Outputs);
                if (_goal == SimplificationGoal.Segments)
                {
                    foreach (var edge in parts[^1][^1].Layer.Edges) segments[edge.Output] += edge.Function.Slopes.Length;
                }
            }

            var (layer, weights, cost) =
                l == 0 ? _first.After(_path, rate) : Of(l, values, input => segments[input]).Run(rate, cancellation);
            TunedPart[] whole = [new(layer, _blocks[l], weights)];
            double most = cost + (rate * SizeOf(whole));
            var factors = !isFactored ? null : l == 0 ? _firstFactors : FactorsOf(l, values, cancellation);
            if (factors?.Run(rate, input => segments[input], cancellation) is { } found
                && found.Cost + (rate * SizeOf([found.First, found.Second])) < most) parts.Add([found.First, found.Second]);
            else parts.Add(whole);
        }

        yield return Join(parts, [.. parts.SelectMany(static own => own).Select(static part => part.Layer)]);
        var tuning = new SampledTuning(parts.SelectMany(static own => own), inputs, [.. _rows.Select(static row => row[^1])], isChoice);
        yield return Join(parts, [.. tuning.Run(cancellation).Layers]);
    }

    private static FactoredNetwork Join(List<TunedPart[]> parts, KanLayer[] layers)
    {
        var joined = new List<LayerFactors>();
        for (int i = 0, l = 0; l < parts.Count; i += parts[l].Length, l++)
            joined.Add(parts[l].Length == 1 ? new(layers[i]) : SampledFactors.Unbiased(new(layers[i], layers[i + 1])));
        return new FactoredNetwork(joined);
    }

    private long SizeOf(TunedPart[] parts) => parts.Sum(part => LayerSize.By(_goal, part.Layer));

    private double[][] TargetsOf(int l) => [.. _rows.Select(row => row[l + 1])];

    private double[] ImportanceOf(int l) => [.. _weights[l + 1].Select(static weight => weight * weight)];

    private LayerElimination Of(int l, double[][] values, Func<int, double> saved) =>
        new(_network.Layers[l], _blocks[l], values, TargetsOf(l), ImportanceOf(l), _goal, saved);

    private SampledFactors? FactorsOf(int l, double[][] values, CancellationToken cancellation) =>
        SampledFactors.TryCreate(_network.Layers[l], _ranges[l], values, TargetsOf(l), ImportanceOf(l), _goal, cancellation);
}
