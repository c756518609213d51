using System;

namespace Kan.Interchange.Curves;

/// <summary>What a piecewise-linear function does on an interval.</summary>
/// <param name="Range">Holds all values.</param>
/// <param name="Steepness">The largest |slope| of a segment that reaches into the interval.</param>
internal readonly record struct EdgeBounds(Interval Range, double Steepness)
{
    public static EdgeBounds Of(PiecewiseLinearFunction function, Interval interval)
    {
        if (!interval.IsBounded) return new EdgeBounds(Interval.All, double.PositiveInfinity);
        Rational low = Rational.FromDouble(interval.Low), high = Rational.FromDouble(interval.High);
        var (least, greatest) = function.RangeOn(low, high);
        var steepest = Rational.Zero;
        for (int segment = function.SegmentOf(low), last = function.SegmentOf(high); segment <= last; segment++) steepest = Rational.Max(steepest, Rational.Abs(function.Slopes[segment]));
        return new EdgeBounds(Enclosing.Between(least, greatest), steepest.Enclose().High);
    }
}
