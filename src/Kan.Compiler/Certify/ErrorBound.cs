using System;
using System.Collections.Immutable;
using System.Threading;
using Kan.Forms;

namespace Kan.Compiler.Certify;

/// <summary>
/// A certified bound of |computed - exact|: intervals that hold every node's value, for each node the rounding of its terms and of their sum,
/// and what the slopes behind it make of that error. Sound for every input in the ranges, hence above typical errors.
/// </summary>
public static class ErrorBound
{
    /// <summary>The largest bound over the outputs; infinity where the ranges are empty.</summary>
    /// <param name="network">The exact network.</param>
    /// <param name="form">How it is computed, layer for layer.</param>
    /// <param name="ranges">One range for all inputs or one for each.</param>
    /// <param name="cancellation">Observed every thousand edges.</param>
    public static double Certify(KanNetwork network, NetworkForm form, ImmutableArray<InputRange> ranges, CancellationToken cancellation = default)
    {
        if (ranges.IsDefaultOrEmpty) return double.PositiveInfinity;
        var rounding = new UnitRoundoff(form.Precision);
        var nodes = new Node[network.InputCount];
        for (int p = 0; p < nodes.Length; p++)
        {
            var range = ranges[ranges.Length == 1 ? 0 : p];
            nodes[p] = Node.Create(range.Low.ToDouble(), range.High.ToDouble(), 0);
        }

        int depth = network.Layers.Length;
        var slopes = new (double Least, double Most)[]?[depth];
        var errors = new double[depth][];
        for (int l = 0; l < depth; l++)
        {
            if (l > 0) slopes[l] = new (double, double)[network.Layers[l].Edges.Length];
            (nodes, errors[l]) = Propagate(network.Layers[l], form.Layers[l], form.Precision, nodes, slopes[l], rounding, cancellation);
        }

        // Two sound bounds: errors carried forward by |slope|, and errors weighed by all the layers behind them.
        var weighed = Sensitivity.Worst(network, slopes, errors, cancellation);
        double bound = 0;
        for (int q = 0; q < nodes.Length; q++)
        {
            double own = weighed is not null && weighed[q] < nodes[q].Error ? weighed[q] : nodes[q].Error;
            if (double.IsNaN(own)) return double.PositiveInfinity;
            bound = Math.Max(bound, own);
        }

        return bound;
    }

    /// <summary>The nodes behind a layer, and the part of their errors that arises in it.</summary>
    private static (Node[] Nodes, double[] Errors) Propagate(
        KanLayer layer, LayerForm form, Precision precision, Node[] inputs, (double Least, double Most)[]? slopes, UnitRoundoff rounding, CancellationToken cancellation)
    {
        int m = layer.OutputCount;
        double[] low = new double[m], high = new double[m], carried = new double[m], terms = new double[m], mass = new double[m];
        bool isSummed = form is not ElementwiseForm;
        for (int q = 0; q < m; q++)
        {
            low[q] = high[q] = layer.Biases[q].ToDouble();
            terms[q] = rounding.Of(Math.Abs(isSummed ? form.Biases[q] : low[q]));
        }

        // The constant parts of edges stand in the biases of these forms, so the terms start from 0 at the anchors.
        bool isAnchored = form is AffineForm or FactoredForm or UnitsForm;
        var sums = new PrefixSums(form, precision, rounding);
        for (int e = 0; e < layer.Edges.Length; e++)
        {
            if ((e & 0x3FF) == 0) cancellation.ThrowIfCancellationRequested();
            var edge = layer.Edges[e];
            var input = inputs[edge.Input];
            var reach = EdgeReach.Of(edge.Function, input.Low, input.High);
            var term = TermRounding.Of(edge, form, input.Low, input.High, rounding);
            if (slopes is not null) slopes[e] = (reach.LeastSlope, reach.MostSlope);
            low[edge.Output] += reach.Low;
            high[edge.Output] += reach.High;
            mass[edge.Output] += Math.Max(Math.Abs(reach.Low), Math.Abs(reach.High));
            carried[edge.Output] += reach.Steepest * input.Error;
            terms[edge.Output] += term.Error;
            double constant = isAnchored ? edge.Function.AnchorValue.ToDouble() : 0, margin = 1e-12 * Math.Abs(constant);
            if (isSummed) sums.Add(edge, reach.Low - constant - margin, reach.High - constant + margin, term);
        }

        var nodes = new Node[m];
        var errors = new double[m];
        for (int q = 0; q < m; q++)
        {
            errors[q] = isSummed ? sums.Finish(q, terms[q]) : terms[q] * UnitRoundoff.Slack;
            double inexact = (layer.InputCount + 2) * 1.2e-16 * (mass[q] + Math.Abs(low[q]));
            nodes[q] = Node.Create(low[q] - inexact, high[q] + inexact, errors[q] + (carried[q] * UnitRoundoff.Slack));
        }

        return (nodes, errors);
    }

    /// <summary>What is known of a node: an interval that holds the exact and the computed value, and how far they are apart.</summary>
    private readonly record struct Node(double Low, double High, double Error)
    {
        public static Node Create(double low, double high, double error)
        {
            double margin = error + (1e-9 * Math.Max(Math.Abs(low), Math.Abs(high)));
            return new Node(low - margin, high + margin, error);
        }
    }
}
