using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Kan.Compiler.Integers;

namespace Kan.Compiler.Lower;

/// <summary>Picks scales and knots, and rounds a network of curves to integers with codes and values of 16 bits.</summary>
internal static class WideCurveLowering
{
    private const int MostValue = short.MaxValue;

    /// <summary>Steps beyond which a bias widens the scale.</summary>
    private const int MostBias = 1 << 29;

    private const int MostShift = 24;

    /// <summary>Scales are widened by this until what must fit does.</summary>
    private const double Step = 1 + 1e-6;

    /// <summary>Pairs of values of a layer up to which each breakpoint may have a knot of its own.</summary>
    private const int Small = 1 << 12;

    /// <summary>
    /// Codes that knots may be apart at least, the first of which that makes the table no longer than the last by more than a quarter is
    /// taken: a step of codes of 8 bits is the last.
    /// </summary>
    private static readonly int[] s_distances = [1, 4, 16, 64, CodeRange.HighestWide / CodeRange.Highest];

    /// <summary>The integer form of a network; null if it has too many values for a table, or a sum might leave 32 bits.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="inputs">The ranges of the inputs, one for each or one for all.</param>
    /// <param name="hidden">A range of the sums behind each layer but the last.</param>
    /// <param name="cancellation">Observed between layers.</param>
    public static IntegerForm? Lower(CurveLayer[] layers, ImmutableArray<InputRange> inputs, ImmutableArray<CodedRange> hidden,
        CancellationToken cancellation)
    {
        ImmutableArray<CodeRange> codes = [.. inputs.Select(range =>
            CurveLowering.Codes(new CodedRange(range.Low.ToDouble(), range.High.ToDouble()), layers[0], isWide: true))];
        if (codes.Distinct().Count() == 1) codes = [codes[0]];
        var forms = ImmutableArray.CreateBuilder<IntegerLayerForm>(layers.Length);
        for (int l = 0; l < layers.Length; l++)
        {
            cancellation.ThrowIfCancellationRequested();
            var before = l == 0 ? codes : [forms[l - 1].Codes];
            var behind = l == layers.Length - 1
                ? new CodeRange(1, 0) { IsWide = true }
                : CurveLowering.Codes(hidden[l], layers[l + 1], isWide: true);
            if (Lower(layers[l], before, behind) is not { } form) return null;
            forms.Add(form);
        }

        return new IntegerForm(codes, forms.MoveToImmutable());
    }

    private static IntegerLayerForm? Lower(CurveLayer layer, ImmutableArray<CodeRange> before, CodeRange behind)
    {
        var knots = Knots(layer, before);
        if (Segments(knots, layer.Inputs) * layer.Outputs > TableSize.MostNumbers) return null;
        var exact = ExactValues.Of(layer, before, knots);
        for (int shift = 0; shift <= MostShift; shift++)
        {
            // One in a sum is a value of one, times the whole of the weights, divided by 2^shift.
            double whole = WideCurves.Whole / (double)(1 << shift);
            float[] units = [.. exact.Totals.Select((total, q) => Unit(exact.Largest[q], total, whole))];
            if (units.Any(float.IsInfinity)) return null;
            if (units.Select((unit, q) => (exact.Sizes[q] + Math.Abs(exact.Totals[q])) / unit).Any(static sum => sum > int.MaxValue))
                continue;
            if (Round(layer, exact, new WideCurves(knots, shift, []), units) is var (curves, biases))
            {
                return new IntegerLayerForm(layer.Inputs, layer.Outputs, [], biases, [.. units], behind) { WideCurves = curves };
            }
        }

        return null;
    }

    /// <summary>The nearest integers; null if a sum of them might leave 32 bits.</summary>
    private static (WideCurves Curves, ImmutableArray<int> Biases)? Round(CurveLayer layer, ExactValues exact, WideCurves curves,
        float[] units)
    {
        int m = layer.Outputs, at = 0;
        double whole = WideCurves.Whole / (double)(1 << curves.Shift);
        short[] rounded = new short[exact.Values.Length];
        int[] terms = new int[m];
        for (int p = 0; p < layer.Inputs; p++)
        {
            int end = at + (curves.KnotsOf(p).Length * m);
            var isOf = new bool[m];
            for (; at < end; at++)
            {
                rounded[at] = (short)Math.Round(exact.Values[at] / (units[at % m] * whole));
                isOf[at % m] |= rounded[at] != 0;
            }

            for (int q = 0; q < m; q++) terms[q] += isOf[q] ? 1 : 0;
        }

        // What terms lose as they are rounded down has a middle, which is a part of the bias.
        double lost = (1 - (1.0 / (1 << curves.Shift))) / 2;
        ImmutableArray<int> biases = [.. exact.Totals.Select((total, q) => (int)Math.Round((total / units[q]) + (terms[q] * lost)))];
        curves = curves with { Values = [.. rounded] };
        for (int q = 0; q < m; q++)
            if (Math.Abs((long)biases[q]) + curves.MostSum(layer.Inputs, q) > int.MaxValue) return null;
        return (curves, biases);
    }

