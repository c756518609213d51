using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Analysis;

namespace Kan.Experiments.Minimal;

/// <summary>
/// The fewest breakpoints of a KAN of two layers, from below, by the ways to place its inner ones: lines x = b and y = b. On each box
/// between them the inner edges are affine, so the network bends there along whole lines, one for each outer breakpoint at most.
/// </summary>
/// <remarks>
/// Places are taken together that are at one coordinate of a vertex, or between two of them; for the latter a line of bends counts in a box
/// only if it meets the box wherever the line is. Two lines in one such gap are no better than one.
/// </remarks>
internal sealed class InnerGrid
{
    /// <summary>More ways to place lines are not tried; the bound is then what is known by then.</summary>
    private const int MostWays = 20_000;

    private readonly IReadOnlyList<LineBends> _lines;
    private readonly List<PlanePoint> _changes;
    private readonly List<Place> _places;
    private readonly int _leastOuter;

    private InnerGrid(IReadOnlyList<LineBends> lines)
    {
        _lines = lines;
        _changes = [.. lines.SelectMany(static line => line.Changes.Select(line.Line.PointAt)).Distinct()];
        _leastOuter = lines.Any(static line => line.Line.IsOblique) ? 1 : 0;
        var vertices = _changes.Concat(Crossings(lines)).ToList();
        _places =
        [
            .. Places(vertices.Select(static vertex => vertex.X), isVertical: true),
            .. Places(vertices.Select(static vertex => vertex.Y), isVertical: false),
        ];
    }

    /// <summary>A number that no KAN of two layers has fewer breakpoints than.</summary>
    public static int LeastBends(IReadOnlyList<LineBends> lines)
    {
        var grid = new InnerGrid(lines);
        int best = int.MaxValue;
        for (int inner = 0; ; inner++)
        {
            // As many inner ones as this, or more, need as many in all.
            if (inner + grid._leastOuter >= best) return best;
            if (Ways(grid._places.Count, inner) > MostWays) return inner + grid._leastOuter;
            foreach (var placed in Subsets(grid._places.Count, inner, 0))
                best = Math.Min(best, inner + grid.OuterFor([.. placed.Select(i => grid._places[i])]));
        }
    }

    /// <summary>
    /// Outer breakpoints that lines at some places leave necessary; so many that they do not matter where a jump changes off all lines.
    /// </summary>
    private int OuterFor(List<Place> placed)
    {
        if (_changes.Exists(point => !placed.Exists(place => place.IsOn(point)))) return int.MaxValue / 2;
        var columns = Gaps(placed.Where(static place => place.IsVertical));
        var rows = Gaps(placed.Where(static place => !place.IsVertical));
        return columns.SelectMany(column => rows.Select(row => _lines.Count(line => Meets(line, column, row)))).Append(_leastOuter).Max();
    }

    /// <summary>The open intervals between neighbouring places, unless they are empty for some choice of the lines.</summary>
    private static List<(End Low, End High)> Gaps(IEnumerable<Place> places)
    {
        var gaps = new List<(End, End)>();
        var low = new End(null, IsSoft: false);
        foreach (var place in places)
        {
            // A line left of a coordinate, or right of it, can be as near to it as it likes but is not on it.
            var high = new End(place.Low, IsSoft: place.Low != place.High);
            if (place.Low is not null && Precedes(low, high)) gaps.Add((low, high));
            low = new End(place.High, high.IsSoft);
            if (place.High is null) return gaps;
        }

        gaps.Add((low, new End(null, IsSoft: false)));
        return gaps;
    }

    private static bool Meets(LineBends line, (End Low, End High) x, (End Low, End High) y)
    {
        var origin = line.Line.PointAt(0);
        var length = (line.Line.A * line.Line.A) + (line.Line.B * line.Line.B);
        Rational byX = -line.Line.B / length, byY = line.Line.A / length;
        if ((byX.IsZero && !Contains(x, origin.X)) || (byY.IsZero && !Contains(y, origin.Y))) return false;
        for (int i = 0; i < line.Jumps.Count; i++)
        {
            if (line.Jumps[i].IsZero) continue;
            List<End> from = [new(i > 0 ? line.Changes[i - 1] : null, IsSoft: false)];
            List<End> to = [new(i < line.Changes.Count ? line.Changes[i] : null, IsSoft: false)];
            Add(origin.X, byX, x);
            Add(origin.Y, byY, y);

            // Open intervals have a point in common if each starts before each ends.
            if (from.TrueForAll(start => to.TrueForAll(end => Precedes(start, end)))) return true;

            void Add(Rational start, Rational growth, (End Low, End High) range)
            {
                if (growth.IsZero) return;
                End first = At(range.Low), last = At(range.High);
                from.Add(growth.Sign > 0 ? first : last);
                to.Add(growth.Sign > 0 ? last : first);

                End At(End end) => end with { Value = end.Value is { } value ? (value - start) / growth : null };
            }
        }

        return false;
    }

    private static bool Contains((End Low, End High) range, Rational value)
    {
        var at = new End(value, IsSoft: false);
        return Precedes(range.Low, at) && Precedes(at, range.High);
    }

    /// <summary>
    /// Whether one end is before another, wherever the lines are that soft ends come from; an end without a value is infinite.
    /// </summary>
    private static bool Precedes(End start, End end) =>
        start.Value is not { } from || end.Value is not { } to || from < to || (from == to && (start.IsSoft || end.IsSoft));

    /// <summary>Points at which bends along two lines meet.</summary>
    private static IEnumerable<PlanePoint> Crossings(IReadOnlyList<LineBends> lines)
    {
        for (int i = 0; i < lines.Count; i++)
        {
            for (int j = i + 1; j < lines.Count; j++)
            {
                var ((a, b, c), (d, e, f)) = (lines[i].Line, lines[j].Line);
                var determinant = (a * e) - (b * d);
                if (determinant.IsZero) continue;
                var point = new PlanePoint(((c * e) - (b * f)) / determinant, ((a * f) - (c * d)) / determinant);
                if (lines[i].IsBentAt(point) && lines[j].IsBentAt(point)) yield return point;
            }
        }
    }

    private static IEnumerable<Place> Places(IEnumerable<Rational> coordinates, bool isVertical)
    {
        Rational? last = null;
        foreach (var coordinate in coordinates.Distinct().Order())
        {
            yield return new Place(isVertical, last, coordinate);
            yield return new Place(isVertical, coordinate, coordinate);
            last = coordinate;
        }

        yield return new Place(isVertical, last, null);
    }

    private static double Ways(int count, int chosen) =>
        Enumerable.Range(0, chosen).Aggregate(1.0, (ways, i) => ways * (count - i) / (i + 1));

    private static IEnumerable<IReadOnlyList<int>> Subsets(int count, int chosen, int start)
    {
        if (chosen == 0)
        {
            yield return [];
            yield break;
        }

        for (int i = start; i <= count - chosen; i++)
        {
            foreach (var rest in Subsets(count, chosen - 1, i + 1)) yield return [i, .. rest];
        }
    }

    /// <summary>An end of an interval; if it is soft, the interval reaches past this value, but not by any known amount.</summary>
    private readonly record struct End(Rational? Value, bool IsSoft);

    /// <summary>Where a line along an axis is: at a coordinate, or somewhere between two; null for an infinite end.</summary>
    private readonly record struct Place(bool IsVertical, Rational? Low, Rational? High)
    {
        public bool IsOn(PlanePoint point) => Low == High && Low == (IsVertical ? point.X : point.Y);
    }
}
