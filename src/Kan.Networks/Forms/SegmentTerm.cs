namespace Kan.Networks;

/// <summary>The value of a function in segment form: v[j] + a[j] (x - point[j]), in the segment j of x.</summary>
internal static class SegmentTerm
{
    /// <summary>How far x is from the anchor point of its segment.</summary>
    /// <param name="ops">The operations.</param>
    /// <param name="x">The input.</param>
    /// <param name="point">The anchor point.</param>
    /// <param name="ends">Bounds of the difference.</param>
    public static T Distance<T, TOps>(TOps ops, T x, T point, FiniteEnds ends)
        where TOps : INumberOps<T> => ops.Bounded(ops.Subtract(x, point), ends);

    /// <summary>The line of the segment.</summary>
    /// <param name="ops">The operations.</param>
    /// <param name="factor">The slope or the distance.</param>
    /// <param name="other">The other of the two; a product has no order.</param>
    /// <param name="value">The value at the anchor point.</param>
    public static T Line<T, TOps>(TOps ops, T factor, T other, T value)
        where TOps : INumberOps<T> => ops.Fma(factor, other, value);

    /// <summary>A sum with the line of a segment: two roundings.</summary>
    public static T AddTo<T, TOps>(TOps ops, T sum, T factor, T other, T value)
        where TOps : INumberOps<T> => ops.Add(sum, Line(ops, factor, other, value));
}
