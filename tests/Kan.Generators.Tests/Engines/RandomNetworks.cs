using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Generators.Tests.Engines;

/// <summary>Random documents that reach every lowering; the same seed gives the same document.</summary>
internal static class RandomNetworks
{
    /// <summary>Shapes that cross panel borders of floats and doubles, with whole and partial panels, tails and several blocks.</summary>
    private static readonly int[][] s_widths =
    [
        [1, 1], [2, 5, 1], [3, 1], [7, 16, 3], [16, 17, 1], [33, 9, 4], [5, 40, 2], [20, 140, 3], [2, 2, 2, 2], [64, 10], [9, 8, 1, 3],
            [1, 70, 1],
    ];

    /// <summary>
    /// Shapes whose layers fill one panel, several with partial sums, and several column groups; with a share of zero
    /// weights, or of edges that bend.
    /// </summary>
    private static readonly (int[] Widths, double Zeros, bool Edges)[] s_batches =
    [
        ([50, 128, 40, 10], 0, false), ([30, 70, 3], 0, false), ([9, 300, 20], 0, false), ([64, 32, 10], 0, true),
        ([6, 4, 3], 0, false), ([90, 140, 33], 0.5, false), ([120, 130, 48, 5], 0.9, false), ([200, 150, 100, 4], 0.99, false),
        ([400, 70, 40, 7], 0.92, false),
        ([2, 5, 1], 0, true), ([17, 33, 5], 0, true), ([40, 20, 70, 3], 0, true),
    ];

    /// <summary>
    /// Grids: the first knot, the distance of two and their number. Multiples of powers of two are equal distances for floats too; tenths
    /// are not.
    /// </summary>
    private static readonly (Rational Low, Rational Step, int Count)[] s_grids =
    [
        (-1, Rational.Create(1, 4), 9), (-1, Rational.Create(1, 32), 65), (-3, Rational.Create(1, 10), 41), (0, Rational.Create(51, 2), 12),
            (1000, Rational.Create(1, 16), 20),
        (Rational.Create(-7, 3), Rational.Create(1, 7), 30), (0, Rational.FromSingle(1e-30f), 10),
            (Rational.FromSingle(-1e37f), Rational.FromSingle(2.5e36f), 9), (-2, Rational.Create(1, 2), 9),
    ];

    public static int Grids => s_grids.Length + 1;

    /// <summary>One layer on a uniform grid; the last has another grid for each input.</summary>
    public static KanDocument OnGrid(int index, int inputs, int outputs)
    {
        var random = new Random(index);
        var knots = Enumerable.Range(0, inputs).Select(p =>
        {
            var (low, step, count) = s_grids[index < s_grids.Length ? index : p % 2 == 0 ? 0 : 8];
            return Enumerable.Range(0, count - (index < s_grids.Length ? 0 : p % 3)).Select(i => low + (i * step)).ToImmutableArray();
        }).ToImmutableArray();
        ImmutableArray<Rational> values =
            [.. Enumerable.Range(0, knots.Sum(static grid => grid.Length) * outputs).Select(_ => Number(random, dyadic: false))];
        return new KanDocument { Name = "grid " + index, Layers = [new GridDescription(outputs, knots, values, [])] };
    }

    /// <summary>Curves that some nodes pass: one with knots at multiples of a step, and one with other knots.</summary>
    public static KanDocument PassedCurve { get; } =
        SharedCurve(7, [null, Passed(OnSteps(40, 70, -30, Rational.Create(1, 16), isFlat: true), 5), null,
            Passed(Curve(21, 60, static (i, random) => Rational.FromSingle((i / 8f) - 4 + (random.NextSingle() / 16))), 3)], 5, 40, 21, 5);

    /// <summary>
    /// Networks whose nodes share a curve of many segments: on inputs and on hidden nodes; on outputs, finer toward 0 and flat at its ends;
    /// with most knots in one place.
    /// </summary>
    public static IReadOnlyList<KanDocument> SharedCurves { get; } =
    [
        SharedCurve(0, [Curve(21, 60, static (i, random) => Rational.FromSingle((i / 8f) - 4 + (random.NextSingle() / 16))), null,
            Curve(18, 200, static (i, _) => Rational.Create(i - 100, 20) + Rational.Create(i % 3, 100))], 21, 18, 5),
        SharedCurve(1,
            [null, Curve(40, 50, static (i, _) => Rational.FromDouble(Math.ScaleB(i < 25 ? -1 : 1, i < 25 ? 2 - i : i - 47)),
            isFlat: true)], 7, 40),
        SharedCurve(2, [null, Curve(33, 44, static (i, _) => i < 40 ? 1 + Rational.Create(i, 1 << 20) : Rational.Create(i - 41, 1) * 1000)],
            5, 33, 3),
        PassedCurve,
        .. StepCurves,
    ];

