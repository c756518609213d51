using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Kan.Tests.Model;

/// <summary>Limits of exact arithmetic: what is charged, when it ends, how limits nest.</summary>
public sealed class ExactWorkTests
{
    [Fact]
    public void Squares_end_before_they_fill_the_memory()
    {
        using var work = Limit(100_000_000);
        var value = Rational.FromDouble(1.1);
        var exception = Assert.Throws<ExactWorkException>(() =>
        {
            for (int i = 0; i < 60; i++) value *= value;
        });

        // 53 bits doubled until a product takes 1e8 steps: a number of some 10,000 words.
        Assert.InRange(exception.Bits, 100_000, 1_000_000);
        Assert.Contains("exact numbers grow to", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sums_of_fractions_end()
    {
        using var work = Limit(50_000_000);
        Assert.Throws<ExactWorkException>(() =>
        {
            var sum = Rational.Zero;
            for (int i = 1; i < 1_000_000; i++) sum += Rational.Create(1, (2 * i) + 1);
        });
    }

    [Fact]
    public void Numbers_longer_than_allowed_are_not_computed()
    {
        using var work = Limit(long.MaxValue, bits: 4096);
        var value = Rational.FromDouble(1.1);
        for (int i = 0; i < 4; i++) value *= value;
        Assert.Throws<ExactWorkException>(() => Power(value, 16));
    }

    [Fact]
    public void Many_small_operations_end_too()
    {
        using var work = Limit(10_000);
        var exception = Assert.Throws<ExactWorkException>(() =>
        {
            var sum = Rational.Zero;
            for (int i = 0; i < 10_000; i++) sum += Rational.One;
        });
        Assert.Equal("exact arithmetic needs more than 10,000 steps", exception.Message);
    }

    [Fact]
    public void Without_a_limit_nothing_is_charged()
    {
        Assert.Null(ExactWork.Current);
        Assert.Equal(Rational.Create(5, 6), Rational.Create(1, 2) + Rational.Create(1, 3));
        ExactWork.Charge(long.MaxValue);
    }

    [Fact]
    public void An_inner_limit_is_part_of_the_outer_one()
    {
        using var outer = Limit(1_000_000);
        using (var inner = Limit(5_000)) ExactWork.Charge(4_000);
        Assert.Equal(4_000, outer.Spent);
        Assert.Same(outer, ExactWork.Current);
        ExactWork.Charge(990_000);
        using var last = Limit(long.MaxValue);
        Assert.Throws<ExactWorkException>(() => ExactWork.Charge(7_000));
    }

    [Fact]
    public void What_is_refused_leaves_nothing_of_the_limit()
    {
        using var work = Limit(1_000);
        Assert.Throws<ExactWorkException>(() => ExactWork.Charge(long.MaxValue));
        Assert.Throws<ExactWorkException>(() => ExactWork.Charge(1));
    }

    [Fact]
    public void Sums_of_far_exponents_are_charged_as_the_products_they_are()
    {
        // Over 2^100,000 the other summand is multiplied to that denominator.
        var small = Rational.Create(1, System.Numerics.BigInteger.One << 100_000);
        var large = (Rational)((System.Numerics.BigInteger.One << 100_000) + 1);
        using var work = Limit(5_000_000);
        Assert.Throws<ExactWorkException>(() => small + large);
    }

    [Fact]
    public void A_disposed_limit_is_out_of_force()
    {
        Limit(1).Dispose();
        Assert.Null(ExactWork.Current);
        ExactWork.Charge(2);
    }

    [Fact]
    public void Cancellation_is_seen_inside_arithmetic()
    {
        using var source = new CancellationTokenSource();
        using var outer = ExactWork.Limit(long.MaxValue, cancellation: source.Token);
        using var inner = Limit(long.MaxValue);
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() =>
        {
            var sum = Rational.Zero;
            for (int i = 0; i < 1_000_000; i++) sum += Rational.One;
        });
    }

    [Fact]
    public void Threads_that_share_a_limit_charge_it()
    {
        using var work = Limit(1_000_000);
        Parallel.For(0, 8, _ =>
        {
            using var joined = ExactWork.Join(work);
            ExactWork.Charge(1_000);
        });
        Assert.Equal(8_000, work.Spent);
        Assert.Same(work, ExactWork.Current);
    }

    /// <summary>Sorts wrap what a comparison throws, so a limit that ends within one is said by what comes next.</summary>
    [Fact]
    public void A_limit_that_ends_in_a_sort_is_said_as_any_other()
    {
        var random = new Random(1);
        Rational[] points = [.. Enumerable.Range(0, 40).Select(_ => Rational.Create(random.Next(1, 1000), random.Next(1, 1000)))];
        PiecewiseLinearFunction[] functions = [.. points.Select(static point =>
            PiecewiseLinearFunction.FromSlopes([point], [0, 1], point, 0))];
        int exceeded = 0;
        for (long steps = 0; ; steps += 1 + (steps / 40))
        {
            using var work = Limit(steps);
            var exception = Record.Exception(() =>
            {
                var sum = PiecewiseLinearFunction.Sum(functions);
                Rational[] sorted = [.. points.OrderBy(static point => -point).Order()];
                ExactWork.Charge(1);
                Assert.Equal(points.Distinct().Count(), sum.Breakpoints.Length);
                Assert.Equal(points.Max(), sorted[^1]);
            });
            if (exception is null) break;
            Assert.IsType<ExactWorkException>(exception);
            exceeded++;
        }

        Assert.True(exceeded > 100);
    }

    /// <summary>The same of a token that is cancelled.</summary>
    [Fact]
    public void A_token_that_is_cancelled_in_a_sort_is_said_as_any_other()
    {
        using var source = new CancellationTokenSource();
        using var outer = ExactWork.Limit(long.MaxValue, cancellation: source.Token);
        Rational[] points = [.. Enumerable.Range(1, 200_000).Select(static i => Rational.Create(1 + (i * 7919L % 200_003), 3))];
        source.Cancel();
        _ = points.Order().Last();
        Assert.Throws<OperationCanceledException>(static () => ExactWork.Charge(1));
    }

    private static ExactWork Limit(long steps, int bits = int.MaxValue) =>
        ExactWork.Limit(steps, bits, TestContext.Current.CancellationToken);

    private static Rational Power(Rational value, int exponent)
    {
        var power = Rational.One;
        for (int i = 0; i < exponent; i++) power *= value;
        return power;
    }
}
