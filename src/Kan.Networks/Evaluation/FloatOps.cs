using System;
using System.Numerics;

namespace Kan.Networks;

/// <summary>The operations on single numbers.</summary>
/// <typeparam name="T"><c>float</c> or <c>double</c>.</typeparam>
internal readonly struct FloatOps<T> : IFormOps<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    public T Zero => T.Zero;

    public T Least => T.MinValue;

    public T Most => T.MaxValue;

    public T Add(T left, T right) => left + right;

    public T Subtract(T left, T right) => left - right;

    public T AtLeast(T value, T bound) => value < bound ? bound : value;

    public T AtMost(T value, T bound) => value > bound ? bound : value;

    public T Constant(double number) => T.CreateChecked(number);

    public T Largest(T left, T right) => T.Max(left, right);

    public T InSegment<TState>(SegmentTable table, T x, TState state, Func<TState, int, T, T> ofSegment)
    {
        int j = 0;
        foreach (double knot in table.Knots)
        {
            if (x >= T.CreateChecked(knot)) j++;
        }

        return ofSegment(state, j, x);
    }

    public T Fma(T left, T right, T addend) => T.FusedMultiplyAdd(left, right, addend);
}
