using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Kan.Compiler.Integers;

namespace Kan.Compiler.Lower;

/// <summary>Picks scales and knots, and rounds a network of curves to integers.</summary>
internal static class CurveLowering
{
    private const int MostValue = 127;

    /// <summary>Values of a layer up to which the weights of codes are as fine as they can be, though kernels take longer.</summary>
    private const int Small = 1 << 12;

    /// <summary>Values of a layer, of which a table has two for each segment and output: it is as long as that of floats may be.</summary>
    private const long MostValues = TableSize.MostNumbers * 2;

    /// <summary>Scales are widened by this until what must fit does.</summary>
    private const double Step = 1 + 1e-3;

    /// <summary>The integer form of a network.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="inputs">The ranges of the inputs, one for each or one for all.</param>
    /// <param name="hidden">A range of the sums behind each layer but the last.</param>
    /// <param name="cancellation">Observed between layers.</param>
    /// <exception cref="NoIntegerFormException">A sum might leave 32 bits.</exception>
    public static IntegerForm Lower(CurveLayer[] layers, ImmutableArray<InputRange> inputs, ImmutableArray<CodedRange> hidden,
        CancellationToken cancellation)
    {
        ImmutableArray<CodeRange> codes =
            [.. inputs.Select(range => Codes(new CodedRange(range.Low.ToDouble(), range.High.ToDouble()), layers[0]))];
        if (codes.Distinct().Count() == 1) codes = [codes[0]];
        var forms = ImmutableArray.CreateBuilder<IntegerLayerForm>(layers.Length);
        for (int l = 0; l < layers.Length; l++)
        {
            cancellation.ThrowIfCancellationRequested();
            var before = l == 0 ? codes : [forms[l - 1].Codes];
            var behind = l == layers.Length - 1 ? new CodeRange(1, 0) : Codes(hidden[l], layers[l + 1]);
            forms.Add(Lower(layers[l], before, behind, l));
        }

        return new IntegerForm(codes, forms.MoveToImmutable());
    }

    /// <summary>Codes for a range, less what no edge tells apart.</summary>
    internal static CodeRange Codes(CodedRange range, CurveLayer reader, bool isWide = false)
    {
        double low = Math.Max(range.Low, reader.Varying.Low), high = Math.Min(range.High, reader.Varying.High);
        return IntegerLowering.Codes(low < high ? new CodedRange(low, high) : range, isWide);
    }

    private static IntegerLayerForm Lower(CurveLayer layer, ImmutableArray<CodeRange> before, CodeRange behind, int index)
    {
        int m = layer.Outputs;
        var knots = Knots(layer, before);
        long count = knots.Length == 1 ? (long)knots[0].Length * layer.Inputs : knots.Sum(static own => (long)own.Length);
        if (count * m > MostValues)
        {
            throw new NoIntegerFormException($"the functions of layer {index}, of {layer.Inputs} inputs and {layer.Outputs} outputs, have "
                + "too many values for a table");
        }

        double[] values = new double[count * m];
        double[] totals = (double[])layer.Biases.Clone(), largest = new double[m];
        int start = 0;
        for (int p = 0; p < layer.Inputs; p++)
        {
            var codes = before[before.Length == 1 ? 0 : p];
            double[] points = [.. knots[knots.Length == 1 ? 0 : p].Select(knot => (double)codes.Scale * (knot - codes.Zero))];
            for (int e = layer.Starts[p]; e < layer.Starts[p + 1]; e++)
            {
                // Values lie around 0: the middle of an edge is a part of the bias.
                var edge = layer.Edges[e];
                double low = double.PositiveInfinity, high = double.NegativeInfinity;
                for (int k = 0; k < points.Length; k++)
                {
                    double value = values[start + (k * m) + edge.Output] = edge.Curve.Evaluate(points[k]);
                    (low, high) = (Math.Min(low, value), Math.Max(high, value));
                }

                double middle = low + ((high - low) / 2);
                for (int k = 0; k < points.Length; k++) values[start + (k * m) + edge.Output] -= middle;
                totals[edge.Output] += middle;
                largest[edge.Output] = Math.Max(largest[edge.Output], (high - low) / 2);
            }

            start += points.Length * m;
        }

        int whole = Whole(knots, values.Length);
        float[] units = [.. totals.Select((total, q) => Unit(largest[q], total, whole, index))];
        sbyte[] rounded = new sbyte[values.Length];
        for (int i = 0; i < rounded.Length; i++) rounded[i] = (sbyte)Math.Round(values[i] / ((double)units[i % m] * whole));
        var curves = new IntegerCurves(knots, whole, [.. rounded]);
        ImmutableArray<int> biases = [.. totals.Select((total, q) => (int)Math.Round(total / units[q]))];
        for (int q = 0; q < m; q++)
        {
            if (Math.Abs((long)biases[q]) + curves.MostSum(layer.Inputs, q) > int.MaxValue)
                throw new NoIntegerFormException($"a sum of layer {index} might leave 32 bits: it has {layer.Inputs} inputs");
        }

        return new IntegerLayerForm(layer.Inputs, m, [], biases, [.. units], behind) { Curves = curves };
    }

