using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Kan.Compiler.Certify;
using Kan.Testing;
using Xunit;

namespace Kan.Compiler.Tests.Certify;

/// <summary>Intervals against exact numbers: nothing of them is left outside, and little is added.</summary>
public sealed class EnclosureTests
{
    private static readonly double[] s_numbers =
        [0, 1, -1, 1.0 / 3, -2.0 / 3, 1e300, -1e300, 1e-300, -1e-300, 5e-324, -5e-324, 123456.789, -0.1, 3, -7, Math.PI];

    [Fact]
    public void Rounding_outward_moves_by_a_neighbour()
    {
        Assert.Equal(Math.BitIncrement(1), Outward.Up(1));
        Assert.Equal(Math.BitDecrement(Math.BitDecrement(1)), Outward.Down(1));
        Assert.Equal(-Outward.Down(1), Outward.Up(-1));
        Assert.Equal(-Outward.Up(1), Outward.Down(-1));
        Assert.Equal(double.Epsilon, Outward.Up(0));
        Assert.Equal(-double.Epsilon, Outward.Down(0));
        Assert.Equal(double.PositiveInfinity, Outward.Up(double.PositiveInfinity));
    }

    [Fact]
    public void Sums_and_products_are_bounded_from_above()
    {
        foreach (var (a, b) in Pairs())
        {
            Near(Exact(a) + Exact(b), Outward.Sum(a, b));
            if (Math.Abs(a) < 1e200 || Math.Abs(b) < 1e100) Near(Exact(a) * Exact(b), Outward.Product(a, b));
        }

        static void Near(Rational exact, double bound)
        {
            Require.That(Exact(bound) >= exact, $"{bound} is below {exact}.");
            Require.That(bound <= exact.ToDouble() + (Math.Abs(exact.ToDouble()) * 1e-15) + 1e-322, $"{bound} is far above {exact}.");
        }
    }

    [Fact]
    public void Operations_hold_every_result_and_little_else()
    {
        var random = new Random(1);
        for (int i = 0; i < 300; i++)
        {
            var (a, b) = (Next(), Next());
            Holds(a + b, Ends(a, b, static (x, y) => x + y));
            Holds(a - b, Ends(a, b, static (x, y) => x - y));
            Holds(a * b, Ends(a, b, static (x, y) => x * y));
            Holds(a.Or(b), [Exact(a.Low), Exact(a.High), Exact(b.Low), Exact(b.High)]);
            Holds(a.Widen(0.5), [Exact(a.Low) - Rational.Create(1, 2), Exact(a.High) + Rational.Create(1, 2)]);
            Assert.Equal(Math.Max(Math.Abs(a.Low), Math.Abs(a.High)), a.Magnitude);
        }

        Enclosure Next()
        {
            double x = (random.NextDouble() * 8) - 4, y = (random.NextDouble() * 8) - 4;
            return new Enclosure(Math.Min(x, y), Math.Max(x, y));
        }

        static Rational[] Ends(Enclosure a, Enclosure b, Func<Rational, Rational, Rational> operation) =>
            [.. from x in new[] { a.Low, a.High } from y in new[] { b.Low, b.High } select operation(Exact(x), Exact(y))];

        static void Holds(Enclosure found, Rational[] ends)
        {
            Rational low = ends.Aggregate(Rational.Min), high = ends.Aggregate(Rational.Max);
            Require.That(Exact(found.Low) <= low && Exact(found.High) >= high, $"{found} does not hold {low} to {high}.");
            Require.That(found.Low >= low.ToDouble() - 1e-14 && found.High <= high.ToDouble() + 1e-14,
                $"{found} is wide for {low} to {high}.");
        }
    }

    [Fact]
    public void A_rational_is_itself_or_between_neighbours()
    {
        Assert.Equal(new Enclosure(0.75, 0.75), Enclosure.Of(Rational.Create(3, 4)));
        foreach (var value in new[] { Rational.Create(1, 3), Rational.Create(-2, 3), Rational.Create(1, BigInteger.Pow(10, 330)) })
        {
            var (low, high) = (Enclosure.Of(value).Low, Enclosure.Of(value).High);
            Assert.True(Exact(low) < value && value < Exact(high));
            Assert.True(high - low <= (6e-16 * Math.Abs(high)) + 1e-322);
        }

        var beyond = (Rational)BigInteger.Pow(10, 400);
        Assert.Equal(new Enclosure(double.MaxValue, double.PositiveInfinity), Enclosure.Of(beyond));
        Assert.Equal(new Enclosure(double.NegativeInfinity, double.MinValue), Enclosure.Of(-beyond));
    }