    /// <summary>What 1 in the sums of an output stands for, so that all of its values fit.</summary>
    private static float Unit(double largest, double total, double whole)
    {
        for (double unit = Math.Max(1e-30, Math.Max(largest / MostValue / whole, Math.Abs(total) / MostBias)); ; unit *= Step)
        {
            float found = (float)unit;
            if (float.IsInfinity(found) || (found > 0 && Math.Round(largest / (found * whole)) <= MostValue)) return found;
        }
    }

    /// <summary>
    /// The codes next to where the edges of each input bend, and both ends, apart as far as the length of the table asks for: for all
    /// inputs together, unless that makes the table longer by more than a quarter.
    /// </summary>
    private static ImmutableArray<ImmutableArray<ushort>> Knots(CurveLayer layer, ImmutableArray<CodeRange> before)
    {
        var bends = new SortedSet<int>[layer.Inputs];
        var all = new SortedSet<int>();
        for (int p = 0; p < bends.Length; p++)
        {
            var codes = before[before.Length == 1 ? 0 : p];
            bends[p] = [];
            for (int e = layer.Starts[p]; e < layer.Starts[p + 1]; e++)
            {
                foreach (double point in layer.Edges[e].Curve.Breakpoints)
                {
                    double code = Math.Round(point / codes.Scale) + codes.Zero;
                    if (code is > 0 and < CodeRange.HighestWide) bends[p].Add((int)code);
                }
            }

            all.UnionWith(bends[p]);
        }

        var knots = s_distances.Select(Apart).Reverse().ToArray();
        long most = Math.Max(Small, Segments(knots[0], layer.Inputs) * layer.Outputs * 5 / 4);
        return knots.Last(own => own == knots[0] || Segments(own, layer.Inputs) * layer.Outputs <= most);

        ImmutableArray<ImmutableArray<ushort>> Apart(int distance)
        {
            ImmutableArray<ImmutableArray<ushort>> shared = [Merge(all, distance)],
                own = [.. bends.Select(codes => Merge(codes, distance))];
            return Segments(shared, layer.Inputs) * 4 <= Segments(own, layer.Inputs) * 5 ? shared : own;
        }
    }

    private static long Segments(ImmutableArray<ImmutableArray<ushort>> knots, int inputs) => knots.Length == 1
        ? (knots[0].Length - 1L) * inputs
        : knots.Sum(static own => own.Length - 1L);

    /// <summary>Both ends and, of codes that are next to each other by less than a distance, the one in the middle.</summary>
    private static ImmutableArray<ushort> Merge(SortedSet<int> bends, int distance)
    {
        int[] codes = [.. bends];
        var knots = ImmutableArray.CreateBuilder<ushort>();
        knots.Add(0);
        for (int i = 0, end; i < codes.Length; i = end)
        {
            end = i + 1;
            while (end < codes.Length && codes[end] - codes[i] < distance) end++;
            knots.Add((ushort)codes[i + ((end - i - 1) / 2)]);
        }

        knots.Add(CodeRange.HighestWide);
        return knots.ToImmutable();
    }

    /// <summary>The values of edges at knots, less the middle of each edge, which is a part of the bias.</summary>
    /// <param name="Values">The values, ordered by input, then knot, then output.</param>
    /// <param name="Totals">The biases of outputs.</param>
    /// <param name="Largest">The largest size of a value of each output.</param>
    /// <param name="Sizes">The sums of the largest sizes of its edges.</param>
    private sealed record ExactValues(double[] Values, double[] Totals, double[] Largest, double[] Sizes)
    {
        public static ExactValues Of(CurveLayer layer, ImmutableArray<CodeRange> before, ImmutableArray<ImmutableArray<ushort>> knots)
        {
            int m = layer.Outputs, start = 0;
            double[] values = new double[(Segments(knots, layer.Inputs) + layer.Inputs) * m], totals = (double[])layer.Biases.Clone(),
                largest = new double[m], sizes = new double[m];
            for (int p = 0; p < layer.Inputs; p++)
            {
                var codes = before[before.Length == 1 ? 0 : p];
                double[] points = [.. knots[knots.Length == 1 ? 0 : p].Select(knot => codes.Number(knot))], own = new double[points.Length];
                for (int e = layer.Starts[p]; e < layer.Starts[p + 1]; e++)
                {
                    var (curve, q) = (layer.Edges[e].Curve, layer.Edges[e].Output);
                    curve.Evaluate(points, own);
                    double low = own.Min(), half = (own.Max() - low) / 2, middle = low + half;
                    for (int k = 0; k < own.Length; k++) values[start + (k * m) + q] = own[k] - middle;
                    totals[q] += middle;
                    largest[q] = Math.Max(largest[q], half);
                    sizes[q] += half;
                }

                start += points.Length * m;
            }

            return new ExactValues(values, totals, largest, sizes);
        }
    }
}
