using System;
using System.Linq;

namespace Kan.Generators.Symbolic.Exact;

/// <summary>Sets of numbers: finite unions of intervals and points.</summary>
internal static class Regions
{
    /// <summary>All numbers.</summary>
    public static Piecewise<Flag> All { get; } = Piecewise<Flag>.Everywhere(new Flag(true));

    /// <summary>No number.</summary>
    public static Piecewise<Flag> None { get; } = Piecewise<Flag>.Everywhere(new Flag(false));

    /// <summary>Whether a set has no number.</summary>
    public static bool IsNone(this Piecewise<Flag> region) => !Has(region, true);

    /// <summary>Whether a set has all numbers.</summary>
    public static bool IsAll(this Piecewise<Flag> region) => !Has(region, false);

    /// <summary>The numbers that are not in a set.</summary>
    public static Piecewise<Flag> Not(this Piecewise<Flag> region) => region.Select(static cell => new Flag(!cell.Value));

    /// <summary>The numbers in both.</summary>
    public static Piecewise<Flag> And(this Piecewise<Flag> left, Piecewise<Flag> right) =>
        left.Zip(right, static (a, b) => new Flag(a.Value && b.Value));

    /// <summary>The numbers in one or both.</summary>
    public static Piecewise<Flag> Or(this Piecewise<Flag> left, Piecewise<Flag> right) =>
        left.Zip(right, static (a, b) => new Flag(a.Value || b.Value));

    /// <summary>Whether two sets have the same numbers.</summary>
    public static bool IsSame(this Piecewise<Flag> left, Piecewise<Flag> right)
    {
        if (ReferenceEquals(left, right)) return true;
        ExactWork.Charge(left.Cells.Length);
        return left.Cells.SequenceEqual(right.Cells) && left.Points.SequenceEqual(right.Points);
    }

    private static bool Has(Piecewise<Flag> region, bool value)
    {
        ExactWork.Charge(region.Cells.Length);
        foreach (var cell in region.Cells)
        {
            if (cell.Value == value) return true;
        }

        return false;
    }

    /// <summary>The first interval or point of a set, in words: <c>x = 0</c>, <c>x &lt; 3</c>, <c>1 &lt; x &lt;= 3</c>.</summary>
    public static string Describe(this Piecewise<Flag> region, string name)
    {
        var cells = region.Cells;
        int first = 0;
        while (first < cells.Length && !cells[first].Value) first++;
        if (first == cells.Length) return "no " + name;
        int last = first;
        while (last + 1 < cells.Length && cells[last + 1].Value) last++;
        if (first == last && first % 2 == 1) return name + " = " + Text(first);
        string low = first == 0 ? "" : Text(first) + (first % 2 == 1 ? " <= " : " < ");
        string high = last == cells.Length - 1 ? "" : (last % 2 == 1 ? " <= " : " < ") + Text(last + 1);
        if (low.Length == 0 && high.Length == 0) return "every " + name;
        return high.Length > 0 ? low + name + high : name + (first % 2 == 1 ? " >= " : " > ") + Text(first);

        // Cells 2i + 1 and 2i + 2 start at breakpoint i.
        string Text(int cell) => Numbers.Text(region.Breakpoints[(cell - 1) / 2].Point);
    }
}
