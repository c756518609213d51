using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Kan.Networks;

/// <summary>
/// Upper bounds of the number of linear regions of a network, from its shape alone or from its breakpoints. They are huge: thousands of
/// digits are common, so compare them by <see cref="BigInteger.Log10(BigInteger)"/>.
/// </summary>
/// <param name="Theorem4">
/// The bound of Theorem 4 of arXiv 2503.01702: k^(n_L + sum of n_l n_(l+1)) for k segments an edge; for ReLU networks 2^(number of units).
/// </param>
/// <param name="SegmentChoices">k^(sum of n_l n_(l+1)): already the segments of all edges fix the affine map.</param>
/// <param name="Product">
/// The product over all nodes of one more than the number of distinct breakpoints of the edges that leave it.
/// </param>
/// <param name="Arrangement">
/// The product over the layers of the number of cells of as many families of parallel hyperplanes as the layer has inputs, in the dimension
/// of the narrowest layer before it: the sum for j up to that dimension of the elementary symmetric polynomials e_j of the breakpoint
/// counts. A single layer attains it.
/// </param>
public sealed record RegionBounds(BigInteger Theorem4, BigInteger SegmentChoices, BigInteger Product, BigInteger Arrangement)
{
    /// <summary>The smallest of the bounds.</summary>
    public BigInteger Least => BigInteger.Min(BigInteger.Min(Theorem4, SegmentChoices), BigInteger.Min(Product, Arrangement));

    /// <summary>The bounds for a KAN, from its distinct breakpoints.</summary>
    public static RegionBounds Of(KanNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        int segments = network.Layers.SelectMany(static layer => layer.Edges).Select(static edge => edge.Function.Slopes.Length)
            .DefaultIfEmpty(1).Max();
        return Create(network.Widths, segments, network.Layers.Select(BreakpointCounts));
    }

    /// <summary>The bounds for all KANs of a shape.</summary>
    /// <param name="widths">Inputs, then the outputs of each layer; at least two numbers, all positive.</param>
    /// <param name="segments">The segments of each edge, k; one more than its breakpoints.</param>
    /// <exception cref="ArgumentException">Fewer than two widths.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A width or the number of segments is not positive.</exception>
    public static RegionBounds ForShape(IReadOnlyList<int> widths, int segments)
    {
        ArgumentNullException.ThrowIfNull(widths);
        if (widths.Count < 2)
            throw new ArgumentException("A network needs at least two widths: its inputs and its outputs.", nameof(widths));
        foreach (int width in widths) ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width, nameof(widths));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(segments);
        return Create(widths, segments,
            Enumerable.Range(1, widths.Count - 1).Select(l => Enumerable.Repeat(widths[l] * (segments - 1), widths[l - 1]).ToArray()));
    }

    /// <summary>
    /// The bounds for a ReLU network: 2^units, and the product over its rectified layers of the number of cells of an arrangement of as
    /// many hyperplanes.
    /// </summary>
    public static RegionBounds Of(ReluNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var patterns = BigInteger.One << network.UnitCount;
        var arrangement = BigInteger.One;
        int dimension = network.InputCount;
        foreach (var layer in network.Layers)
        {
            dimension = Math.Min(dimension, layer.InputCount);
            if (layer.IsRectified) arrangement *= CellCount([.. Enumerable.Repeat(1, layer.OutputCount)], dimension);
        }

        return new RegionBounds(patterns, patterns, patterns, arrangement);
    }

    private static RegionBounds Create(IReadOnlyList<int> widths, int segments, IEnumerable<int[]> breakpointCounts)
    {
        long edges = 0;
        for (int l = 1; l < widths.Count; l++) edges += (long)widths[l - 1] * widths[l];
        BigInteger product = BigInteger.One, arrangement = BigInteger.One;
        int dimension = int.MaxValue;
        foreach (int[] counts in breakpointCounts)
        {
            dimension = Math.Min(dimension, counts.Length);
            product *= CellCount(counts, counts.Length);
            arrangement *= CellCount(counts, dimension);
        }

        var choices = BigInteger.Pow(segments, checked((int)edges));
        return new RegionBounds(choices * BigInteger.Pow(segments, widths[^1]), choices, product, arrangement);
    }

    /// <summary>The sum of e_0 ... e_d of some numbers: all of them together are the product of (1 + number).</summary>
    private static BigInteger CellCount(int[] counts, int dimension)
    {
        if (dimension >= counts.Length) return counts.Aggregate(BigInteger.One, static (product, count) => product * (count + 1));
        var symmetric = new BigInteger[dimension + 1];
        symmetric[0] = BigInteger.One;
        foreach (int count in counts)
        {
            for (int j = dimension; j > 0; j--) symmetric[j] += symmetric[j - 1] * count;
        }

        return symmetric.Aggregate(BigInteger.Zero, static (sum, term) => sum + term);
    }

    private static int[] BreakpointCounts(KanLayer layer)
    {
        var distinct = Enumerable.Range(0, layer.InputCount).Select(static _ => new HashSet<Rational>()).ToArray();
        foreach (var edge in layer.Edges) distinct[edge.Input].UnionWith(edge.Function.Breakpoints);
        return Array.ConvertAll(distinct, static own => own.Count);
    }
}
