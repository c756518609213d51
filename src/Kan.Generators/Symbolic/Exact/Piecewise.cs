using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Kan.Generators.Symbolic.Exact;

/// <summary>A point where something changes, and the code that makes it change.</summary>
internal readonly record struct Breakpoint(Rational Point, SyntaxNode? Origin);

/// <summary>
/// What holds all over R, exactly: k breakpoints and 2k + 1 cells, intervals and breakpoints in turn, so that it may jump and may have
/// values at single points. Canonical: every breakpoint has an effect.
/// </summary>
internal sealed class Piecewise<T>
    where T : struct, ICell<T>, IEquatable<T>
{
    // To make a function, and to copy, compare and join a cell of it: three arrays of numbers, and a search for what made each breakpoint.
    private const int FunctionSteps = 200, CellSteps = 100;

    private Piecewise(ImmutableArray<Breakpoint> breakpoints, ImmutableArray<T> cells)
    {
        Breakpoints = breakpoints;
        Cells = cells;
    }

    /// <summary>Increasing.</summary>
    public ImmutableArray<Breakpoint> Breakpoints { get; }

    /// <summary>Cell 2i is the open interval left of breakpoint i, cell 2i + 1 is breakpoint i.</summary>
    public ImmutableArray<T> Cells { get; }

    /// <summary>The breakpoints without their origins.</summary>
    public IReadOnlyList<Rational> Points => [.. Breakpoints.Select(static breakpoint => breakpoint.Point)];

    /// <summary>The same everywhere.</summary>
    public static Piecewise<T> Everywhere(T cell) => new([], [cell]);

    /// <summary>Drops the breakpoints without an effect.</summary>
    /// <param name="points">k increasing points.</param>
    /// <param name="cells">2k + 1 cells.</param>
    /// <param name="origin">What makes the change at a point, by its index.</param>
    public static Piecewise<T> Create(IReadOnlyList<Rational> points, IReadOnlyList<T> cells, Func<int, SyntaxNode?> origin)
    {
        ExactWork.Charge(FunctionSteps + ((long)CellSteps * cells.Count));
        var kept = ImmutableArray.CreateBuilder<Breakpoint>();
        var keptCells = ImmutableArray.CreateBuilder<T>();
        keptCells.Add(cells[0]);
        for (int i = 0; i < points.Count; i++)
        {
            var (before, at, after) = (cells[2 * i], cells[(2 * i) + 1], cells[(2 * i) + 2]);
            if (before.Equals(after) && before.At(points[i]).Equals(at)) continue;
            kept.Add(new Breakpoint(points[i], origin(i)));
            keptCells.Add(at);
            keptCells.Add(after);
        }

        return new Piecewise<T>(kept.ToImmutable(), keptCells.ToImmutable());
    }

    /// <summary>The cells on a finer grid.</summary>
    /// <param name="points">Increasing points, these breakpoints among them.</param>
    public T[] On(IReadOnlyList<Rational> points)
    {
        var cells = new T[(2 * points.Count) + 1];
        int own = 0;
        for (int i = 0; i < points.Count; i++)
        {
            cells[2 * i] = Cells[2 * own];
            bool isOwn = own < Breakpoints.Length && Breakpoints[own].Point == points[i];
            cells[(2 * i) + 1] = isOwn ? Cells[(2 * own) + 1] : Cells[2 * own].At(points[i]);
            if (isOwn) own++;
        }

        cells[2 * points.Count] = Cells[2 * own];
        return cells;
    }

    /// <summary>Applies an operation to each cell.</summary>
    public Piecewise<TResult> Select<TResult>(Func<T, TResult> operation)
        where TResult : struct, ICell<TResult>, IEquatable<TResult> =>
        Piecewise<TResult>.Create(Points, [.. Cells.Select(operation)], i => Breakpoints[i].Origin);

    /// <summary>Applies an operation cell by cell.</summary>
    public Piecewise<TResult> Zip<TOther, TResult>(Piecewise<TOther> other, Func<T, TOther, TResult> operation)
        where TOther : struct, ICell<TOther>, IEquatable<TOther>
        where TResult : struct, ICell<TResult>, IEquatable<TResult>
    {
        var points = PiecewiseLinearFunction.Union(Points, other.Points);
        var (left, right) = (On(points), other.On(points));
        var cells = new TResult[left.Length];
        for (int i = 0; i < cells.Length; i++) cells[i] = operation(left[i], right[i]);
        return Piecewise<TResult>.Create(points, cells, i =>
            JumpOriginAt(points[i]) ?? other.JumpOriginAt(points[i]) ?? OriginAt(points[i]) ?? other.OriginAt(points[i]));
    }

    /// <summary>Whether there is a jump at a breakpoint: to the left, at the point, or to the right of it.</summary>
    public bool JumpsAt(int index)
    {
        var point = Breakpoints[index].Point;
        var at = Cells[(2 * index) + 1];
        return !Cells[2 * index].At(point).Equals(at) || !Cells[(2 * index) + 2].At(point).Equals(at);
    }

    /// <summary>The cell that holds a point.</summary>
    public T CellAt(Rational point)
    {
        int index = Find(point);
        return index >= 0 ? Cells[(2 * index) + 1] : Cells[2 * ~index].At(point);
    }

    /// <summary>What makes the change at a point; null if there is none.</summary>
    public SyntaxNode? OriginAt(Rational point)
    {
        int index = Find(point);
        return index >= 0 ? Breakpoints[index].Origin : null;
    }

    /// <summary>What makes the jump at a point; null if there is none.</summary>
    public SyntaxNode? JumpOriginAt(Rational point)
    {
        int index = Find(point);
        return index >= 0 && JumpsAt(index) ? Breakpoints[index].Origin : null;
    }

    /// <summary>The index of a breakpoint, or the complement of the index of the next one.</summary>
    private int Find(Rational point)
    {
        int low = 0, high = Breakpoints.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >> 1;
            int order = Breakpoints[middle].Point.CompareTo(point);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }

        return ~low;
    }
}
