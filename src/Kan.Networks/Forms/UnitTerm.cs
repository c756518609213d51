namespace Kan.Networks;

/// <summary>The meaning of <see cref="UnitKind"/>: w unit(x - b).</summary>
internal static class UnitTerm
{
    /// <summary>Whether a unit of this kind ends at a height.</summary>
    public static bool HasHeight(UnitKind kind) => kind == UnitKind.Clamp;

    /// <summary>The numbers of a unit: breakpoint, height if it has one, weight.</summary>
    public static int Numbers(UnitKind kind) => HasHeight(kind) ? 3 : 2;

    // Only named kinds are made, and a new one does not compile without its meaning.
#pragma warning disable CS8524
    /// <summary>
    /// The slopes of a unit far below its breakpoint and far above it; where one is not 0, the unit is unbounded on that side.
    /// </summary>
    public static (int Below, int Above) FarSlopes(UnitKind kind) => kind switch
    {
        UnitKind.LowRay => (1, 0),
        UnitKind.Clamp => (0, 0),
        UnitKind.LeftRelu => (-1, 0),
        UnitKind.HighRay or UnitKind.RightRelu => (0, 1),
    };

    /// <summary>A unit of x, rounded once: unit(x - b).</summary>
    /// <param name="ops">The operations.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="x">The input.</param>
    /// <param name="point">The breakpoint, b.</param>
    /// <param name="height">The height of a clamped difference; of others it is not looked at.</param>
    /// <param name="ends">Bounds of x - b where the unit is unbounded.</param>
    public static T Bend<T, TOps>(TOps ops, UnitKind kind, T x, T point, T height, FiniteEnds ends)
        where TOps : INumberOps<T> => kind switch
        {
            UnitKind.LowRay => ops.AtMost(ops.Bounded(ops.Subtract(x, point), ends), ops.Zero),
            UnitKind.Clamp => ops.AtMost(ops.AtLeast(ops.Subtract(x, point), ops.Zero), height),

            // The difference is turned around, and its ends with it.
            UnitKind.LeftRelu => ops.AtLeast(ops.Bounded(ops.Subtract(point, x), new FiniteEnds(ends.High, ends.Low)), ops.Zero),
            UnitKind.HighRay or UnitKind.RightRelu => ops.AtLeast(ops.Bounded(ops.Subtract(x, point), ends), ops.Zero),
        };
#pragma warning restore CS8524

    /// <summary>A sum with the term of a unit: one rounding for the difference, one for the term with the sum.</summary>
    /// <param name="ops">The operations.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="x">The input.</param>
    /// <param name="point">The breakpoint, b.</param>
    /// <param name="height">The height of a clamped difference; of others it is not looked at.</param>
    /// <param name="weight">The weight, w.</param>
    /// <param name="ends">Bounds of x - b where the unit is unbounded.</param>
    /// <param name="sum">The sum.</param>
    public static T AddTo<T, TOps>(TOps ops, UnitKind kind, T x, T point, T height, T weight, FiniteEnds ends, T sum)
        where TOps : INumberOps<T> => ops.Fma(weight, Bend(ops, kind, x, point, height, ends), sum);
}
