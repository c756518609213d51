namespace Kan.Networks;

/// <summary>The addition of something that sums are made of.</summary>
/// <typeparam name="T">Numbers, vectors of them, the text of expressions, or bounds.</typeparam>
internal interface IAddition<T>
{
    /// <summary>left + right.</summary>
    T Add(T left, T right);
}

/// <summary>
/// The operations that forms are made of. What a form means is written once over them, in <see cref="UnitTerm"/>, <see
/// cref="SegmentTerm"/> and <see cref="SumTree"/>: on
/// numbers it evaluates, on vectors it interprets, on text it prints. Each operation rounds once.
/// </summary>
/// <typeparam name="T">Numbers, vectors of them, or the text of expressions.</typeparam>
internal interface INumberOps<T> : IAddition<T>
{
    /// <summary>0.</summary>
    T Zero { get; }

    /// <summary>The lowest finite number of the type.</summary>
    T Least { get; }

    /// <summary>The largest finite number of the type.</summary>
    T Most { get; }

    /// <summary>left - right.</summary>
    T Subtract(T left, T right);

    /// <summary>
    /// value &lt; bound ? bound : value. NaN stays NaN, and -0 is not below 0: minimum and maximum of most languages differ there.
    /// </summary>
    T AtLeast(T value, T bound);

    /// <summary>value &gt; bound ? bound : value.</summary>
    T AtMost(T value, T bound);

    /// <summary>left * right + addend, rounded once.</summary>
    T Fma(T left, T right, T addend);
}

/// <summary>What is said once for all numbers.</summary>
internal static class NumberOps
{
    /// <summary>A value within the finite numbers, towards the ends that say so: the bounds that keep 0 times infinity away.</summary>
    public static T Bounded<T, TOps>(this TOps ops, T value, FiniteEnds ends)
        where TOps : INumberOps<T>
    {
        if (ends.Low) value = ops.AtLeast(value, ops.Least);
        return ends.High ? ops.AtMost(value, ops.Most) : value;
    }
}
