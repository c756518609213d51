using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Kan.Networks;

/// <summary>Compares two networks by their bends: as forms, and by branching where the forms differ.</summary>
internal sealed class BranchComparison
{
    // Whether lower bends matter shows in few cells, or not at all.
    private const int FreeCells = 1000;

    private readonly IReadOnlyList<InputRange>? _box;
    private readonly int[] _free;
    private readonly Rational[] _fixed;
    private readonly BendTable _table;
    private readonly BendForm[] _differences;
    private readonly CellProgram _program;
    private readonly BranchSearch _search;
    private readonly int _cellLimit, _programLimit;
    private readonly CancellationToken _cancellation;
    private int _freeCells;

    /// <summary>Converts both networks.</summary>
    /// <param name="left">A network.</param>
    /// <param name="right">Another one of the same inputs and outputs.</param>
    /// <param name="box">Where they are compared; null for all of space.</param>
    /// <param name="cellLimit">The most cells to visit.</param>
    /// <param name="programLimit">The most linear programs to solve.</param>
    /// <param name="cancellation">Ends the comparison.</param>
    public BranchComparison(KanNetwork left, KanNetwork right, IReadOnlyList<InputRange>? box, int cellLimit, int programLimit,
        CancellationToken cancellation)
    {
        (_box, _cellLimit, _programLimit, _cancellation) = (box, cellLimit, programLimit, cancellation);

        // An input that no edge reads, or that cannot move, is not a dimension.
        var read = left.Layers[0].Edges.Concat(right.Layers[0].Edges).Select(static edge => edge.Input).ToHashSet();
        _free = [.. Enumerable.Range(0, left.InputCount).Where(p => read.Contains(p) && (box is null || box[p].Low < box[p].High))];
        _fixed = [.. Enumerable.Range(0, left.InputCount).Select(p => box is null ? Rational.Zero : box[p].Low)];
        _table = new BendTable(_free.Length);
        var inputs = _fixed.Select(BendForm.ConstantOf).ToArray();
        for (int i = 0; i < _free.Length; i++) inputs[_free[i]] = BendForm.Of(i);
        BendForm[] a = _table.Outputs(left, inputs, cancellation), b = _table.Outputs(right, inputs, cancellation);
        _differences = [.. a.Zip(b, static (one, other) => one - other)];
        _program = new CellProgram(box is null ? null : [.. _free.Select(p => SizeOf(box[p]))]);
        _search = new BranchSearch(_table, _program, cellLimit, programLimit, cancellation);
    }

    /// <summary>Whether the forms are equal as they are, which needs no search.</summary>
    public bool AreFormsEqual => _differences.All(static difference => difference.IsZero);

    /// <summary>Cells on which the networks were seen to be equal.</summary>
    public int CellCount => _freeCells + _search.CellCount;

    /// <summary>A point where the networks differ, once <see cref="Run"/> found one.</summary>
    public Rational[]? Difference { get; private set; }

    public BranchOutcome Run()
    {
        foreach (var difference in _differences)
        {
            if (difference.IsZero || HoldsAbove(difference)) continue;
            var outcome = _search.Run(difference, Domain());
            if (outcome == BranchOutcome.Different) Difference = ToInputs(_search.Difference!);
            if (outcome != BranchOutcome.Zero) return outcome;
        }

        return BranchOutcome.Zero;
    }

    /// <summary>Whether a difference is 0 whatever values its lower bends have.</summary>
    private bool HoldsAbove(BendForm difference)
    {
        for (int level = _table.LevelOf(difference) - 1; level > 0; level--)
        {
            var free = new FreeBends(_table, difference, level);
            int cells = Math.Min(FreeCells, _cellLimit);
            var search = new BranchSearch(free.Table, new CellProgram(null), cells, _programLimit, _cancellation);
            if (!free.Form.IsZero && search.Run(free.Form, FreeDomain(free)) != BranchOutcome.Zero) continue;
            _freeCells += search.CellCount;
            return true;
        }

        return false;
    }

    /// <summary>The box of the inputs, and bends from 0 on.</summary>
    private BranchCell FreeDomain(FreeBends free)
    {
        int[] variables = [.. free.Variables];
        var sides = new List<RoundedConstraint>();
        var point = new Rational[variables.Length];
        for (int i = 0; i < variables.Length; i++)
        {
            bool isInput = variables[i] < _free.Length;
            if (isInput && _box is null) continue;
            var normal = LinearForm.Coordinate(i, variables.Length).Row;
            if (isInput) sides.Add(new RoundedConstraint(new LinearConstraint(normal, _box![_free[variables[i]]].High)));
            var low = isInput ? _box![_free[variables[i]]].Low : Rational.Zero;
            sides.Add(new RoundedConstraint(new LinearConstraint(Array.ConvertAll(normal, static value => -value), -low)));
            point[i] = isInput ? (low + _box![_free[variables[i]]].High) / 2 : Rational.One;
        }

        return new BranchCell([.. sides], [new CellPoint(point)]);
    }

    private Rational[] ToInputs(Rational[] point)
    {
        var inputs = (Rational[])_fixed.Clone();
        for (int i = 0; i < _free.Length; i++) inputs[_free[i]] = point[i];
        return inputs;
    }

    private BranchCell Domain()
    {
        if (_box is null) return new BranchCell([], [new CellPoint(new Rational[_free.Length])]);
        var sides = new List<RoundedConstraint>();
        for (int i = 0; i < _free.Length; i++)
        {
            var normal = LinearForm.Coordinate(i, _free.Length).Row;
            var high = new RoundedConstraint(new LinearConstraint(normal, _box[_free[i]].High));
            sides.Add(high);
            sides.Add(new RoundedConstraint(new LinearConstraint(Array.ConvertAll(normal, static value => -value), -_box[_free[i]].Low)));
        }

        return new BranchCell([.. sides], [new CellPoint([.. _free.Select(p => (_box[p].Low + _box[p].High) / 2)])]);
    }

    private static double SizeOf(InputRange range) =>
        Math.BitIncrement(Rational.Max(Rational.Abs(range.Low), Rational.Abs(range.High)).ToDouble());
}
