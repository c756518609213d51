using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Interchange.Symbolic;

/// <summary>
/// A function of one number that may jump: pieces between points, and the value at each point, which belongs to neither side. Graphs that
/// people write out jump in between, as <c>x * (x &gt; 0)</c> does, and are continuous in the end.
/// </summary>
internal sealed class ScalarFunction
{
    // Functions that are made of themselves, again and again, would take their number of parts for each evaluation.
    private const double MostParts = 1024;

    private const int MostPoints = 256;

    private readonly Rational[] _points;

    // What holds left of point 0, at point 0, between points 0 and 1, at point 1, and so on.
    private readonly ScalarPiece[] _pieces;

    private ScalarFunction(Rational[] points, ScalarPiece[] pieces)
    {
        _points = points;
        _pieces = pieces;
    }

    /// <summary>x itself.</summary>
    public static ScalarFunction Identity { get; } = new([], [ScalarPiece.Of(PiecewiseLinearFunction.Identity)]);

    /// <summary>Whether it may jump.</summary>
    public bool Jumps => _points.Length > 0;

    /// <summary>The function, where it is piecewise linear and continuous.</summary>
    public PiecewiseLinearFunction? Exact => Jumps ? null : _pieces[0].Exact;

    /// <summary>The function, where it is curved and continuous.</summary>
    public RealFunction? Curve => Jumps ? null : _pieces[0].Curve;

    /// <summary>Whether it is too large to work with.</summary>
    public bool IsTooLarge => _points.Length > MostPoints || _pieces.Any(static piece => piece.Size > MostParts);

    public static ScalarFunction Of(PiecewiseLinearFunction function) => new([], [ScalarPiece.Of(function)]);

    public static ScalarFunction Of(RealFunction function) => new([], [new(null, function)]);

    public ScalarFunction Map(Func<ScalarPiece, ScalarPiece> map) => new(_points, Array.ConvertAll(_pieces, piece => map(piece)));

    /// <summary>This of a line that is not constant.</summary>
    public ScalarFunction After(PiecewiseLinearFunction line)
    {
        var slope = line.Slopes[0];
        var points = Array.ConvertAll(_points, point => (point - line.AnchorValue) / slope);
        var pieces = Array.ConvertAll(_pieces, piece => piece.Exact is { } exact
            ? ScalarPiece.Of(exact.Compose(line))
            : new ScalarPiece(null, RealFunction.Compose(piece.Curve!, ScalarPiece.Of(line).Real)));
        if (slope.Sign < 0)
        {
            Array.Reverse(points);
            Array.Reverse(pieces);
        }

        return new ScalarFunction(points, pieces);
    }

    /// <summary>One operation on all that holds in the same place.</summary>
    public static ScalarFunction Zip(IReadOnlyList<ScalarFunction> functions, Func<ScalarPiece[], ScalarPiece> combine)
    {
        Rational[] points = [.. functions.SelectMany(static function => function._points).Distinct().Order()];
        var pieces = new ScalarPiece[(2 * points.Length) + 1];
        for (int i = 0; i < pieces.Length; i++)
        {
            var parts = new ScalarPiece[functions.Count];
            for (int f = 0; f < parts.Length; f++) parts[f] = functions[f].PieceAt(points, i);
            pieces[i] = combine(parts);
        }

        return new ScalarFunction(points, pieces);
    }

    /// <summary>1 where the comparison of an exact function with 0 holds, 0 elsewhere; null if the function is not exact.</summary>
    public ScalarFunction? Compare(Comparison comparison)
    {
        if (Exact is not { } function) return null;
        var points = new SortedSet<Rational>(function.Breakpoints);
        for (int segment = 0; segment < function.Slopes.Length; segment++)
        {
            if (function.Slopes[segment].IsZero) continue;
            var root = -function.InterceptOf(segment) / function.Slopes[segment];
            if ((segment == 0 || root >= function.Breakpoints[segment - 1])
                && (segment == function.Breakpoints.Length || root <= function.Breakpoints[segment])) points.Add(root);
        }

        Rational[] sorted = [.. points];
        var pieces = new ScalarPiece[(2 * sorted.Length) + 1];
        for (int i = 0; i < pieces.Length; i++)
        {
            int sign = function.Evaluate(Inside(sorted, i)).Sign;
            pieces[i] = ScalarPiece.Constant(comparison.Holds(sign) ? Rational.One : Rational.Zero);
        }

        return new ScalarFunction(sorted, pieces).Settle(0);
    }

