using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Kan.Panels;

/// <summary>Fused multiply-add of the generic vectors, which the framework offers only for float and double by name.</summary>
internal static class Lanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Fma<T>(Vector<T> left, Vector<T> right, Vector<T> addend)
        where T : unmanaged => typeof(T) == typeof(float)
            ? Vector.FusedMultiplyAdd(left.As<T, float>(), right.As<T, float>(), addend.As<T, float>()).As<float, T>()
            : Vector.FusedMultiplyAdd(left.As<T, double>(), right.As<T, double>(), addend.As<T, double>()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Fma<T>(Vector512<T> left, Vector512<T> right, Vector512<T> addend)
        where T : unmanaged => typeof(T) == typeof(float)
            ? Vector512.FusedMultiplyAdd(left.As<T, float>(), right.As<T, float>(), addend.As<T, float>()).As<float, T>()
            : Vector512.FusedMultiplyAdd(left.As<T, double>(), right.As<T, double>(), addend.As<T, double>()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> AtLeast<T>(Vector<T> value, Vector<T> bound)
        where T : unmanaged => Vector.ConditionalSelect(Vector.LessThan(value, bound), bound, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> AtMost<T>(Vector<T> value, Vector<T> bound)
        where T : unmanaged => Vector.ConditionalSelect(Vector.GreaterThan(value, bound), bound, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Choose<T>(Vector<T> value, Vector<T> knot, Vector<T> above, Vector<T> below)
        where T : unmanaged => Vector.ConditionalSelect(Vector.GreaterThanOrEqual(value, knot), above, below);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Load<T>(ref readonly T source, int index)
        where T : unmanaged => Vector.LoadUnsafe(in source, (nuint)index);
}
