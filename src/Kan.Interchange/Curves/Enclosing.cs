using System;

namespace Kan.Interchange.Curves;

/// <summary>Rationals as narrow intervals.</summary>
internal static class Enclosing
{
    public static Interval Enclose(this Rational value) => Between(value, value);

    /// <summary>The narrowest interval of doubles that holds both numbers.</summary>
    public static Interval Between(Rational low, Rational high)
    {
        double down = low.ToDouble(), up = high.ToDouble();
        if (Rational.FromDouble(down) > low) down = Math.BitDecrement(down);
        if (Rational.FromDouble(up) < high) up = Math.BitIncrement(up);
        return new Interval(down, up);
    }
}
