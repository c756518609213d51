using System;
using System.Runtime.CompilerServices;

namespace Kan.Analysis.Proofs;

/// <summary>A line a x + b that lies below or above a curve on an interval.</summary>
internal readonly record struct LinearBound(double Slope, double Offset);

/// <summary>A piecewise-linear function in double, with bounds of what rounding its numbers changes.</summary>
internal sealed class Curve
{
    // Relative: a product, two sums and the rounding of three coefficients.
    private const double Unit = 1.0 / (1L << 52), Step = 8 * Unit;

    // More than what is lost where a product is too small for a double.
    private const double Tiny = 1e-300;

    private readonly double[] _knots, _slopes, _values;
    private readonly bool[] _areExact;
    private readonly bool _areSlopesExact = true;
    private readonly double _slack;

    public Curve(PiecewiseLinearFunction function, Rational bias)
    {
        IsRelu = bias.IsZero && function.Equals(PiecewiseLinearFunction.Relu);
        IsIdentity = bias.IsZero && function.Equals(PiecewiseLinearFunction.Identity);
        int k = function.Breakpoints.Length;
        _knots = new double[Math.Max(k, 1)];
        _values = new double[_knots.Length];
        _slopes = new double[k + 1];
        KnotCount = k;
        for (int i = 0; i <= k; i++)
        {
            _slopes[i] = function.Slopes[i].ToDouble();
            _areSlopesExact &= double.IsFinite(_slopes[i]) && Exact(_slopes[i]) == function.Slopes[i];
        }

        _areExact = new bool[_knots.Length];
        SetValue(0, function.AnchorValue + bias);
        for (int i = 0; i < k; i++)
        {
            _knots[i] = function.Breakpoints[i].ToDouble();
            SetValue(i, function.Evaluate(function.Breakpoints[i]) + bias);

            // A breakpoint that is not a double: the function bends a little next to the knot.
            if (function.Breakpoints[i] != Exact(_knots[i]))
                _slack += Math.Abs(_slopes[i + 1] - _slopes[i]) * Math.Abs(_knots[i]) * Unit * 2;
        }
    }

    private void SetValue(int knot, Rational value)
    {
        _values[knot] = value.ToDouble();
        _areExact[knot] = double.IsFinite(_values[knot]) && Exact(_values[knot]) == value;
    }

    public bool IsRelu { get; }

    public bool IsIdentity { get; }

    public int KnotCount { get; }

    /// <summary>The knots, increasing.</summary>
    public ReadOnlySpan<double> Knots => _knots.AsSpan(0, KnotCount);

    /// <summary>Whether the function is affine on an interval.</summary>
    public bool IsDecided(double low, double high)
    {
        foreach (double knot in Knots)
        {
            if (!(knot <= low || knot >= high)) return false;
        }

        return _slack == 0 || KnotCount == 0;
    }

    public int SegmentOf(double x)
    {
        int j = 0;
        while (j < KnotCount && _knots[j] <= x) j++;
        return j;
    }

    public double SlopeAt(double x) => _slopes[SegmentOf(x)];

    /// <summary>The value near a point, and how far from the exact one it can be.</summary>
    public (double Value, double Error) At(double x)
    {
        if (IsRelu) return (Math.Max(x, 0), 0);
        int j = SegmentOf(x), anchor = Math.Max(j - 1, 0);
        double rise = _slopes[j] * (x - _knots[anchor]), value = _values[anchor] + rise;
        if ((_slopes[j] == 0 || x == _knots[anchor]) && _areExact[anchor]) return (_values[anchor], _slack);
        if (_slack == 0 && _areExact[anchor] && _areSlopesExact && Directed.IsSumExact(x, -_knots[anchor])
            && Directed.IsProductExact(_slopes[j], x - _knots[anchor]) && Directed.IsSumExact(_values[anchor], rise)) return (value, 0);
        double size = Math.Abs(_values[anchor]) + (Math.Abs(_slopes[j]) * (Math.Abs(x) + Math.Abs(_knots[anchor])));
        double error = (Step * size) + _slack + Tiny;
        return (value, error);
    }

    /// <summary>The least and the greatest slope on an interval.</summary>
    public (double Least, double Greatest) SlopesOn(double low, double high)
    {
        // A knot that is not exact may lie on the other side of an end.
        double wider = _slack > 0 ? 4 * Unit : 0;
        int first = SegmentOf(low - (Math.Abs(low) * wider)), last = SegmentOf(high + (Math.Abs(high) * wider));
        if (last > first && _knots[last - 1] == high && _slack == 0) last--;
        double least = double.PositiveInfinity, greatest = double.NegativeInfinity;
        for (int j = first; j <= last; j++)
        {
            least = Math.Min(least, _slopes[j]);
            greatest = Math.Max(greatest, _slopes[j]);
        }

        return _areSlopesExact ? (least, greatest) : (least - (Math.Abs(least) * Unit), greatest + (Math.Abs(greatest) * Unit));
    }

