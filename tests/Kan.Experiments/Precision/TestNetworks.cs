using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Experiments.Precision;

/// <summary>Random KANs on [-2, 2] whose numbers are floats.</summary>
internal static class TestNetworks
{
    /// <summary>A KAN of edges with K knots in [-2, 2] and values that keep the nodes within a few units.</summary>
    /// <param name="widths">Inputs, then the outputs of each layer.</param>
    /// <param name="knots">K, at least 2.</param>
    /// <param name="isUniform">Whether all edges share evenly spaced knots; otherwise each edge draws its own.</param>
    /// <param name="seed">Fixes the network.</param>
    public static KanNetwork Create(IReadOnlyList<int> widths, int knots, bool isUniform, int seed)
    {
        var random = new Random(seed);
        return new KanNetwork(Enumerable.Range(0, widths.Count - 1).Select(l =>
        {
            double scale = 2 / Math.Sqrt(widths[l]);
            var edges = from p in Enumerable.Range(0, widths[l])
                        from q in Enumerable.Range(0, widths[l + 1])
                        select new KanEdge(p, q, Edge(random, knots, isUniform, scale));
            return new KanLayer(widths[l], widths[l + 1], edges.ToList());
        }));
    }

    private static PiecewiseLinearFunction Edge(Random random, int knots, bool isUniform, double scale)
    {
        var points = isUniform
            ? Enumerable.Range(0, knots).Select(i => (float)(-2 + (4.0 * i / (knots - 1))))
            : Enumerable.Range(0, knots).Select(_ => (float)((4 * random.NextDouble()) - 2)).Distinct().Order();
        Rational[] exact = [.. points.Select(Rational.FromSingle)];
        Rational[] values = [.. exact.Select(_ => Rational.FromSingle((float)(scale * ((2 * random.NextDouble()) - 1))))];

        // Flat ends keep hidden values from running away.
        return PiecewiseLinearFunction.FromKnots(exact, values, Rational.Zero, Rational.Zero);
    }
}
