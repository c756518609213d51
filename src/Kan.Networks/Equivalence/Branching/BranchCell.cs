using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Networks;

/// <summary>A polyhedron with some points strictly inside it.</summary>
/// <param name="constraints">The half-spaces.</param>
/// <param name="points">Points strictly inside all of them; the first is well inside.</param>
internal sealed class BranchCell(RoundedConstraint[] constraints, List<CellPoint> points)
{
    private const int MostPoints = 64;

    /// <summary>Points strictly inside.</summary>
    public IReadOnlyList<CellPoint> Points => points;

    /// <summary>
    /// Whether a linear form, not a constant, is positive (1) or negative (-1) throughout the inside, or both somewhere (0); then the
    /// cell knows points of both kinds.
    /// </summary>
    /// <param name="above">Where the form is at least 0: its border is where the form is 0.</param>
    /// <param name="program">Solves linear programs.</param>
    public int SignOf(RoundedConstraint above, CellProgram program)
    {
        // Programs leave out a constraint that is the question itself.
        if (constraints.Contains(above)) return 1;
        bool isPositive = false, isNegative = false;
        foreach (var point in points)
        {
            int sign = above.SlackSign(point);
            isPositive |= sign > 0;
            isNegative |= sign < 0;
            if (isPositive && isNegative) return 0;
        }

        if (!isPositive && !isNegative)
        {
            // All points are on the border, so both sides are there.
            Keep(Moved(above.Exact, 1));
            Keep(Moved(above.Exact, -1));
            return 0;
        }

        var from = points.First(point => above.SlackSign(point) != 0);
        if (program.Beyond(constraints, from, isPositive ? above : above.Reverse()) is not { } beyond) return isPositive ? 1 : -1;
        Keep(beyond);
        return 0;
    }

    /// <summary>The part of the cell on the inner side of a half-space, of which it knows points.</summary>
    public BranchCell Part(RoundedConstraint side, CellProgram program)
    {
        RoundedConstraint[] all = [.. constraints, side];
        var inside = points.Where(point => side.SlackSign(point) > 0).ToList();
        var center = program.Center(all, inside[0]);
        if (!ReferenceEquals(center, inside[0])) inside.Insert(0, center);
        return new BranchCell(all, inside);
    }

    /// <summary>A point strictly inside on which a form that is not 0 everywhere is not 0.</summary>
    public Rational[] PointOff(LinearForm form)
    {
        foreach (var point in points)
        {
            if (!form.At(point.Exact).IsZero) return point.Exact;
        }

        return Moved(new LinearConstraint(form.Row, Rational.Zero), 1).Exact;
    }

    private void Keep(CellPoint point)
    {
        if (points.Count < MostPoints) points.Add(point);
        else points[1 + (points.Count / 2)] = point;
    }

    /// <summary>The first point, moved towards a hyperplane or away from it but not out of the cell.</summary>
    private CellPoint Moved(LinearConstraint toward, int sign)
    {
        var from = points[0].Exact;
        var step = Rational.One;
        foreach (var constraint in constraints)
        {
            var approach = sign * LinearForm.Dot(constraint.Exact.Normal, toward.Normal);
            if (approach.Sign > 0) step = Rational.Min(step, constraint.Exact.SlackAt(from) / (2 * approach));
        }

        return new CellPoint([.. from.Zip(toward.Normal, (at, slope) => at + (sign * step * slope))]);
    }
}
