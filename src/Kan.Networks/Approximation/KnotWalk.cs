using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;

namespace Kan.Networks;

/// <summary>
/// Lays the segments of an approximation from left to right, each as long as its bound allows. A segment starts where the last one ended,
/// exactly, so rounded slopes do not add up: the next slope makes good what the last one lost.
/// </summary>
internal sealed class KnotWalk(RealFunction function, Interval domain, double error, double tailError, ApproximationOptions options)
{
    // Parts of the error and of a step that rounding to short numbers may take.
    private const double SlopeShare = 0.01, StepShare = 0.01, Headroom = 0.02, AnchorShare = 1e-4;

    // The shortest segment, in units of the whole, and what a search must gain.
    private const double Shortest = 1e-12, Further = 1.01;

    // More than any search takes that converges: 1.5^69 is the longest step over the shortest one.
    private const int MostTries = 1024;

    private readonly double _allowed = error * (1 - (2 * AnchorShare));
    private double[] _kinks = [];
    private int _nextKink;
    private readonly List<double> _knots = [];
    private readonly List<double> _slopes = [];
    private Interval _startValue;
    private Interval? _endValue;
    private double _lastOffset;

    // The value of the function where the segment that is sought starts.
    private bool _isKnown;
    private double _knownAt;
    private Interval _knownValue;

    /// <summary>Where the first segment starts, once it has run: the left end of the domain, or where the left tail ends.</summary>
    public double Start { get; private set; }

    /// <summary>Where the last segment ends, once it has run.</summary>
    public double End { get; private set; }

    /// <summary>Where its segments meet, once it has run, from left to right; neighbors may have the same slope.</summary>
    public IReadOnlyList<double> Knots => _knots;

