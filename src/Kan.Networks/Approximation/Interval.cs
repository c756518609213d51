using System;
using System.Globalization;

namespace Kan.Networks;

/// <summary>
/// A closed interval of real numbers with double ends, which may be infinite. The result of an operation holds every result for
/// members of its operands: each end is rounded outwards by one unit in the last place. Where an operation has no result, as the root of
/// a negative number, it is <see cref="Undefined"/>.
/// </summary>
public readonly record struct Interval
{
    /// <summary>The interval between two numbers.</summary>
    /// <exception cref="ArgumentException">An end is NaN, or the ends are out of order.</exception>
    public Interval(double low, double high)
    {
        if (!(low <= high))
            throw new ArgumentException("[" + Text(low) + ", " + Text(high)
                + "] is not an interval: its ends must be numbers in increasing order.");
        Low = low;
        High = high;
    }

    /// <summary>The least member.</summary>
    public double Low { get; private init; }

    /// <summary>The greatest member.</summary>
    public double High { get; private init; }

    /// <summary>All real numbers.</summary>
    public static Interval All { get; } = new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>The result of an operation that has none; NaN at both ends.</summary>
    public static Interval Undefined { get; } = Between(double.NaN, double.NaN);

    /// <summary>Whether this is not an interval at all.</summary>
    public bool IsUndefined => double.IsNaN(Low) || double.IsNaN(High);

    /// <summary>Whether both ends are finite.</summary>
    public bool IsBounded => !double.IsNaN(Low - Low) && !double.IsNaN(High - High);

    /// <summary>The largest distance of a member from 0.</summary>
    public double Magnitude => Math.Max(Math.Abs(Low), Math.Abs(High));

    /// <summary>A member near the middle of a bounded interval.</summary>
    public double Middle => Low == High ? Low : double.IsInfinity(High - Low) ? (0.5 * Low) + (0.5 * High) : Low + (0.5 * (High - Low));

    /// <summary>The interval of one number.</summary>
    public static implicit operator Interval(double value) => new(value, value);

    /// <summary>Whether a number is a member.</summary>
    public bool Contains(double value) => Low <= value && value <= High;

    /// <summary>Contains all sums.</summary>
    public static Interval operator +(Interval left, Interval right)
    {
        if (left.IsZero) return right;
        return right.IsZero ? left : Outward(left.Low + right.Low, left.High + right.High);
    }

    /// <summary>Contains all differences.</summary>
    public static Interval operator -(Interval left, Interval right) => left + -right;

    /// <summary>The negatives, exact.</summary>
    public static Interval operator -(Interval value) => Between(-value.High, -value.Low);

    /// <summary>Contains all products.</summary>
    public static Interval operator *(Interval left, Interval right)
    {
        if (left.IsUndefined || right.IsUndefined) return Undefined;
        if (left.IsZero || right.IsZero) return 0.0;
        if (left.Low == left.High && Math.Abs(left.Low) == 1) return left.Low > 0 ? right : -right;
        double a = Product(left.Low, right.Low), b = Product(left.Low, right.High), c = Product(left.High, right.Low),
            d = Product(left.High, right.High);
        double low = Math.Min(Math.Min(a, b), Math.Min(c, d)), high = Math.Max(Math.Max(a, b), Math.Max(c, d));
        return left.Low >= 0 && right.Low >= 0 ? Between(Math.Max(0, Down(low)), Up(high)) : Outward(low, high);
    }

    /// <summary>Contains all quotients; all numbers if the divisor may be 0.</summary>
    public static Interval operator /(Interval left, Interval right)
    {
        if (left.IsUndefined || right.IsUndefined) return Undefined;
        if (right.Contains(0)) return right.IsZero ? Undefined : All;
        double low = 1 / right.High, high = 1 / right.Low;
        return left * Outward(low, high);
    }

    /// <summary>The absolute values, exact.</summary>
    public Interval Absolute() => Low >= 0 ? this : High <= 0 ? -this : IsUndefined ? this : Between(0, Math.Max(-Low, High));

    /// <summary>Contains all squares.</summary>
    public Interval Square()
    {
        if (IsUndefined) return Undefined;
        double a = Math.Abs(Low), b = Math.Abs(High);
        double least = Contains(0) ? 0 : Math.Min(a, b), most = Math.Max(a, b);
        return Between(least == 0 ? 0 : Math.Max(0, Down(least * least)), most == 0 ? 0 : Up(most * most));
    }

    /// <summary>Contains all powers with a non-negative exponent.</summary>
    public Interval Power(int exponent)
    {
        if (exponent < 0)
            throw new ArgumentOutOfRangeException(nameof(exponent), exponent, "The exponent of an interval must not be negative.");
        if (exponent == 0) return 1.0;
        if (exponent % 2 == 0) return Power(exponent / 2).Square();
        if (IsUndefined || exponent == 1) return this;

        // An odd power increases, so its ends are the powers of the ends.
        var low = Between(Low, Low);
        var high = Between(High, High);
        return Hull(low * low.Power(exponent - 1), high * high.Power(exponent - 1));
    }

    /// <summary>The smallest interval that holds both.</summary>
    public static Interval Hull(Interval left, Interval right) =>
        Between(Math.Min(left.Low, right.Low), Math.Max(left.High, right.High));

    /// <summary>What two enclosures of the same number have in common; the first where rounding leaves nothing.</summary>
    internal static Interval Common(Interval left, Interval right)
    {
        double low = Math.Max(left.Low, right.Low), high = Math.Min(left.High, right.High);
        return low <= high ? new Interval(low, high) : left;
    }

    /// <summary>The interval from a rounded result to one, each a unit in the last place further out.</summary>
    internal static Interval Outward(double low, double high) => Between(Down(low), Up(high));

    /// <summary>The next smaller double.</summary>
    internal static double Down(double value) => -Up(-value);

    /// <summary>The next larger double.</summary>
    internal static double Up(double value)
    {
        if (double.IsNaN(value) || double.IsPositiveInfinity(value)) return value;
        if (value == 0) return double.Epsilon;
        long bits = BitConverter.DoubleToInt64Bits(value);
        return BitConverter.Int64BitsToDouble(value > 0 ? bits + 1 : bits - 1);
    }

    /// <summary>Both ends, for people.</summary>
    public override string ToString() => "[" + Text(Low) + ", " + Text(High) + "]";

    /// <summary>A number for messages.</summary>
    internal static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    // NaN ends mark what is not defined; the constructor refuses them.
    private static Interval Between(double low, double high) => new() { Low = low, High = high };

    private bool IsZero => Low == 0 && High == 0;

    // An infinite end stands for arbitrarily large finite members, and 0 times each of them is 0.
    private static double Product(double a, double b) => a == 0 || b == 0 ? 0 : a * b;
}