    /// <summary>What 1 in the sums of an output stands for, so that all of its values fit.</summary>
    private static float Unit(double largest, double total, int whole, int index)
    {
        for (double unit = Math.Max(1e-30, Math.Max(largest / MostValue / whole, Math.Abs(total) / (1 << 29))); ; unit *= Step)
        {
            float found = (float)unit;
            if (float.IsInfinity(found)) throw new NoIntegerFormException($"the values of layer {index} are too large for float");
            if (found > 0 && Math.Round(largest / ((double)found * whole)) <= MostValue) return found;
        }
    }

    /// <summary>
    /// The codes next to where the edges of each input bend, and both ends: for all inputs together, unless that makes the table longer by
    /// more than a quarter.
    /// </summary>
    private static ImmutableArray<ImmutableArray<byte>> Knots(CurveLayer layer, ImmutableArray<CodeRange> before)
    {
        var shared = new SortedSet<byte> { 0, CodeRange.Highest };
        var own = ImmutableArray.CreateBuilder<ImmutableArray<byte>>(layer.Inputs);
        long segments = 0;
        for (int p = 0; p < layer.Inputs; p++)
        {
            var codes = before[before.Length == 1 ? 0 : p];
            var knots = new SortedSet<byte> { 0, CodeRange.Highest };
            for (int e = layer.Starts[p]; e < layer.Starts[p + 1]; e++)
            {
                foreach (double point in layer.Edges[e].Curve.Breakpoints)
                {
                    double code = Math.Round(point / codes.Scale) + codes.Zero;
                    if (code is > 0 and < CodeRange.Highest) knots.Add((byte)code);
                }
            }

            shared.UnionWith(knots);
            segments += knots.Count - 1;
            own.Add([.. knots]);
        }

        return (shared.Count - 1L) * layer.Inputs * 4 <= segments * 5 ? [[.. shared]] : own.MoveToImmutable();
    }

    /// <summary>
    /// What the weights of a code add up to: at least the codes of the longest segment, so that each code has weights that no other has,
    /// and such that they are as near as possible to what they stand for. The fewer, the more products of large layers fit 16 bits
    /// together.
    /// </summary>
    private static int Whole(ImmutableArray<ImmutableArray<byte>> knots, int numbers)
    {
        int[] lengths = [.. knots.SelectMany(static own => own.Skip(1).Zip(own, static (next, knot) => next - knot)).Distinct()];
        int longest = lengths.Max(), most = CodeRange.Highest;
        if (numbers > Small) most = CurveLayout.MostWhole(longest);
        int best = longest;
        double error = double.PositiveInfinity;
        for (int whole = longest; whole <= most; whole++)
        {
            double own = lengths.Max(length => Error(length, whole));
            if (own < error) (best, error) = (whole, own);
        }

        return best;
    }

    /// <summary>What a code of a segment may be off by its rounded weights, in codes.</summary>
    private static double Error(int length, int whole)
    {
        double error = 0;
        for (int t = 1; t < length; t++)
        {
            int weight = ((2 * t * whole) + length) / (2 * length);
            error = Math.Max(error, Math.Abs(((double)weight * length / whole) - t));
        }

        return error;
    }
}
