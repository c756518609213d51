using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Networks;

/// <summary>
/// Whether a cell reaches beyond a hyperplane. A linear program in doubles gives the answer, and the answer is checked: a point by the
/// signs of its slacks, "no" by multipliers that derive the bound from the constraints (Farkas' lemma). What cannot be checked is solved in
/// rationals.
/// </summary>
/// <param name="reach">For each coordinate the largest size in the cell, or null if there is no limit.</param>
internal sealed class CellProgram(double[]? reach)
{
    private readonly FloatSimplex _simplex = new();
    private readonly List<double[]> _rows = [];
    private readonly List<double> _bounds = [];
    private readonly List<RoundedConstraint> _used = [];

    /// <summary>Programs solved.</summary>
    public int ProgramCount { get; private set; }

    /// <summary>Answers of doubles that rationals had to find the multipliers of.</summary>
    public int ExactMultiplierCount { get; private set; }

    /// <summary>Programs that doubles could not solve.</summary>
    public int ExactProgramCount { get; private set; }

    /// <summary>A point strictly inside all constraints but the target, and strictly outside of that; null if there is none.</summary>
    /// <param name="constraints">The half-spaces of the cell.</param>
    /// <param name="interior">A point strictly inside all of them.</param>
    /// <param name="target">A half-space that the point is strictly inside, too. It may be one of the constraints.</param>
    public CellPoint? Beyond(IReadOnlyList<RoundedConstraint> constraints, CellPoint interior, RoundedConstraint target)
    {
        ProgramCount++;
        Take(constraints, target);
        if (target.IsNormal && interior.IsNormal)
        {
            var outcome = _simplex.Maximize(_rows, _bounds, interior.Values, target.Normal);
            if (outcome != FloatOutcome.Stuck && Witness(interior, target, outcome) is { } point) return point;
            if (outcome == FloatOutcome.Maximum && target.SlackAt(_simplex.Point) > -1e-6)
            {
                if (IsDerived(target)) return null;
                ExactMultiplierCount++;
                if (IsDerivedExactly(target)) return null;
            }
        }

        ExactProgramCount++;
        return SolveExactly(interior, target);
    }

    /// <summary>A point strictly inside all constraints, well away from them; the one given where none is found.</summary>
    public CellPoint Center(IReadOnlyList<RoundedConstraint> constraints, CellPoint interior)
    {
        int n = interior.Values.Length;
        if (!interior.IsNormal) return interior;
        Take(constraints, null);
        double least = double.PositiveInfinity, size = 1;
        for (int i = 0; i < _rows.Count; i++)
        {
            double[] normal = _rows[i], row = new double[n + 1];
            double squares = 0, slack = _bounds[i];
            for (int j = 0; j < n; j++)
            {
                row[j] = normal[j];
                squares += normal[j] * normal[j];
                slack -= normal[j] * interior.Values[j];
            }

            row[n] = Math.Sqrt(squares);
            least = Math.Min(least, slack / row[n]);
            _rows[i] = row;
        }

        if (!double.IsFinite(least)) return interior;
        foreach (double value in interior.Values) size = Math.Max(size, Math.Abs(value));
        double[] last = new double[n + 1], start = [.. interior.Values, least - 1];
        last[n] = 1;
        _rows.Add(last);
        _bounds.Add(Math.Max(size, 2 * least));
        if (_simplex.Maximize(_rows, _bounds, start, last) != FloatOutcome.Maximum) return interior;
        var center = new CellPoint(_simplex.Point[..n]);
        return center.IsNormal && IsInside(constraints, center) ? center : interior;
    }

    /// <summary>Whether a point is strictly inside all constraints.</summary>
    public static bool IsInside(IReadOnlyList<RoundedConstraint> constraints, CellPoint point, RoundedConstraint? except = null)
    {
        foreach (var constraint in constraints)
        {
            if (!ReferenceEquals(constraint, except) && constraint.SlackSign(point) <= 0) return false;
        }

        return true;
    }

    private void Take(IReadOnlyList<RoundedConstraint> constraints, RoundedConstraint? target)
    {
        _rows.Clear();
        _bounds.Clear();
        _used.Clear();
        foreach (var constraint in constraints)
        {
            if (ReferenceEquals(constraint, target)) continue;
            _used.Add(constraint);
            _rows.Add(constraint.Normal);
            _bounds.Add(constraint.Bound);
        }
    }

