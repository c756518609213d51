using System;
using System.Collections.Generic;
using System.Numerics;
using Xunit;

namespace Kan.Tests.Approximation;

/// <summary>Rounding to short numbers, also where the power asked for is not a double.</summary>
public sealed class GrainTests
{
    private static readonly double[] s_values =
        [0, 1, -1, 0.3, -0.3, 1e-300, -1e300, double.Epsilon, double.MaxValue, double.MinValue, 1e22, 3.5, 123456.789];

    private static readonly double[] s_powers =
        [0, double.Epsilon, 1e-320, 1e-300, 1e-22, 1e-3, 0.25, 1, 7, 1e3, 1e22, 1e300, double.MaxValue, double.PositiveInfinity];

    public static IEnumerable<TheoryDataRow<Grain, double, double>> Cases()
    {
        foreach (var grain in Enum.GetValues<Grain>())
        {
            foreach (double power in s_powers)
            {
                foreach (double value in s_values) yield return new(grain, power, value);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void Floor_and_ceiling_enclose_the_number(Grain grain, double power, double value)
    {
        int exponent = grain.Exponent(power);
        double floor = grain.Floor(value, exponent), ceiling = grain.Ceiling(value, exponent), nearest = grain.Nearest(value, exponent);

        // A multiple of a power of ten is rounded to the nearest double.
        double slack = grain == Grain.Decimal ? Math.Abs(value) * 1e-15 : 0;
        Assert.InRange(floor, double.MinValue, value + slack);
        Assert.InRange(nearest, floor, ceiling);
        Assert.True(ceiling >= value - slack, ceiling.ToString("R", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(-1, 0.3)]
    [InlineData(-20, -0.3)]
    [InlineData(3, 123456.789)]
    [InlineData(-1074, 5e-324)]
    [InlineData(1000, 1.5e307)]
    public void Binary_floor_is_the_largest_multiple_below(int exponent, double value)
    {
        var exact = Rational.FromDouble(value);
        var unit = exponent >= 0 ? Rational.Create(BigInteger.One << exponent, BigInteger.One)
            : Rational.Create(BigInteger.One, BigInteger.One << -exponent);
        var floor = Rational.FromDouble(Grain.Binary.Floor(value, exponent));
        Assert.True(floor <= exact && exact < floor + unit);
        Assert.True((floor / unit).Denominator.IsOne);
    }
}
