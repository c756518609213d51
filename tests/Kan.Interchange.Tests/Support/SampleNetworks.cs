using System;
using System.Linq;

namespace Kan.Interchange.Tests.Support;

/// <summary>Networks from seeds.</summary>
internal static class SampleNetworks
{
    /// <summary>A KAN whose edges all bend at the same knots, by input, with parameters that are multiples of 2^-bits.</summary>
    public static KanNetwork Dyadic(int seed, int bits, int segments, params int[] widths)
    {
        var random = new Random(seed);
        int one = 1 << bits;
        return new KanNetwork(widths.Zip(widths.Skip(1)).Select(shape => new KanLayer(
            shape.First,
            shape.Second,
            Enumerable.Range(0, shape.First).SelectMany(p => Edges(p, shape.Second)),
            [.. Enumerable.Range(0, shape.Second).Select(_ => Number())])));

        Rational Number() => Rational.Create(random.Next(-one, one + 1), one);

        KanEdge[] Edges(int input, int outputs)
        {
            Rational[] knots = [.. Enumerable.Range(1, segments - 1).Select(i => Rational.Create((2 * i * one / segments) - one, one))];
            return [.. Enumerable.Range(0, outputs).Select(q => new KanEdge(
                input, q, PiecewiseLinearFunction.FromSlopes(knots, [.. Enumerable.Range(0, segments).Select(_ => Number())], Rational.Zero,
                    Number())))];
        }
    }

    /// <summary>Numbers in [-2, 2] that are multiples of 2^-bits.</summary>
    public static double[] Inputs(int seed, int bits, int count)
    {
        var random = new Random(seed);
        int one = 1 << bits;
        return [.. Enumerable.Range(0, count).Select(_ => (double)random.Next(-2 * one, (2 * one) + 1) / one)];
    }
}
