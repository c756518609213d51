using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Kan.Networks;

/// <summary>What visiting the cells found.</summary>
internal enum CellOutcome
{
    /// <summary>Both networks are the same affine map on every cell.</summary>
    Equal,

    /// <summary>There is a cell on which they are not.</summary>
    Different,

    /// <summary>A limit was reached first.</summary>
    Limit,
}

/// <summary>
/// Visits every cell on which two networks are both affine and compares their affine maps. Cells are cut where a node crosses a breakpoint,
/// node by node, through the first network and then through the second; only cells with an interior arise, and together they cover the
/// domain.
/// </summary>
internal sealed class CellComparison
{
    private readonly CellLayer[][] _networks;
    private readonly IReadOnlyList<InputRange>? _box;
    private readonly EquivalenceOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly int[] _free;
    private readonly Rational[] _fixed;
    private int _linearPrograms;

    public CellComparison(KanNetwork left, KanNetwork right, IReadOnlyList<InputRange>? box, EquivalenceOptions options,
        CancellationToken cancellation)
    {
        _networks = [[.. left.Layers.Select(static layer => new CellLayer(layer))],
            [.. right.Layers.Select(static layer => new CellLayer(layer))]];
        _box = box;
        _options = options;
        _cancellation = cancellation;

        // An input that no edge reads, or that cannot move, is not a dimension.
        var read = left.Layers[0].Edges.Concat(right.Layers[0].Edges).Select(static edge => edge.Input).ToHashSet();
        _free = [.. Enumerable.Range(0, left.InputCount).Where(p => read.Contains(p) && (box is null || box[p].Low < box[p].High))];
        _fixed = [.. Enumerable.Range(0, left.InputCount).Select(p => box is null ? Rational.Zero : box[p].Low)];
    }

    /// <summary>Cells visited to the end.</summary>
    public int CellCount { get; private set; }

    /// <summary>A point where the networks differ, once <see cref="Run"/> found one.</summary>
    public Rational[]? Difference { get; private set; }

    public CellOutcome Run()
    {
        var pending = new Stack<Visit>();
        pending.Push(new Visit(Domain(), 0, 0, 0, Inputs(), null));
        while (pending.TryPop(out var visit))
        {
            _cancellation.ThrowIfCancellationRequested();
            if (CellCount >= _options.CellLimit || _linearPrograms >= _options.LinearProgramLimit) return CellOutcome.Limit;
            var layers = _networks[visit.Network];
            if (visit.Node < visit.Forms.Length)
            {
                var breakpoints = layers[visit.Layer].Breakpoints[visit.Node];
                foreach (var part in visit.Polyhedron.Split(visit.Forms[visit.Node], breakpoints, ref _linearPrograms))
                    pending.Push(visit with { Polyhedron = part, Node = visit.Node + 1 });
                continue;
            }

            var outputs = layers[visit.Layer].Apply(visit.Forms, visit.Polyhedron.Interior);
            if (visit.Layer + 1 < layers.Length) pending.Push(visit with { Layer = visit.Layer + 1, Node = 0, Forms = outputs });
            else if (visit.Network == 0) pending.Push(new Visit(visit.Polyhedron, 1, 0, 0, Inputs(), outputs));
            else if (!SameMap(visit.Polyhedron, visit.LeftOutputs!, outputs)) return CellOutcome.Different;
            else CellCount++;
        }

        return CellOutcome.Equal;
    }

    private bool SameMap(Polyhedron cell, LinearForm[] left, LinearForm[] right)
    {
        for (int q = 0; q < left.Length; q++)
        {
            var difference = new LinearForm([.. left[q].Row.Zip(right[q].Row, static (a, b) => a - b)],
                left[q].Constant - right[q].Constant);
            if (difference.Constant.IsZero && difference.Row.All(static number => number.IsZero)) continue;
            Difference = ToInputs(cell.PointOff(difference));
            return false;
        }

        return true;
    }

    private Rational[] ToInputs(Rational[] point)
    {
        var inputs = (Rational[])_fixed.Clone();
        for (int i = 0; i < _free.Length; i++) inputs[_free[i]] = point[i];
        return inputs;
    }

    private Polyhedron Domain()
    {
        if (_box is null) return new Polyhedron([], new Rational[_free.Length]);
        var sides = new List<LinearConstraint>();
        for (int i = 0; i < _free.Length; i++)
        {
            var normal = LinearForm.Coordinate(i, _free.Length).Row;
            sides.Add(new LinearConstraint(normal, _box[_free[i]].High));
            sides.Add(new LinearConstraint([.. normal.Select(static number => -number)], -_box[_free[i]].Low));
        }

        return new Polyhedron([.. sides], [.. _free.Select(p => (_box[p].Low + _box[p].High) / 2)]);
    }

    private LinearForm[] Inputs()
    {
        var forms = _fixed.Select(value => new LinearForm(new Rational[_free.Length], value)).ToArray();
        for (int i = 0; i < _free.Length; i++) forms[_free[i]] = LinearForm.Coordinate(i, _free.Length);
        return forms;
    }

    /// <summary>A cell on the way through a layer of one of the networks, before some node.</summary>
    private sealed record Visit(Polyhedron Polyhedron, int Network, int Layer, int Node, LinearForm[] Forms, LinearForm[]? LeftOutputs);
}
