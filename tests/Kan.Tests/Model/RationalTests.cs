using System;
using System.Numerics;
using CsCheck;
using Kan.Tests.Support;
using Xunit;

namespace Kan.Tests.Model;

/// <summary>Exact arithmetic, and its rounding against the arithmetic of the processor.</summary>
public sealed class RationalTests
{
    private static readonly Gen<double> s_double = Generators.FiniteDouble;

    private static Rational TwoTo(int exponent) => exponent >= 0
        ? (Rational)(BigInteger.One << exponent)
        : Rational.Create(BigInteger.One, BigInteger.One << -exponent);

    [Fact]
    public void A_sum_rounds_as_the_processor_rounds_it() =>
        Gen.Select(s_double, s_double).Sample((a, b) => Check(Rational.FromDouble(a) + Rational.FromDouble(b), a + b), iter: 10_000);

    [Fact]
    public void A_product_rounds_as_the_processor_rounds_it() =>
        Gen.Select(s_double, s_double).Sample((a, b) => Check(Rational.FromDouble(a) * Rational.FromDouble(b), a * b), iter: 10_000);

    [Fact]
    public void A_quotient_rounds_as_the_processor_rounds_it() =>
        Gen.Select(s_double, s_double.Where(static b => b != 0)).Sample(
            static (a, b) => Check(Rational.FromDouble(a) / Rational.FromDouble(b), a / b), iter: 10_000);

    [Fact]
    public void A_fused_product_and_sum_rounds_once() =>
        Gen.Select(s_double, s_double, s_double).Sample(
            static (a, b, c) =>
            Check((Rational.FromDouble(a) * Rational.FromDouble(b)) + Rational.FromDouble(c), Math.FusedMultiplyAdd(a, b, c)),
            iter: 10_000);

    [Fact]
    public void A_double_rounds_to_the_float_that_the_processor_casts_to() =>
        Gen.OneOf(s_double, Gen.Double[-1e-37, 1e-37], Gen.Double[-4e38, 4e38]).Sample(
            static value => Assert.Equal((float)value, Rational.FromDouble(value).ToSingle()), iter: 20_000);

    [Fact]
    public void A_double_is_itself() =>
        s_double.Sample(static value => Assert.Equal(value, Rational.FromDouble(value).ToDouble()), iter: 10_000);

    [Fact]
    public void A_tie_goes_to_the_even_double()
    {
        Assert.Equal(9007199254740992.0, (TwoTo(53) + 1).ToDouble());
        Assert.Equal(9007199254740996.0, (TwoTo(53) + 3).ToDouble());
        Assert.Equal(9007199254740994.0, (TwoTo(53) + 1 + TwoTo(-200)).ToDouble());
        Assert.Equal(-9007199254740992.0, -(TwoTo(53) + 1).ToDouble());
    }

    [Fact]
    public void Subnormal_doubles_round_once()
    {
        Assert.Equal(0.0, TwoTo(-1075).ToDouble());
        Assert.Equal(double.Epsilon, (TwoTo(-1075) + TwoTo(-2000)).ToDouble());
        Assert.Equal(2 * double.Epsilon, (TwoTo(-1074) + TwoTo(-1075)).ToDouble());
        Assert.Equal(2.2250738585072014E-308, (TwoTo(-1022) - TwoTo(-1075)).ToDouble());
        Assert.Equal(2.2250738585072009E-308, (TwoTo(-1022) - TwoTo(-1074)).ToDouble());
    }

    [Fact]
    public void Past_the_largest_double_lies_infinity()
    {
        var limit = TwoTo(1024) - TwoTo(970);
        Assert.Equal(double.PositiveInfinity, limit.ToDouble());
        Assert.Equal(double.MaxValue, (limit - TwoTo(-10)).ToDouble());
        Assert.Equal(double.NegativeInfinity, (-limit).ToDouble());
        Assert.Equal(double.PositiveInfinity, TwoTo(5000).ToDouble());
    }

    [Fact]
    public void Floats_have_the_same_edges()
    {
        Assert.Equal(float.PositiveInfinity, (TwoTo(128) - TwoTo(103)).ToSingle());
        Assert.Equal(float.MaxValue, (TwoTo(128) - TwoTo(103) - TwoTo(-5)).ToSingle());
        Assert.Equal(0f, TwoTo(-150).ToSingle());
        Assert.Equal(float.Epsilon, (TwoTo(-150) + TwoTo(-999)).ToSingle());
        Assert.Equal(16777216f, (TwoTo(24) + 1).ToSingle());
        Assert.Equal(16777220f, (TwoTo(24) + 3).ToSingle());
    }

    [Fact]
    public void A_float_is_rounded_once_and_not_by_way_of_a_double()
    {
        // Just above the tie between two floats; as a double it would be the tie itself, and go to the even float.
        var value = 1 + TwoTo(-24) + TwoTo(-80);
        Assert.Equal(MathF.BitIncrement(1f), value.ToSingle());
        Assert.Equal(1f, (float)value.ToDouble());
    }

    [Fact]
    public void NaN_and_infinities_are_no_rationals()
    {
        Assert.Throws<ArgumentOutOfRangeException>(static () => Rational.FromDouble(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(static () => Rational.FromSingle(float.NegativeInfinity));
        Assert.Throws<DivideByZeroException>(static () => Rational.One / Rational.Zero);
    }

    [Fact]
    public void Numbers_are_kept_in_lowest_terms() => Gen.Select(Generators.AnyRational, Generators.AnyRational).Sample(
        static (a, b) =>
        {
            foreach (var value in (Rational[])[a + b, a - b, a * b, b.IsZero ? a : a / b, -a])
            {
                Assert.Equal(1, value.Denominator.Sign);
                Assert.True(BigInteger.GreatestCommonDivisor(value.Numerator, value.Denominator).IsOne);
            }

            Assert.Equal(a, (a + b) - b);
            if (!b.IsZero) Assert.Equal(a, a * b / b);
            Assert.Equal((a - b).Sign, a.CompareTo(b));
            Assert.Equal(a.CompareTo(b) == 0, a.Equals(b));
        },
        iter: 3_000);

    [Fact]
    public void Text_reads_back() => Generators.AnyRational.Sample(static value =>
    {
        Assert.True(Rational.TryParse(value.ToString(), out var read));
        Assert.Equal(value, read);
        Assert.Equal(value.GetHashCode(), read.GetHashCode());
    });

    [Theory]
    [InlineData("")]
    [InlineData("1/0")]
    [InlineData("1/-2")]
    [InlineData("1.5")]
    [InlineData("x")]
    [InlineData("1/2/3")]
    public void Other_text_is_refused(string text) => Assert.False(Rational.TryParse(text, out _));

    private static void Check(Rational exact, double rounded)
    {
        // The sign of an exact zero is not part of a rational.
        if (exact.IsZero) Assert.Equal(0.0, Math.Abs(rounded));
        else Assert.Equal(BitConverter.DoubleToInt64Bits(rounded), BitConverter.DoubleToInt64Bits(exact.ToDouble()));
    }
}
