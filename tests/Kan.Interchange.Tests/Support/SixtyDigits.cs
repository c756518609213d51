using System.Numerics;

namespace Kan.Interchange.Tests.Support;

/// <summary>
/// Elementary functions of exact numbers in more than 60 decimal digits, by series over integers that share nothing with the code under
/// test.
/// </summary>
internal static class SixtyDigits
{
    // 70 digits; what is lost on the way is far below the 60th.
    private static readonly BigInteger s_one = BigInteger.Pow(10, 70);

    /// <summary>A number as a multiple of 10^-70.</summary>
    public static BigInteger Of(Rational value) => value.Numerator * s_one / value.Denominator;

    /// <summary>A multiple of 10^-70 as a number.</summary>
    public static Rational ToRational(BigInteger value) => Rational.Create(value, s_one);

    public static BigInteger One => s_one;

    public static BigInteger Multiply(BigInteger a, BigInteger b) => a * b / s_one;

    public static BigInteger Divide(BigInteger a, BigInteger b) => a * s_one / b;

    public static BigInteger Sqrt(BigInteger a)
    {
        if (a.Sign <= 0) return BigInteger.Zero;
        BigInteger n = a * s_one, x = BigInteger.One << (int)((n.GetBitLength() / 2) + 1);
        while (true)
        {
            var next = (x + (n / x)) / 2;
            if (next >= x) return x;
            x = next;
        }
    }

    public static BigInteger Exp(BigInteger x)
    {
        // exp(x) = exp(x / 2^k)^(2^k), with what the powers lose kept in 30 more digits.
        const int Halvings = 16;
        BigInteger more = BigInteger.Pow(10, 30), one = s_one * more, y = (x * more) >> Halvings, sum = one, term = one;
        for (int n = 1; !term.IsZero && n < 200; n++)
        {
            term = term * y / one / n;
            sum += term;
        }

        for (int i = 0; i < Halvings; i++) sum = sum * sum / one;
        return sum / more;
    }

    public static BigInteger Log(BigInteger x)
    {
        var y = Of(Rational.FromDouble(BigInteger.Log(x) - BigInteger.Log(s_one)));
        for (int i = 0; i < 5; i++)
        {
            var e = Exp(y);
            y += 2 * Divide(x - e, x + e);
        }

        return y;
    }

    public static BigInteger Sin(BigInteger x)
    {
        // sin(3 y) = 3 sin(y) - 4 sin(y)^3, from a small angle on.
        const int Thirds = 8;
        BigInteger y = x / BigInteger.Pow(3, Thirds), square = Multiply(y, y), sum = y, term = y;
        for (int n = 1; !term.IsZero && n < 200; n++)
        {
            term = -Multiply(term, square) / ((2 * n) * ((2 * n) + 1));
            sum += term;
        }

        for (int i = 0; i < Thirds; i++) sum = (3 * sum) - (4 * Multiply(sum, Multiply(sum, sum)));
        return sum;
    }

    public static BigInteger Cos(BigInteger x)
    {
        var half = Sin(x / 2);
        return s_one - (2 * Multiply(half, half));
    }

    public static BigInteger Tanh(BigInteger x)
    {
        var e = Exp(-2 * BigInteger.Abs(x));
        return x.Sign * Divide(s_one - e, s_one + e);
    }

    public static BigInteger Sigmoid(BigInteger x)
    {
        var e = Exp(-BigInteger.Abs(x));
        return x.Sign >= 0 ? Divide(s_one, s_one + e) : Divide(e, s_one + e);
    }

    public static BigInteger Softplus(BigInteger x) => BigInteger.Max(x, 0) + Log(s_one + Exp(-BigInteger.Abs(x)));

    /// <summary>2 / sqrt(pi) times the alternating series, with digits to spare for what cancels.</summary>
    public static BigInteger Erf(BigInteger x)
    {
        if (BigInteger.Abs(x) > 12 * s_one) return x.Sign * s_one;
        BigInteger more = BigInteger.Pow(10, 70), one = s_one * more, y = x * more, square = y * y / one, power = y, sum = y;
        for (int n = 1; n < 2000 && !power.IsZero; n++)
        {
            power = -(power * square / one) / n;
            sum += power / ((2 * n) + 1);
        }

        return Divide(2 * (sum / more), Sqrt(Pi()));
    }

    /// <summary>Machin's formula.</summary>
    public static BigInteger Pi() => (16 * ArctanOfInverse(5)) - (4 * ArctanOfInverse(239));

    private static BigInteger ArctanOfInverse(int n)
    {
        BigInteger power = s_one / n, sum = power;
        for (int k = 1; !power.IsZero; k++)
        {
            power = -power / (n * n);
            sum += power / ((2 * k) + 1);
        }

        return sum;
    }
}