    [Fact]
    public void A_union_starts_from_nothing()
    {
        var some = new Enclosure(-1, 2);
        Assert.Equal(some, Enclosure.Nothing.Or(some));
        Assert.Equal(some, some.Or(Enclosure.Nothing));
        Assert.Equal(new Enclosure(3, 3), Enclosure.Exactly(3));
    }

    /// <summary>
    /// An edge on an interval against its exact values at the ends and the breakpoints between, and the slopes of the segments there.
    /// </summary>
    [Theory]
    [InlineData(-5, -1)]
    [InlineData(-5, 0)]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(-1, 9)]
    [InlineData(3, 3)]
    [InlineData(4, 9)]
    [InlineData(5, 9)]
    public void An_edge_reaches_what_it_does_on_the_interval(int low, int high)
    {
        PiecewiseLinearFunction[] functions =
        [
            PiecewiseLinearFunction.FromSlopes(
                [0, Rational.Create(3, 2), 4], [Rational.Create(1, 3), -2, 5, Rational.Create(-1, 7)], 0, 10),
            PiecewiseLinearFunction.Linear(Rational.Create(-2, 3), 5), PiecewiseLinearFunction.Relu,
        ];
        foreach (var function in functions)
        {
            var reach = EdgeReach.Of(function, new Enclosure(low, high));
            Rational[] values = [.. function.Breakpoints.Where(b => b >= low && b <= high).Append(low).Append(high)
                .Select(function.Evaluate)];
            Near(values, reach.Values);
            Near([.. Enumerable.Range(0, function.Slopes.Length)
                .Where(j => (j == 0 || function.Breakpoints[j - 1] <= high)
                    && (j == function.Slopes.Length - 1 || function.Breakpoints[j] >= low))
                .Select(j => function.Slopes[j])], reach.Slopes);
        }

        static void Near(IReadOnlyCollection<Rational> exact, Enclosure found)
        {
            Rational least = exact.Aggregate(Rational.Min), most = exact.Aggregate(Rational.Max);
            Assert.True(Exact(found.Low) <= least && Exact(found.High) >= most);
            Assert.Equal(least.ToDouble(), found.Low, 1e-13);
            Assert.Equal(most.ToDouble(), found.High, 1e-13);
        }
    }

    /// <summary>Half the distance of neighbouring numbers, whatever the size.</summary>
    [Fact]
    public void A_rounding_is_off_by_half_a_distance()
    {
        var single = new NumberType(Precision.Single);
        var wide = new NumberType(Precision.Double);
        for (int i = -140; i < 128; i += 3)
        {
            foreach (double factor in new[] { 1, 1.5, 1.999 })
            {
                float number = (float)Math.ScaleB(factor, i);
                double half = ((double)MathF.BitIncrement(number) - number) / 2;
                Assert.InRange(single.Rounding(number), half, half * 1.001);
            }
        }

        Assert.Equal(Math.ScaleB(1, -53), wide.Rounding(1));
        Assert.Equal(Math.ScaleB(1, -53), wide.Rounding(1.999));
        Assert.Equal(Math.ScaleB(1, -52), wide.Rounding(2));
        Assert.Equal(7.01e-46, single.Rounding(0));
        Assert.True(single.Rounding(0) >= (double)float.Epsilon / 2);
        Assert.Equal(double.Epsilon, wide.Rounding(0));
        Assert.Equal(double.PositiveInfinity, single.Rounding(double.PositiveInfinity));
        Assert.Equal((Math.ScaleB(1, -24), (double)float.MaxValue), (single.Unit, single.Largest));
        Assert.Equal((Math.ScaleB(1, -53), double.MaxValue), (wide.Unit, wide.Largest));
        Assert.Equal("float, 3.4E+38", single.ToString());
        Assert.Equal("double, 1.8E+308", wide.ToString());
    }

    [Fact]
    public void The_first_number_that_may_overflow_is_named()
    {
        var watch = new OverflowWatch(new NumberType(Precision.Single));
        watch.See(float.MaxValue, "a partial sum");
        Assert.Null(watch.Reason);
        watch.Enter(2);
        watch.See(1e39, "a partial sum");
        watch.Enter(3);
        watch.See(1e40, "an output");
        Assert.Equal("in layer 2 a partial sum can reach 1.0E+39, past the largest float, 3.4E+38", watch.Reason);
        foreach (double unknown in new[] { double.NaN, double.PositiveInfinity })
        {
            watch = new OverflowWatch(new NumberType(Precision.Double));
            watch.See(unknown, "an output");
            Assert.Equal("in layer 0 an output can exceed the largest double, 1.8E+308", watch.Reason);
        }
    }

    private static IEnumerable<(double A, double B)> Pairs() =>
        from a in s_numbers from b in s_numbers select (a, b);

    private static Rational Exact(double value) => Rational.FromDouble(value);
}
