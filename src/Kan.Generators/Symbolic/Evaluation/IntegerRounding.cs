using System;
using System.Numerics;

namespace Kan.Generators.Symbolic.Evaluation;

/// <summary>Exact rounding of numbers to integers.</summary>
internal static class IntegerRounding
{
    /// <summary>The integer at or below.</summary>
    public static Rational Floor(Rational value)
    {
        ExactWork.ChargeConversion(value);
        var quotient = BigInteger.DivRem(value.Numerator, value.Denominator, out var remainder);
        return remainder.Sign < 0 ? quotient - 1 : quotient;
    }

    /// <summary>The integer at or above.</summary>
    public static Rational Ceiling(Rational value) => -Floor(-value);

    /// <summary>The integer towards zero.</summary>
    public static Rational Truncate(Rational value) => value.Sign < 0 ? Ceiling(value) : Floor(value);

    /// <summary>The nearest integer.</summary>
    /// <param name="value">The number.</param>
    /// <param name="mode">What becomes of halves.</param>
    public static Rational Nearest(Rational value, MidpointRounding mode)
    {
        var floor = Floor(value);
        int order = (value - floor).CompareTo(Rational.Create(1, 2));
        if (order < 0) return floor;
        if (order > 0) return floor + 1;
        bool isUp = mode == MidpointRounding.AwayFromZero ? value.Sign > 0 : !floor.Numerator.IsEven;
        return isUp ? floor + 1 : floor;
    }
}