    private CellPoint? Witness(CellPoint interior, RoundedConstraint target, FloatOutcome outcome)
    {
        int n = interior.Values.Length;
        double[] at = interior.Values, far = _simplex.Point;
        double slack = target.SlackAt(at), past = -target.SlackAt(far);
        if (outcome == FloatOutcome.Unbounded)
        {
            double rate = 0;
            for (int j = 0; j < n; j++) rate += target.Normal[j] * _simplex.Ray[j];
            if (!(rate > 0)) return null;
            double step = Math.Max(1, 2 * (1 - past) / rate);
            far = [.. far.Select((value, j) => value + (step * _simplex.Ray[j]))];
            past = -target.SlackAt(far);
        }

        // The border of the target is passed at share slack / (slack + past) of the way; half of the rest lies inside the cell.
        if (!(past > 0) || !double.IsFinite(past)) return null;
        double cross = slack / (slack + past);
        for (double share = 0.5; share > 1e-3; share /= 8)
        {
            double part = cross + (share * (1 - cross));
            var point = new CellPoint([.. at.Select((value, j) => value + (part * (far[j] - value)))]);
            if (point.IsNormal && target.SlackSign(point) < 0 && IsInside(_used, point)) return point;
        }

        return null;
    }

    /// <summary>
    /// Whether the multipliers derive target . x &lt;= bound: the weighted sum of the constraints is the target up to a rest, which the
    /// size of the cell bounds. Everything that was rounded is added to the bound.
    /// </summary>
    private bool IsDerived(RoundedConstraint target)
    {
        if (reach is null) return false;
        int n = target.Normal.Length, terms = 0;
        double bound = target.Bound, size = Math.Abs(target.Bound);
        Span<double> rest = stackalloc double[n], sizes = stackalloc double[n];
        for (int j = 0; j < n; j++)
        {
            rest[j] = target.Normal[j];
            sizes[j] = Math.Abs(target.Normal[j]);
        }

        foreach (var (index, multiplier) in _simplex.Multipliers)
        {
            var constraint = _used[index];
            if (!constraint.IsNormal) return false;
            if (multiplier == 0) continue;
            terms++;
            bound -= multiplier * constraint.Bound;
            size += multiplier * Math.Abs(constraint.Bound);
            for (int j = 0; j < n; j++)
            {
                double term = multiplier * constraint.Normal[j];
                rest[j] -= term;
                sizes[j] += Math.Abs(term);
            }
        }

        for (int j = 0; j < n; j++)
        {
            bound -= Math.Abs(rest[j]) * reach[j];
            size += sizes[j] * reach[j];
        }

        return bound > (size * ((terms + n + 16) * RoundedConstraint.Unit)) + RoundedConstraint.Tiny;
    }

    /// <summary>The same with the multipliers found again in rationals, as the solution of a system of equations.</summary>
    private bool IsDerivedExactly(RoundedConstraint target)
    {
        var chosen = _simplex.Multipliers.Select(multiplier => _used[multiplier.Constraint].Exact).ToArray();
        if (LinearSystem.Combine(chosen, target.Exact.Normal) is not { } multipliers) return false;
        var bound = Rational.Zero;
        for (int i = 0; i < chosen.Length; i++)
        {
            if (multipliers[i].Sign < 0) return false;
            bound += multipliers[i] * chosen[i].Bound;
        }

        return bound <= target.Exact.Bound;
    }

    private CellPoint? SolveExactly(CellPoint interior, RoundedConstraint target)
    {
        LinearConstraint[] constraints = [.. _used.Select(static constraint => constraint.Exact)];
        var start = interior.Exact;
        var slack = target.Exact.SlackAt(start);
        var solution = LinearProgram.Maximize(constraints, start, target.Exact.Normal, enough: slack);
        var far = solution.Point;
        var past = -target.Exact.SlackAt(far);
        if (past.Sign <= 0 && solution.Ray is { } ray)
        {
            var step = (Rational.One - past) / LinearForm.Dot(target.Exact.Normal, ray);
            far = [.. far.Zip(ray, (value, change) => value + (step * change))];
            past = -target.Exact.SlackAt(far);
        }

        if (past.Sign <= 0) return null;
        var share = ((slack / (slack + past)) + 1) / 2;
        Rational[] point = [.. start.Zip(far, (from, to) => from + (share * (to - from)))];
        return new CellPoint(ShortPoint.Near(point, [.. constraints, new LinearConstraint(
            Array.ConvertAll(target.Exact.Normal, static value => -value), -target.Exact.Bound)]));
    }
}
