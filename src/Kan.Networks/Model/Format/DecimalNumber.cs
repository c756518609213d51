using System;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Kan.Networks;

/// <summary>
/// Doubles as decimal text in exact arithmetic, because the text conversions of .NET Framework, where the compiler may run, do not
/// round correctly.
/// </summary>
internal static class DecimalNumber
{
    /// <summary>No halfway case between doubles has more significant digits.</summary>
    private const int MaximumDigits = 800;

    private static readonly double[] s_exactPowersOfTen =
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

    /// <summary>The double nearest to a JSON number, ties to even; infinite if it is too large.</summary>
    /// <param name="text">A text that holds the number.</param>
    /// <param name="start">Where it starts; its grammar has been checked.</param>
    /// <param name="length">Its length.</param>
    public static double Parse(string text, int start, int length)
    {
        int end = start + length;
        bool negative = text[start] == '-';
        ulong shortMantissa = 0;
        int digitCount = 0;
        long exponent = 0;
        bool point = false;
        int i = negative ? start + 1 : start;
        int first = i;
        for (; i < end && text[i] is not ('e' or 'E'); i++)
        {
            if (text[i] == '.')
            {
                point = true;
                continue;
            }

            if (point) exponent--;
            if (digitCount == 0 && text[i] == '0') continue;
            if (digitCount < 19) shortMantissa = (shortMantissa * 10) + (ulong)(text[i] - '0');
            digitCount++;
        }

        if (digitCount == 0) return negative ? -0.0 : 0.0;
        int mantissaEnd = i;
        if (i < end) exponent += ParseExponent(text, i + 1, end);

        double magnitude;
        if (digitCount <= 19 && shortMantissa <= 1UL << 53 && exponent is >= -22 and <= 22)
        {
            // Both operands are exact, so the one operation rounds correctly.
            magnitude = exponent < 0 ? shortMantissa / s_exactPowersOfTen[-exponent] : shortMantissa * s_exactPowersOfTen[exponent];
        }
        else if (digitCount + exponent > 310)
        {
            magnitude = double.PositiveInfinity;
        }
        else if (digitCount + exponent < -330)
        {
            magnitude = 0.0;
        }
        else
        {
            BigInteger mantissa = digitCount <= 19 ? shortMantissa : ParseMantissa(text, first, mantissaEnd, digitCount, ref exponent);
            var power = BigInteger.Pow(10, (int)Math.Abs(exponent));
            magnitude = (exponent < 0 ? Rational.Create(mantissa, power) : (Rational)(mantissa * power)).ToDouble();
        }

        return negative ? -magnitude : magnitude;
    }

    /// <summary>The shortest digits that read back as the finite double, the nearest among those.</summary>
    public static string Format(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        if ((bits & long.MaxValue) == 0) return "0";
        string digits = ShortestDigits(bits, out int pointAfter);
        var text = new StringBuilder(digits.Length + 8);
        if (bits < 0) text.Append('-');
        if (pointAfter is <= -5 or > 17)
        {
            text.Append(digits[0]);
            if (digits.Length > 1) text.Append('.').Append(digits, 1, digits.Length - 1);
            return text.Append('e').Append((pointAfter - 1).ToString(CultureInfo.InvariantCulture)).ToString();
        }

        if (pointAfter <= 0) return text.Append("0.").Append('0', -pointAfter).Append(digits).ToString();
        if (digits.Length <= pointAfter) return text.Append(digits).Append('0', pointAfter - digits.Length).ToString();
        return text.Append(digits, 0, pointAfter).Append('.').Append(digits, pointAfter, digits.Length - pointAfter).ToString();
    }

    /// <summary>The exponent, held within what any text of digits can balance.</summary>
    private static long ParseExponent(string text, int start, int end)
    {
        bool negative = text[start] == '-';
        long exponent = 0;
        for (int i = text[start] is '+' or '-' ? start + 1 : start; i < end; i++)
            exponent = Math.Min((exponent * 10) + (text[i] - '0'), 1L << 40);
        return negative ? -exponent : exponent;
    }

    private static BigInteger ParseMantissa(string text, int start, int end, int digitCount, ref long exponent)
    {
        var digits = new StringBuilder(Math.Min(digitCount, MaximumDigits + 1));
        bool rest = false;
        for (int i = start; i < end; i++)
        {
            char c = text[i];
            if (c == '.' || (digits.Length == 0 && c == '0')) continue;
            if (digits.Length < MaximumDigits) digits.Append(c);
            else rest |= c != '0';
        }

        exponent += digitCount - digits.Length;
        if (rest)
        {
            // What was cut off only decides that the number is not a tie.
            digits.Append('1');
            exponent--;
        }

        return BigInteger.Parse(digits.ToString(), NumberStyles.None, CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// The digits of Steele and White (free-format printing): value = 0.d1 d2 ... * 10^pointAfter, generated while the rest is
    /// further from the ends of the rounding interval than the digits are exact.
    /// </summary>
    private static string ShortestDigits(long bits, out int pointAfter)
    {
        int exponent = (int)((bits >> 52) & 0x7FF);
        long mantissa = bits & 0xFFFFFFFFFFFFFL;
        bool narrowBelow = mantissa == 0 && exponent > 1;
        if (exponent == 0) exponent = 1;
        else mantissa |= 1L << 52;
        exponent -= 1075;

        // value = remainder / scale; the interval reaches below / scale down and above / scale up; all are doubled to stay whole.
        var remainder = (BigInteger)mantissa << (exponent > 0 ? exponent + 1 : 1);
        var scale = BigInteger.One << (exponent < 0 ? 1 - exponent : 1);
        var below = exponent > 0 ? BigInteger.One << exponent : BigInteger.One;
        var above = below;
        if (narrowBelow)
        {
            remainder <<= 1;
            scale <<= 1;
            above <<= 1;
        }

        bool closed = (mantissa & 1) == 0;
        int estimate = (int)Math.Ceiling(((exponent + BitLength(mantissa) - 1) * 0.30102999566398120) - 1e-10);
        if (estimate >= 0)
        {
            scale *= BigInteger.Pow(10, estimate);
        }
        else
        {
            var power = BigInteger.Pow(10, -estimate);
            remainder *= power;
            below *= power;
            above *= power;
        }

        // The estimate is exact or one too small.
        if (Reaches(remainder + above, scale, closed))
        {
            pointAfter = estimate + 1;
        }
        else
        {
            pointAfter = estimate;
            remainder *= 10;
            below *= 10;
            above *= 10;
        }

        var digits = new StringBuilder(17);
        while (true)
        {
            int digit = (int)BigInteger.DivRem(remainder, scale, out remainder);
            bool low = closed ? remainder <= below : remainder < below;
            bool high = Reaches(remainder + above, scale, closed);
            if (low || high)
            {
                int half = (remainder << 1).CompareTo(scale);
                bool up = high && (!low || half > 0 || (half == 0 && (digit & 1) == 1));
                digits.Append((char)('0' + digit + (up ? 1 : 0)));
                return digits.ToString();
            }

            digits.Append((char)('0' + digit));
            remainder *= 10;
            below *= 10;
            above *= 10;
        }
    }

    private static bool Reaches(BigInteger value, BigInteger limit, bool closed) => closed ? value >= limit : value > limit;

    private static int BitLength(long value)
    {
        int length = 0;
        for (; value != 0; value >>= 1) length++;
        return length;
    }
}