    /// <summary>
    /// The same with knots at multiples of a step, some left out: behind one input, so that each knot and its neighbours are met; on both
    /// sides of 0, above it and below; on the outputs, flat at the ends, and between weights some of which are 0.
    /// </summary>
    public static IReadOnlyList<KanDocument> StepCurves =>
    [
        Copies(3, 20, OnSteps(20, 60, -37, Rational.Create(5, 8)), 3),
        Copies(4, 33, OnSteps(33, 90, 1000, Rational.Create(7, 4096), isFlat: true)),
        Copies(5, 16, OnSteps(16, 40, -9000, Rational.Create(13, 1 << 10)), 7, 2),
        SharedCurve(6, [null, OnSteps(40, 70, -30, Rational.Create(1, 16), isFlat: true), null,
            OnSteps(37, 50, -20, Rational.Create(3, 32)), null, OnSteps(5, 41, -20, Rational.Create(1, 8))], 5, 40, 37, 5),
    ];

    /// <summary>One input, that each node of a curve reads as it is, and sums of them.</summary>
    private static KanDocument Copies(int seed, int nodes, ActivationDescription curve, params int[] widths)
    {
        var behind = SharedCurve(seed, [], [nodes, .. widths]);
        var copies = new AffineDescription(1, nodes, [.. Enumerable.Repeat(Rational.One, nodes)], []);
        return behind with { Layers = [copies, curve, .. behind.Layers] };
    }

    /// <summary>The same curve, which one of some nodes each passes.</summary>
    private static ActivationDescription Passed(ActivationDescription curve, int every) => curve with
    {
        Functions = [.. Enumerable.Range(0, curve.Size).Select(i => i % every == 1
            ? PiecewiseLinearFunction.Identity
            : curve.Functions[0])],
    };

    private static ActivationDescription OnSteps(int size, int knots, int first, Rational step, bool isFlat = false) =>
        Curve(size, knots, (i, random) => (first + (2 * i) + random.Next(2)) * step, isFlat);

    /// <summary>Affine layers between the activations, and behind the last if there are more widths.</summary>
    private static KanDocument SharedCurve(int seed, ActivationDescription?[] activations, params int[] widths)
    {
        var random = new Random(seed);
        var layers = ImmutableArray.CreateBuilder<LayerDescription>();
        int width = 0;
        foreach (var activation in activations)
        {
            if (activation is not null) layers.Add(activation);
            else layers.Add(Affine(random, widths[width], widths[++width], dyadic: false));
        }

        while (width + 1 < widths.Length) layers.Add(Affine(random, widths[width], widths[++width], dyadic: false));
        return new KanDocument { Name = "curve " + seed, Layers = layers.ToImmutable() };
    }

    private static ActivationDescription Curve(int size, int knots, Func<int, Random, Rational> knot, bool isFlat = false)
    {
        var random = new Random(knots);
        List<Rational> breakpoints = [.. Enumerable.Range(0, knots).Select(i => knot(i, random)).Distinct().Order()];

        // The steepest slope is 1, and its fractions are short, as approximation makes them: weights are then multiples of one shape.
        var slopes = Enumerable.Range(0, breakpoints.Count + 1)
            .Select(i => isFlat && (i == 0 || i == breakpoints.Count) ? Rational.Zero : i == 1
                ? Rational.One
                : Rational.Create(random.Next(-63, 64), 64)).ToArray();
        return new ActivationDescription(size,
            [PiecewiseLinearFunction.FromSlopes(breakpoints, slopes, Rational.Zero, Number(random, dyadic: false))]);
    }

    public static int BatchShapes => s_batches.Length;

