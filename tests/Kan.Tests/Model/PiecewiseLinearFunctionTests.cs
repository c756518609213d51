using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Kan.Tests.Support;
using Xunit;

namespace Kan.Tests.Model;

/// <summary>The algebra of piecewise-linear functions against pointwise exact evaluation.</summary>
public sealed class PiecewiseLinearFunctionTests
{
    private static readonly Gen<PiecewiseLinearFunction> s_function = Generators.Function;

    [Fact]
    public void Sum_and_difference_are_pointwise() => Gen.Select(s_function, s_function).Sample((f, g) =>
    {
        CheckPointwise(f + g, [f, g], x => f.Evaluate(x) + g.Evaluate(x));
        CheckPointwise(f - g, [f, g], x => f.Evaluate(x) - g.Evaluate(x));
        Assert.Equal(f, f + g - g);
        Assert.True((f - f).IsZero);
    });

    [Fact]
    public void Multiples_and_shifts_are_pointwise() => Gen.Select(s_function, Generators.SmallRational).Sample((f, c) =>
    {
        CheckPointwise(c * f, [f], x => c * f.Evaluate(x));
        CheckPointwise(f.Shift(c), [f], x => f.Evaluate(x) + c);
    });

    [Fact]
    public void Minimum_maximum_and_absolute_value_are_pointwise() => Gen.Select(s_function, s_function).Sample((f, g) =>
    {
        CheckPointwise(PiecewiseLinearFunction.Min(f, g), [f, g], x => Rational.Min(f.Evaluate(x), g.Evaluate(x)));
        CheckPointwise(PiecewiseLinearFunction.Max(f, g), [f, g], x => Rational.Max(f.Evaluate(x), g.Evaluate(x)));
        CheckPointwise(f.Abs(), [f], x => Rational.Abs(f.Evaluate(x)));
    });

    [Fact]
    public void Composition_is_pointwise() => Gen.Select(s_function, s_function).Sample((f, g) =>
    {
        CheckPointwise(f.Compose(g), [f, g], x => f.Evaluate(g.Evaluate(x)));
        Assert.Equal(f, f.Compose(PiecewiseLinearFunction.Identity));
        Assert.Equal(f, PiecewiseLinearFunction.Identity.Compose(f));
    });

    [Fact]
    public void Equal_functions_are_equal_however_they_were_declared() =>
        Gen.Select(s_function, Generators.SmallRational.Array[1, 6]).Sample((f, extra) =>
    {
        // Superfluous breakpoints, another anchor, another constructor.
        var knots = f.Breakpoints.Concat(extra).Distinct().Order().ToList();
        var slopes = knots.Select(f.SlopeRightOf).Prepend(f.Slopes[0]).ToList();
        var bySlopes = PiecewiseLinearFunction.FromSlopes(knots, slopes, extra[0], f.Evaluate(extra[0]));
        var byKnots = PiecewiseLinearFunction.FromKnots(knots, [.. knots.Select(f.Evaluate)], f.Slopes[0], f.Slopes[^1]);
        Assert.Equal(f, bySlopes);
        Assert.Equal(f, byKnots);
        Assert.Equal(f.GetHashCode(), bySlopes.GetHashCode());
        Assert.NotEqual(f, f.Shift(Rational.Create(1, 1000)));
    });

    [Fact]
    public void End_segments_extend() => Generators.Increasing(Generators.SmallRational, 2, 6).SelectMany(
        static knots => Generators.SmallRational.Array[knots.Length].Select(values => (knots, values))).Sample(static pair =>
        {
            var f = PiecewiseLinearFunction.FromKnots(pair.knots, pair.values);
            for (int i = 0; i < pair.knots.Length; i++) Assert.Equal(pair.values[i], f.Evaluate(pair.knots[i]));
            var (first, last) = (pair.knots[0], pair.knots[^1]);
            Assert.Equal(f.Evaluate(first) - f.SlopeRightOf(first), f.Evaluate(first - 1));
            Assert.Equal(f.Evaluate(last) + f.SlopeLeftOf(last), f.Evaluate(last + 1));
        });

    [Fact]
    public void Segments_slopes_and_intercepts_describe_the_lines() => s_function.Sample(f =>
    {
        foreach (var x in Points.Around(f.Breakpoints))
        {
            int segment = f.SegmentOf(x);
            Assert.Equal(f.Breakpoints.Count(b => b <= x), segment);
            Assert.Equal(f.Evaluate(x), (f.Slopes[segment] * x) + f.InterceptOf(segment));
            Assert.Equal(f.Slopes[f.Breakpoints.Count(b => b < x)], f.SlopeLeftOf(x));
        }
    });

    [Fact]
    public void A_double_gives_the_nearest_double_and_infinities_the_limits()
    {
        var f = PiecewiseLinearFunction.FromSlopes([0, 1], [-2, 0, 3], Rational.Zero, Rational.Create(1, 3));
        Assert.Equal(1.0 / 3, f.Evaluate(0.5));
        Assert.Equal(double.NaN, f.Evaluate(double.NaN));
        Assert.Equal(double.PositiveInfinity, f.Evaluate(double.NegativeInfinity));
        Assert.Equal(double.PositiveInfinity, f.Evaluate(double.PositiveInfinity));
        Assert.Equal(0.0, PiecewiseLinearFunction.Relu.Evaluate(double.NegativeInfinity));
    }

    [Fact]
    public void Bad_parts_are_refused()
    {
        Assert.Throws<ArgumentException>(static () => PiecewiseLinearFunction.FromSlopes([0], [1], 0, 0));
        Assert.Throws<ArgumentException>(static () => PiecewiseLinearFunction.FromSlopes([1, 1], [1, 2, 3], 0, 0));
        Assert.Throws<ArgumentException>(static () => PiecewiseLinearFunction.FromKnots([0], [1]));
        Assert.Throws<ArgumentException>(static () => PiecewiseLinearFunction.FromKnots([0, 1], [1]));
    }

    private static void CheckPointwise(PiecewiseLinearFunction result, IEnumerable<PiecewiseLinearFunction> parts, Func<Rational,
        Rational> expected)
    {
        for (int i = 1; i < result.Slopes.Length; i++) Assert.NotEqual(result.Slopes[i - 1], result.Slopes[i]);
        foreach (var x in Points.Around(result.Breakpoints.Concat(parts.SelectMany(static part => part.Breakpoints))))
            Assert.Equal(expected(x), result.Evaluate(x));
    }

    [Fact]
    public void Sums_restrictions_and_ranges_agree_with_evaluation() =>
        Gen.Select(Generators.Function.Array[0, 5], Generators.Function, Generators.SmallRational, Generators.SmallRational).Sample(
        static (functions, function, a, b) =>
        {
            var sum = PiecewiseLinearFunction.Sum(functions);
            Assert.Equal(functions.Aggregate(PiecewiseLinearFunction.Zero, static (total, next) => total + next), sum);

            var (low, high) = a <= b ? (a, b) : (b, a);
            var restricted = function.RestrictTo(low, high);
            var (least, greatest) = function.RangeOn(low, high);
            Assert.All(restricted.Breakpoints, breakpoint => Assert.True(breakpoint > low && breakpoint < high));
            List<Rational> values = [];
            foreach (var point in Points.Around([.. function.Breakpoints, low, high]).Where(point => point >= low && point <= high))
            {
                Assert.Equal(function.Evaluate(point), restricted.Evaluate(point));
                values.Add(function.Evaluate(point));
            }

            Assert.Equal(least, values.Min());
            Assert.Equal(greatest, values.Max());
        });
}
