using System;
using System.Globalization;
using System.Numerics;

namespace Kan.Compiler.Emit;

/// <summary>
/// C# literals of numbers: the shortest digits that read back as the same bits, computed in integers so that every host of the compiler
/// prints the same text.
/// </summary>
internal static class Literal
{
    /// <summary>The powers of ten that a double holds exactly.</summary>
    private static readonly double[] s_powersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>A constant expression of type <c>float</c> or <c>double</c>.</summary>
    public static string Number(double value, Precision precision)
    {
        string type = precision == Precision.Single ? "float" : "double", suffix = precision == Precision.Single ? "f" : "d";
        if (double.IsNaN(value)) return type + ".NaN";
        if (double.IsInfinity(value)) return type + (value > 0 ? ".PositiveInfinity" : ".NegativeInfinity");
        if (value == 0) return (BitConverter.DoubleToInt64Bits(value) < 0 ? "-0" : "0") + suffix;
        return (value < 0 ? "-" : "") + Digits(Rational.Abs(Rational.FromDouble(value)), precision) + suffix;
    }

    /// <summary>An integer, invariant.</summary>
    public static string Integer(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A count with its noun: <c>1 row</c>, <c>2 rows</c>.</summary>
    public static string Count(int count, string noun) => Integer(count) + " " + noun + (count == 1 ? "" : "s");

    /// <summary>A string literal; a long one is a sum of literals on lines of their own.</summary>
    public static string Text(string value)
    {
        const int MostColumns = 120;
        var text = new System.Text.StringBuilder("\"");
        int start = 0;
        foreach (char c in value)
        {
            if (text.Length - start >= MostColumns)
            {
                text.Append("\"\n    + \"");
                start = text.Length;
            }

            if (c is '"' or '\\') text.Append('\\').Append(c);
            else if (c is >= ' ' and <= '~') text.Append(c);
            else text.Append("\\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture));
        }

        return text.Append('"').ToString();
    }

    private static string Digits(Rational magnitude, Precision precision)
    {
        int most = precision == Precision.Single ? 9 : 17;
        int exponent = DecimalExponent(magnitude);
        double approximate = magnitude.ToDouble();
        for (int count = 1; ; count++)
        {
            // The count-digit decimal nearest to the number: digits * 10^scale.
            int scale = exponent - count + 1;
            if (count < most && IsFarOff(approximate, scale, precision)) continue;
            var unit = Power(scale);
            var quotient = magnitude / unit;
            var digits = BigInteger.Divide((quotient.Numerator * 2) + quotient.Denominator, quotient.Denominator * 2);
            var candidate = (Rational)digits * unit;
            bool same = precision == Precision.Single
                ? candidate.ToSingle() == magnitude.ToSingle()
                : candidate.ToDouble() == magnitude.ToDouble();
            if (same || count == most) return Layout(digits.ToString(CultureInfo.InvariantCulture), scale);
        }
    }

    /// <summary>
    /// Whether rounding at 10^scale surely misses the number: exact powers of ten and one rounding each decide it without big integers.
    /// </summary>
    private static bool IsFarOff(double value, int scale, Precision precision)
    {
        if (scale is < -22 or > 22) return false;
        double unit = s_powersOfTen[Math.Abs(scale)];
        double digits = Math.Round(scale < 0 ? value * unit : value / unit);
        double candidate = scale < 0 ? digits / unit : digits * unit;
        return Math.Abs(candidate - value) > value * (precision == Precision.Single ? 1e-7 : 1e-15);
    }

    private static string Layout(string digits, int scale)
    {
        int trailing = digits.Length - digits.TrimEnd('0').Length;
        digits = digits.Substring(0, digits.Length - trailing);
        scale += trailing;
        int point = digits.Length + scale;
        if (scale >= 0 && point <= 9) return digits + new string('0', scale);
        if (point > 0 && scale < 0) return digits.Substring(0, point) + "." + digits.Substring(point);
        if (point is > -4 and <= 0) return "0." + new string('0', -point) + digits;
        return digits.Substring(0, 1) + (digits.Length > 1 ? "." + digits.Substring(1) : "") + "e" + Integer(point - 1);
    }

    private static int DecimalExponent(Rational magnitude)
    {
        int exponent = (int)Math.Floor(BigInteger.Log10(magnitude.Numerator) - BigInteger.Log10(magnitude.Denominator));
        while (magnitude < Power(exponent)) exponent--;
        while (magnitude >= Power(exponent + 1)) exponent++;
        return exponent;
    }

    private static Rational Power(int exponent) => exponent >= 0
        ? BigInteger.Pow(10, exponent)
        : Rational.Create(BigInteger.One, BigInteger.Pow(10, -exponent));
}