    /// <summary>The same without the points at which it does not jump; one exact function or one curve where it jumps nowhere.</summary>
    /// <param name="gap">How far the sides of a point may be apart where one of them is curved: constants in files are rounded.</param>
    public ScalarFunction Settle(double gap)
    {
        var points = new List<Rational>();
        var pieces = new List<ScalarPiece> { _pieces[0] };
        for (int i = 0; i < _points.Length; i++)
        {
            ScalarPiece at = _pieces[(2 * i) + 1], right = _pieces[(2 * i) + 2], left = pieces[^1];
            if (Join(left, at, right, _points[i], gap) is { } joined)
            {
                pieces[^1] = joined;
                continue;
            }

            points.Add(_points[i]);
            pieces.Add(at);
            pieces.Add(right);
        }

        return points.Count == _points.Length ? this : new ScalarFunction([.. points], [.. pieces]);
    }

    /// <summary>
    /// Two pieces that meet at a point as one; null if they jump, or where the point is not a number that curves can be joined at.
    /// </summary>
    private static ScalarPiece? Join(ScalarPiece left, ScalarPiece at, ScalarPiece right, Rational point, double gap)
    {
        if (left.Exact is { } a && right.Exact is { } b)
        {
            if (at.Exact is not { } here || a.Evaluate(point) != b.Evaluate(point) || here.Evaluate(point) != a.Evaluate(point))
                return null;
            if (a.Equals(b)) return left;
            Rational[] before = [.. a.Breakpoints.Where(breakpoint => breakpoint < point)],
                behind = [.. b.Breakpoints.Where(breakpoint => breakpoint > point)];
            Rational[] slopes = [.. a.Slopes.Take(before.Length + 1), .. b.Slopes.Skip(b.Slopes.Length - behind.Length - 1)];
            return ScalarPiece.Of(PiecewiseLinearFunction.FromSlopes([.. before, point, .. behind], slopes, point, a.Evaluate(point)));
        }

        double place = point.ToDouble();
        if (!double.IsFinite(place) || Rational.FromDouble(place) != point) return null;
        Interval from = left.At(point), value = at.At(point), to = right.At(point);
        if (!from.IsBounded || !to.IsBounded || !value.IsBounded || !(Distance(from, to) <= gap) || !(Distance(from, value) <= gap)
            || !(Distance(to, value) <= gap)) return null;
        return new(null, left == right ? left.Real : RealFunction.JoinRoughly(place, left.Real, right.Real));
    }

    private static double Distance(Interval left, Interval right) => Math.Max(0, Math.Max(left.Low - right.High, right.Low - left.High));

    /// <summary>What holds at a place among other points: the piece that reaches there.</summary>
    private ScalarPiece PieceAt(Rational[] points, int place)
    {
        if (_points.Length == 0) return _pieces[0];

        // Odd places are points; even ones are between two of them, where none of its own points is.
        if (place % 2 != 0)
        {
            int found = Array.BinarySearch(_points, points[place / 2]);
            return found >= 0 ? _pieces[(2 * found) + 1] : _pieces[2 * ~found];
        }

        int left = place / 2 - 1;
        if (left < 0) return _pieces[0];
        int index = Array.BinarySearch(_points, points[left]);
        return _pieces[2 * (index >= 0 ? index + 1 : ~index)];
    }

    private static Rational Inside(Rational[] points, int place)
    {
        if (points.Length == 0) return Rational.Zero;
        if (place % 2 != 0) return points[place / 2];
        int right = place / 2;
        if (right == 0) return points[0] - Rational.One;
        return right == points.Length ? points[^1] + Rational.One : (points[right - 1] + points[right]) / 2;
    }
}