    /// <summary>An interval that holds the values on an interval.</summary>
    public (double Low, double High) RangeOn(double low, double high)
    {
        if (IsRelu) return (Math.Max(low, 0), Math.Max(high, 0));
        if (IsIdentity) return (low, high);
        var (least, greatest) = (double.PositiveInfinity, double.NegativeInfinity);
        See(low, ref least, ref greatest);
        See(high, ref least, ref greatest);
        foreach (double knot in Knots)
        {
            if (knot > low && knot < high) See(knot, ref least, ref greatest);
        }

        return (least, greatest);
    }

    private void See(double x, ref double least, ref double greatest)
    {
        var (value, error) = At(x);
        least = Math.Min(least, error == 0 ? value : Math.BitDecrement(value - error));
        greatest = Math.Max(greatest, error == 0 ? value : Math.BitIncrement(value + error));
    }

    /// <summary>A line below and a line above the function on an interval: those closest to it in the middle.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public (LinearBound Lower, LinearBound Upper) LinesOn(double low, double high)
    {
        if (IsIdentity) return (new(1, 0), new(1, 0));
        if (IsRelu) return ReluLines(low, high);
        if (!(low < high))
        {
            var (least, greatest) = RangeOn(low, high);
            return (new(0, least), new(0, greatest));
        }

        int first = SegmentOf(low), last = SegmentOf(high);
        while (last > first && _knots[last - 1] >= high) last--;
        if (first == last) return (Below(_slopes[first], low, high), Above(_slopes[first], low, high));
        double middle = low + ((high - low) / 2);
        return (Below(HullSlope(low, high, middle, 1), low, high), Above(HullSlope(low, high, middle, -1), low, high));
    }

    /// <summary>The slope of the side of the lower hull (the upper one for sign -1) above the middle.</summary>
    private double HullSlope(double low, double high, double middle, int sign)
    {
        // The side that starts at or left of the middle and ends right of it with the least value there.
        double best = double.PositiveInfinity, slope = 0;
        int first = SegmentOf(low), last = SegmentOf(high);
        for (int i = first - 1; i < last; i++)
        {
            double x = i < first ? low : _knots[i];
            if (x > middle) break;
            double v = sign * (i < first ? At(low).Value : _values[i]);
            for (int j = last; j >= first; j--)
            {
                double end = j == last ? high : _knots[j];
                if (end <= middle || end > high) continue;
                double w = sign * (j == last ? At(high).Value : _values[j]), rise = (w - v) / (end - x), at = v + (rise * (middle - x));
                if (at < best) (best, slope) = (at, rise);
            }
        }

        return sign * slope;
    }

    /// <summary>The highest line of a slope that stays below the function.</summary>
    private LinearBound Below(double slope, double low, double high)
    {
        double offset = Math.Min(Gap(slope, low, -1), Gap(slope, high, -1));
        foreach (double knot in Knots)
        {
            if (knot > low && knot < high) offset = Math.Min(offset, Gap(slope, knot, -1));
        }

        return new(slope, offset);
    }

    private LinearBound Above(double slope, double low, double high)
    {
        double offset = Math.Max(Gap(slope, low, 1), Gap(slope, high, 1));
        foreach (double knot in Knots)
        {
            if (knot > low && knot < high) offset = Math.Max(offset, Gap(slope, knot, 1));
        }

        return new(slope, offset);
    }

    /// <summary>The value less the line at a point, rounded outward.</summary>
    private double Gap(double slope, double x, int side)
    {
        var (value, error) = At(x);
        double product = slope * x;
        error += Step * (Math.Abs(value) + Math.Abs(product));
        return side < 0 ? Math.BitDecrement(value - product - error) : Math.BitIncrement(value - product + error);
    }

    private static (LinearBound Lower, LinearBound Upper) ReluLines(double low, double high)
    {
        if (low >= 0) return (new(1, 0), new(1, 0));
        if (high <= 0) return (default, default);
        double slope = high / (high - low), offset = Math.Max(-slope * low, high - (slope * high));
        offset = Math.BitIncrement(offset + (Step * (Math.Abs(offset) + high)));
        return (new(high > -low ? 1 : 0, 0), new(slope, offset));
    }

    private static Rational Exact(double value) => double.IsFinite(value) ? Rational.FromDouble(value) : Rational.Zero;
}
