using System;
using System.Linq;
using CsCheck;
using Xunit;

namespace Kan.Tests.Approximation;

/// <summary>Splines against the recursion that defines B-splines, and against the curvature between knots.</summary>
public sealed class SplineTests
{
    private static readonly Gen<(double[] Knots, double[] Coefficients, int Degree)> s_spline = Gen.Select(Gen.Int[1, 4], Gen.Int[1, 9])
        .SelectMany(static (degree, count) =>
        Gen.Select(Gen.Double[0.05, 1].Array[count + degree + 1], Gen.Double[-2, 2].Array[count]).Select((steps, coefficients) =>
            (steps.Select((_, i) => steps.Take(i + 1).Sum() - 2).ToArray(), coefficients, degree)));

    [Fact]
    public void Values_are_those_of_the_recursion() => Gen.Select(s_spline, Gen.Double[-3, 8]).Sample((spline, x) =>
    {
        var value = RealFunction.Spline(spline.Knots, spline.Coefficients, spline.Degree).At(x);
        double expected = Value(spline, x);
        Assert.InRange(expected, value.Low - 1e-12, value.High + 1e-12);
        Assert.InRange(value.High - value.Low, 0, 1e-10);
    }, seed: "0000KmTjm7Z2", iter: 1000);

    [Fact]
    public void Ranges_hold_what_they_claim() =>
        Gen.Select(s_spline, Gen.Double[-3, 8], Gen.Double[-3, 8], Gen.Double[0, 1]).Sample((spline, a, b, w) =>
    {
        var range = new Interval(Math.Min(a, b), Math.Max(a, b));
        var jet = RealFunction.Spline(spline.Knots, spline.Coefficients, spline.Degree).Over(range);
        double x = range.Low + ((range.High - range.Low) * w), value = Value(spline, x);
        Assert.InRange(value, jet.Value.Low - 1e-12, jet.Value.High + 1e-12);
        const double H = 1e-4;
        if (range.High - range.Low < 2 * H || spline.Degree < 2) return;
        double centre = Math.Clamp(x, range.Low + H, range.High - H), left = Value(spline, centre - H), middle = Value(spline, centre),
            right = Value(spline, centre + H);
        Assert.InRange((right - left) / (2 * H), jet.First.Low - 1e-9, jet.First.High + 1e-9);
        Assert.InRange((right - (2 * middle) + left) / (H * H), jet.Second.Low - 1e-5, jet.Second.High + 1e-5);
    }, seed: "0000KmTjm7Z2", iter: 1000);

    // Nodal values of the curvature of a cubic spline from differences of its coefficients; it is linear between knots.
    [Fact]
    public void The_curvature_of_a_cubic_spline_is_exact()
    {
        double[] knots = [0, 1, 2.5, 3, 4, 5.5, 6, 7], coefficients = [1, -2, 0.5, 3];
        double[] d1 = [.. Enumerable.Range(0, 5).Select(i => 3 * (At(i) - At(i - 1)) / (knots[i + 3] - knots[i]))];
        double[] d2 = [.. Enumerable.Range(0, 6)
            .Select(i => 2 * ((i < 5 ? d1[i] : 0) - (i > 0 ? d1[i - 1] : 0)) / (knots[i + 2] - knots[i]))];
        var spline = RealFunction.Spline(knots, coefficients, 3);
        for (int i = 0; i < 6; i++)
        {
            var node = spline.Over(knots[i + 1]).Second;
            Assert.Equal(d2[i], node.Low, 12);
            Assert.Equal(d2[i], node.High, 12);
        }

        var whole = spline.Over(new Interval(0, 7)).Second;
        Assert.Equal(Math.Min(0, d2.Min()), whole.Low, 12);
        Assert.Equal(Math.Max(0, d2.Max()), whole.High, 12);

        double At(int i) => i is >= 0 and < 4 ? coefficients[i] : 0;
    }

