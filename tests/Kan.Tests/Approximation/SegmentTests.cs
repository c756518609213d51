using System;
using System.Linq;
using CsCheck;
using Xunit;

namespace Kan.Tests.Approximation;

/// <summary>That approximations end: what they take is known before, is charged, and grows no faster than the number of segments.</summary>
public sealed class SegmentTests
{
    private static readonly RealFunction s_x = RealFunction.X;

    [Fact]
    public void A_cursor_gives_the_values_of_the_function()
    {
        var numbers = Gen.Int[-40, 40].Select(Gen.Int[1, 6]).Select(static pair => Rational.Create(pair.Item1, pair.Item2));
        Gen.Select(numbers.HashSet[0, 8], numbers.Array[9], numbers, numbers.Array[1, 12])
            .Sample(static (breakpoints, slopes, value, points) =>
        {
            Rational[] sorted = [.. breakpoints.Order()];
            var function = PiecewiseLinearFunction.FromSlopes(sorted, slopes[..(sorted.Length + 1)], Rational.Zero, value);
            var cursor = new SegmentCursor(function);
            foreach (var point in points.Concat(sorted).Order()) Assert.Equal(function.Evaluate(point), cursor.Evaluate(point));
        });
    }

    [Theory]
    [InlineData("x^2", -3, 5)]
    [InlineData("exp", -2, 4)]
    [InlineData("sin", -6, 6)]
    [InlineData("silu", -8, 8)]
    [InlineData("tanh", -4, 4)]
    [InlineData("x^3", -2, 2)]
    public void The_count_known_before_is_never_more_than_the_count_found(string name, double low, double high)
    {
        var function = name switch
        {
            "x^2" => s_x * s_x,
            "x^3" => RealFunction.Power(s_x, 3),
            "exp" => RealFunction.Exp(s_x),
            "sin" => RealFunction.Sin(s_x),
            "silu" => RealFunction.Silu(s_x),
            _ => RealFunction.Tanh(s_x),
        };
        foreach (double error in new[] { 1e-1, 1e-3, 1e-5, 1e-6 })
        {
            int found = Samples.Approximate(function, new Interval(low, high), error).Function.Slopes.Length;
            double least = SegmentCount.AtLeast([function], [error], low, high);
            Assert.True(least <= found, $"{name} within {error}: {found} segments were found where {least} are the fewest.");

            // Knots off the graph come close to the fewest, so that the count is of use.
            if (error == 1e-6) Assert.True(least > found / 4.0, $"{name}: {least} of {found}");
        }
    }

    [Fact]
    public void Too_many_segments_are_refused_before_one_is_laid()
    {
        using var work = ExactWork.Limit(long.MaxValue, cancellation: TestContext.Current.CancellationToken);
        var exception = Assert.Throws<ApproximationException>(static () => Samples.Approximate(s_x * s_x, new Interval(-1e6, 1e6), 1e-9));
        Assert.Contains("needs at least", exception.Message, StringComparison.Ordinal);
        Assert.Contains("at most 4096", exception.Message, StringComparison.Ordinal);
        Assert.True(work.Spent < 100 * SegmentBound.Steps, $"{work.Spent} steps were taken.");
    }

    [Fact]
    public void Work_is_limited_and_cancelled()
    {
        using (ExactWork.Limit(20 * SegmentBound.Steps, cancellation: TestContext.Current.CancellationToken))
            Assert.Throws<ExactWorkException>(static () => Samples.Approximate(RealFunction.Sin(s_x), new Interval(-10, 10), 1e-4));
        using var cancelled = new System.Threading.CancellationTokenSource();
        cancelled.Cancel();
        using (ExactWork.Limit(long.MaxValue, cancellation: cancelled.Token))
            Assert.Throws<OperationCanceledException>(static () => Kan.Networks.Approximation.Of(RealFunction.Sin(RealFunction.X),
                new Interval(-100, 100), 1e-5, cancellation: TestContext.Current.CancellationToken));
    }

    /// <summary>A hundred times the accuracy is ten times the segments and ten times the steps, not a hundred times.</summary>
    [Fact]
    public void Steps_grow_with_the_segments()
    {
        var options = new ApproximationOptions { MaximumSegments = 1 << 16 };
        var (few, fewSteps) = Measure(1e-5);
        var (many, manySteps) = Measure(1e-7);
        Assert.InRange(many / (double)few, 8, 12);
        Assert.True(manySteps < 2.0 * fewSteps * many / few, $"{few} segments took {fewSteps} steps, {many} took {manySteps}.");

        (int Segments, long Steps) Measure(double error)
        {
            using var work = ExactWork.Limit(long.MaxValue);
            int segments = Samples.Approximate(RealFunction.Sin(s_x), new Interval(-10, 10), error, options).Function.Slopes.Length;
            return (segments, work.Spent);
        }
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(1e-300)]
    [InlineData(double.MaxValue)]
    [InlineData(double.Epsilon)]
    public void Enormous_and_tiny_numbers_end(double factor)
    {
        foreach (var domain in new[] { new Interval(-1, 1), new Interval(1e15, 1e15 + 4), new Interval(-factor, factor),
            new Interval(0, double.Epsilon) })
        {
            foreach (double error in new[] { 1e-3, 1e300, double.Epsilon })
            {
                try
                {
                    var approximation = Samples.Approximate(factor * RealFunction.Sin(s_x), domain, error);
                    Assert.True(approximation.ErrorBound <= error);
                }
                catch (ApproximationException)
                {
                    // Refused, which is an end too.
                }
            }
        }
    }

    [Fact]
    public void The_middle_of_a_wide_interval_is_inside() =>
        Assert.All(new[] { new Interval(-double.MaxValue, double.MaxValue), new Interval(1, double.MaxValue),
            new Interval(-double.MaxValue, 0) }, static interval => Assert.True(interval.Contains(interval.Middle)));
}
