using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Kan.Compiler.Integers;

namespace Kan.Compiler.Certify;

/// <summary>
/// What the integer sums of a network's first layer of curves are off for one sample: as a vector, the known one plus one whose length is
/// at most the root of the sum of <see cref="Squares"/> over the codes, plus <see cref="Steepness"/> times the length of what the inputs
/// are off the numbers of their codes, plus <see cref="Own"/>.
/// </summary>
/// <remarks>
/// An input's error vector at a code, less that at the code of 0, is a sum of few rows with known factors: between two knots the exact
/// functions are straight, and the integers nearly so. All such rows are a matrix, and the errors of all inputs together are that matrix
/// times the vector of the factors, whose length it multiplies with its largest singular value at most.
/// </remarks>
internal sealed class CodedCurves
{
    /// <summary>Values of functions at codes beyond which a build would take too long.</summary>
    private const long MostValues = 100_000_000;

    /// <summary>What a measured distance of an input from the number of its code is off, relative to that number.</summary>
    private const double InputRounding = 1.3e-7;

    private const double Unit = 2.3e-16;

    private readonly CurveLayer _layer;
    private readonly IntegerForm _form;
    private readonly IntegerCurves _curves;
    private readonly int _m;
    private readonly Place[][] _places;
    private readonly double _spread;
    private readonly double[] _rows;

    private CodedCurves(CurveLayer layer, IntegerForm form, CancellationToken cancellation)
    {
        _layer = layer;
        _form = form;
        _m = layer.Outputs;
        _curves = form.Layers[0].Curves!;
        _places = [.. Enumerable.Range(0, _curves.Knots.Length).Select(PlacesOf)];
        _spread = Math.Max(1e-9, _places.Max(static own => own.Max(static place => Math.Abs(place.Spread))));
        _rows = new double[RowCount(layer, _curves) * _m];
        Known = new double[_m];
        double[] sizes = new double[_m], steepest = new double[layer.Inputs * _m];
        foreach (var edge in layer.Edges) steepest[(edge.Input * _m) + edge.Output] = edge.Curve.Steepest;
        int start = 0;
        double rest = 0;
        for (int p = 0; p < layer.Inputs; p++)
        {
            cancellation.ThrowIfCancellationRequested();
            rest += AddInput(p, ref start, sizes);
        }

        var units = form.Layers[0].Units;
        for (int q = 0; q < _m; q++)
        {
            double rounded = (double)units[q] * form.Layers[0].Biases[q];
            Known[q] += rounded - layer.Biases[q];
            sizes[q] += Math.Abs(rounded) + Math.Abs(layer.Biases[q]);
        }

        double norm = SpectralNorm.Bound(_rows, _rows.Length / _m, _m, cancellation);
        Steepness = SpectralNorm.Bound(steepest, layer.Inputs, _m, cancellation);
        double slack = IntegerBound.Length(layer.Inputs, p => form.Input(p).Scale * CodeRange.Highest * InputRounding);
        Own = (rest + IntegerBound.Length(_m, q => sizes[q] * (layer.Inputs + 8) * Unit) + (slack * Steepness)) * (1 + 1e-9);
        Squares = [.. Enumerable.Range(0, CodeRange.Highest + 1).Select(code =>
            _places.Max(own => Square(own[code])) * norm * norm * (1 + 1e-12))];
        AreSquaresOfCodes = _curves.AreShared && form.Inputs.Length == 1;
        if (AreSquaresOfCodes) Squares[form.Inputs[0].Zero] = 0;
    }

    /// <summary>What the sums are off where all inputs have the code of 0, in integers less exactly.</summary>
    public double[] Known { get; }

    /// <summary>For each code what it adds to the square of the length; nothing where it is the code of 0 of an input.</summary>
    public double[] Squares { get; }

    /// <summary>Whether a code has the same square for all inputs; else it is the largest of any.</summary>
    public bool AreSquaresOfCodes { get; }

    /// <summary>What inputs count for that are off the numbers of their codes.</summary>
    public double Steepness { get; }

    /// <summary>What is off whatever the sample: rounding.</summary>
    public double Own { get; }

    /// <summary>What is known of a layer; null if it is too large.</summary>
    /// <param name="layer">The first layer.</param>
    /// <param name="form">The integers.</param>
    /// <param name="cancellation">Observed between inputs.</param>
    public static CodedCurves? Of(CurveLayer layer, IntegerForm form, CancellationToken cancellation) =>
        (long)layer.Edges.Length * (CodeRange.Highest + 1) > MostValues
        || RowCount(layer, form.Layers[0].Curves!) is var rows && (rows > int.MaxValue / layer.Outputs
            || !SpectralNorm.IsVerified((int)rows, layer.Outputs) || !SpectralNorm.IsVerified(layer.Inputs, layer.Outputs))
            ? null
            : new CodedCurves(layer, form, cancellation);

    /// <summary>For each knot a row, and for each segment three: both ends of what is straight, and how far apart its values are.</summary>
    private static long RowCount(CurveLayer layer, IntegerCurves curves) => (4L * curves.Count(layer.Inputs)) - (3L * layer.Inputs);

