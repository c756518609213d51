using System;
using System.Collections.Generic;

namespace Kan.Networks;

/// <summary>The outcome of maximizing a linear function over a polyhedron.</summary>
/// <param name="IsBounded">Whether there is a maximum.</param>
/// <param name="Point">Where the maximum is, or enough; a point on the way where there is none.</param>
/// <param name="Ray">
/// Where there is no maximum, a direction in which the function grows without bound and the polyhedron is unbounded; otherwise null.
/// </param>
internal readonly record struct LinearProgramSolution(bool IsBounded, Rational[] Point, Rational[]? Ray);

/// <summary>
/// Linear programs in exact rationals, from a point strictly inside: the simplex method with Bland's rule, which always ends.
/// </summary>
internal static class LinearProgram
{
    /// <summary>Maximizes objective . x over all x with normal . x &lt;= bound for each constraint.</summary>
    /// <param name="constraints">The half-spaces.</param>
    /// <param name="interior">A point strictly inside all of them.</param>
    /// <param name="objective">The coefficients of what is maximized.</param>
    /// <param name="enough">
    /// Stops once the objective exceeds its value at the interior point by more than this; continues to the maximum if null.
    /// </param>
    public static LinearProgramSolution Maximize(IReadOnlyList<LinearConstraint> constraints, Rational[] interior, Rational[] objective,
        Rational? enough = null)
    {
        // Dictionary: basic_i = value_i + sum over j of cells[i, j] * nonbasic_j. Variables 0 .. n-1 are the coordinates of x - interior,
        // free in sign; variable n + i is the slack of constraint i.
        int n = interior.Length, m = constraints.Count;
        var cells = new Rational[m, n];
        var values = new Rational[m];
        var basic = new int[m];
        var nonbasic = new int[n];
        for (int i = 0; i < m; i++)
        {
            basic[i] = n + i;
            values[i] = constraints[i].SlackAt(interior);
            for (int j = 0; j < n; j++) cells[i, j] = -constraints[i].Normal[j];
        }

        for (int j = 0; j < n; j++) nonbasic[j] = j;
        var costs = (Rational[])objective.Clone();
        var gain = Rational.Zero;
        while (true)
        {
            if (gain > enough) return new LinearProgramSolution(true, Point(interior, values, basic), null);
            int enter = Entering(costs, nonbasic, n);
            if (enter < 0) return new LinearProgramSolution(true, Point(interior, values, basic), null);
            int sign = costs[enter].Sign;
            int leave = Leaving(cells, values, basic, enter, sign, n);
            if (leave < 0)
                return new LinearProgramSolution(false, Point(interior, values, basic), Ray(cells, basic, nonbasic, enter, sign, n));
            gain += Rational.Abs(costs[enter]) * (values[leave] / Rational.Abs(cells[leave, enter]));
            Pivot(cells, values, costs, leave, enter);
            (basic[leave], nonbasic[enter]) = (nonbasic[enter], basic[leave]);
        }
    }

    /// <summary>The first variable whose growth, or for a coordinate whose change, raises the objective.</summary>
    private static int Entering(Rational[] costs, int[] nonbasic, int n)
    {
        int enter = -1;
        for (int j = 0; j < costs.Length; j++)
        {
            bool improves = nonbasic[j] < n ? !costs[j].IsZero : costs[j].Sign > 0;
            if (improves && (enter < 0 || nonbasic[j] < nonbasic[enter])) enter = j;
        }

        return enter;
    }

    /// <summary>The slack that reaches 0 first; of several the first.</summary>
    private static int Leaving(Rational[,] cells, Rational[] values, int[] basic, int enter, int sign, int n)
    {
        int leave = -1;
        var least = Rational.Zero;
        for (int i = 0; i < values.Length; i++)
        {
            if (basic[i] < n || cells[i, enter].Sign * sign >= 0) continue;
            var ratio = values[i] / Rational.Abs(cells[i, enter]);
            int order = leave < 0 ? -1 : ratio.CompareTo(least);
            if (order > 0 || (order == 0 && basic[i] > basic[leave])) continue;
            leave = i;
            least = ratio;
        }

        return leave;
    }

    private static void Pivot(Rational[,] cells, Rational[] values, Rational[] costs, int leave, int enter)
    {
        int m = values.Length, n = costs.Length;
        var inverse = Rational.One / cells[leave, enter];

        // The leaving row solved for the entering variable.
        for (int j = 0; j < n; j++) cells[leave, j] = j == enter ? inverse : -(cells[leave, j] * inverse);
        values[leave] = -(values[leave] * inverse);
        for (int i = 0; i < m; i++)
        {
            var factor = cells[i, enter];
            if (i == leave || factor.IsZero) continue;
            for (int j = 0; j < n; j++) cells[i, j] = j == enter ? factor * inverse : cells[i, j] + factor * cells[leave, j];
            values[i] += factor * values[leave];
        }

        var cost = costs[enter];
        for (int j = 0; j < n; j++) costs[j] = j == enter ? cost * inverse : costs[j] + cost * cells[leave, j];
    }

    private static Rational[] Point(Rational[] interior, Rational[] values, int[] basic)
    {
        var point = (Rational[])interior.Clone();
        for (int i = 0; i < basic.Length; i++)
        {
            if (basic[i] < point.Length) point[basic[i]] += values[i];
        }

        return point;
    }

    private static Rational[] Ray(Rational[,] cells, int[] basic, int[] nonbasic, int enter, int sign, int n)
    {
        var ray = new Rational[n];
        if (nonbasic[enter] < n) ray[nonbasic[enter]] = sign;
        for (int i = 0; i < basic.Length; i++)
        {
            if (basic[i] < n) ray[basic[i]] = sign * cells[i, enter];
        }

        return ray;
    }
}
