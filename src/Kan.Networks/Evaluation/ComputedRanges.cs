using System;
using System.Collections.Immutable;
using System.Linq;
using System.Numerics;

namespace Kan.Networks;

/// <summary>
/// Intervals that hold all that a form computes for inputs in a box. Every operation rounds once and correctly, and rounding keeps order,
/// so the same operations on the ends of intervals enclose each result, without any margin: what a clamp at the end computes stays between
/// its ends.
/// </summary>
internal static class ComputedRanges
{
    /// <summary>The intervals of the outputs; null if some result may be infinite or NaN.</summary>
    /// <param name="form">What is computed.</param>
    /// <param name="box">A range for each input; inputs are numbers of the type within it.</param>
    public static ImmutableArray<(double Low, double High)>? Of(NetworkForm form, ImmutableArray<InputRange> box) =>
        form.Precision == Precision.Single ? Of<float>(form, box) : Of<double>(form, box);

    private static ImmutableArray<(double Low, double High)>? Of<T>(NetworkForm form, ImmutableArray<InputRange> box)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        // The nearest numbers of the type may lie outside of the box, which does no harm.
        Interval<T>[] inputs =
            [.. box.Select(static range =>
            new Interval<T>(T.CreateSaturating(range.Low.ToDouble()), T.CreateSaturating(range.High.ToDouble())))];
        var outputs = new FormEvaluator<Interval<T>, IntervalOps<T>>(form).Evaluate(inputs);
        return outputs.All(static output => T.IsFinite(output.Low) && T.IsFinite(output.High))
            ? [.. outputs.Select(static output => (double.CreateChecked(output.Low), double.CreateChecked(output.High)))]
            : null;
    }
}

/// <summary>An interval of numbers, both ends included. An end that is NaN stays NaN in all that is computed from it.</summary>
internal readonly record struct Interval<T>(T Low, T High)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    /// <summary>The smallest interval that holds two.</summary>
    public Interval<T> Hull(Interval<T> other) => new(T.Min(Low, other.Low), T.Max(High, other.High));
}

/// <summary>
/// The operations on intervals. One whose result may be infinite gives NaN: two infinite values may become NaN later on, between the ends
/// of an interval that a clamp makes finite again.
/// </summary>
/// <typeparam name="T"><c>float</c> or <c>double</c>.</typeparam>
internal readonly struct IntervalOps<T> : IFormOps<Interval<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    private static FloatOps<T> Ops => default;

    public Interval<T> Zero => Of(T.Zero);

    public Interval<T> Least => Of(T.MinValue);

    public Interval<T> Most => Of(T.MaxValue);

    public Interval<T> Constant(double number) => Of(T.CreateChecked(number));

    public Interval<T> Add(Interval<T> left, Interval<T> right) =>
        Finite(Ops.Add(left.Low, right.Low), Ops.Add(left.High, right.High));

    public Interval<T> Subtract(Interval<T> left, Interval<T> right) =>
        Finite(Ops.Subtract(left.Low, right.High), Ops.Subtract(left.High, right.Low));

    public Interval<T> AtLeast(Interval<T> value, Interval<T> bound) =>
        new(Ops.AtLeast(value.Low, bound.Low), Ops.AtLeast(value.High, bound.High));

    public Interval<T> AtMost(Interval<T> value, Interval<T> bound) =>
        new(Ops.AtMost(value.Low, bound.Low), Ops.AtMost(value.High, bound.High));

    public Interval<T> Fma(Interval<T> left, Interval<T> right, Interval<T> addend)
    {
        // A product is least and largest at the ends of its factors.
        T a = left.Low, b = left.High, c = right.Low, d = right.High;
        return Finite(
            T.Min(T.Min(Ops.Fma(a, c, addend.Low), Ops.Fma(a, d, addend.Low)), T.Min(Ops.Fma(b, c, addend.Low), Ops.Fma(b, d, addend.Low))),
            T.Max(T.Max(Ops.Fma(a, c, addend.High), Ops.Fma(a, d, addend.High)),
                T.Max(Ops.Fma(b, c, addend.High), Ops.Fma(b, d, addend.High))));
    }

    public Interval<T> Largest(Interval<T> left, Interval<T> right) => new(T.Max(left.Low, right.Low), T.Max(left.High, right.High));

    public Interval<T> InSegment<TState>(SegmentTable table, Interval<T> x, TState state, Func<TState, int, Interval<T>,
        Interval<T>> ofSegment)
    {
        if (T.IsNaN(x.Low) || T.IsNaN(x.High)) return Of(T.NaN);
        Interval<T>? hull = null;
        for (int j = 0; j < table.SegmentCount; j++)
        {
            // A knot that is NaN ends the segments; one at the end of the interval belongs to both its sides, which only adds a point.
            T low = j == 0 ? T.NegativeInfinity : T.CreateChecked(table.Knots[j - 1]),
                high = j < table.Knots.Length ? T.CreateChecked(table.Knots[j]) : T.PositiveInfinity;
            if (T.IsNaN(low)) break;
            if (T.IsNaN(high)) high = T.PositiveInfinity;
            var inside = new Interval<T>(T.Max(x.Low, low), T.Min(x.High, high));
            if (inside.Low > inside.High) continue;
            var result = ofSegment(state, j, inside);
            hull = hull?.Hull(result) ?? result;
        }

        return hull ?? Of(T.NaN);
    }

    private static Interval<T> Of(T value) => new(value, value);

    private static Interval<T> Finite(T low, T high) => T.IsFinite(low) && T.IsFinite(high) ? new(low, high) : Of(T.NaN);
}
