using System.Collections.Generic;
using System.Linq;

namespace Kan.Networks;

/// <summary>
/// A point where two single layers differ. Their edges are unique up to constants, so one is found whenever there is one.
/// </summary>
internal static class LayerDifference
{
    /// <summary>A point of the box where the layers differ, provided that they differ as functions on it.</summary>
    public static Rational[] Find(KanLayer left, KanLayer right, IReadOnlyList<InputRange>? box)
    {
        var start = Enumerable.Range(0, left.InputCount).Select(i => box is null ? Rational.Zero : box[i].Low).ToArray();
        if (Differ(left, right, start)) return start;

        // The difference at the start is 0, and moving one input changes it by what the difference of that input's edges changes.
        var functions = right.Edges.ToDictionary(static edge => (edge.Input, edge.Output), static edge => edge.Function);
        foreach (var edge in left.Edges)
        {
            functions.TryGetValue((edge.Input, edge.Output), out var other);
            if (TryMove(edge.Input, edge.Function - (other ?? PiecewiseLinearFunction.Zero)) is { } point) return point;
            functions.Remove((edge.Input, edge.Output));
        }

        foreach (var edge in functions)
        {
            if (TryMove(edge.Key.Input, edge.Value) is { } point) return point;
        }

        return start;

        Rational[]? TryMove(int input, PiecewiseLinearFunction difference)
        {
            if (NonZero.Find(difference.Shift(-difference.Evaluate(start[input])), box?[input]) is not { } place) return null;
            var moved = start.ToArray();
            moved[input] = place;
            return moved;
        }
    }

    private static bool Differ(KanLayer left, KanLayer right, Rational[] point) =>
        !left.Evaluate(point).SequenceEqual(right.Evaluate(point));
}

/// <summary>Where a piecewise-linear function is not 0.</summary>
internal static class NonZero
{
    /// <summary>A point of an interval, or of all of R, where the function is not 0; null if there is none.</summary>
    public static Rational? Find(PiecewiseLinearFunction function, InputRange? interval)
    {
        if (function.IsZero) return null;
        var breakpoints = function.Breakpoints;
        var first = interval?.Low ?? function.AnchorPoint - 1;
        var last = interval?.High ?? (breakpoints.IsEmpty ? 1 : breakpoints[^1] + 1);
        if (!function.Evaluate(first).IsZero) return first;
        if (!function.Evaluate(last).IsZero) return last;
        foreach (var breakpoint in breakpoints)
        {
            if (breakpoint > first && breakpoint < last && !function.Evaluate(breakpoint).IsZero) return breakpoint;
        }

        return null;
    }
}
