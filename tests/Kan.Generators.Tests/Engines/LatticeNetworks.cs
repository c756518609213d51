using System;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Generators.Tests.Engines;

/// <summary>
/// Networks whose weights, breakpoints and slopes are a few multiples of 1/2, so that nodes of every layer sit on breakpoints at points of
/// a lattice.
/// </summary>
internal static class LatticeNetworks
{
    /// <summary>Networks that are written out, of several panels, and with weights read as lists or by windows.</summary>
    private static readonly int[][] s_widths =
        [[1, 2, 1], [2, 3, 2], [3, 4, 3, 2], [2, 5, 4, 3, 1], [4, 40, 9, 2], [3, 18, 17, 3], [12, 70, 20, 3]];

    public static KanDocument Create(int seed)
    {
        var random = new Random(seed);
        int[] widths = s_widths[seed % s_widths.Length];
        var layers = ImmutableArray.CreateBuilder<LayerDescription>();
        int kind = random.Next(3);
        for (int l = 0; l + 1 < widths.Length; l++)
        {
            switch (kind == 2 ? random.Next(2) : kind)
            {
                case 0:
                    if (l > 0)
                        layers.Add(new ActivationDescription(widths[l],
                            [random.Next(2) == 0 ? PiecewiseLinearFunction.Relu : Function(random)]));
                    layers.Add(Affine(random, widths[l], widths[l + 1]));
                    break;
                default:
                    layers.Add(Edges(random, widths[l], widths[l + 1]));
                    break;
            }
        }

        if (random.Next(3) == 0) layers.Add(new ActivationDescription(widths[^1], [Function(random)]));
        return new KanDocument { Name = "lattice " + seed, Layers = layers.ToImmutable() };
    }

    /// <summary>A point of the lattice.</summary>
    public static Rational[] Point(Random random, int inputs) => [.. Enumerable.Range(0, inputs).Select(_ => Number(random))];

    private static AffineDescription Affine(Random random, int inputs, int outputs) => new(
        inputs, outputs,
        [.. Enumerable.Range(0, inputs * outputs)
            .Select(_ => random.Next(inputs < 10 ? 3 : 8) > 0 && inputs > 10 ? Rational.Zero : Number(random))],
        random.Next(2) == 0 ? [] : [.. Enumerable.Range(0, outputs).Select(_ => Number(random))]);

    private static EdgesDescription Edges(Random random, int inputs, int outputs) => new(
        inputs, outputs,
        [
            .. from p in Enumerable.Range(0, inputs)
               from q in Enumerable.Range(0, outputs)
               where random.Next(4) > 0
               let function = Function(random)
               where !function.IsZero
               select new KanEdge(p, q, function),
        ],
        [.. Enumerable.Range(0, outputs).Select(_ => Number(random))]);

    private static PiecewiseLinearFunction Function(Random random)
    {
        Rational[] breakpoints = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Number(random)).Distinct().Order()];
        return PiecewiseLinearFunction.FromSlopes(breakpoints, [.. Enumerable.Range(0, breakpoints.Length + 1).Select(_ => Number(random))],
            Rational.Zero, Number(random));
    }

    private static Rational Number(Random random) => Rational.Create(random.Next(-2, 3), 2);
}
