using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;

namespace Kan.Compiler.Certify;

/// <summary>
/// A certified bound of |computed - exact|: intervals that hold every node's value, for each node the rounding of its terms and of their
/// sum, and what the slopes behind it make of that error. Sound for every input in the ranges, hence above typical errors. All of the
/// analysis rounds outward, and each number of the computation is compared with the largest one of its type.
/// </summary>
public static class ErrorBound
{
    /// <summary>The largest bound over the outputs.</summary>
    /// <param name="network">The exact network.</param>
    /// <param name="form">How it is computed, layer for layer.</param>
    /// <param name="ranges">One range for all inputs or one for each; none certifies nothing.</param>
    /// <param name="cancellation">Observed every thousand edges.</param>
    public static ErrorCertificate Certify(KanNetwork network, NetworkForm form, ImmutableArray<InputRange> ranges,
        CancellationToken cancellation = default)
    {
        if (ranges.IsDefaultOrEmpty) return ErrorCertificate.WithoutRange;
        var type = new NumberType(form.Precision);
        var watch = new OverflowWatch(type);
        var nodes = new Node[network.InputCount];
        for (int p = 0; p < nodes.Length; p++)
        {
            // Inputs are finite numbers of the type, whatever the range allows.
            var range = ranges[ranges.Length == 1 ? 0 : p];
            double low = Enclosure.Of(range.Low).Low, high = Enclosure.Of(range.High).High;
            nodes[p] = new Node(new Enclosure(Clip(low, type), Clip(high, type)), 0);
        }

        int depth = network.Layers.Length;
        Enclosure[]?[] slopes = new Enclosure[]?[depth], steepest = new Enclosure[]?[depth];
        var errors = new double[depth][];
        for (int l = 0; l < depth; l++)
        {
            watch.Enter(l);
            if (l > 0 && network.Layers[l].Window is null)
            {
                slopes[l] = new Enclosure[network.Layers[l].Edges.Length];
                if (form.Layers[l] is AffineForm or FactoredForm) steepest[l] = new Enclosure[slopes[l]!.Length];
            }

            (nodes, errors[l]) = Propagate(network.Layers[l], form.Layers[l], form.Precision, nodes, slopes[l], steepest[l], type, watch,
                cancellation);
            if (watch.Reason is { } reason) return ErrorCertificate.Infinite(reason);
        }

        // Two sound bounds: errors carried forward by |slope|, and errors weighed by all the layers behind them.
        bool hasImages = network.Layers.Any(static layer => layer.Window is not null);
        double[]? weighed = hasImages ? null : Sensitivity.Worst(network, slopes, steepest, errors, cancellation);
        double bound = 0;
        for (int q = 0; q < nodes.Length; q++)
        {
            double own = weighed is not null && weighed[q] < nodes[q].Error ? weighed[q] : nodes[q].Error;
            if (!(own < double.PositiveInfinity))
                return ErrorCertificate.Infinite("the rounding errors of its layers add up to more than a double holds");
            bound = Math.Max(bound, own);
        }

        return new ErrorCertificate(bound, "");
    }

    private static double Clip(double value, NumberType type) => Math.Max(-type.Largest, Math.Min(type.Largest, value));

