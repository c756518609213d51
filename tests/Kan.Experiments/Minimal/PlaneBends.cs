using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Analysis;

namespace Kan.Experiments.Minimal;

/// <summary>Where and how a function of two inputs bends in a square around 0, from its exact cells.</summary>
/// <remarks>
/// Bends that reach the border of the square are taken to run on. That holds for every bound, which needs what is in the square alone, and
/// networks that are built on it are proved equal on the whole plane.
/// </remarks>
internal sealed class PlaneBends
{
    private PlaneBends(LinearRegions regions, IReadOnlyList<LineBends> lines)
    {
        Cells = regions.Cells;
        RegionCount = regions.Counts.Regions;
        Lines = lines;
    }

    public IReadOnlyList<Cell> Cells { get; }

    /// <summary>The largest connected sets in the square on which the function is affine.</summary>
    public int RegionCount { get; }

    /// <summary>The lines on which the function bends somewhere, in a fixed order.</summary>
    public IReadOnlyList<LineBends> Lines { get; }

    /// <summary>The bends in [-reach, reach] x [-reach, reach].</summary>
    /// <exception cref="InvalidOperationException">There are too many cells.</exception>
    public static PlaneBends Of(KanNetwork network, int reach)
    {
        var regions = LinearRegions.Of(network, ConvexPolygon.Box(-reach, reach, -reach, reach));
        if (!regions.IsComplete) throw new InvalidOperationException(regions.Limit!.ToString());
        var pieces = new Dictionary<BendLine, List<(Rational From, Rational To, Rational Jump)>>();
        foreach (var side in regions.Sides)
        {
            if (side is not { Left: { } left, Right: { } right } || regions.Cells[left].Map.Equals(regions.Cells[right].Map)) continue;
            var line = BendLine.Through(side.From, side.To);
            Rational from = line.Position(side.From), to = line.Position(side.To);

            // Along its direction the greater side of the line is at the right.
            var (greater, less) = from < to ? (right, left) : (left, right);
            var jump = line.A.IsZero
                ? (regions.Cells[greater].Map[0, 1] - regions.Cells[less].Map[0, 1]) / line.B
                : (regions.Cells[greater].Map[0, 0] - regions.Cells[less].Map[0, 0]) / line.A;
            if (!pieces.TryGetValue(line, out var list)) pieces[line] = list = [];
            list.Add((Rational.Min(from, to), Rational.Max(from, to), jump));
        }

        var lines = pieces.Select(entry => Join(entry.Key, entry.Value, reach))
            .OrderBy(static bends => bends.Line.A).ThenBy(static bends => bends.Line.B).ThenBy(static bends => bends.Line.C);
        return new PlaneBends(regions, [.. lines]);
    }

    /// <summary>The step function that pieces of a line make, 0 in the gaps.</summary>
    private static LineBends Join(BendLine line, List<(Rational From, Rational To, Rational Jump)> pieces, int reach)
    {
        pieces.Sort(static (a, b) => a.From.CompareTo(b.From));
        var changes = new List<Rational>();
        var jumps = new List<Rational> { IsBorder(pieces[0].From) ? pieces[0].Jump : Rational.Zero };
        Rational? end = IsBorder(pieces[0].From) ? pieces[0].From : null;
        foreach (var (from, to, jump) in pieces)
        {
            if (end is { } gap && gap < from) Change(gap, Rational.Zero);
            Change(from, jump);
            end = to;
        }

        if (end is { } last && !IsBorder(last)) Change(last, Rational.Zero);
        return new LineBends(line, changes, jumps);

        void Change(Rational position, Rational jump)
        {
            if (jumps[^1] == jump) return;
            changes.Add(position);
            jumps.Add(jump);
        }

        bool IsBorder(Rational position)
        {
            var point = line.PointAt(position);
            return Rational.Abs(point.X) == reach || Rational.Abs(point.Y) == reach;
        }
    }
}
