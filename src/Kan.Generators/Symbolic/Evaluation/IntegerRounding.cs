using System.Numerics;
using Kan.Generators.Symbolic.Values;

namespace Kan.Generators.Symbolic.Evaluation;

/// <summary>Exact rounding of numbers to integers.</summary>
internal static class IntegerRounding
{
    private static readonly Rational s_half = Rational.Create(1, 2);

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

    /// <summary>The integer that a number is rounded to.</summary>
    /// <param name="value">The number.</param>
    /// <param name="kind">How it is rounded.</param>
    public static Rational Round(Rational value, RoundingKind kind) => kind switch
    {
        RoundingKind.Floor => Floor(value),
        RoundingKind.Ceiling => Ceiling(value),
        RoundingKind.Truncate => Truncate(value),
        _ => Nearest(value, kind),
    };

    /// <summary>Where the numbers start that are rounded to an integer or a larger one, and whether that number is among them.</summary>
    /// <param name="integer">The integer.</param>
    /// <param name="kind">How they are rounded.</param>
    public static (Rational Point, bool IsIncluded) Threshold(Rational integer, RoundingKind kind) => kind switch
    {
        RoundingKind.Floor => (integer, true),
        RoundingKind.Ceiling => (integer - 1, false),
        RoundingKind.Truncate => integer.Sign > 0 ? (integer, true) : (integer - 1, false),
        RoundingKind.NearestEven => (integer - s_half, integer.Numerator.IsEven),
        _ => (integer - s_half, integer.Sign > 0),
    };

    /// <summary>The rounding of -x that is the negative of the rounding of x.</summary>
    public static RoundingKind Negate(RoundingKind kind) => kind switch
    {
        RoundingKind.Floor => RoundingKind.Ceiling,
        RoundingKind.Ceiling => RoundingKind.Floor,
        _ => kind,
    };

    private static Rational Nearest(Rational value, RoundingKind kind)
    {
        var floor = Floor(value);
        int order = (value - floor).CompareTo(s_half);
        if (order < 0) return floor;
        if (order > 0) return floor + 1;
        bool isUp = kind == RoundingKind.NearestAway ? value.Sign > 0 : !floor.Numerator.IsEven;
        return isUp ? floor + 1 : floor;
    }
}
