using System;
using System.Linq;

namespace Kan.Networks;

/// <summary>A piecewise-linear function in intervals of doubles, which hold its exact numbers: fast bounds on short intervals.</summary>
internal sealed class EnclosedFunction
{
    // The ends of each breakpoint's enclosure. A line has none, and a value at 0.
    private readonly double[] _low, _high;
    private readonly Interval[] _values, _slopes;

    public EnclosedFunction(PiecewiseLinearFunction function)
    {
        Interval[] points = [.. function.Breakpoints.Select(Enclose)];
        _low = Array.ConvertAll(points, static point => point.Low);
        _high = Array.ConvertAll(points, static point => point.High);
        _slopes = [.. function.Slopes.Select(Enclose)];
        _values = points.Length == 0 ? [Enclose(function.AnchorValue)]
            : [.. function.Breakpoints.Select(point => Enclose(function.Evaluate(point)))];
        IsConstant = function.IsConstant;
        IsZero = function.IsZero;
    }

    public bool IsConstant { get; }

    public bool IsZero { get; }

    /// <summary>Doubles that hold a number.</summary>
    public static Interval Enclose(Rational value)
    {
        double nearest = value.ToDouble();
        if (!double.IsFinite(nearest)) return nearest > 0 ? new Interval(double.MaxValue, nearest) : new Interval(nearest, double.MinValue);
        int order = Rational.FromDouble(nearest).CompareTo(value);
        return order == 0 ? nearest : order < 0
            ? new Interval(nearest, Interval.Up(nearest))
            : new Interval(Interval.Down(nearest), nearest);
    }

    /// <summary>Holds the values on an interval.</summary>
    public Interval RangeOn(Interval x)
    {
        if (IsConstant) return _values[0];
        if (!x.IsBounded) return Interval.All;
        var range = x.Low == x.High ? At(x.Low) : Interval.Hull(At(x.Low), At(x.High));
        for (int i = CountBelow(_high, x.Low); i < _low.Length && _low[i] <= x.High; i++) range = Interval.Hull(range, _values[i]);
        return range;
    }

    /// <summary>Holds the slopes of all segments that reach into an interval.</summary>
    public Interval SlopesOn(Interval x)
    {
        if (_low.Length == 0) return _slopes[0];

        // A breakpoint at an end of the interval has one of its segments outside.
        int first = CountAtMost(_high, x.Low), last = Math.Max(first, CountBelow(_low, x.High));
        var slopes = _slopes[first];
        for (int i = first + 1; i <= last; i++) slopes = Interval.Hull(slopes, _slopes[i]);
        return slopes;
    }

    private Interval At(double x)
    {
        if (_low.Length == 0) return _values[0] + (_slopes[0] * x);

        // Of the breakpoints that may be left of x, the last; x may lie in its enclosure, or in those before.
        int after = CountAtMost(_low, x);
        int anchor = Math.Max(after - 1, 0);
        var slopes = _slopes[after];
        for (int i = after - 1; i >= 0 && _high[i] >= x; i--) slopes = Interval.Hull(slopes, _slopes[i]);
        return _values[anchor] + (slopes * ((Interval)x - new Interval(_low[anchor], _high[anchor])));
    }

    /// <summary>How many increasing numbers are below a limit.</summary>
    private static int CountBelow(double[] numbers, double limit)
    {
        int low = 0, high = numbers.Length;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (numbers[middle] < limit) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private static int CountAtMost(double[] numbers, double limit) => CountBelow(numbers, Interval.Up(limit));
}