    /// <summary>Where the codes of an input are.</summary>
    private Place[] PlacesOf(int p)
    {
        var knots = _curves.KnotsOf(p);
        return [.. Enumerable.Range(0, CodeRange.Highest + 1).Select(code =>
        {
            var (segment, weight) = _curves.Place(p, code);
            double part = (double)(code - knots[segment]) / (knots[segment + 1] - knots[segment]);
            return new Place(segment, weight, part, ((double)weight / _curves.Whole) - part);
        })];
    }

    /// <summary>The square of the length of the factors of a code.</summary>
    private double Square(Place place)
    {
        if (place.IsKnot) return 1;
        double first = 1 - place.Part, second = place.Part, share = place.Spread / _spread;
        return (first * first) + (second * second) + (share * share);
    }

    /// <summary>Adds the rows of an input.</summary>
    /// <returns>A bound of the length of what its errors are off the sums of rows, at any code.</returns>
    private double AddInput(int p, ref int start, double[] sizes)
    {
        var knots = _curves.KnotsOf(p);
        var codes = _form.Input(p);
        double[] points = [.. Enumerable.Range(0, CodeRange.Highest + 1).Select(code => (double)codes.Scale * (code - codes.Zero))];
        double[] exact = new double[points.Length], off = new double[points.Length], squares = new double[points.Length];
        double furthest = Math.Max(Math.Abs(points[0]), Math.Abs(points[CodeRange.Highest]));
        var places = _places[_curves.AreShared ? 0 : p];
        int values = ValuesOf(p), rows = start;
        start += ((4 * knots.Length) - 3) * _m;
        foreach (var edge in _layer.EdgesOf(p))
        {
            var (curve, q) = (edge.Curve, edge.Output);
            double unit = _form.Layers[0].Units[q], size = 0;
            curve.Evaluate(points, exact);
            for (int code = 0; code < off.Length; code++)
            {
                int weight = places[code].Weight, at = values + (places[code].Segment * _m) + q;
                double own = unit * (((_curves.Whole - weight) * _curves.Values[at]) + (weight * _curves.Values[at + _m]));
                off[code] = own - exact[code];
                size = Math.Max(size, Math.Abs(own) + Math.Abs(exact[code]));
            }

            double zero = off[codes.Zero], slack = (2 * curve.Slack(furthest)) + (size * 64 * Unit);
            Known[q] += zero;
            sizes[q] += Math.Abs(zero);
            AddRows(knots, rows + q, off, zero, exact, k => unit * _curves.Whole * _curves.Values[values + (k * _m) + q]);
            for (int code = 0; code < off.Length; code++)
            {
                double combined = code == codes.Zero ? 0 : Combined(places[code], rows + q);
                double rest = Math.Abs(off[code] - zero - combined) + slack;
                squares[code] += rest * rest;
            }
        }

        return Math.Sqrt(squares.Max()) * (1 + 1e-9);
    }

    private void AddRows(ImmutableArray<byte> knots, int at, double[] off, double zero, double[] exact,
        Func<int, double> value)
    {
        for (int k = 0; k < knots.Length; k++, at += 4 * _m)
        {
            _rows[at] = off[knots[k]] - zero;
            if (k + 1 == knots.Length) continue;
            int from = knots[k], to = knots[k + 1];
            if (to - from < 2) continue;

            // The line of the codes within, which the knots themselves may not be on.
            double slope = to - from > 2 ? (exact[to - 1] - exact[from + 1]) / (to - from - 2) : (exact[to] - exact[from]) / 2;
            double first = value(k), second = value(k + 1);
            _rows[at + _m] = first - (exact[from + 1] - slope) - zero;
            _rows[at + (2 * _m)] = second - (exact[to - 1] + slope) - zero;
            _rows[at + (3 * _m)] = (second - first) * _spread;
        }
    }

    /// <summary>The sum of rows that a code stands for.</summary>
    private double Combined(Place place, int at)
    {
        at += place.Segment * 4 * _m;
        if (place.IsKnot) return _rows[place.Part == 0 ? at : at + (4 * _m)];
        return ((1 - place.Part) * _rows[at + _m]) + (place.Part * _rows[at + (2 * _m)])
            + (place.Spread / _spread * _rows[at + (3 * _m)]);
    }

    /// <summary>Where the values of an input begin.</summary>
    private int ValuesOf(int p) => (_curves.AreShared ? p * _curves.Knots[0].Length : _curves.Count(p)) * _m;

    /// <summary>Where a code is.</summary>
    /// <param name="Segment">Its segment.</param>
    /// <param name="Weight">The weight of the second knot.</param>
    /// <param name="Part">Its part of the way through the segment.</param>
    /// <param name="Spread">What the weight is above that part.</param>
    private readonly record struct Place(int Segment, int Weight, double Part, double Spread)
    {
        public bool IsKnot => Part is 0 or 1;
    }
}
