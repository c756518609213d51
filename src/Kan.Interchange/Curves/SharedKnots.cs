using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Interchange.Curves;

/// <summary>
/// Approximates several curves of one input by functions that bend at the same points, so that one search finds the segment of all of them.
/// Knots are laid from left to right, each as far as all curves allow. The value at a knot is h^2 f'' / 16 off the curve, h the step: the
/// chord is then as far from the curve at its ends as in its middle, which takes 1.4 times fewer knots than a chord through the curve.
/// </summary>
internal sealed class SharedKnots
{
    private const double Offset = 1.0 / 16, MostOffset = 0.9, Fine = 1.02, Growth = 1.5, Shortest = 1e-12;

    private const int MostTries = 128;

    // Parts of the error and of a step that rounding to short numbers may take.
    private const double ValueShare = 1e-3, StepShare = 0.01;

    private readonly IReadOnlyList<RealFunction> _curves;
    private readonly double[] _allowed;
    private readonly Interval _interval;
    private readonly List<double> _knots = [];

    // The values of the curves at the last knot.
    private readonly Interval[] _curvesAt;
    private readonly List<double>[] _values;

    private SharedKnots(IReadOnlyList<RealFunction> curves, double[] allowed, Interval interval)
    {
        _curves = curves;
        _allowed = allowed;
        _interval = interval;
        _values = [.. curves.Select(static _ => new List<double>())];
        _curvesAt = new Interval[curves.Count];
        Errors = new double[curves.Count];
    }

    /// <summary>The knots, both ends of the interval included.</summary>
    public IReadOnlyList<double> Knots => _knots;

    /// <summary>The values of the function that stands for a curve, at each knot.</summary>
    public IReadOnlyList<double> Values(int curve) => _values[curve];

    /// <summary>A bound of the distance of each function from its curve on the interval.</summary>
    public double[] Errors { get; }

    /// <summary>Lays the knots; null if a curve has no bound, or where they would be more than allowed.</summary>
    /// <param name="curves">The curves.</param>
    /// <param name="errors">The largest error of each.</param>
    /// <param name="interval">Where; more than a point.</param>
    /// <param name="mostKnots">The most knots worth having.</param>
    public static SharedKnots? TryBuild(IReadOnlyList<RealFunction> curves, double[] errors, Interval interval, double mostKnots)
    {
        if (SegmentCount.AtLeast(curves, errors, interval.Low, interval.High) > mostKnots) return null;
        var shared = new SharedKnots(curves, errors, interval);
        return shared.Run(mostKnots) ? shared : null;
    }

    /// <summary>The function that stands for a curve; its end segments extend.</summary>
    public PiecewiseLinearFunction Function(int curve) =>
        PiecewiseLinearFunction.FromKnots([.. _knots.Select(Rational.FromDouble)], [.. _values[curve].Select(Rational.FromDouble)]);

    /// <summary>The end of a step and what it costs.</summary>
    private sealed record Step(double To, double[] Values, double[] Bounds);

    private bool Run(double mostKnots)
    {
        double[] limits = [.. _curves.SelectMany(static curve => curve.Kinks).Where(kink => kink > _interval.Low && kink < _interval.High)
            .Append(_interval.High).Distinct().Order()];
        double at = _interval.Low, guess = (_interval.High - _interval.Low) / 16;
        var start = new double[_curves.Count];
        for (int i = 0; i < start.Length; i++)
        {
            var value = _curves[i].At(at);
            if (!value.IsBounded) return false;
            start[i] = Rounded(value.Middle, _allowed[i]);
        }

        Add(at, start);
        foreach (double limit in limits)
        {
            while (at < limit)
            {
                if (_knots.Count > mostKnots || Longest(at, guess, limit) is not { } step) return false;
                guess = step.To - at;
                at = step.To;
                Add(at, step.Values);
                for (int i = 0; i < Errors.Length; i++) Errors[i] = Math.Max(Errors[i], step.Bounds[i]);
            }
        }

        return true;
    }

    private void Add(double knot, double[] values)
    {
        _knots.Add(knot);
        for (int i = 0; i < values.Length; i++)
        {
            _values[i].Add(values[i]);
            _curvesAt[i] = _curves[i].At(knot);
        }
    }

    private Step? Longest(double at, double guess, double limit)
    {
        double shortest = Shortest * Math.Max(Math.Abs(at), _interval.High - _interval.Low), length = Math.Min(guess, limit - at),
            tooLong = double.PositiveInfinity;
        Step? best = null;
        for (int tries = 0; tries < MostTries && length >= Math.Min(shortest, limit - at); tries++)
        {
            if (Try(at, length, limit) is { } step)
            {
                best = step;
                if (step.To >= limit) return best;
                if (tooLong / length < Fine) return best;
                length = double.IsInfinity(tooLong) ? Math.Min(Growth * length, limit - at) : Math.Sqrt(length * tooLong);
            }
            else
            {
                tooLong = length;
                double fits = best is null ? 0 : best.To - at;
                if (fits > 0 && tooLong / fits < Fine) return best;
                length = fits > 0 ? Math.Sqrt(fits * tooLong) : length / 2;
            }
        }

        return best;
    }

    private Step? Try(double at, double length, double limit)
    {
        double to = limit;
        if (length < limit - at)
        {
            to = Grain.Binary.Floor(at + length, Grain.Binary.Exponent(StepShare * length));
            if (!(to > at && to < limit)) return null;
        }

        double step = to - at;
        var values = new double[_curves.Count];
        var bounds = new double[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            ExactWork.Charge(SegmentBound.Steps);
            var there = _curves[i].At(to);
            if (!there.IsBounded) return null;
            var bend = _curves[i].Over(new Interval(Math.Max(at, to - (step / 64)), to)).Second;
            double offset = bend.IsBounded
                ? Math.Clamp(step * step * Offset * bend.Middle, -MostOffset * _allowed[i], MostOffset * _allowed[i])
                : 0;
            values[i] = Rounded(there.Middle - offset, _allowed[i]);
            bounds[i] = SegmentBound.Of(_curves[i], at, _values[i][^1], _curvesAt[i], to, values[i], there);
            if (!(bounds[i] <= _allowed[i])) return null;
        }

        return new Step(to, values, bounds);
    }

    private static double Rounded(double value, double error) => Grain.Binary.Nearest(value, Grain.Binary.Exponent(ValueShare * error));
}
