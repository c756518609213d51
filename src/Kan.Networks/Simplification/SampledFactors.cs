using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Kan.Networks;

/// <summary>
/// Two layers in place of one, fitted to samples: the outputs are projected on the directions in which they vary most, and the nodes of
/// these read as few inputs as they need.
/// </summary>
internal sealed class SampledFactors
{
    private readonly KanLayer _layer;
    private readonly TermBlock _block;
    private readonly double[][] _inputs, _targets;
    private readonly double[] _means;
    private readonly LowRankBasis _basis;
    private readonly SimplificationGoal _goal;
    private readonly double _numbersOfNode;

    private SampledFactors(
        KanLayer layer, TermBlock block, double[][] inputs, double[][] targets, double[] importance, SimplificationGoal goal,
        CancellationToken cancellation)
    {
        (_layer, _block, _inputs, _targets, _goal) = (layer, block, inputs, targets, goal);
        _means = [.. Enumerable.Range(0, layer.OutputCount).Select(q => targets.Average(row => row[q]))];
        double[] variances = Variances(block, inputs);
        double share = BlockSystem.PriorOfTerm * variances.Length / inputs.Length, largest = variances.Max();
        double[] prior = [.. variances.Select(own => (share * own) + (BlockSystem.LeastPrior * (largest > 0 ? largest : 1)))];
        _basis = LowRankBasis.OfRows(targets, _means, importance, prior, block.Weights, cancellation);
        int used = Enumerable.Range(0, variances.Length).Count(t => variances[t] > 0);
        bool isBent = block.Terms.Any(static term => term.IsBend);
        _numbersOfNode = layer.OutputCount + ((isBent && goal == SimplificationGoal.Tables ? 2.0 : 1) * used);
    }

    /// <summary>Prepares a layer; null if it cannot have factors that are smaller.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="ranges">The ranges of its inputs.</param>
    /// <param name="inputs">By sample the values that its inputs have.</param>
    /// <param name="targets">By sample the values that its outputs should have.</param>
    /// <param name="importance">What a squared error of each output counts for.</param>
    /// <param name="goal">What is kept small.</param>
    /// <param name="cancellation">Cancels the work.</param>
    public static SampledFactors? TryCreate(
        KanLayer layer, InputRange[] ranges, double[][] inputs, double[][] targets, double[] importance, SimplificationGoal goal,
        CancellationToken cancellation) =>
        LowRankBasis.BlockOf(layer, ranges) is { } block
            ? new SampledFactors(layer, block, inputs, targets, importance, goal, cancellation)
            : null;

    /// <summary>
    /// The two layers that leave out each direction, and each input, that costs at most a rate for a number that this saves, and what is
    /// lost; null if a single direction is not worth it, or all are.
    /// </summary>
    /// <param name="rate">The rate.</param>
    /// <param name="savedByInput">What it saves elsewhere that an input is no longer read.</param>
    /// <param name="cancellation">Cancels the work.</param>
    public (TunedPart First, TunedPart Second, double Cost)? Run(
        double rate, Func<int, double> savedByInput, CancellationToken cancellation)
    {
        int rank = _basis.Values.Count(value => value > rate * _numbersOfNode), outputs = _layer.OutputCount;
        if (rank == 0 || rank >= Math.Min(outputs, _block.Terms.Length)) return null;
        int[] nodes = [.. Enumerable.Range(0, rank)];
        var (down, up) = _basis.Factors(_block, rank);
        double[][] targets = Array.ConvertAll(_targets, row =>
            nodes.Select(k => Enumerable.Range(0, outputs).Sum(q => _basis.Down(k, q) * (row[q] - _means[q]))).ToArray());
        var elimination = new LayerElimination(new KanLayer(_layer.InputCount, rank, []), [down], _inputs, targets,
            [.. nodes.Select(static _ => 1.0)], _goal, savedByInput);
        var (first, kept, cost) = elimination.Run(rate, cancellation);
        var second = new KanLayer(rank, outputs, up.Edges(up.Weights), [.. _means.Select(Rational.FromDouble)]);

        // Nodes in between need no numbers for their biases: those of the outputs hold them.
        var factors = Unbiased(new LayerFactors(first, second));
        return (new TunedPart(factors.First, [down], kept), new TunedPart(factors.Second!, [up], [up.Weights]),
            cost + _basis.Values.Skip(rank).Sum());
    }

    /// <summary>The factors with the biases of the nodes in between moved into those of the outputs, as floats.</summary>
    public static LayerFactors Unbiased(LayerFactors factors)
    {
        double[] biases = [.. factors.Second!.Biases.Select(static bias => bias.ToDouble())];
        foreach (var edge in factors.Second.Edges)
            biases[edge.Output] += edge.Function.Slopes[0].ToDouble() * factors.First.Biases[edge.Input].ToDouble();
        var (first, second) = (factors.First, factors.Second);
        return new LayerFactors(
            new KanLayer(first.InputCount, first.OutputCount, first.Edges),
            new KanLayer(second.InputCount, second.OutputCount, second.Edges, [.. biases.Select(TermBlock.Number)]));
    }

    private static double[] Variances(TermBlock block, double[][] rows)
    {
        var variances = new double[block.Terms.Length];
        for (int t = 0; t < variances.Length; t++)
        {
            var function = new SampledFunction(block.Terms[t].Function);
            double[] values = Array.ConvertAll(rows, row => function.At(row[block.Terms[t].Input]));
            double mean = values.Average();
            variances[t] = values.Average(value => (value - mean) * (value - mean));
        }

        return variances;
    }
}
