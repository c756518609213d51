using System;

namespace Kan.Compiler.Certify;

/// <summary>The rounding of one edge as a sum of units, <c>w unit(x - b)</c>, for the inputs of an interval.</summary>
internal sealed class UnitRounding(Enclosure interval, NumberType type, OverflowWatch watch)
{
    /// <summary>A slope of a clamped difference makes up for the rounding of those before it, by at most this many units, before it rounds itself.</summary>
    private const double Adjustment = 4;

    private double _error;
    private double _swing;

    /// <summary>The rounding of the units of an edge: see <see cref="UnitFormBuilder"/> for what they are.</summary>
    public static TermRounding Of(PiecewiseLinearFunction function, LayerLowering lowering, Enclosure interval, NumberType type, OverflowWatch watch)
    {
        var sum = new UnitRounding(interval, type, watch);
        int k = function.Breakpoints.Length;
        sum.AddLow(function.AnchorPoint, function.Slopes[0]);
        if (lowering == LayerLowering.Clamp)
        {
            for (int i = 1; i < k; i++) sum.AddHigh(function.Breakpoints[i - 1], function.Slopes[i], function.Breakpoints[i] - function.Breakpoints[i - 1]);
            sum.AddHigh(k == 0 ? Rational.Zero : function.Breakpoints[k - 1], function.Slopes[k], height: null);
        }
        else
        {
            sum.AddHigh(function.AnchorPoint, function.Slopes[Math.Min(k, 1)], height: null);
            for (int i = 2; i <= k; i++) sum.AddHigh(function.Breakpoints[i - 1], function.Slopes[i] - function.Slopes[i - 1], height: null);
        }

        return new TermRounding(sum._error, sum._swing, Math.Max(2, k + 1));
    }

    /// <summary>w min(x - b, 0), or -w max(b - x, 0).</summary>
    private void AddLow(Rational breakpoint, Rational weight)
    {
        var point = Enclosure.Of(breakpoint);
        Add(point, Outward.Up(point.High - interval.Low), Enclosure.Of(weight).Magnitude, null);
    }

    /// <summary>w max(x - b, 0), at most w h.</summary>
    private void AddHigh(Rational breakpoint, Rational weight, Rational? height)
    {
        var point = Enclosure.Of(breakpoint);
        Add(point, Outward.Up(interval.High - point.Low), Enclosure.Of(weight).Magnitude, height is { } h ? Enclosure.Of(h).High : null);
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
