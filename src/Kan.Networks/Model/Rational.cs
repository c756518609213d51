using System;
using System.Globalization;
using System.Numerics;

namespace Kan.Networks;

/// <summary>An exact rational number in lowest terms, with a positive denominator. Every finite binary float is one.</summary>
/// <remarks>
/// Model parameters are floats, so nearly all denominators are powers of two; sums, products and comparisons of such
/// numbers shift instead of taking greatest common divisors.
/// </remarks>
public readonly struct Rational : IEquatable<Rational>, IComparable<Rational>
{
    private readonly BigInteger _numerator;

    // Zero in default(Rational), which must read as 0/1.
    private readonly BigInteger _denominator;

    private Rational(BigInteger numerator, BigInteger denominator)
    {
        _numerator = numerator;
        _denominator = denominator;
    }

    /// <summary>0.</summary>
    public static Rational Zero => default;

    /// <summary>1.</summary>
    public static Rational One { get; } = new(BigInteger.One, BigInteger.One);

    /// <summary>The numerator; it carries the sign.</summary>
    public BigInteger Numerator => _numerator;

    /// <summary>The denominator, at least 1.</summary>
    public BigInteger Denominator => _denominator.IsZero ? BigInteger.One : _denominator;

    /// <summary>-1, 0 or 1.</summary>
    public int Sign => _numerator.Sign;

    /// <summary>Whether this is 0.</summary>
    public bool IsZero => _numerator.IsZero;

    /// <summary>Whether the denominator is a power of two, as for every finite float.</summary>
    public bool IsDyadic => Denominator.IsPowerOfTwo;

    /// <summary>The quotient of two integers, in lowest terms.</summary>
    /// <exception cref="DivideByZeroException"><paramref name="denominator"/> is 0.</exception>
    public static Rational Create(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero) throw new DivideByZeroException();
        if (denominator.Sign < 0)
        {
            numerator = -numerator;
            denominator = -denominator;
        }

        if (denominator.IsOne) return new Rational(numerator, denominator);
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator);
        return divisor.IsOne ? new Rational(numerator, denominator) : new Rational(numerator / divisor, denominator / divisor);
    }

    /// <summary>The exact value of a finite double.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is NaN or infinite.</exception>
    public static Rational FromDouble(double value)
    {
        if (double.IsNaN(value) || double.IsInfinity(value))
            throw new ArgumentOutOfRangeException(nameof(value), "A rational number must be finite.");

        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)((bits >> 52) & 0x7FF);
        long mantissa = bits & 0xFFFFFFFFFFFFFL;
        if (exponent == 0) exponent = 1;
        else mantissa |= 1L << 52;
        if (mantissa == 0) return default;

        exponent -= 1075;
        while ((mantissa & 1) == 0)
        {
            mantissa >>= 1;
            exponent++;
        }

        if (bits < 0) mantissa = -mantissa;
        return exponent >= 0
            ? new Rational((BigInteger)mantissa << exponent, BigInteger.One)
            : new Rational(mantissa, PowersOfTwo.Get(-exponent));
    }

    /// <summary>The exact value of a finite float.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is NaN or infinite.</exception>
    public static Rational FromSingle(float value) => FromDouble(value);

    /// <summary>An integer as a rational.</summary>
    public static implicit operator Rational(int value) => new(value, BigInteger.One);

    /// <summary>An integer as a rational.</summary>
    public static implicit operator Rational(BigInteger value) => new(value, BigInteger.One);

    /// <summary>The exact value of a finite double.</summary>
    public static explicit operator Rational(double value) => FromDouble(value);

    /// <summary>The nearest double, ties to even.</summary>
    public static explicit operator double(Rational value) => value.ToDouble();

    /// <summary>The nearest float, ties to even.</summary>
    public static explicit operator float(Rational value) => value.ToSingle();

    /// <summary>Exact sum.</summary>
    public static Rational operator +(Rational left, Rational right)
    {
        if (left.IsZero) return right;
        if (right.IsZero) return left;
        BigInteger a = left.Denominator, b = right.Denominator;
        bool isDyadic = a.IsPowerOfTwo && b.IsPowerOfTwo;
        if (isDyadic) ExactWork.ChargeSum(left, right);
        else ExactWork.ChargeFraction(left, right);
        if (a == b) return Reduce(left._numerator + right._numerator, a);
        if (isDyadic)
        {
            // The larger power of two is a common denominator; the sum is odd over it, hence already in lowest terms.
            return a > b
                ? new Rational(left._numerator + right._numerator * (a / b), a)
                : new Rational(left._numerator * (b / a) + right._numerator, b);
        }

        return Reduce(left._numerator * b + right._numerator * a, a * b);
    }

    /// <summary>Exact difference.</summary>
    public static Rational operator -(Rational left, Rational right) => left + -right;

    /// <summary>The negative.</summary>
    public static Rational operator -(Rational value) => new(-value._numerator, value._denominator);

    /// <summary>Exact product.</summary>
    public static Rational operator *(Rational left, Rational right)
    {
        if (left.IsZero || right.IsZero) return default;
        if (left.IsDyadic && right.IsDyadic) ExactWork.ChargeProduct(left, right);
        else ExactWork.ChargeFraction(left, right);
        return Reduce(left._numerator * right._numerator, left.Denominator * right.Denominator);
    }

    /// <summary>Exact quotient.</summary>
    /// <exception cref="DivideByZeroException"><paramref name="right"/> is 0.</exception>
    public static Rational operator /(Rational left, Rational right)
    {
        ExactWork.ChargeFraction(left, right);
        return Create(left._numerator * right.Denominator, left.Denominator * right._numerator);
    }

    /// <summary>Exact comparison.</summary>
    public static bool operator <(Rational left, Rational right) => Compare(left, right) < 0;

    /// <summary>Exact comparison.</summary>
    public static bool operator >(Rational left, Rational right) => Compare(left, right) > 0;

    /// <summary>Exact comparison.</summary>
    public static bool operator <=(Rational left, Rational right) => Compare(left, right) <= 0;

    /// <summary>Exact comparison.</summary>
    public static bool operator >=(Rational left, Rational right) => Compare(left, right) >= 0;

    /// <summary>Exact equality.</summary>
    public static bool operator ==(Rational left, Rational right) => left.Equals(right);

    /// <summary>Exact inequality.</summary>
    public static bool operator !=(Rational left, Rational right) => !left.Equals(right);

    /// <summary>The absolute value.</summary>
    public static Rational Abs(Rational value) => value.Sign < 0 ? -value : value;

    /// <summary>The smaller of two numbers.</summary>
    public static Rational Min(Rational left, Rational right) => left <= right ? left : right;

    /// <summary>The larger of two numbers.</summary>
    public static Rational Max(Rational left, Rational right) => left >= right ? left : right;

    /// <summary>
    /// Exact comparison, for sorting: where a limit of exact work is exceeded or cancelled, the next operation says so, since a sort would
    /// wrap what is thrown here in an exception that means a wrong comparison.
    /// </summary>
    public int CompareTo(Rational other)
    {
        if (Sign == other.Sign && Sign != 0) ExactWork.ChargeComparison(this, other);
        return CompareParts(this, other);
    }

    private static int Compare(Rational left, Rational right)
    {
        if (left.Sign == right.Sign && left.Sign != 0)
        {
            if (left.Denominator == right.Denominator) ExactWork.ChargeLinear(left, right);
            else ExactWork.ChargeProduct(left, right);
        }

        return CompareParts(left, right);
    }

    private static int CompareParts(Rational left, Rational right)
    {
        int signs = left.Sign.CompareTo(right.Sign);
        if (signs != 0 || left.Sign == 0) return signs;
        BigInteger a = left.Denominator, b = right.Denominator;
        return a == b ? left._numerator.CompareTo(right._numerator) : (left._numerator * b).CompareTo(right._numerator * a);
    }

    /// <inheritdoc/>
    public bool Equals(Rational other) => _numerator == other._numerator && Denominator == other.Denominator;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Rational other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => unchecked((_numerator.GetHashCode() * 397) ^ Denominator.GetHashCode());

    /// <summary>The nearest double, ties to even; magnitudes past the largest finite double give infinity.</summary>
    public double ToDouble() => BinaryRounding.Round(this, BinaryRounding.Double);

    /// <summary>The nearest float, ties to even; magnitudes past the largest finite float give infinity.</summary>
    public float ToSingle() => (float)BinaryRounding.Round(this, BinaryRounding.Single);

    /// <summary>The number as <c>p</c> or <c>p/q</c>.</summary>
    public override string ToString()
    {
        ExactWork.ChargeConversion(this);
        string numerator = _numerator.ToString(CultureInfo.InvariantCulture);
        return Denominator.IsOne ? numerator : numerator + "/" + Denominator.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Reads <c>p</c> or <c>p/q</c>, as <see cref="ToString"/> writes it.</summary>
    public static bool TryParse(string text, out Rational value)
    {
        value = default;
        if (text is null) return false;
        ExactWork.Charge((long)text.Length * text.Length / 64);
        int slash = text.IndexOf('/');
        const NumberStyles Integer = NumberStyles.AllowLeadingSign;
        if (!BigInteger.TryParse(slash < 0 ? text : text.Substring(0, slash), Integer, CultureInfo.InvariantCulture, out var numerator))
            return false;
        var denominator = BigInteger.One;
        if (slash >= 0 && (!BigInteger.TryParse(text.Substring(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out denominator)
            || denominator.IsZero))
            return false;
        value = Create(numerator, denominator);
        return true;
    }

    private static Rational Reduce(BigInteger numerator, BigInteger denominator)
    {
        if (numerator.IsZero) return default;
        if (!denominator.IsPowerOfTwo) return Create(numerator, denominator);
        if (denominator.IsOne || !numerator.IsEven) return new Rational(numerator, denominator);

        // The power of two in the numerator is its lowest set bit: n & -n.
        var common = BigInteger.Min(numerator & -numerator, denominator);
        return new Rational(numerator / common, denominator / common);
    }

    private static class PowersOfTwo
    {
        private static readonly BigInteger[] s_values = Create();

        public static BigInteger Get(int exponent) => exponent < s_values.Length ? s_values[exponent] : BigInteger.One << exponent;

        private static BigInteger[] Create()
        {
            var values = new BigInteger[160];
            for (int i = 0; i < values.Length; i++) values[i] = BigInteger.One << i;
            return values;
        }
    }
}
