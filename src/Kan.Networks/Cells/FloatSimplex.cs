using System;
using System.Collections.Generic;

namespace Kan.Networks;

/// <summary>How far a linear program in doubles came.</summary>
internal enum FloatOutcome
{
    /// <summary>Nothing is left to gain.</summary>
    Maximum,

    /// <summary>There is a direction without an end.</summary>
    Unbounded,

    /// <summary>The steps ran out, or the numbers did.</summary>
    Stuck,
}

/// <summary>
/// Linear programs in doubles, from a point inside. Its answers are hints: a point to be checked, or multipliers of constraints to be
/// checked. The arrays are kept from one program to the next.
/// </summary>
internal sealed class FloatSimplex
{
    private const double Zero = 1e-11;

    private double[] _cells = [], _values = [], _costs = [];
    private int[] _basic = [], _nonbasic = [];
    private int _n, _m;

    /// <summary>Where the last program ended.</summary>
    public double[] Point { get; private set; } = [];

    /// <summary>The direction without an end, of a program that has one.</summary>
    public double[] Ray { get; private set; } = [];

    /// <summary>The constraints that hold the maximum, and by how much each does.</summary>
    public List<(int Constraint, double Multiplier)> Multipliers { get; } = [];

    /// <summary>Maximizes objective . x over all x with rows[i] . x &lt;= bounds[i].</summary>
    /// <param name="rows">The normals of the half-spaces.</param>
    /// <param name="bounds">Their bounds.</param>
    /// <param name="start">A point inside all of them.</param>
    /// <param name="objective">What is maximized.</param>
    public FloatOutcome Maximize(List<double[]> rows, List<double> bounds, double[] start, double[] objective)
    {
        Load(rows, bounds, start, objective);
        double scale = 0;
        foreach (double value in objective) scale = Math.Max(scale, Math.Abs(value));
        var outcome = FloatOutcome.Stuck;
        for (int steps = 40 + (4 * (_n + _m)); steps > 0; steps--)
        {
            int enter = Entering(Zero * scale);
            if (enter < 0)
            {
                outcome = FloatOutcome.Maximum;
                break;
            }

            int sign = _costs[enter] > 0 ? 1 : -1, leave = Leaving(enter, sign);
            if (leave < 0)
            {
                TakeRay(enter, sign);
                outcome = FloatOutcome.Unbounded;
                break;
            }

            Pivot(leave, enter);
        }

        Multipliers.Clear();
        for (int j = 0; j < _n; j++)
        {
            if (_nonbasic[j] >= _n && outcome == FloatOutcome.Maximum) Multipliers.Add((_nonbasic[j] - _n, Math.Max(0, -_costs[j])));
        }

        Point = (double[])start.Clone();
        for (int i = 0; i < _m; i++)
        {
            if (_basic[i] < _n) Point[_basic[i]] += _values[i];
        }

        return outcome;
    }

    // basic_i = value_i + sum over j of cells[i, j] * nonbasic_j, as in LinearProgram.
    private void Load(List<double[]> rows, List<double> bounds, double[] start, double[] objective)
    {
        (_n, _m) = (start.Length, rows.Count);
        if (_cells.Length < _n * _m) _cells = new double[_n * _m];
        if (_values.Length < _m) (_values, _basic) = (new double[_m], new int[_m]);
        if (_costs.Length < _n) (_costs, _nonbasic) = (new double[_n], new int[_n]);
        for (int i = 0; i < _m; i++)
        {
            double[] row = rows[i];
            double slack = bounds[i];
            for (int j = 0; j < _n; j++)
            {
                slack -= row[j] * start[j];
                _cells[(i * _n) + j] = -row[j];
            }

            _basic[i] = _n + i;
            _values[i] = Math.Max(0, slack);
        }

        for (int j = 0; j < _n; j++)
        {
            _nonbasic[j] = j;
            _costs[j] = objective[j];
        }
    }

    private int Entering(double least)
    {
        int enter = -1;
        for (int j = 0; j < _n; j++)
        {
            double gain = _nonbasic[j] < _n ? Math.Abs(_costs[j]) : _costs[j];
            if (!(gain > least)) continue;
            enter = j;
            least = gain;
        }

        return enter;
    }

    private int Leaving(int enter, int sign)
    {
        int leave = -1;
        double least = double.PositiveInfinity, largest = 0;
        for (int i = 0; i < _m; i++)
        {
            double rate = -_cells[(i * _n) + enter] * sign;
            if (_basic[i] < _n || !(rate > Zero)) continue;
            double ratio = _values[i] / rate;

            // Of rows that end at about the same place the one with the largest pivot.
            if (ratio > least + Zero || (ratio > least - Zero && rate <= largest)) continue;
            leave = i;
            least = Math.Min(least, ratio);
            largest = rate;
        }

        return leave;
    }

    private void Pivot(int leave, int enter)
    {
        var pivotRow = _cells.AsSpan(leave * _n, _n);
        double inverse = 1 / pivotRow[enter];
        for (int j = 0; j < _n; j++) pivotRow[j] = j == enter ? inverse : -pivotRow[j] * inverse;
        _values[leave] = -_values[leave] * inverse;
        for (int i = 0; i < _m; i++)
        {
            if (i == leave) continue;
            var row = _cells.AsSpan(i * _n, _n);
            double factor = row[enter];
            if (factor == 0) continue;
            row[enter] = 0;
            for (int j = 0; j < row.Length; j++) row[j] += factor * pivotRow[j];
            _values[i] += factor * _values[leave];
            if (_basic[i] >= _n && _values[i] < 0) _values[i] = 0;
        }

        double cost = _costs[enter];
        _costs[enter] = 0;
        for (int j = 0; j < _n; j++) _costs[j] += cost * pivotRow[j];
        (_basic[leave], _nonbasic[enter]) = (_nonbasic[enter], _basic[leave]);
    }

    private void TakeRay(int enter, int sign)
    {
        Ray = new double[_n];
        if (_nonbasic[enter] < _n) Ray[_nonbasic[enter]] = sign;
        for (int i = 0; i < _m; i++)
        {
            if (_basic[i] < _n) Ray[_basic[i]] = sign * _cells[(i * _n) + enter];
        }
    }
}
