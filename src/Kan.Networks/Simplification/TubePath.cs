using System;
using System.Collections.Generic;

namespace Kan.Networks;

/// <summary>
/// The fewest line segments of a continuous function that stays within a distance of a piecewise-linear one: each line is taken as far as
/// any line that starts where the one before can be left, and then the lines are joined where they cross. Numbers are doubles, so that
/// the distance of the result is to be measured.
/// </summary>
/// <remarks>
/// A line is a point (slope, offset), those that are still possible a convex polygon, and each vertex of the function cuts off two sides
/// of it. When nothing is left, the line which came furthest leaves the tube through one wall after it touched the other; the next line
/// must cross it between these places.
/// </remarks>
internal sealed class TubePath
{
    private readonly double[] _x, _low, _high;
    private readonly double _steepest;
    private List<Corner> _polygon = [], _before = [];
    private double _origin;

    private TubePath(double[] x, double[] low, double[] high)
    {
        (_x, _low, _high) = (x, low, high);
        double steepest = 1, shortest = 1;
        for (int i = 1; i < x.Length; i++)
        {
            steepest = Math.Max(steepest, Math.Abs((low[i] - low[i - 1]) / (x[i] - x[i - 1])));
            shortest = Math.Min(shortest, x[i] - x[i - 1]);
        }

        _steepest = 2 * (steepest + (2 / shortest));
    }

    /// <summary>The knots of such a function, at least two, and its values there; null if rounding spoils it.</summary>
    /// <param name="x">The vertices of the function, increasing; at least two.</param>
    /// <param name="values">Its values there.</param>
    /// <param name="error">The distance, above 0.</param>
    public static (double[] Knots, double[] Values)? Find(double[] x, double[] values, double error)
    {
        // In units of the length and of the distance.
        double start = x[0], length = x[^1] - start, level = values[0];
        const double Reserve = 1e-7;
        double[] scaled = Array.ConvertAll(x, point => (point - start) / length);
        double[] low = Array.ConvertAll(values, value => ((value - level) / error) - 1 + Reserve),
            high = Array.ConvertAll(values, value => ((value - level) / error) + 1 - Reserve);
        if (!(length > 0) || new TubePath(scaled, low, high).Lines() is not { } lines) return null;
        var knots = new double[lines.Count + 1];
        var heights = new double[lines.Count + 1];
        for (int i = 0; i <= lines.Count; i++)
        {
            double at = i == 0 ? 0 : i == lines.Count ? 1 : Crossing(lines[i - 1], lines[i]);
            knots[i] = i == 0 ? x[0] : i == lines.Count ? x[^1] : start + (at * length);
            heights[i] = level + (error * lines[Math.Min(i, lines.Count - 1)].At(at));
            if (!double.IsFinite(heights[i]) || (i > 0 && !(knots[i] > knots[i - 1]))) return null;
        }

        return (knots, heights);
    }

    private static double Crossing(Line a, Line b) => (b.Offset - a.Offset) / (a.Slope - b.Slope);

    /// <summary>The lines from left to right.</summary>
    private List<Line>? Lines()
    {
        var lines = new List<Line>();
        (double X, double Y, bool IsUpper)[] window = [];
        double lowFrom = 0, highFrom = 0;
        while (lines.Count <= _x.Length)
        {
            _origin = Math.Min(lowFrom, highFrom);
            Reset();
            foreach (var (x, y, isUpper) in window)
            {
                if (!Cut(x, y, isUpper)) return null;
            }

            int i = Array.BinarySearch(_x, _origin);
            bool isBlocked = false, isUpperWall = false;
            for (i = i < 0 ? ~i : i; i < _x.Length && !isBlocked; i++)
            {
                if (_x[i] >= lowFrom && !Cut(_x[i], _low[i], isUpper: false)) (isBlocked, isUpperWall) = (true, false);
                else if (_x[i] >= highFrom && !Cut(_x[i], _high[i], isUpper: true)) (isBlocked, isUpperWall) = (true, true);
            }

            if (!isBlocked)
            {
                lines.Add(Middle());
                return lines;
            }

            int wall = i - 1;
            var (line, touched) = Furthest(_x[wall], isUpperWall, Math.Min(lowFrom, highFrom));
            lines.Add(line);
            double exit = Exit(line, wall, isUpperWall, isUpperWall ? highFrom : lowFrom);
            if (!(exit >= touched)) return null;
            window = [(touched, line.At(touched), !isUpperWall ? true : false), (exit, line.At(exit), isUpperWall)];
            (lowFrom, highFrom) = isUpperWall ? (touched, exit) : (exit, touched);

            // Walls behind the places where the line touches them do not bind the next one.
            lowFrom = Interval.Up(lowFrom);
            highFrom = Interval.Up(highFrom);
        }

        return null;
    }

