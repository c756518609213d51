using System;

namespace Kan.Networks;

/// <summary>The kind of numbers in an approximation.</summary>
public enum Grain
{
    /// <summary>Few binary digits: breakpoints and slopes that a float usually holds exactly.</summary>
    Binary,

    /// <summary>Few decimal digits, for code that people read.</summary>
    Decimal,
}

/// <summary>Rounding to multiples of powers of 2 or 10.</summary>
internal static class GrainRounding
{
    private const int LargestExactPowerOfTen = 22;

    /// <summary>The exponent of the largest power of the base that is at most a positive number.</summary>
    public static int Exponent(this Grain grain, double most) =>
        (int)Math.Floor(grain == Grain.Binary ? Math.Log(most) / Math.Log(2) : Math.Log10(most));

    /// <summary>The multiple of base^exponent at or below a number; the double nearest to it in decimal.</summary>
    public static double Floor(this Grain grain, double value, int exponent) => Snap(grain, value, exponent, static x => Math.Floor(x));

    /// <summary>The multiple of base^exponent at or above a number; the double nearest to it in decimal.</summary>
    public static double Ceiling(this Grain grain, double value, int exponent) => Snap(grain, value, exponent, static x => Math.Ceiling(x));

    /// <summary>The multiple of base^exponent nearest to a number; the double nearest to it in decimal.</summary>
    public static double Nearest(this Grain grain, double value, int exponent) => Snap(grain, value, exponent, static x => Math.Round(x));

    private static double Snap(Grain grain, double value, int exponent, Func<double, double> round)
    {
        const double MostExact = 1L << 53;
        const int LeastExponent = -1074, LargestExponent = 1023;

        // Each double is a multiple of smaller powers, also of that of 0, which an underflow asks for; larger powers are not doubles.
        if (exponent is < LeastExponent or > LargestExponent) return value;
        if (grain == Grain.Decimal && Math.Abs(exponent) > LargestExactPowerOfTen) return value;

        // Powers of two are exact; a whole number over an exact power of ten is the double nearest to the decimal.
        double unit = grain == Grain.Binary ? Math.Pow(2, Math.Abs(exponent)) : Math.Pow(10, Math.Abs(exponent));
        double count = round(exponent < 0 ? value * unit : value / unit);
        if (!(Math.Abs(count) < MostExact)) return value;

        // Where the number is far below the power, or the multiple past the largest double, the number itself is the nearest to it that
        // bounds it.
        double multiple = exponent < 0 ? count / unit : count * unit;
        return double.IsInfinity(multiple) || (count == 0 && value / unit == 0) ? value : multiple;
    }
}
