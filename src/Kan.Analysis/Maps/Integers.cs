using System;
using System.Numerics;

namespace Kan.Analysis;

/// <summary>Integers that stand for rationals over a common denominator.</summary>
internal static class Integers
{
    /// <summary>The relative error of <see cref="Quotient"/> is below this.</summary>
    public const double QuotientError = 1.0 / (1L << 50);

    /// <summary>The least common multiple of two positive integers.</summary>
    public static BigInteger LeastCommonMultiple(BigInteger left, BigInteger right)
    {
        if (left == right || right.IsOne) return left;
        if (left.IsOne) return right;
        if (left.IsPowerOfTwo && right.IsPowerOfTwo) return BigInteger.Max(left, right);
        return left / BigInteger.GreatestCommonDivisor(left, right) * right;
    }

    /// <summary>
    /// A double within a relative error of <see cref="QuotientError"/> of numerator / denominator; NaN if the quotient is not 0 and outside
    /// the normal numbers, so that nothing is concluded from it.
    /// </summary>
    public static double Quotient(BigInteger numerator, BigInteger denominator)
    {
        if (numerator.IsZero) return 0;
        var (top, topExponent) = Leading(BigInteger.Abs(numerator));
        var (bottom, bottomExponent) = Leading(denominator);
        double magnitude = Math.ScaleB(top / bottom, topExponent - bottomExponent);
        if (!double.IsNormal(magnitude)) return double.NaN;
        return numerator.Sign < 0 ? -magnitude : magnitude;
    }

    /// <summary>An integer over a common denominator that is a multiple of the number's own.</summary>
    public static BigInteger Over(this Rational value, BigInteger denominator)
    {
        var own = value.Denominator;
        return own == denominator ? value.Numerator : value.Numerator * (denominator / own);
    }

    // The first 62 bits of a positive integer and how far they are shifted down; a relative error of 2^-61 and one rounding.
    private static (double Value, int Exponent) Leading(BigInteger value)
    {
        const int Kept = 62;
        int excess = (int)value.GetBitLength() - Kept;
        return excess <= 0 ? ((double)(long)value, 0) : ((double)(long)(value >> excess), excess);
    }
}