    /// <summary>A network of affine layers and ReLUs, or of edges.</summary>
    public static KanDocument ForBatches(int shape)
    {
        var (widths, zeros, edges) = s_batches[shape];
        var random = new Random(shape);
        var layers = ImmutableArray.CreateBuilder<LayerDescription>();
        for (int l = 0; l + 1 < widths.Length; l++)
        {
            if (edges)
            {
                layers.Add(Edges(random, widths[l], widths[l + 1], dyadic: false, shared: true));
                continue;
            }

            if (l > 0) layers.Add(new ActivationDescription(widths[l], [PiecewiseLinearFunction.Relu]));
            layers.Add(new AffineDescription(
                widths[l], widths[l + 1],
                [.. Enumerable.Range(0, widths[l] * widths[l + 1])
                    .Select(_ => random.NextDouble() < zeros ? Rational.Zero : Number(random, dyadic: false))],
                [.. Enumerable.Range(0, widths[l + 1]).Select(_ => Number(random, dyadic: false))]));
        }

        return new KanDocument { Name = "batch " + shape, Layers = layers.ToImmutable() };
    }

    public static KanDocument Create(int seed, bool dyadic)
    {
        var random = new Random(seed);
        int[] widths = s_widths[seed % s_widths.Length];
        var layers = ImmutableArray.CreateBuilder<LayerDescription>();
        for (int l = 0; l + 1 < widths.Length; l++)
        {
            switch (random.Next(5))
            {
                case 0:
                    layers.Add(Affine(random, widths[l], widths[l + 1], dyadic));
                    break;
                case 1:
                    layers.Add(new ActivationDescription(widths[l],
                        [random.Next(2) == 0 ? PiecewiseLinearFunction.Relu : Function(random, dyadic, random.Next(4))]));
                    layers.Add(Affine(random, widths[l], widths[l + 1], dyadic));
                    break;
                case 2:
                    layers.Add(Edges(random, widths[l], widths[l + 1], dyadic, shared: false));
                    break;
                default:
                    layers.Add(Edges(random, widths[l], widths[l + 1], dyadic, shared: true));
                    break;
            }
        }

        if (random.Next(3) == 0) layers.Add(new ActivationDescription(widths[^1], [Function(random, dyadic, 2)]));
        return new KanDocument { Name = "random " + seed, Layers = layers.ToImmutable(), InputRanges = [new InputRange(-4, 4)] };
    }

    private static AffineDescription Affine(Random random, int inputs, int outputs, bool dyadic)
    {
        bool sparse = random.Next(3) == 0;
        return new AffineDescription(
            inputs, outputs,
            [.. Enumerable.Range(0, inputs * outputs).Select(_ => sparse && random.Next(2) == 0 ? Rational.Zero : Number(random, dyadic))],
            random.Next(2) == 0 ? [] : [.. Enumerable.Range(0, outputs).Select(_ => Number(random, dyadic))]);
    }

    private static EdgesDescription Edges(Random random, int inputs, int outputs, bool dyadic, bool shared)
    {
        var edges = ImmutableArray.CreateBuilder<KanEdge>();
        bool sameCount = random.Next(2) == 0;
        int common = random.Next(0, 7);
        for (int p = 0; p < inputs; p++)
        {
            int count = sameCount ? common : random.Next(0, 7);
            var breakpoints = Breakpoints(random, dyadic, count);
            for (int q = 0; q < outputs; q++)
            {
                if (random.Next(8) == 0) continue;
                var own = shared ? breakpoints : Breakpoints(random, dyadic, random.Next(0, 5));
                var function = Function(random, dyadic, own);
                if (!function.IsZero) edges.Add(new KanEdge(p, q, function));
            }
        }

        return new EdgesDescription(inputs, outputs, edges.ToImmutable(),
            [.. Enumerable.Range(0, outputs).Select(_ => Number(random, dyadic))]);
    }

    private static PiecewiseLinearFunction Function(Random random, bool dyadic, int breakpoints) =>
        Function(random, dyadic, Breakpoints(random, dyadic, breakpoints));

    private static PiecewiseLinearFunction Function(Random random, bool dyadic, List<Rational> breakpoints)
    {
        var slopes = Enumerable.Range(0, breakpoints.Count + 1).Select(_ => random.Next(4) == 0 ? Rational.Zero : Number(random, dyadic))
            .ToArray();
        return PiecewiseLinearFunction.FromSlopes(breakpoints, slopes, Rational.Zero, Number(random, dyadic));
    }

    private static List<Rational> Breakpoints(Random random, bool dyadic, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => Number(random, dyadic)).Distinct().Order()];

    /// <summary>A float; a dyadic one is a multiple of 1/8 of at most 2, so that three layers stay exact in float.</summary>
    private static Rational Number(Random random, bool dyadic) => dyadic
        ? Rational.Create(random.Next(-8, 9), 4)
        : Rational.FromSingle((float)((random.NextDouble() * 4) - 2));
}
