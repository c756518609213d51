using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Experiments.Precision;

/// <summary>
/// A curve whose rounding errors are measured: its knots and values are floats, so nothing is lost before the form is made.
/// </summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Low">Where inputs start.</param>
/// <param name="High">Where they end.</param>
/// <param name="Value">The value at knot i, which lies at x.</param>
internal sealed record TestFunction(string Name, float Low, float High, Func<Random, int, double, double> Value)
{
    public static TestFunction Zigzag { get; } = new("zigzag", -1, 1, static (_, i, _) => i % 2 == 0 ? -1 : 1);

    public static TestFunction RandomValues { get; } = new("random values", -1, 1, static (random, _, _) => (2 * random.NextDouble()) - 1);

    public static TestFunction FarFromZero { get; } =
        new("random values, knots at 99 to 101", 99, 101, static (random, _, _) => (2 * random.NextDouble()) - 1);

    public static TestFunction Sine { get; } = new("sin 3x", -1, 1, static (_, _, x) => Math.Sin(3 * x));

    public static IReadOnlyList<TestFunction> All { get; } = [Zigzag, RandomValues, FarFromZero, Sine];

    /// <summary>The curve through K evenly spaced knots.</summary>
    public PiecewiseLinearFunction Create(int knots, int seed)
    {
        var random = new Random(seed);
        float[] points = [.. Enumerable.Range(0, knots).Select(i => (float)(Low + ((High - (double)Low) * i / (knots - 1))))];
        var values = points.Select((x, i) => Rational.FromSingle((float)Value(random, i, x))).ToList();
        return PiecewiseLinearFunction.FromKnots([.. points.Select(Rational.FromSingle)], values);
    }
}