    /// <summary>
    /// Of the lines that were possible, the one that comes closest to a vertex of a wall, and where it last touches the other wall.
    /// </summary>
    private (Line Line, double Touched) Furthest(double x, bool isUpperWall, double from)
    {
        int best = 0;
        for (int k = 1; k < _before.Count; k++)
        {
            double own = Height(_before[k], x), known = Height(_before[best], x);
            if (isUpperWall ? own < known : own > known) best = k;
        }

        // The walls that meet in a corner are those of the sides before and after it.
        var corner = _before[best];
        var previous = _before[(best + _before.Count - 1) % _before.Count];
        double touched = from;
        if (corner.Wall is { } after && after.IsUpper != isUpperWall) touched = Math.Max(touched, after.X);
        if (previous.Wall is { } before && before.IsUpper != isUpperWall) touched = Math.Max(touched, before.X);
        return (new Line(corner.Slope, corner.Offset - (corner.Slope * _origin)), touched);
    }

    /// <summary>Where a line crosses a wall before a vertex of it.</summary>
    private double Exit(Line line, int wall, bool isUpperWall, double from)
    {
        double[] walls = isUpperWall ? _high : _low;
        if (wall == 0) return _x[0];
        double left = _x[wall - 1], right = _x[wall], slope = (walls[wall] - walls[wall - 1]) / (right - left);
        double gapLeft = walls[wall - 1] - line.At(left), gapRight = walls[wall] - line.At(right);
        double at = gapLeft == gapRight ? left : left + ((right - left) * gapLeft / (gapLeft - gapRight));
        return Math.Clamp(double.IsFinite(at) && double.IsFinite(slope) ? at : left, Math.Max(left, Math.Min(from, right)), right);
    }

    /// <summary>All lines that are not absurdly steep.</summary>
    private void Reset()
    {
        double steepest = _steepest, highest = 0;
        for (int i = 0; i < _x.Length; i++) highest = Math.Max(highest, Math.Max(Math.Abs(_low[i]), Math.Abs(_high[i])));
        highest = 2 * (highest + 1 + steepest);
        _polygon.Clear();
        _polygon.AddRange([new Corner(-steepest, -highest, null), new Corner(steepest, -highest, null), new Corner(steepest, highest, null),
            new Corner(-steepest, highest, null)]);
        _before.Clear();
        _before.AddRange(_polygon);
    }

    /// <summary>
    /// Leaves the lines that are at most (or at least) y at x; false, and the lines before in <see cref="_before"/>, if there is none.
    /// </summary>
    private bool Cut(double x, double y, bool isUpper)
    {
        (_polygon, _before) = (_before, _polygon);
        _polygon.Clear();
        int sign = isUpper ? 1 : -1;
        for (int k = 0; k < _before.Count; k++)
        {
            Corner a = _before[k], b = _before[(k + 1) % _before.Count];
            double over = sign * (Height(a, x) - y), next = sign * (Height(b, x) - y);
            if (over <= 0)
            {
                _polygon.Add(next > 0 && over == 0 ? a with { Wall = (x, isUpper) } : a);
                if (next > 0 && over < 0) _polygon.Add(Between(a, b, over, next) with { Wall = (x, isUpper) });
            }
            else if (next < 0)
            {
                _polygon.Add(Between(a, b, over, next) with { Wall = a.Wall });
            }
        }

        return _polygon.Count > 2;
    }

    private static Corner Between(Corner a, Corner b, double over, double next)
    {
        double share = over / (over - next);
        return new Corner(a.Slope + (share * (b.Slope - a.Slope)), a.Offset + (share * (b.Offset - a.Offset)), null);
    }

    private Line Middle()
    {
        double slope = 0, offset = 0;
        foreach (var corner in _polygon) (slope, offset) = (slope + corner.Slope, offset + corner.Offset);
        (slope, offset) = (slope / _polygon.Count, offset / _polygon.Count);
        return new Line(slope, offset - (slope * _origin));
    }

    private double Height(Corner corner, double x) => corner.Offset + (corner.Slope * (x - _origin));

    /// <summary>A line, with the offset at the origin, and the wall that the side of the polygon behind this corner stands for.</summary>
    private readonly record struct Corner(double Slope, double Offset, (double X, bool IsUpper)? Wall);

    private readonly record struct Line(double Slope, double Offset)
    {
        public double At(double x) => Offset + (Slope * x);
    }
}
