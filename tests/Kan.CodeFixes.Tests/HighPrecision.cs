using System;
using System.Numerics;

namespace Kan.CodeFixes.Tests;

/// <summary>Elementary functions in 28 decimal digits, by series that share nothing with the code under test.</summary>
internal static class HighPrecision
{
    private const decimal Ln2 = 0.6931471805599453094172321215m, TwoPi = 6.2831853071795864769252867666m;

    /// <summary>A double, exact up to 28 digits.</summary>
    public static decimal Exact(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)((bits >> 52) & 0x7ff) - 1075;
        BigInteger mantissa = (bits & ((1L << 52) - 1)) | (1L << 52);
        if (value == 0) return 0;
        var scaled = exponent >= 0 ? (mantissa << exponent) * Scale : (mantissa * Scale) >> -exponent;
        return Math.Sign(value) * ((decimal)(scaled / Small) + ((decimal)(scaled % Small) / (decimal)Small)) / (decimal)(Scale / Small);
    }

    private static BigInteger Scale { get; } = BigInteger.Pow(10, 32);

    private static BigInteger Small { get; } = BigInteger.Pow(10, 16);

    public static decimal Exp(decimal x)
    {
        if (x < -60) return 0;
        int count = (int)Math.Round(x / Ln2);
        decimal rest = x - (count * Ln2), sum = 1, term = 1;
        for (int n = 1; n < 40; n++) sum += term *= rest / n;
        for (; count > 0; count--) sum *= 2;
        for (; count < 0; count++) sum /= 2;
        return sum;
    }

    public static decimal Sin(decimal x)
    {
        decimal rest = x - (Math.Round(x / TwoPi) * TwoPi), square = rest * rest, term = rest, sum = rest;
        for (int n = 1; n < 25; n++) sum += term *= -square / (2 * n * ((2 * n) + 1));
        return sum;
    }

    public static decimal Log(decimal x)
    {
        decimal y = (decimal)Math.Log((double)x);
        for (int i = 0; i < 3; i++)
        {
            decimal e = Exp(y);
            y += 2 * (x - e) / (x + e);
        }

        return y;
    }

    public static decimal Sqrt(decimal x)
    {
        if (x == 0) return 0;
        decimal y = (decimal)Math.Sqrt((double)x);
        for (int i = 0; i < 3; i++) y = (y + (x / y)) / 2;
        return y;
    }

    public static decimal Tanh(decimal x)
    {
        decimal e = Exp(-2 * Math.Abs(x));
        return Math.Sign(x) * (1 - e) / (1 + e);
    }

    public static decimal Sigmoid(decimal x)
    {
        decimal e = Exp(-Math.Abs(x));
        return x >= 0 ? 1 / (1 + e) : e / (1 + e);
    }
}