    [Fact]
    public void Edges_of_trained_shape_are_certified_on_the_whole_axis() =>
        Gen.Select(s_spline, Gen.Double[-2, 2], Gen.Double[-2, 2]).Sample((spline, scale, baseScale) =>
    {
        var edge = (baseScale * RealFunction.Silu(RealFunction.X))
            + (scale * RealFunction.Spline(spline.Knots, spline.Coefficients, spline.Degree));
        var approximation = Samples.Approximate(edge, Interval.All, 1e-2);
        Assert.True(approximation.ErrorBound <= 1e-2);
        Samples.AssertWithin(approximation, x => (baseScale * x / (1 + Math.Exp(-x))) + (scale * Value(spline, x)), -15, 15, count: 400);
    }, seed: "0000KmTjm7Z2", iter: 40);

    /// <summary>
    /// Two neighbouring segments of this one have the same slope; as one segment they are certified only for more than was asked.
    /// </summary>
    [Fact]
    public void Segments_of_one_slope_are_certified_apart()
    {
        double[] knots = [-1.2788132719364078, -0.9860087101282591, -0.662648028048057, -0.225148028048057, 0.212351971951943,
            0.8681261662361801, 1.4309902497827962];
        var spline = (Knots: knots, Coefficients: new[] { -1.0599629502091386, 0 }, Degree: 4);
        var edge = (-0.382973519332229 * RealFunction.Silu(RealFunction.X))
            + (-1.9717041849958263 * RealFunction.Spline(spline.Knots, spline.Coefficients, spline.Degree));
        var approximation = Samples.Approximate(edge, Interval.All, 1e-2);
        Assert.True(approximation.ErrorBound <= 1e-2);
        Samples.AssertWithin(approximation, x => (-0.382973519332229 * x / (1 + Math.Exp(-x))) - (1.9717041849958263 * Value(spline, x)),
            -15, 15, count: 400);
    }

    [Fact]
    public void A_spline_ends_with_its_knots()
    {
        var approximation = Samples.Approximate(RealFunction.Spline([0, 1, 2, 3, 4], [1], 3), Interval.All, 1e-3);
        Assert.Equal(Rational.Zero, approximation.Function.Slopes[0]);
        Assert.Equal(Rational.Zero, approximation.Function.Slopes[^1]);
        Assert.InRange(Math.Abs(approximation.Function.Evaluate(2.0) - (2.0 / 3)), 0, 1e-3);
        Assert.InRange(Math.Abs(approximation.Function.Evaluate(9.0)), 0, 1e-3);
    }

    [Fact]
    public void Mistakes_are_refused()
    {
        Assert.Throws<ArgumentException>(static () => RealFunction.Spline([0, 1, 2], [1], 3));
        Assert.Throws<ArgumentException>(static () => RealFunction.Spline([0, 1, 1, 2, 3], [1], 3));
        Assert.Throws<ArgumentException>(static () => RealFunction.Spline([0, 1, double.NaN, 2, 3], [1], 3));
        Assert.Throws<ArgumentException>(static () => RealFunction.Spline([0, 1, 2, 3, 4], [double.PositiveInfinity], 3));
        Assert.Throws<ArgumentOutOfRangeException>(static () => RealFunction.Spline([0, 1], [1], 0));
    }

    private static double Value((double[] Knots, double[] Coefficients, int Degree) spline, double x) =>
        spline.Coefficients.Select((c, i) => c * Basis(spline.Knots, i, spline.Degree, x)).Sum();

    private static double Basis(double[] knots, int i, int degree, double x)
    {
        if (degree == 0) return knots[i] <= x && x < knots[i + 1] ? 1 : 0;
        double left = (x - knots[i]) / (knots[i + degree] - knots[i]) * Basis(knots, i, degree - 1, x);
        return left + ((knots[i + degree + 1] - x) / (knots[i + degree + 1] - knots[i + 1]) * Basis(knots, i + 1, degree - 1, x));
    }
}
