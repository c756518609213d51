using System;
using System.Linq;

namespace Kan.Networks;

/// <summary>A point with its coordinates as doubles: exactly those, or the nearest ones to rationals.</summary>
internal sealed class CellPoint
{
    // Below it a double no longer holds all its digits once it is multiplied.
    private const double Smallest = 1e-200;

    private Rational[]? _exact;

    /// <summary>A point that doubles hold.</summary>
    public CellPoint(double[] values)
    {
        Values = values;
        IsNormal = values.All(IsNormalOrZero);
    }

    /// <summary>A point of rationals.</summary>
    public CellPoint(Rational[] exact)
        : this(Array.ConvertAll(exact, static value => value.ToDouble())) => _exact = exact;

    /// <summary>The coordinates, each within half a unit in the last place.</summary>
    public double[] Values { get; }

    /// <summary>The coordinates.</summary>
    public Rational[] Exact => _exact ??= Array.ConvertAll(Values, Rational.FromDouble);

    /// <summary>Whether sums of the doubles say something about the point.</summary>
    public bool IsNormal { get; }

    /// <summary>Whether a double is 0 or far from where doubles end.</summary>
    public static bool IsNormalOrZero(double value) => value == 0 || Math.Abs(value) is >= Smallest and <= 1 / Smallest;
}
