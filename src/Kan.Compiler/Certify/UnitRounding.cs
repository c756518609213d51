using System;

namespace Kan.Compiler.Certify;

/// <summary>The rounding of one edge as a sum of units, <c>w unit(x - b)</c>, for the inputs of an interval.</summary>
internal sealed class UnitRounding(Enclosure interval, NumberType type, OverflowWatch watch)
{
    /// <summary>
    /// A slope of a clamped difference makes up for the rounding of those before it, by at most this many units, before it rounds itself.
    /// </summary>
    private const double Adjustment = 4;

    private double _error;
    private double _swing;

    /// <summary>The rounding of the units of an edge.</summary>
    public static TermRounding Of(PiecewiseLinearFunction function, UnitScheme scheme, Enclosure interval, NumberType type,
        OverflowWatch watch)
    {
        var sum = new UnitRounding(interval, type, watch);
        var kinds = scheme.Kinds(Math.Max(1, function.Breakpoints.Length));
        var units = scheme.Units(function, kinds.Length);
        for (int i = 0; i < units.Length; i++) sum.Add(kinds[i], units[i]);
        return new TermRounding(sum._error, sum._swing, units.Length);
    }

    private void Add(UnitKind kind, ExactUnit unit)
    {
        // How far inputs are past the breakpoint, on the sides on which the unit moves.
        var point = Enclosure.Of(unit.Point);
        var (below, above) = UnitTerm.FarSlopes(kind);
        bool hasHeight = UnitTerm.HasHeight(kind);
        double reach = below == 0 ? double.NegativeInfinity : Outward.Up(point.High - interval.Low);
        if (hasHeight || above != 0) reach = Math.Max(reach, Outward.Up(interval.High - point.Low));
        Add(point, reach, Enclosure.Of(unit.Weight).Magnitude, hasHeight ? Enclosure.Of(unit.Height).High : null);
    }

    /// <summary>Adds a unit.</summary>
    /// <param name="point">Its breakpoint.</param>
    /// <param name="reach">A bound of how far inputs are past it.</param>
    /// <param name="weight">|w|.</param>
    /// <param name="height">Where it ends; null where it does not.</param>
    private void Add(Enclosure point, double reach, double weight, double? height)
    {
        double moved = type.Rounding(point.Magnitude);
        watch.See(Outward.Sum((interval - point).Magnitude, moved), "a difference of an input and a breakpoint");

        // Rounding keeps order, so an input that is not past the breakpoint is not past the knot, and the unit is 0.
        if (reach <= 0) return;
        double length = reach, inexact = type.Rounding(weight);
        double offHeight = 0;
        if (height is { } h)
        {
            // A difference that rounds past the height is cut off: only those up to it err, by their own rounding.
            length = Math.Min(reach, Outward.Product(h, 1.001));
            offHeight = type.Rounding(h);
            inexact = Outward.Sum(inexact, Outward.Product(1.001 * (Adjustment + 1) * type.Unit, weight));
        }

        double off = Outward.Sum(Outward.Sum(moved, offHeight), type.Rounding(Outward.Sum(length, moved)));
        double most = Outward.Sum(weight, inexact);
        _error = Outward.Sum(_error, Outward.Sum(Outward.Product(inexact, length), Outward.Product(most, off)));
        _swing = Outward.Sum(_swing, Outward.Product(most, Outward.Sum(length, off)));
    }
}
