using System.Numerics;

namespace Kan.Tool;

/// <summary>The operations of the contract, for numbers and for vectors of them.</summary>
internal static class Operations
{
    /// <summary>x * y + z with one rounding.</summary>
    public static Vector<T> Fma<T>(Vector<T> x, Vector<T> y, Vector<T> z)
        where T : unmanaged =>
        typeof(T) == typeof(float)
            ? Vector.FusedMultiplyAdd(x.As<T, float>(), y.As<T, float>(), z.As<T, float>()).As<float, T>()
            : Vector.FusedMultiplyAdd(x.As<T, double>(), y.As<T, double>(), z.As<T, double>()).As<double, T>();

    // NaN stays NaN, and -0 is not below 0: minimum and maximum of the framework differ there.
    public static Vector<T> AtLeast<T>(Vector<T> value, Vector<T> bound)
        where T : unmanaged => Vector.ConditionalSelect(Vector.LessThan(value, bound), bound, value);

    public static Vector<T> AtMost<T>(Vector<T> value, Vector<T> bound)
        where T : unmanaged => Vector.ConditionalSelect(Vector.GreaterThan(value, bound), bound, value);

    public static Vector<T> Bound<T>(Vector<T> value, FiniteEnds ends)
        where T : unmanaged, IMinMaxValue<T>
    {
        if (ends.Low) value = AtLeast(value, new Vector<T>(T.MinValue));
        return ends.High ? AtMost(value, new Vector<T>(T.MaxValue)) : value;
    }

    public static T AtLeast<T>(T value, T bound)
        where T : unmanaged, IComparisonOperators<T, T, bool> => value < bound ? bound : value;

    public static T Bound<T>(T value, FiniteEnds ends)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        if (ends.Low && value < T.MinValue) value = T.MinValue;
        return ends.High && value > T.MaxValue ? T.MaxValue : value;
    }
}
