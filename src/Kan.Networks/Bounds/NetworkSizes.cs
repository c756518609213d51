using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Networks;

/// <summary>Counts what networks hold.</summary>
internal static class NetworkSizes
{
    private const int BytesOfFloat = 4;
    private const int BytesOfIndex = 4;

    public static KanSize Of(KanNetwork network)
    {
        long nonZeros = 0, parameters = 0, shared = 0;
        foreach (var layer in network.Layers)
        {
            long biases = layer.Biases.Count(static bias => !bias.IsZero);
            long bends = layer.Edges.Sum(static edge => (long)edge.Function.Breakpoints.Length);
            long own = biases + (2 * (bends + layer.Edges.Length));
            nonZeros += biases + layer.Edges.Sum(static edge => NonZeros(edge.Function));
            parameters += own;
            shared += own - bends + layer.Edges.GroupBy(static edge => edge.Input)
                .Sum(static edges => edges.SelectMany(static edge => edge.Function.Breakpoints).Distinct().LongCount());
        }

        return new KanSize(network.Widths, network.Layers.Length, network.Layers.Sum(static layer => layer.Edges.Length), nonZeros,
            parameters, shared);
    }

    public static ReluSize Of(ReluNetwork network)
    {
        var total = default(Tally);
        foreach (var layer in network.Layers) total += Tally.Of(layer);
        return Size(network, network.Widths, network.Layers.Length, total);
    }

    /// <summary>
    /// The size after <see cref="ReluNetwork.Fuse"/> of a network whose affine layers are read by units of one input each.
    /// </summary>
    public static ReluSize OfFused(ReluNetwork network)
    {
        var total = default(Tally);
        var widths = new List<int> { network.InputCount };
        for (int l = 0; l < network.Layers.Length; l++)
        {
            var layer = network.Layers[l];
            var last = layer;
            if (!layer.IsRectified && l + 1 < network.Layers.Length)
            {
                last = network.Layers[++l];
                if (!last.IsRectified || !ReadsOneEach(last))
                {
                    // Two affine layers in a row, as affine KAN layers give: only the product itself tells.
                    return Of(network.Fuse());
                }

                total += Tally.OfProduct(layer, last);
            }
            else
            {
                total += Tally.Of(layer);
            }

            widths.Add(last.OutputCount);
        }

        return Size(network, [.. widths], widths.Count - 1, total);
    }

    private static ReluSize Size(ReluNetwork network, ImmutableArray<int> widths, int depth, Tally total)
    {
        long dense = 0, sparse = 0;
        for (int l = 0; l < depth; l++)
        {
            dense += BytesOfFloat * (((long)widths[l] * widths[l + 1]) + widths[l + 1]);
            sparse += (BytesOfFloat * (long)widths[l + 1]) + (BytesOfIndex * ((long)widths[l + 1] + 1));
        }

        sparse += (BytesOfFloat + BytesOfIndex) * total.Weights;
        return new ReluSize(widths, depth, network.UnitCount, total.Weights + total.Biases, total.Weights + total.Biases - total.Signs,
            total.Weights + total.Biases - total.Signs - total.Ties, dense, sparse);
    }

    private static long NonZeros(PiecewiseLinearFunction function) =>
        function.Breakpoints.Count(static number => !number.IsZero) + function.Slopes.Count(static number => !number.IsZero)
            + (function.AnchorValue.IsZero ? 0 : 1);

    private static bool ReadsOneEach(ReluLayer layer) =>
        Enumerable.Range(0, layer.OutputCount).All(unit => layer.Weights.ColumnsOf(unit).Length <= 1);

    /// <summary>
    /// Numbers that are not 0: weights and biases, among the weights those that are signs, among the biases those that repeat one.
    /// </summary>
    private readonly record struct Tally(long Weights, long Biases, long Signs, long Ties)
    {
        public static Tally operator +(Tally a, Tally b) =>
            new(a.Weights + b.Weights, a.Biases + b.Biases, a.Signs + b.Signs, a.Ties + b.Ties);

        public static Tally Of(ReluLayer layer)
        {
            long signs = 0, ties = 0;
            if (layer.IsRectified)
            {
                // Units at one place of one input that turn to either side come in pairs: one for each edge, or for each input.
                var sides = new Dictionary<(int Input, Rational Breakpoint), (long Left, long Right)>();
                for (int unit = 0; unit < layer.OutputCount; unit++)
                {
                    if (layer.Weights.ColumnsOf(unit) is not [int input] || Rational.Abs(layer.Weights.ValuesOf(unit)[0]) != Rational.One)
                        continue;
                    signs++;
                    var bias = layer.Biases[unit];
                    if (bias.IsZero) continue;
                    bool left = layer.Weights.ValuesOf(unit)[0].Sign < 0;
                    var place = (input, left ? bias : -bias);
                    sides.TryGetValue(place, out var count);
                    sides[place] = left ? (count.Left + 1, count.Right) : (count.Left, count.Right + 1);
                }

                ties = sides.Values.Sum(static count => Math.Min(count.Left, count.Right));
            }

            return new Tally(layer.Weights.NonZeroCount, layer.Biases.Count(static bias => !bias.IsZero), signs, ties);
        }

        /// <summary>
        /// Each row of the product is plus or minus a row of the sums, so nothing cancels and nothing need be multiplied.
        /// </summary>
        public static Tally OfProduct(ReluLayer sums, ReluLayer units)
        {
            long weights = 0;
            foreach (var (_, node, _) in units.Weights.Entries()) weights += sums.Weights.ColumnsOf(node).Length;
            var shifts = units.Weights.Multiply(sums.Biases);
            return new Tally(weights, Enumerable.Range(0, shifts.Length).Count(unit => !(shifts[unit] + units.Biases[unit]).IsZero), 0, 0);
        }
    }
}