    /// <summary>The nodes behind a layer, and the part of their errors that arises in it.</summary>
    private static (Node[] Nodes, double[] Errors) Propagate(
        KanLayer layer, LayerForm form, Precision precision, Node[] inputs, Enclosure[]? slopes, Enclosure[]? steepest, NumberType type,
        OverflowWatch watch, CancellationToken cancellation)
    {
        if (layer.Window is { } window) return Propagate(window, form, inputs, type, watch, cancellation);
        int m = layer.OutputCount;
        var values = new Enclosure[m];
        double[] carried = new double[m], errors = new double[m];
        for (int q = 0; q < m; q++) values[q] = Enclosure.Of(layer.Biases[q]);

        // The constant parts of edges stand in the biases of these forms, so the terms start from 0 at the anchors.
        bool isSummed = form is not ElementwiseForm, isAnchored = form is AffineForm or FactoredForm or UnitsForm;
        var sums = isSummed ? new PrefixSums(form, BiasesOf(layer, isAnchored), precision, type, watch) : null;
        var segments = steepest is null ? null : new int?[layer.InputCount];
        for (int e = 0; e < layer.Edges.Length; e++)
        {
            if ((e & 0x3FF) == 0) cancellation.ThrowIfCancellationRequested();
            var edge = layer.Edges[e];
            var input = inputs[edge.Input];
            var reach = EdgeReach.Of(edge.Function, input.Values);
            var term = TermRounding.Of(edge, form, input.Values, type, watch);
            if (slopes is not null) slopes[e] = reach.Slopes;
            if (segments is not null && !edge.Function.IsConstant)
            {
                // The same segment for all multiples of a function, also where two are as steep.
                segments[edge.Input] ??= reach.Steepest;
                steepest![e] = Enclosure.Of(edge.Function.Slopes[segments[edge.Input]!.Value]);
            }

            values[edge.Output] += reach.Values;
            carried[edge.Output] = Outward.Sum(carried[edge.Output], Outward.Product(reach.Slopes.Magnitude, input.Error));
            if (sums is null) errors[edge.Output] = term.Error;
            else sums.Add(edge, isAnchored ? reach.Values - Enclosure.Of(edge.Function.AnchorValue) : reach.Values, term);
        }

        var nodes = new Node[m];
        for (int q = 0; q < m; q++)
        {
            // A node without an edge is its bias, which a layer that does not sum holds as the value of a table.
            if (sums is not null) errors[q] = sums.Finish(q);
            else errors[q] = Math.Max(errors[q], type.Rounding(Enclosure.Of(layer.Biases[q]).Magnitude));
            nodes[q] = Node.Of(values[q], errors[q], carried[q]);
            watch.See(nodes[q].Values.Magnitude, "an output");
        }

        return (nodes, errors);
    }

    /// <summary>For each output the exact bias of its sum; null where constant parts of edges are added to it.</summary>
    private static Rational?[] BiasesOf(KanLayer layer, bool isAnchored)
    {
        var biases = new Rational?[layer.OutputCount];
        for (int q = 0; q < biases.Length; q++) biases[q] = layer.Biases[q];
        if (!isAnchored) return biases;
        foreach (var edge in layer.Edges)
        {
            if (!edge.Function.AnchorValue.IsZero) biases[edge.Output] = null;
        }

        return biases;
    }

    private static (Node[] Nodes, double[] Errors) Propagate(
        WindowDescription window, LayerForm form, Node[] inputs, NumberType type, OverflowWatch watch, CancellationToken cancellation)
    {
        var reaches = window is ConvolutionDescription convolution
            ? WindowRounding.OfConvolution(convolution, (ConvolutionForm)form, p => inputs[p].Values, p => inputs[p].Error, type, watch,
                cancellation)
            : WindowRounding.OfMaximum((MaximumDescription)window, p => inputs[p].Values, p => inputs[p].Error, cancellation);
        Node[] nodes = [.. reaches.Select(static reach => Node.Of(reach.Values, reach.Own, reach.Carried))];
        foreach (var node in nodes) watch.See(node.Values.Magnitude, "an output");
        return (nodes, [.. reaches.Select(static reach => reach.Own)]);
    }

    /// <summary>What is known of a node.</summary>
    /// <param name="Values">Holds the exact and the computed value.</param>
    /// <param name="Error">A bound of how far they are apart.</param>
    private readonly record struct Node(Enclosure Values, double Error)
    {
        /// <summary>
        /// The node behind a layer. Exact and computed inputs lie in the same intervals, so only what the layer itself rounds leads out of
        /// its exact values.
        /// </summary>
        public static Node Of(Enclosure exact, double own, double carried) => new(exact.Widen(own), Outward.Sum(own, carried));
    }
}
