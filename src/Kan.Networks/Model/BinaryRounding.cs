using System;
using System.Numerics;

namespace Kan.Networks;

/// <summary>
/// Correct rounding of rationals to binary floats, in integer arithmetic, so that every host of the compiler
/// (.NET, .NET Framework) prints the same bits.
/// </summary>
internal static class BinaryRounding
{
    /// <summary>A binary interchange format of IEEE 754.</summary>
    internal readonly struct Format
    {
        public Format(int precision, int minimumExponent, int maximumExponent)
        {
            Precision = precision;
            MinimumExponent = minimumExponent;
            MaximumExponent = maximumExponent;
        }

        /// <summary>Significant bits, the hidden one included.</summary>
        public int Precision { get; }

        /// <summary>Exponent of the last bit of the smallest subnormal number.</summary>
        public int MinimumExponent { get; }

        /// <summary>Exponent of the first bit of the largest finite number.</summary>
        public int MaximumExponent { get; }
    }

    private static readonly BigInteger s_shortMantissa = BigInteger.One << 24;
    private static readonly BigInteger s_shortScale = BigInteger.One << 126;

    public static readonly Format Single = new(24, -149, 127);
    public static readonly Format Double = new(53, -1074, 1023);

    /// <summary>The nearest number of the format, ties to even, as a double (which holds every float exactly).</summary>
    public static double Round(Rational value, Format format)
    {
        if (value.IsZero) return 0.0;
        var numerator = BigInteger.Abs(value.Numerator);
        var denominator = value.Denominator;

        // Nearly every parameter was a float to begin with: at most 24 bits over a modest power of two divide exactly.
        if (denominator.IsPowerOfTwo && numerator <= s_shortMantissa && denominator <= s_shortScale)
            return (double)value.Numerator / (double)denominator;

        ExactWork.ChargeConversion(value);

        // The exponent of the leading bit is bits(n) - bits(d) or one less.
        int exponent = BitLength(numerator) - BitLength(denominator);
        if (Compare(numerator, denominator, exponent) < 0) exponent--;

        int last = Math.Max(exponent - format.Precision + 1, format.MinimumExponent);
        var scaledNumerator = last < 0 ? numerator << -last : numerator;
        var scaledDenominator = last > 0 ? denominator << last : denominator;
        var quotient = BigInteger.DivRem(scaledNumerator, scaledDenominator, out var remainder);
        int half = (remainder << 1).CompareTo(scaledDenominator);
        if (half > 0 || (half == 0 && !quotient.IsEven)) quotient += 1;

        if (quotient.IsZero) return value.Sign < 0 ? -0.0 : 0.0;
        if (BitLength(quotient) + last - 1 > format.MaximumExponent)
            return value.Sign < 0 ? double.NegativeInfinity : double.PositiveInfinity;

        double magnitude = Scale((long)quotient, last);
        return value.Sign < 0 ? -magnitude : magnitude;
    }

    /// <summary>Compares n/d with 2^exponent.</summary>
    private static int Compare(BigInteger numerator, BigInteger denominator, int exponent) => exponent >= 0
        ? numerator.CompareTo(denominator << exponent)
        : (numerator << -exponent).CompareTo(denominator);

    /// <summary>mantissa * 2^exponent, assembled from bits: representable by construction.</summary>
    private static double Scale(long mantissa, int exponent)
    {
        while (mantissa >= 1L << 53)
        {
            mantissa >>= 1;
            exponent++;
        }

        while (mantissa < 1L << 52 && exponent > -1074)
        {
            mantissa <<= 1;
            exponent--;
        }

        long bits = mantissa < 1L << 52 ? mantissa : (mantissa & ((1L << 52) - 1)) | ((long)(exponent + 1075) << 52);
        return BitConverter.Int64BitsToDouble(bits);
    }

    private static int BitLength(BigInteger value)
    {
        byte[] bytes = value.ToByteArray();
        int index = bytes.Length - 1;
        while (index > 0 && bytes[index] == 0) index--;
        int length = index * 8;
        for (int top = bytes[index]; top != 0; top >>= 1) length++;
        return length;
    }
}
