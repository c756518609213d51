using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Kan.Compiler;

namespace Kan.Generators.Tests.Engines;

/// <summary>
/// Networks of curves that integers compute: segments of all lengths, knots of all inputs together and of each, panels with ends, and
/// layers of other kinds in between.
/// </summary>
internal static class CurveNetworks
{
    public static IReadOnlyList<KanDocument> All { get; } =
    [
        Create("curve", 1, [1, 1], 7),
        Create("small curves", 2, [2, 5, 1], 8) with { Head = NetworkHead.Sigmoid },
        Create("short segments", 3, [20, 33, 5], 6),
        Create("long segments", 4, [19, 70, 17], 2),
        Create("few segments", 5, [11, 130, 3], 4) with { HiddenRanges = [new(-1, 2)] },
        Create("images of curves", 6, [200, 32, 10], 4) with { InputRanges = [new(0, 1)] },
        Create("own knots", 7, [9, 21, 16], 5, areShared: false),
        Create("many knots", 8, [3, 4, 2], 70, areShared: false),
        Create("own ranges", 9, [7, 12, 4], 5) with
        {
            InputRanges = [.. Enumerable.Range(0, 7).Select(static i => new InputRange(-i, i + 1))],
        },
        Create("far from zero", 10, [5, 9, 3], 5) with
        {
            InputRanges = [new(100, 101), new(-7, -6), new(0, 0), new(-1000, 1), new(Rational.Create(-1, 1000), 3)],
        },
        Create("narrow hidden ranges", 11, [12, 10, 4], 5) with
        {
            HiddenRanges = [new(Rational.Create(-1, 8), Rational.Create(1, 8))],
        },
        Create("wide ranges", 12, [6, 8, 3], 5) with { InputRanges = [new(-50, 50)] },
        Mixed(),
        Cut(),
        new KanDocument
        {
            Name = "a spike between codes",
            Layers = [new ActivationDescription(1, [PiecewiseLinearFunction.FromKnots(
                [Number(0.5001), Number(0.5003), Number(0.5005)], [0, 3, 0], Rational.Zero, Rational.Zero)])],
            InputRanges = [new(0, 1)],
        },
        new KanDocument
        {
            Name = "without edges",
            Layers = [new EdgesDescription(3, 4, [new KanEdge(1, 2, PiecewiseLinearFunction.Relu)], [1, 2, 3, 4]),
                new AffineDescription(4, 2, [.. Enumerable.Range(1, 8).Select(static i => (Rational)i)], [])],
            InputRanges = [new(-1, 1)],
            Head = NetworkHead.Softmax,
        },
    ];

    /// <summary>Layers of random curves.</summary>
    private static KanDocument Create(string name, int seed, int[] widths, int segments, bool areShared = true)
    {
        var random = new Random(seed);
        var layers = ImmutableArray.CreateBuilder<LayerDescription>();
        for (int l = 0; l + 1 < widths.Length; l++) layers.Add(Grid(random, widths[l], widths[l + 1], segments, areShared, l == 0 ? 1 : 3));
        return new KanDocument
        {
            Name = name,
            Layers = layers.ToImmutable(),
            InputRanges = [new(-1, 1)],
            Head = widths[^1] > 1 ? NetworkHead.Softmax : NetworkHead.None,
        };
    }

    private static GridDescription Grid(Random random, int n, int m, int segments, bool areShared, double reach)
    {
        Rational[] shared = Knots();
        ImmutableArray<ImmutableArray<Rational>> knots =
            [.. Enumerable.Range(0, n).Select(_ => areShared ? [.. shared] : Knots().ToImmutableArray())];
        return new GridDescription(m, knots,
            [.. Enumerable.Range(0, n * (segments + 1) * m).Select(_ => Number(((random.NextDouble() * 2) - 1) * 2 / Math.Sqrt(n)))],
            [.. Enumerable.Range(0, m).Select(_ => Number(random.NextDouble() - 0.5))]);

        Rational[] Knots() => areShared
            ? [.. Enumerable.Range(0, segments + 1).Select(i => Number(reach * ((2.0 * i / segments) - 1)))]
            : [.. Enumerable.Range(0, segments + 1).Select(_ => Number(reach * ((random.NextDouble() * 2.2) - 1.1))).Distinct().Order()];
    }

    /// <summary>Curves, affine maps, ReLU and other bends, one behind the other.</summary>
    private static KanDocument Mixed()
    {
        var random = new Random(20);
        var steps = PiecewiseLinearFunction.FromKnots([-1, 0, 1], [-1, Rational.Create(-1, 10), 1]);
        return new KanDocument
        {
            Name = "mixed",
            Layers = [Affine(10, 14), new ActivationDescription(14, [steps]), Affine(14, 18), new ActivationDescription(18,
                [PiecewiseLinearFunction.Relu]), Affine(18, 6), Grid(random, 6, 20, 5, areShared: true, 2), Affine(20, 3)],
            InputRanges = [new(-1, 1)],
            Head = NetworkHead.Softmax,
        };

        AffineDescription Affine(int n, int m) => new(n, m,
            [.. Enumerable.Range(0, n * m).Select(_ => Number(((random.NextDouble() * 2) - 1) / Math.Sqrt(n)))],
            [.. Enumerable.Range(0, m).Select(_ => Number(random.NextDouble() - 0.5))]);
    }

    /// <summary>Curves that are constant at both ends, over ranges that reach further.</summary>
    private static KanDocument Cut()
    {
        var random = new Random(21);
        Rational half = Rational.Create(1, 2);
        return new KanDocument
        {
            Name = "constant ends",
            Layers = [Layer(8, 12), Layer(12, 5)],
            InputRanges = [new(-3, 5)],
            Head = NetworkHead.Softmax,
        };

        EdgesDescription Layer(int n, int m) => new(n, m, [.. Enumerable.Range(0, n * m).Select(i => new KanEdge(i / m, i % m,
            PiecewiseLinearFunction.FromKnots([-half, Rational.Create(1, 10), half],
                [0, Number(random.NextDouble()), Number(random.NextDouble())], Rational.Zero, Rational.Zero)))], []);
    }

    private static Rational Number(double number) => Rational.FromSingle((float)number);
}
