using System;

namespace Kan.Interchange.Symbolic;

/// <summary>Rationals as narrow intervals.</summary>
internal static class Enclosing
{
    public static Interval Enclose(this Rational value) => EnclosedFunction.Enclose(value);

    /// <summary>The narrowest interval of doubles that holds both numbers.</summary>
    public static Interval Between(Rational low, Rational high)
    {
        double down = low.ToDouble(), up = high.ToDouble();

        // Past the largest double the nearest one is infinite, which is not a bound on that side.
        if (double.IsPositiveInfinity(down)) down = double.MaxValue;
        else if (double.IsFinite(down) && Rational.FromDouble(down) > low) down = Math.BitDecrement(down);
        if (double.IsNegativeInfinity(up)) up = double.MinValue;
        else if (double.IsFinite(up) && Rational.FromDouble(up) < high) up = Math.BitIncrement(up);
        return new Interval(down, up);
    }
}
