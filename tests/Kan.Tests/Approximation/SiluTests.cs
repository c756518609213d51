using System;
using System.Linq;
using Xunit;

namespace Kan.Tests.Approximation;

/// <summary>The activation of trained KANs on the whole axis, against figures computed by another program.</summary>
public sealed class SiluTests
{
    private static readonly RealFunction s_silu = RealFunction.Silu(RealFunction.X);

    // Segments between the two tails, from a greedy walk over the exact range of the curvature.
    [Theory]
    [InlineData(1e-2, 15)]
    [InlineData(1e-3, 45)]
    [InlineData(1e-4, 139)]
    [InlineData(1e-5, 429)]
    public void Takes_as_many_segments_through_its_graph_as_theory_gives(double error, int expected)
    {
        var approximation = Samples.Approximate(s_silu, Interval.All, error, new ApproximationOptions { ThroughKnots = true });
        int between = approximation.Function.Slopes.Length - 2;
        Assert.InRange(between, 0.9 * expected, 1.1 * expected);
        Assert.InRange(approximation.ErrorBound, 0.5 * error, error);
        Samples.AssertWithin(approximation, Silu, -30, 30);
    }

    // Knots anywhere in the tube: 0.945 / sqrt(error) for small errors.
    [Theory]
    [InlineData(1e-3, Grain.Binary)]
    [InlineData(1e-4, Grain.Binary)]
    [InlineData(1e-4, Grain.Decimal)]
    public void Takes_fewer_segments_within_the_tube(double error, Grain grain)
    {
        var approximation = Samples.Approximate(s_silu, Interval.All, error, new ApproximationOptions { Grain = grain });
        Assert.InRange(approximation.Function.Slopes.Length - 2, 0.9 * 0.945 / Math.Sqrt(error), 1.2 * 0.945 / Math.Sqrt(error));
        Assert.True(approximation.ErrorBound <= error);
        Samples.AssertWithin(approximation, Silu, -30, 30);
    }

    [Fact]
    public void Follows_its_tails_exactly()
    {
        var function = Samples.Approximate(s_silu, Interval.All, 1e-3).Function;
        Assert.Equal(Rational.Zero, function.Slopes[0]);
        Assert.Equal(Rational.One, function.Slopes[^1]);
        Assert.InRange(Math.Abs(function.Evaluate(-1e6)), 0, 1e-3);
        Assert.InRange(Math.Abs(function.Evaluate(1e6) - 1e6), 0, 1e-3);

        // t / (1 + exp(t)) = 1e-3 at t = 9.12.
        Assert.InRange(function.Breakpoints[^1].ToDouble(), 9.1, 10.5);
    }

    [Fact]
    public void Binary_numbers_are_floats()
    {
        var function = Samples.Approximate(s_silu, Interval.All, 1e-3).Function;
        Assert.All(function.Breakpoints.Concat(function.Slopes),
            static number => Assert.Equal(number, Rational.FromSingle(number.ToSingle())));
    }

    [Fact]
    public void Turns_where_its_curvature_says()
    {
        Assert.Equal(-0.278465, s_silu.Over(new Interval(-30, 30)).Value.Low, 6);
        var jet = s_silu.Over(new Interval(-10, 10));
        Assert.Equal(-0.09984, jet.First.Low, 5);
        Assert.Equal(1.09984, jet.First.High, 5);
        Assert.Equal(-0.0369144, jet.Second.Low, 7);
        Assert.Equal(0.5, jet.Second.High, 12);
    }

    [Fact]
    public void Is_recognised_as_a_quotient()
    {
        var x = RealFunction.X;
        Assert.Equal(s_silu, x / (1.0 + RealFunction.Exp(-x)));
        Assert.Equal(s_silu, x / (RealFunction.Exp(-x) + 1.0));
        Assert.Equal(RealFunction.Sigmoid(x), 1.0 / (1.0 + RealFunction.Exp(-x)));
    }

    private static double Silu(double x) => x / (1 + Math.Exp(-x));
}
