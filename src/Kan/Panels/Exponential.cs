using System;

namespace Kan.Panels;

/// <summary>
/// exp and log in double, from operations that are correctly rounded: those of <see cref="Math"/> come from the system's library, and
/// differ in their last bits from one system to another. Both are off by at most three units in the last place.
/// </summary>
internal static class Exponential
{
    /// <summary>The powers of the series of exp and of the series of log: the terms behind are below 2^-56 of the sum.</summary>
    private const int ExpTerms = 13, LogTerms = 23;

    /// <summary>exp of this and less is 0.</summary>
    private const double Least = -746;

    /// <summary>ln 2 in two parts. The first ends in 21 zeros, so that its product with an exponent is exact.</summary>
    private const double LogTwoHigh = 0.6931471803691238, LogTwoLow = 1.9082149292705877e-10;

    /// <summary>exp(x) for x that is at most 0; NaN for NaN.</summary>
    public static double Exp(double x)
    {
        if (x < Least) return 0;
        double exponent = Math.Round(x / (LogTwoHigh + LogTwoLow));
        double rest = x - (exponent * LogTwoHigh) - (exponent * LogTwoLow), sum = 1;
        for (int k = ExpTerms; k > 0; k--) sum = 1 + (rest / k * sum);
        return double.IsNaN(x) ? x : Math.ScaleB(sum, (int)exponent);
    }

    /// <summary>ln(x) for finite x that is at least 1; NaN for NaN.</summary>
    public static double Log(double x)
    {
        if (double.IsNaN(x)) return x;
        int exponent = Math.ILogB(x);
        double mantissa = Math.ScaleB(x, -exponent);
        if (mantissa > 1.5)
        {
            mantissa /= 2;
            exponent++;
        }

        // ln m = 2 artanh s, s = (m - 1) / (m + 1), at most 1/5 away from 0.
        double s = (mantissa - 1) / (mantissa + 1), square = s * s, sum = 0;
        for (int k = LogTerms; k > 0; k -= 2) sum = (1.0 / k) + (square * sum);
        return (exponent * LogTwoHigh) + ((2 * s * sum) + (exponent * LogTwoLow));
    }
}
