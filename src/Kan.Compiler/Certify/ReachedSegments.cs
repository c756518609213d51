using System;
using System.Collections.Generic;
using Kan.Compiler.Integers;

namespace Kan.Compiler.Certify;

/// <summary>The segments of the codes that an input of a layer may have, and what the integers of its edges are off there.</summary>
internal sealed class ReachedSegments
{
    /// <summary>What a sum of floating-point numbers may be off, relative to the sum of their magnitudes, for each term.</summary>
    private const double Unit = 2.3e-16;

    /// <summary>More codes than the code of a breakpoint, computed in <c>double</c>, is off: some roundings of at most 2^17.</summary>
    private const double CodeSlack = 1e-10;

    private readonly CodeRange _codes;
    private readonly List<Segment> _segments = [];
    private readonly double[] _points;
    private readonly double[] _values;
    private readonly double _furthest;

    /// <summary>The segments of the codes that an input may have.</summary>
    /// <param name="curves">The curves.</param>
    /// <param name="input">The input.</param>
    /// <param name="codes">What its codes stand for.</param>
    /// <param name="exact">The range of what is coded.</param>
    /// <param name="error">What that is off.</param>
    public ReachedSegments(WideCurves curves, int input, CodeRange codes, CodedRange exact, double error)
    {
        _codes = codes;
        _furthest = Math.Max(Math.Abs(codes.Low), Math.Abs(codes.High));

        // One code further at each end makes up for all rounding.
        double first = Math.Floor((exact.Low - error) / codes.Scale) + codes.Zero - 1,
            last = Math.Ceiling((exact.High + error) / codes.Scale) + codes.Zero + 1;
        int low = (int)Math.Max(0, Math.Min(first, codes.Most)), high = (int)Math.Max(low, Math.Min(last, codes.Most));
        var knots = curves.KnotsOf(input);
        for (int k = 0; k + 1 < knots.Length; k++)
        {
            if (knots[k + 1] < low || knots[k] > high) continue;
            int length = knots[k + 1] - knots[k];

            // A factor is off by at most a half, so this is exact: times its length it is an integer.
            double factor = Math.Abs(((long)WideCurves.Factor(length) * length) - ((long)WideCurves.Whole << WideCurves.FactorShift))
                / (double)(1L << WideCurves.FactorShift);
            _segments.Add(new Segment(k, knots[k], length, Math.Max(low, knots[k]), Math.Min(high, knots[k + 1]), 0.5 + factor));
        }

        _points = new double[2 * _segments.Count];
        _values = new double[_points.Length];
        for (int i = 0; i < _segments.Count; i++)
            (_points[2 * i], _points[(2 * i) + 1]) = (codes.Number(_segments[i].From), codes.Number(_segments[i].To));
    }

    /// <summary>
    /// The least and the greatest of what the integers of an edge are above it, and what both may be off themselves.
    /// </summary>
    /// <param name="curve">The exact edge.</param>
    /// <param name="integers">The layer.</param>
    /// <param name="start">Where the value of the edge at the first knot is.</param>
    public (double Least, double Most, double Slack) Deviations(DoubleCurve curve, IntegerLayerForm integers, int start)
    {
        var curves = integers.WideCurves!;
        int m = integers.OutputCount, bend = 0;
        double own = integers.Units[start % m], unit = own / (1L << curves.Shift), floor = own - unit;
        double least = double.PositiveInfinity, most = double.NegativeInfinity, largest = 0, steepest = 0;
        double[] bends = curve.Breakpoints;
        curve.Evaluate(_points, _values);
        for (int i = 0; i < _segments.Count; i++)
        {
            var segment = _segments[i];
            int at = start + (segment.Index * m);
            double value = curves.Values[at], rise = curves.Values[at + m] - value, slope = unit * WideCurves.Whole * rise / segment.Length,
                begin = unit * WideCurves.Whole * value;
            double lowest = double.PositiveInfinity, highest = double.NegativeInfinity, weights = unit * segment.Weights * Math.Abs(rise);
            Add(segment.From - segment.Knot, _values[2 * i]);
            Add(segment.To - segment.Knot, _values[(2 * i) + 1]);
            double from = _points[2 * i], to = _points[(2 * i) + 1];
            while (bend < bends.Length && bends[bend] < from) bend++;
            for (; bend < bends.Length && bends[bend] <= to; bend++)
                Add((bends[bend] / _codes.Scale) + _codes.Zero - segment.Knot, curve.Evaluate(bends[bend]));
            least = Math.Min(least, lowest - weights - (value == 0 && rise == 0 ? 0 : floor));
            most = Math.Max(most, highest + weights);
            steepest = Math.Max(steepest, Math.Abs(slope));

            void Add(double code, double exact)
            {
                double found = begin + (slope * code);
                lowest = Math.Min(lowest, found - exact);
                highest = Math.Max(highest, found - exact);
                largest = Math.Max(largest, Math.Abs(begin) + Math.Abs(slope * code) + Math.Abs(exact) + weights + floor);
            }
        }

        return (least, most, curve.Slack(_furthest) + (largest * 8 * Unit) + (steepest * CodeSlack));
    }

    /// <summary>A segment, as far as its codes are reached.</summary>
    /// <param name="Index">Its index.</param>
    /// <param name="Knot">Its first code.</param>
    /// <param name="Length">The codes to the next segment.</param>
    /// <param name="From">The first code that is reached.</param>
    /// <param name="To">The last one.</param>
    /// <param name="Weights">What weights are off at most.</param>
    private readonly record struct Segment(int Index, int Knot, int Length, int From, int To, double Weights);
}