    /// <summary>The approximation. It keeps the error up to the rounding of its anchor, which is left to the certificate.</summary>
    /// <exception cref="ApproximationException">No bound is known somewhere, or it needs too many segments.</exception>
    public PiecewiseLinearFunction Run(CancellationToken cancellation)
    {
        var left = TailAt(domain.Low, right: false);
        var right = TailAt(domain.High, right: true);
        Start = left?.From ?? domain.Low;
        End = right?.From ?? domain.High;
        if (!(Start < End)) End = Start + 1;
        if (left is { } leftTail) Enter(leftTail.From, ValueOf(leftTail.Line, leftTail.From), leftTail.Line.Slope);
        if (right is { } rightTail) _endValue = ValueOf(rightTail.Line, End);
        _kinks = [.. function.Kinks.Where(kink => kink > Start && kink < End).Distinct().OrderBy(static kink => kink)];
        double least = SegmentCount.AtLeast([function], [error], Start, End);
        if (least > options.MaximumSegments) throw TooMany(least);

        double first = Start;
        var anchor = left is null ? Rational.Zero : Rational.FromDouble(_startValue.Middle);
        double at = Start, guess = (End - Start) / 8;
        var value = _startValue;
        bool hasStart = left is not null;
        while (at < End)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_slopes.Count > options.MaximumSegments)
                throw new ApproximationException(
                    $"An error of {Interval.Text(error)} on {domain} needs more than {options.MaximumSegments} segments.");
            var step = hasStart ? Longest(at, value, guess) : LongestFirst(at, guess);
            if (!hasStart) anchor = Rational.FromDouble(step.Start.Middle);
            hasStart = true;
            _slopes.Add(step.Slope);
            if (step.To < End || right is not null) _knots.Add(step.To);
            guess = step.To - at;
            (at, value) = (step.To, step.Value);
        }

        if (right is { } last) _slopes.Add(last.Line.Slope.ToDouble());
        return WithShortAnchor(PiecewiseLinearFunction.FromSlopes(
            [.. _knots.Select(Rational.FromDouble)], [.. _slopes.Select(Rational.FromDouble)], Rational.FromDouble(first), anchor));
    }

    private ApproximationException TooMany(double least) => new(
        $"An error of {Interval.Text(error)} on {domain} needs at least {least.ToString("N0", CultureInfo.InvariantCulture)} segments; "
        + $"at most {options.MaximumSegments} "
        + $"are tried. An error below {Reachable(least).ToString("G3", CultureInfo.InvariantCulture)} needs more than that, too.");

    /// <summary>
    /// An error, in two digits, below which even the fewest segments are more than are tried: their number falls with its root.
    /// </summary>
    private double Reachable(double least)
    {
        double reachable = error * Math.Pow(least / options.MaximumSegments, 2), unit = Math.Pow(10, Math.Floor(Math.Log10(reachable)) - 1);
        return Math.Ceiling(reachable / unit) * unit;
    }

    private (double From, Tail Line)? TailAt(double end, bool right)
    {
        if (!double.IsInfinity(end)) return null;
        var tail = Tails.Find(function, tailError, right, options.Grain);
        if (tail is { } found && Rational.FromDouble(found.Line.Slope.ToDouble()) == found.Line.Slope) return found;
        throw new ApproximationException("No line is known that the function follows towards " + (right ? "plus" : "minus") + " infinity.");
    }

    private void Enter(double at, Interval value, Rational slope)
    {
        _startValue = value.Middle;
        _knots.Add(at);
        _slopes.Add(slope.ToDouble());
    }

    private static Interval ValueOf(Tail line, double at)
    {
        double slope = line.Slope.ToDouble();
        return (slope * (Interval)at) + line.Intercept;
    }

    /// <summary>One segment.</summary>
    private readonly record struct Step(Interval Start, double To, double Slope, Interval Value, double Bound);

    /// <summary>The longest of the first segments that start on the graph or at either side of it.</summary>
    private Step LongestFirst(double at, double guess)
    {
        var value = function.At(at);
        if (!value.IsBounded) throw NoBound(at);
        Step? best = null;
        int exponent = options.Grain.Exponent(SlopeShare * error);
        foreach (double offset in Offsets())
        {
            var start = (Interval)options.Grain.Nearest(value.Middle + offset, exponent);
            if (TryLongest(at, start, guess) is { } step && (best is null || IsBetter(step, best.Value))) best = step;
        }

        return best ?? throw NoBound(at);
    }

    private Step Longest(double at, Interval value, double guess) => TryLongest(at, value, guess) ?? throw NoBound(at);

    private static ApproximationException NoBound(double at) =>
        new("No bound of the function, its slope or its curvature is known right of " + Interval.Text(at) + ".");

    private double[] Offsets()
    {
        double most = _allowed * (1 - Headroom);
        if (options.ThroughKnots) return [0];
        return _lastOffset < 0 ? [-most, most, 0] : [most, -most, 0];
    }

    private Step? TryLongest(double at, Interval value, double guess)
    {
        Step? best = null;
        double limit = NextKink(at);
        foreach (double offset in Offsets())
        {
            double hint = guess;
            if (best is { } known)
            {
                // Another offset is worth a search only where it takes a segment beyond the best so far.
                if (known.To >= limit) break;
                hint = Math.Min(Further * (known.To - at), limit - at);
                if (Try(at, value, offset, hint, limit) is null) continue;
            }

            if (LongestTo(at, value, offset, hint, limit) is { } step && (best is null || IsBetter(step, best.Value)))
            {
                best = step;
                _lastOffset = offset;
            }
        }

        return best;
    }

    private static bool IsBetter(Step step, Step other) => step.To > other.To || (step.To == other.To && step.Bound < other.Bound);

    private double NextKink(double at)
    {
        while (_nextKink < _kinks.Length && _kinks[_nextKink] <= at) _nextKink++;
        return _nextKink < _kinks.Length ? _kinks[_nextKink] : End;
    }

    /// <summary>The longest segment from a point that ends an offset from the graph: doubled while it fits, then bisected.</summary>
    private Step? LongestTo(double at, Interval value, double offset, double guess, double limit)
    {
        const double Fine = 1.004;
        double shortest = Math.Min(limit - at, Shortest * Math.Max(Math.Abs(at), End - Start)), length = Math.Min(guess, limit - at),
            tooLong = double.PositiveInfinity;
        Step? best = null;
        for (int tries = 0; tries < MostTries && length >= shortest && length < tooLong / Fine; tries++)
        {
            if (Try(at, value, offset, Math.Min(length, limit - at), limit) is { } step)
            {
                best = step;
                if (step.To >= limit) return best;
                length = double.IsInfinity(tooLong) ? Math.Min(1.5 * length, limit - at) : Math.Sqrt(length * tooLong);
            }
            else
            {
                tooLong = length;
                double fits = best is { } known ? known.To - at : 0;
                length = fits > 0 ? Math.Sqrt(Math.Max(fits, length / 2) * length) : length / 2;
                if (fits > 0 && length / fits < Fine) break;
            }
        }

        return best;
    }

    private Step? Try(double at, Interval value, double offset, double length, double limit)
    {
        ExactWork.Charge(SegmentBound.Steps);

        // The sum of a point and the rounded distance to the limit may fall short of the limit.
        double to = length < limit - at ? at + length : limit;
        if (to < limit)
        {
            to = options.Step > 0
                ? Math.Floor(to / options.Step) * options.Step
                : options.Grain.Floor(to, options.Grain.Exponent(StepShare * length));
            if (!(to > at)) return null;
        }
        else
        {
            to = limit;
        }

        var there = function.At(to);
        double goal = to == End && _endValue is { } end ? end.Middle : there.Middle + offset;
        double slope = options.Grain.Nearest((goal - value.Middle) / (to - at), options.Grain.Exponent(SlopeShare * error / (to - at)));
        if (double.IsNaN(slope) || double.IsInfinity(slope)) return null;
        var reached = value + (slope * ((Interval)to - at));
        if (at != _knownAt || !_isKnown) (_isKnown, _knownAt, _knownValue) = (true, at, function.At(at));
        double bound = SegmentBound.Of(function, at, value, _knownValue, to, reached, there);
        if (to == End && _endValue is { } line) bound = Math.Max(bound, ((reached - line).Magnitude + (Interval)tailError).High);
        return bound <= _allowed ? new Step(value, to, slope, reached, bound) : null;
    }

    /// <summary>The same function moved so that its value at 0 is short.</summary>
    private PiecewiseLinearFunction WithShortAnchor(PiecewiseLinearFunction approximation)
    {
        var exact = approximation.Evaluate(Rational.Zero);
        double nearest = exact.ToDouble(), rounded = options.Grain.Nearest(nearest, options.Grain.Exponent(AnchorShare * error));
        if (options.Grain == Grain.Binary && Rational.FromDouble(nearest) == exact) rounded = nearest;
        return approximation.Shift(Rational.FromDouble(rounded) - exact);
    }
}
