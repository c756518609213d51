using System;
using System.Collections.Immutable;
using System.Threading;
using Kan.Forms;

namespace Kan.Compiler.Certify;

/// <summary>
/// A certified bound of |computed - exact|: intervals that hold every node's value, and for each node the rounding errors of its terms, of
/// their sum, and what the slopes make of the errors that arrive. Sound for every input in the ranges, hence far above typical errors.
/// </summary>
public static class ErrorBound
{
    /// <summary>Covers the rounding of this analysis itself, which runs in double.</summary>
    private const double Slack = 1 + 1e-6;

    /// <summary>The largest bound over the outputs; infinity where the ranges are empty.</summary>
    /// <param name="network">The exact network.</param>
    /// <param name="form">How it is computed, layer for layer.</param>
    /// <param name="ranges">One range for all inputs or one for each.</param>
    /// <param name="cancellation">Observed between nodes.</param>
    public static double Certify(KanNetwork network, NetworkForm form, ImmutableArray<InputRange> ranges, CancellationToken cancellation = default)
    {
        if (ranges.IsDefaultOrEmpty) return double.PositiveInfinity;
        double unit = form.Precision == Precision.Single ? 1.0 / (1 << 24) : 1.0 / (1L << 53);
        var nodes = new Node[network.InputCount];
        for (int p = 0; p < nodes.Length; p++)
        {
            var range = ranges[ranges.Length == 1 ? 0 : p];
            nodes[p] = Node.Create(range.Low.ToDouble(), range.High.ToDouble(), 0);
        }

        for (int l = 0; l < network.Layers.Length; l++)
            nodes = Propagate(network.Layers[l], form.Layers[l], form.Precision, nodes, unit, cancellation);
        double bound = 0;
        foreach (var node in nodes) bound = Math.Max(bound, node.Error);
        return double.IsNaN(bound) ? double.PositiveInfinity : bound;
    }

    private static Node[] Propagate(KanLayer layer, LayerForm form, Precision precision, Node[] inputs, double unit, CancellationToken cancellation)
    {
        int m = layer.OutputCount;
        double[] low = new double[m], high = new double[m], error = new double[m], magnitude = new double[m];
        for (int q = 0; q < m; q++)
        {
            low[q] = high[q] = layer.Biases[q].ToDouble();
            magnitude[q] = Math.Abs(form.Biases[q]);
            error[q] = unit * magnitude[q];
        }

        int count = 0;
        foreach (var edge in layer.Edges)
        {
            if ((++count & 0x3FF) == 0) cancellation.ThrowIfCancellationRequested();
            var input = inputs[edge.Input];
            var reach = EdgeReach.Of(edge.Function, input.Low, input.High);
            var (local, term) = TermError(edge, form, reach, input, unit);
            low[edge.Output] += reach.Low;
            high[edge.Output] += reach.High;
            error[edge.Output] += local + (reach.Steepest * input.Error);
            magnitude[edge.Output] += term;
        }

        double depth = SumDepth(form, precision), gamma = depth * unit / (1 - (depth * unit));
        double tiny = precision == Precision.Single ? 1.5e-45 : 5e-324;
        var outputs = new Node[m];
        for (int q = 0; q < m; q++)
        {
            double sum = (error[q] + (gamma * magnitude[q]) + (depth * layer.InputCount * tiny)) * Slack;
            outputs[q] = Node.Create(low[q], high[q], sum);
        }

        return outputs;
    }

    /// <summary>Roundings that the first term of a sum goes through.</summary>
    private static double SumDepth(LayerForm form, Precision precision)
    {
        if (form is ElementwiseForm) return 0;
        int sums = SummationOrder.PartialSums(form.InputCount, form.OutputCount, precision);
        int terms = (form.InputCount + sums - 1) / sums * (form is UnitsForm units ? units.Kinds.Length : 1);
        for (; sums > 1; sums /= 2) terms++;
        return terms;
    }

    /// <summary>The error of one edge's term for an exact input, and a bound of the term.</summary>
    private static (double Error, double Magnitude) TermError(KanEdge edge, LayerForm form, EdgeReach reach, Node input, double unit)
    {
        double x = Math.Max(Math.Abs(input.Low), Math.Abs(input.High));
        switch (form)
        {
            case AffineForm:
                double product = reach.Steepest * x;
                return (unit * product, product * (1 + unit));
            case FactoredForm factored:
                // Weight and shape round once each on the way; a ReLU rounds nothing.
                double line = factored.Activation.IsRelu ? 0 : reach.SegmentError;
                double swing = reach.Steepest * (x + reach.FarthestBreakpoint);
                return (unit * ((2 * swing) + line), swing * (1 + (8 * unit)));
            case UnitsForm:
                double sum = 0;
                foreach (var slope in edge.Function.Slopes) sum += Math.Abs(slope.ToDouble());
                if (form.Lowering == LayerLowering.Relu) sum *= 2;
                double units = sum * (x + reach.FarthestBreakpoint);

                // Each number and each operation round once; a slope of clamped differences is within five roundings of the exact one.
                return (unit * (form.Lowering == LayerLowering.Clamp ? 9 : 5) * units, units * (1 + (16 * unit)));
            default:
                return (unit * reach.SegmentError, reach.Magnitude + (unit * reach.SegmentError));
        }
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
