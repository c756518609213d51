using System;

namespace Kan.Compiler.Certify;

/// <summary>A closed interval that holds an exact number, or each of a set of them. Operations round outward.</summary>
/// <param name="Low">A lower bound.</param>
/// <param name="High">An upper bound.</param>
internal readonly record struct Enclosure(double Low, double High)
{
    /// <summary>Holds nothing: the start of a union.</summary>
    public static Enclosure Nothing => new(double.PositiveInfinity, double.NegativeInfinity);

    /// <summary>A bound of |number|.</summary>
    public double Magnitude => Math.Max(Math.Abs(Low), Math.Abs(High));

    /// <summary>The interval of a double itself.</summary>
    public static Enclosure Exactly(double value) => new(value, value);

    /// <summary>The interval of a rational: the nearest double where that is equal, its neighbours otherwise.</summary>
    public static Enclosure Of(Rational value)
    {
        double nearest = value.ToDouble();
        if (double.IsInfinity(nearest)) return new Enclosure(Math.Min(nearest, double.MaxValue), Math.Max(nearest, double.MinValue));
        return Rational.FromDouble(nearest) == value ? Exactly(nearest) : new Enclosure(Outward.Down(nearest), Outward.Up(nearest));
    }

    public static Enclosure operator +(Enclosure left, Enclosure right) =>
        new(Outward.Down(left.Low + right.Low), Outward.Up(left.High + right.High));

    public static Enclosure operator -(Enclosure left, Enclosure right) =>
        new(Outward.Down(left.Low - right.High), Outward.Up(left.High - right.Low));

    public static Enclosure operator *(Enclosure left, Enclosure right)
    {
        double a = left.Low * right.Low, b = left.Low * right.High, c = left.High * right.Low, d = left.High * right.High;
        return new Enclosure(Outward.Down(Math.Min(Math.Min(a, b), Math.Min(c, d))), Outward.Up(Math.Max(Math.Max(a, b), Math.Max(c, d))));
    }

    /// <summary>The least interval that holds both.</summary>
    public Enclosure Or(Enclosure other) => new(Math.Min(Low, other.Low), Math.Max(High, other.High));

    /// <summary>The interval whose ends are further out by a distance.</summary>
    public Enclosure Widen(double distance) => new(Outward.Down(Low - distance), Outward.Up(High + distance));
}
