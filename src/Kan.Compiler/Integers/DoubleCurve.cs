using System;
using System.Linq;

namespace Kan.Compiler.Integers;

/// <summary>A piecewise-linear function whose numbers are the nearest doubles of exact ones.</summary>
internal sealed class DoubleCurve
{
    /// <summary>More than the roundings of a value add up to, relative to the numbers that it is computed from.</summary>
    private const double Relative = 8 * 2.3e-16;

    private readonly double[] _values;
    private readonly double[] _slopes;
    private readonly double _size;
    private readonly double _steepest;

    private DoubleCurve(double[] breakpoints, double[] values, double[] slopes, CodedRange varying)
    {
        Varying = varying;
        Breakpoints = breakpoints;
        _values = values;
        _slopes = slopes;
        _steepest = slopes.Max(Math.Abs);
        double furthest = breakpoints.Length == 0 ? 0 : Math.Max(Math.Abs(breakpoints[0]), Math.Abs(breakpoints[breakpoints.Length - 1]));
        _size = values.Max(Math.Abs) + (_steepest * furthest);
    }

    /// <summary>Where it bends, in ascending order.</summary>
    public double[] Breakpoints { get; }

    /// <summary>Where it ceases to be constant from the left, and begins to be so to the right; infinite where it does not.</summary>
    public CodedRange Varying { get; }

    /// <summary>A function that is not constant, of exact numbers; null if one of them is beyond <c>float</c>.</summary>
    public static DoubleCurve? Of(PiecewiseLinearFunction function)
    {
        double[] breakpoints = [.. function.Breakpoints.Select(static point => point.ToDouble())],
            slopes = [.. function.Slopes.Select(static slope => slope.ToDouble())],
            values = function.Breakpoints.IsEmpty
                ? [function.AnchorValue.ToDouble()]
                : [.. function.Breakpoints.Select(point => function.Evaluate(point).ToDouble())];
        var varying = new CodedRange(
            function.Slopes[0].IsZero ? breakpoints[0] : double.NegativeInfinity,
            function.Slopes[slopes.Length - 1].IsZero ? breakpoints[breakpoints.Length - 1] : double.PositiveInfinity);
        return breakpoints.Concat(slopes).Concat(values).All(static number => Math.Abs(number) <= float.MaxValue)
            ? new DoubleCurve(breakpoints, values, slopes, varying)
            : null;
    }

    /// <summary>The value at a point, off the exact one by at most <see cref="Slack"/>.</summary>
    public double Evaluate(double x)
    {
        if (Breakpoints.Length == 0) return _values[0] + (_slopes[0] * x);
        int segment = SegmentOf(x), origin = Math.Max(segment - 1, 0);
        return _values[origin] + (_slopes[segment] * (x - Breakpoints[origin]));
    }

    /// <summary>The values at points in ascending order.</summary>
    public void Evaluate(ReadOnlySpan<double> points, Span<double> values)
    {
        int segment = 0;
        double from = Breakpoints.Length == 0 ? 0 : Breakpoints[0];
        for (int i = 0; i < points.Length; i++)
        {
            while (segment < Breakpoints.Length && points[i] >= Breakpoints[segment]) from = Breakpoints[segment++];
            values[i] = _values[Math.Max(segment - 1, 0)] + (_slopes[segment] * (points[i] - from));
        }
    }

    /// <summary>
    /// Its line to the right of some of its breakpoints: the slope and the value at 0, and the size of the numbers that the value is
    /// computed from.
    /// </summary>
    /// <param name="breakpoints">How many breakpoints are to the left.</param>
    public (double Slope, double Intercept, double Size) Line(int breakpoints)
    {
        int origin = Math.Max(breakpoints - 1, 0);
        double slope = _slopes[breakpoints], moved = Breakpoints.Length == 0 ? 0 : slope * Breakpoints[origin];
        return (slope, _values[origin] - moved, Math.Abs(_values[origin]) + Math.Abs(moved));
    }

    /// <summary>What values may be off at points of a size.</summary>
    public double Slack(double size) => (Relative * (_size + (_steepest * size))) + double.Epsilon;

    /// <summary>Bounds of its values on an interval.</summary>
    public CodedRange ValuesOn(CodedRange interval)
    {
        double first = Evaluate(interval.Low), last = Evaluate(interval.High), low = Math.Min(first, last), high = Math.Max(first, last);
        for (int i = 0; i < Breakpoints.Length; i++)
        {
            if (!(Breakpoints[i] > interval.Low && Breakpoints[i] < interval.High)) continue;
            low = Math.Min(low, _values[i]);
            high = Math.Max(high, _values[i]);
        }

        double slack = Slack(Math.Max(Math.Abs(interval.Low), Math.Abs(interval.High)));
        return new CodedRange(low - slack, high + slack);
    }

    /// <summary>A bound of the size of its slopes.</summary>
    public double Steepest => (_steepest * (1 + Relative)) + double.Epsilon;

    /// <summary>A bound of the size of its slopes on an interval.</summary>
    public double SteepestOn(CodedRange interval)
    {
        double steepest = 0;
        for (int i = 0; i < _slopes.Length; i++)
        {
            // A breakpoint is the nearest double of one that may lie on its other side.
            if (i > 0 && Breakpoints[i - 1] - Step(Breakpoints[i - 1]) > interval.High) break;
            if (i < Breakpoints.Length && Breakpoints[i] + Step(Breakpoints[i]) < interval.Low) continue;
            steepest = Math.Max(steepest, Math.Abs(_slopes[i]));
        }

        return (steepest * (1 + Relative)) + double.Epsilon;
    }

    private static double Step(double breakpoint) => (Math.Abs(breakpoint) * Relative) + double.Epsilon;

    /// <summary>The number of breakpoints at or left of a point.</summary>
    private int SegmentOf(double x)
    {
        int found = Array.BinarySearch(Breakpoints, x);
        return found < 0 ? ~found : found + 1;
    }
}
