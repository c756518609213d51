using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Kan.Networks;

/// <summary>What a search found.</summary>
internal enum BranchOutcome
{
    /// <summary>The form is 0 throughout the cell.</summary>
    Zero,

    /// <summary>There is a point where it is not.</summary>
    Different,

    /// <summary>A limit was reached first.</summary>
    Limit,
}

/// <summary>
/// Decides whether a form is 0 throughout a cell. Bends that the cell decides are replaced by what they are there, which makes forms equal
/// that were not; a bend that is decided nowhere splits the cell. Parts of the form without common bends are tried one by one: each that is
/// affine on the cell is replaced by its affine map, so that the cells of several parts add up and do not multiply.
/// </summary>
internal sealed class BranchSearch(BendTable table, CellProgram program, int cellLimit, int programLimit, CancellationToken cancellation)
{
    // After parts were tried in vain on a cell, the cells within it are this much smaller before they are tried again.
    private const int SplitsBetweenTrials = 6;

    private readonly Dictionary<int, RoundedConstraint> _above = [];
    private int _cellLimit = cellLimit;

    /// <summary>Cells on which the form was seen to be 0.</summary>
    public int CellCount { get; private set; }

    /// <summary>A point where the form is not 0, once it was found.</summary>
    public Rational[]? Difference { get; private set; }

    /// <summary>Whether the form is 0 throughout the cell.</summary>
    public BranchOutcome Run(BendForm form, BranchCell cell) => Visit(form, cell, 0);

    /// <summary>The same with at most some cells more; the count of cells goes on.</summary>
    public BranchOutcome Run(BendForm form, BranchCell cell, int cells)
    {
        int limit = _cellLimit;
        _cellLimit = Math.Min(limit, CellCount + cells);
        var outcome = Visit(form, cell, 0);
        _cellLimit = limit;
        return outcome;
    }

    private BranchOutcome Visit(BendForm form, BranchCell cell, int splitsToTrial)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (CellCount >= _cellLimit || program.ProgramCount >= programLimit) return BranchOutcome.Limit;
            var cuts = Decide(ref form, cell);
            if (table.IsLinear(form)) return End(form, cell);
            if (splitsToTrial <= 0)
            {
                splitsToTrial = SplitsBetweenTrials;
                var outcome = TryParts(ref form, cell);
                if (outcome is { } decided) return decided;
                if (table.IsLinear(form)) return End(form, cell);
                cuts.IntersectWith(table.Cone(form));
            }

            if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) return BranchOutcome.Limit;
            int bend = Choose(form, cuts, cell);
            var above = AboveOf(bend);
            splitsToTrial--;
            var first = Visit(table.Decided(form, new Dictionary<int, int> { [bend] = 1 }), cell.Part(above, program), splitsToTrial);
            if (first != BranchOutcome.Zero) return first;
            form = table.Decided(form, new Dictionary<int, int> { [bend] = -1 });
            cell = cell.Part(above.Reverse(), program);
        }
    }

    private BranchOutcome End(BendForm form, BranchCell cell)
    {
        if (form.IsZero)
        {
            CellCount++;
            return BranchOutcome.Zero;
        }

        Difference = cell.PointOff(form.ToLinear(table.InputCount));
        return BranchOutcome.Different;
    }

    /// <summary>Replaces the bends that the cell decides; returns those of linear forms that cut it.</summary>
    private HashSet<int> Decide(ref BendForm form, BranchCell cell)
    {
        var cuts = new HashSet<int>();
        while (true)
        {
            var signs = new Dictionary<int, int>();
            foreach (int bend in table.Cone(form))
            {
                if (cuts.Contains(bend) || !table.IsLinear(table.ArgumentOf(bend))) continue;
                int sign = cell.SignOf(AboveOf(bend), program);
                if (sign == 0) cuts.Add(bend);
                else signs.Add(bend, sign);
            }

            if (signs.Count == 0) return cuts;
            form = table.Decided(form, signs);
            cuts.IntersectWith(table.Cone(form));
        }
    }

    /// <summary>Replaces the parts of the form that are affine on the cell; an outcome where that or a limit ends the search.</summary>
    private BranchOutcome? TryParts(ref BendForm form, BranchCell cell)
    {
        var (linear, parts) = table.Split(form);
        if (parts.Count < 2) return null;
        var rest = new BendSum();
        rest.Add(Rational.One, linear);
        foreach (var part in parts)
        {
            var taken = part;
            if (AffineAt(part, cell) is { } affine)
            {
                int cells = CellCount;
                var outcome = Visit(part - affine, cell, 1);
                if (outcome == BranchOutcome.Limit) return outcome;
                if (outcome == BranchOutcome.Zero) taken = affine;
                else CellCount = cells;
            }

            rest.Add(Rational.One, taken);
        }

        Difference = null;
        form = rest.ToForm();
        return null;
    }

    /// <summary>The affine map of a form around a point of the cell that is on none of its bends; null if there is no such point.</summary>
    private BendForm? AffineAt(BendForm form, BranchCell cell)
    {
        List<int> cone = table.Cone(form);
        foreach (var point in cell.Points)
        {
            var values = new Dictionary<int, Rational>();
            var signs = new Dictionary<int, int>();
            foreach (int bend in cone)
            {
                var value = ValueOf(table.ArgumentOf(bend), point.Exact, values);
                if (value.IsZero) break;
                values.Add(bend, Rational.Max(value, Rational.Zero));
                signs.Add(bend, value.Sign);
            }

            if (signs.Count == cone.Count) return table.Decided(form, signs);
        }

        return null;
    }

    private Rational ValueOf(BendForm form, Rational[] point, Dictionary<int, Rational> bends)
    {
        var value = form.Constant;
        for (int i = 0; i < form.Variables.Length; i++)
        {
            int variable = form.Variables[i];
            value += form.Factors[i] * (variable < table.InputCount ? point[variable] : bends[variable]);
        }

        return value;
    }

    /// <summary>The bend that splits the cell: the one nearest to its middle.</summary>
    private int Choose(BendForm form, HashSet<int> cuts, BranchCell cell)
    {
        int best = -1;
        double least = double.PositiveInfinity;
        foreach (int bend in cuts.Order())
        {
            var above = AboveOf(bend);
            double squares = 0;
            foreach (double value in above.Normal) squares += value * value;
            double distance = Math.Abs(above.SlackAt(cell.Points[0].Values)) / Math.Sqrt(squares);
            if (best >= 0 && !(distance < least)) continue;
            (best, least) = (bend, distance);
        }

        return best;
    }

    /// <summary>The half-space on which a linear form, the argument of a bend, is not negative.</summary>
    private RoundedConstraint AboveOf(int bend)
    {
        if (_above.TryGetValue(bend, out var above)) return above;
        var argument = table.ArgumentOf(bend).ToLinear(table.InputCount);
        above = new RoundedConstraint(new LinearConstraint(Array.ConvertAll(argument.Row, static value => -value), argument.Constant));
        _above.Add(bend, above);
        return above;
    }
}
