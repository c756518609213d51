using System;
using Kan.Interchange.Symbolic;

namespace Kan.Interchange.Curves;

/// <summary>What a piecewise-linear function does on an interval.</summary>
/// <param name="Range">Holds all values.</param>
/// <param name="Slopes">Holds the slopes of the segments that reach into the interval.</param>
internal readonly record struct EdgeBounds(Interval Range, Interval Slopes)
{
    /// <summary>The largest |slope|.</summary>
    public double Steepness => Slopes.Magnitude;

    public static EdgeBounds Of(PiecewiseLinearFunction function, Interval interval)
    {
        if (!interval.IsBounded) return new EdgeBounds(Interval.All, Interval.All);
        Rational low = Rational.FromDouble(interval.Low), high = Rational.FromDouble(interval.High);
        var (least, greatest) = function.RangeOn(low, high);
        int first = function.SegmentOf(low), last = function.SegmentOf(high);
        Rational flattest = function.Slopes[first], steepest = flattest;
        for (int segment = first + 1; segment <= last; segment++)
        {
            flattest = Rational.Min(flattest, function.Slopes[segment]);
            steepest = Rational.Max(steepest, function.Slopes[segment]);
        }

        return new EdgeBounds(Enclosing.Between(least, greatest), Enclosing.Between(flattest, steepest));
    }
}
