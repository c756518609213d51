using System;
using System.Linq;
using CsCheck;
using Kan.Tests.Support;
using Xunit;

namespace Kan.Tests.Relu;

/// <summary>Splines as sums of ReLU^p units, exactly and on all of R.</summary>
public sealed class SplineTests
{
    [Fact]
    public void A_B_spline_of_degree_p_is_p_plus_2_units() =>
        Gen.Select(Generators.Increasing(Generators.SmallRational, 3, 7), Generators.SmallRational.Array[12], Gen.Bool).Sample(
        static (knots, points, turnLeft) =>
        {
            var spline = new BasisSpline(knots);
            var units = spline.ToReluPowers(turnLeft);
            Assert.Equal(knots.Length, units.Units.Length);
            Assert.Equal(knots.Length - 2, units.Degree);
            foreach (var x in points.Concat(Points.Around(knots))) Assert.Equal(spline.Evaluate(x), units.Evaluate(x));
        },
        iter: 300);

    [Fact]
    public void B_splines_on_a_grid_sum_to_one()
    {
        // Cubic, on integers: between the fourth and the fifth knot all four that are not 0 add up to 1.
        for (int i = 0; i < 8; i++)
        {
            var x = 3 + Rational.Create(i, 8);
            var sum = Enumerable.Range(0, 4)
                .Aggregate(Rational.Zero, (total, j) => total
                    + new BasisSpline(Enumerable.Range(j, 5).Select(static k => (Rational)k)).ToReluPowers().Evaluate(x));
            Assert.Equal(Rational.One, sum);
        }

        Assert.Equal(Rational.Create(2, 3), new BasisSpline([0, 1, 2, 3, 4]).Evaluate(2));
    }

    [Fact]
    public void A_spline_with_k_knots_needs_at_most_k_plus_p_units() => Gen.Int[1, 5].SelectMany(static degree =>
        Gen.Select(Generators.SmallRational.Array[degree + 1], Generators.Increasing(Generators.SmallRational, 0, 5),
            Generators.SmallRational.Array[5], Generators.SmallRational.Array[10])).Sample(
        static (polynomial, knots, jumps, points) =>
        {
            var spline = new PolynomialSpline(polynomial, knots, jumps.Take(knots.Length));
            var units = spline.ToReluPowers();
            Assert.True(units.Units.Length <= Math.Max(knots.Length, spline.Degree) + spline.Degree);
            foreach (var x in points.Concat(Points.Around(knots))) Assert.Equal(spline.Evaluate(x), units.Evaluate(x));
        },
        iter: 300);

    [Fact]
    public void Degree_1_is_Lemma_1() => Generators.Function.Where(static function => !function.IsAffine).Sample(static function =>
    {
        var kinks = function.Slopes.Skip(1).Zip(function.Slopes, static (after, before) => after - before);
        var spline = new PolynomialSpline([function.AnchorValue - (function.Slopes[0] * function.AnchorPoint), function.Slopes[0]],
            function.Breakpoints, kinks);
        var units = spline.ToReluPowers();
        Assert.Equal(function.ToRelu().UnitCount, units.Units.Length);
        Assert.Equal(function.AnchorValue, units.Constant);
    });

    [Fact]
    public void Repeated_knots_are_refused()
    {
        Assert.Throws<ArgumentException>(static () => new BasisSpline([0, 1, 1, 2]));
        Assert.Throws<ArgumentException>(static () => new BasisSpline([0, 1]));
        Assert.Throws<ArgumentException>(static () => new PolynomialSpline([0, 1, 2], [1, 1], [1, 1]));
        Assert.Throws<ArgumentException>(static () => new PolynomialSpline([0, 1, 2], [1], []));
        Assert.Throws<ArgumentException>(static () => new PolynomialSpline([0], [], []));
    }
}
