using System;
using System.Collections.Generic;

namespace Kan.Analysis;

/// <summary>The simplex method in rationals, for one question: is there a point strictly inside all half-spaces?</summary>
/// <remarks>
/// It raises t in a_j y + t &lt;= b_j from its value at y = 0 and stops as soon as t is positive. Each y is free: once it is expressed by
/// others it stays so. Entering and leaving variables are the first possible ones (Bland's rule), so that it ends.
/// </remarks>
internal sealed class Simplex
{
    // A dictionary: basic_r = constants[r] + sum over c of entries[r, c] * nonbasic_c.
    // Variables: 0 .. n - 1 are y, n is t - t_0, n + 1 + j is the slack of half-space j.
    private readonly Rational[,] _entries;
    private readonly Rational[] _constants;
    private readonly int[] _basic;
    private readonly int[] _nonbasic;
    private readonly int _free;
    private readonly int _rowCount;

    private Simplex(IReadOnlyList<Rational[]> rows, IReadOnlyList<Rational> bounds, int free, Rational least)
    {
        _free = free;
        _rowCount = rows.Count + 1;
        _entries = new Rational[_rowCount, free + 1];
        _constants = new Rational[_rowCount];
        _basic = new int[_rowCount];
        _nonbasic = new int[free + 1];
        for (int c = 0; c <= free; c++) _nonbasic[c] = c;
        for (int r = 0; r < rows.Count; r++)
        {
            for (int c = 0; c < free; c++) _entries[r, c] = -rows[r][c];
            _entries[r, free] = -1;
            _constants[r] = bounds[r] - least;
            _basic[r] = free + 1 + r;
        }

        // The last row is the objective, t - t_0 itself.
        _entries[rows.Count, free] = 1;
        _basic[rows.Count] = -1;
    }

    /// <summary>A point y with a_j y &lt; b_j for all j, or null where there is none.</summary>
    /// <param name="rows">The a_j, not 0, which bound y from all sides.</param>
    /// <param name="bounds">The b_j.</param>
    /// <param name="dimension">The number of variables.</param>
    public static Rational[]? PointWithin(IReadOnlyList<Rational[]> rows, IReadOnlyList<Rational> bounds, int dimension)
    {
        if (rows.Count == 0) return new Rational[dimension];
        var least = bounds[0];
        foreach (var bound in bounds) least = Rational.Min(least, bound);
        if (least.Sign > 0) return new Rational[dimension];

        var simplex = new Simplex(rows, bounds, dimension, least);
        while ((least + simplex._constants[rows.Count]).Sign <= 0)
        {
            if (!simplex.Step()) return null;
        }

        return simplex.Values();
    }

    private bool Step()
    {
        int entering = Entering();
        if (entering < 0) return false;
        var slope = _entries[_rowCount - 1, entering];
        int leaving = Leaving(entering, slope.Sign);
        if (leaving < 0) throw new InvalidOperationException("The half-spaces do not bound the variables.");
        Pivot(leaving, entering);
        return true;
    }

    private int Entering()
    {
        int best = -1;
        for (int c = 0; c < _nonbasic.Length; c++)
        {
            int sign = _entries[_rowCount - 1, c].Sign;
            if (sign > 0 || (sign < 0 && _nonbasic[c] < _free))
            {
                if (best < 0 || _nonbasic[c] < _nonbasic[best]) best = c;
            }
        }

        return best;
    }

    /// <summary>The row that first reaches 0 as the entering variable moves in a direction.</summary>
    private int Leaving(int entering, int direction)
    {
        int best = -1;
        Rational bestRatio = default;
        for (int r = 0; r < _rowCount - 1; r++)
        {
            if (_basic[r] < _free) continue;
            var change = direction * _entries[r, entering];
            if (change.Sign >= 0) continue;
            var ratio = _constants[r] / -change;
            int order = best < 0 ? -1 : ratio.CompareTo(bestRatio);
            if (order < 0 || (order == 0 && _basic[r] < _basic[best])) (best, bestRatio) = (r, ratio);
        }

        return best;
    }

    private void Pivot(int row, int column)
    {
        // basic = constant + ... + entry * nonbasic  becomes  nonbasic = (basic - constant - ...) / entry.
        var inverse = 1 / _entries[row, column];
        for (int c = 0; c < _nonbasic.Length; c++) _entries[row, c] = c == column ? inverse : -_entries[row, c] * inverse;
        _constants[row] = -_constants[row] * inverse;
        (_basic[row], _nonbasic[column]) = (_nonbasic[column], _basic[row]);

        for (int r = 0; r < _rowCount; r++)
        {
            if (r == row || _entries[r, column].IsZero) continue;
            var factor = _entries[r, column];
            for (int c = 0; c < _nonbasic.Length; c++)
                _entries[r, c] = c == column ? factor * inverse : _entries[r, c] + (factor * _entries[row, c]);
            _constants[r] += factor * _constants[row];
        }
    }

    private Rational[] Values()
    {
        var values = new Rational[_free];
        for (int r = 0; r < _rowCount - 1; r++)
        {
            if (_basic[r] < _free) values[_basic[r]] = _constants[r];
        }

        return values;
    }
}
