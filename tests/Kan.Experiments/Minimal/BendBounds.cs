using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Kan.Analysis;

namespace Kan.Experiments.Minimal;

/// <summary>Lower bounds of the bends that a network of two inputs needs.</summary>
internal static class BendBounds
{
    /// <summary>
    /// The units of any feed-forward ReLU network: u units have at most 2^u cells, each of them convex, and bend on at most 2^u - 1 lines, for the form of a unit
    /// is affine for each pattern of the units before it. A single unit bends along a whole line.
    /// </summary>
    public static int Units(PlaneBends bends)
    {
        int units = bends.Lines.Count == 0 ? 0 : HiddenLayer.FindObstacle(bends) is null ? 1 : 2;
        while (BigInteger.One << units < bends.RegionCount || (BigInteger.One << units) - 1 < bends.Lines.Count) units++;
        return units;
    }

    /// <summary>
    /// The distinct breakpoints of any KAN of two layers. They are as many units, so the bound of those holds. Two inner ones make a sum of functions of x and of y,
    /// without oblique bends; two outer ones bend along two whole lines; and one inner one at x = b (or y = b) leaves one outer one a line on each side of b.
    /// Away from the inner breakpoints the inner edges are affine, and no jump changes along a line: so lines x = b and y = b go through all points where one
    /// does, and an outer breakpoint is needed for what bends obliquely.
    /// </summary>
    public static int TwoLayers(PlaneBends bends)
    {
        if (bends.Lines.All(static line => !line.Line.IsOblique)) return Units(bends);
        var changes = bends.Lines.SelectMany(static line => line.Changes.Select(line.Line.PointAt)).Distinct().ToList();
        int units = Math.Max(Units(bends), AxisLines(changes) + 1);
        if (units != 2) return units;
        bool twoOuter = HiddenLayer.FindObstacle(bends) is null && bends.Lines.Count == 2;
        return twoOuter || IsPossible(bends, vertical: true) || IsPossible(bends, vertical: false) ? 2 : 3;
    }

    /// <summary>The fewest lines along the axes that go through all of some points.</summary>
    private static int AxisLines(List<PlanePoint> points)
    {
        if (points.Count == 0) return 0;
        var point = points[0];
        return 1 + Math.Min(AxisLines([.. points.Where(other => other.X != point.X)]), AxisLines([.. points.Where(other => other.Y != point.Y)]));
    }

    /// <summary>Whether some vertical (or horizontal) line leaves bends of at most one line on each side.</summary>
    private static bool IsPossible(PlaneBends bends, bool vertical)
    {
        var extents = bends.Lines.SelectMany((line, index) => Extents(line, vertical).Select(extent => (Line: index, extent.Low, extent.High))).ToList();

        // The counts change at ends only, so ends and points between them are all cases.
        Rational[] ends = [.. extents.SelectMany(static extent => new[] { extent.Low, extent.High }).OfType<Rational>().Distinct().Order()];
        IEnumerable<Rational> candidates = ends.Length == 0 ? [0] : [ends[0] - 1, .. ends, .. ends.Zip(ends.Skip(1), static (a, b) => (a + b) / 2), ends[^1] + 1];
        return candidates.Any(b =>
            extents.Where(extent => extent.Low is not { } low || low < b).Select(static extent => extent.Line).Distinct().Count() <= 1
            && extents.Where(extent => extent.High is not { } high || high > b).Select(static extent => extent.Line).Distinct().Count() <= 1);
    }

    /// <summary>The x (or y) that the bends of a line span; null for without end.</summary>
    private static IEnumerable<(Rational? Low, Rational? High)> Extents(LineBends line, bool vertical)
    {
        for (int i = 0; i < line.Jumps.Count; i++)
        {
            if (line.Jumps[i].IsZero) continue;
            var growth = vertical ? -line.Line.B : line.Line.A;
            if (growth.IsZero)
            {
                var fixedAt = vertical ? line.Line.C / line.Line.A : line.Line.C / line.Line.B;
                yield return (fixedAt, fixedAt);
                continue;
            }

            Rational? from = i > 0 ? Coordinate(line.Changes[i - 1]) : null, to = i < line.Changes.Count ? Coordinate(line.Changes[i]) : null;
            yield return growth.Sign > 0 ? (from, to) : (to, from);
        }

        Rational Coordinate(Rational position) => vertical ? line.Line.PointAt(position).X : line.Line.PointAt(position).Y;
    }
}
