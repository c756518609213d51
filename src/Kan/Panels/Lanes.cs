using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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

    // The x86 maximum is "first > second ? first : second": one instruction with the treatment of NaN and of zeros that a panel promises.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> AtLeast<T>(Vector<T> value, Vector<T> bound)
        where T : unmanaged
    {
        if (Avx.IsSupported && Vector<byte>.Count == 32 && typeof(T) == typeof(float)) return Avx.Max(bound.As<T, float>().AsVector256(), value.As<T, float>().AsVector256()).AsVector().As<float, T>();
        if (Avx.IsSupported && Vector<byte>.Count == 32 && typeof(T) == typeof(double)) return Avx.Max(bound.As<T, double>().AsVector256(), value.As<T, double>().AsVector256()).AsVector().As<double, T>();
        return Vector.ConditionalSelect(Vector.LessThan(value, bound), bound, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> AtMost<T>(Vector<T> value, Vector<T> bound)
        where T : unmanaged
    {
        if (Avx.IsSupported && Vector<byte>.Count == 32 && typeof(T) == typeof(float)) return Avx.Min(bound.As<T, float>().AsVector256(), value.As<T, float>().AsVector256()).AsVector().As<float, T>();
        if (Avx.IsSupported && Vector<byte>.Count == 32 && typeof(T) == typeof(double)) return Avx.Min(bound.As<T, double>().AsVector256(), value.As<T, double>().AsVector256()).AsVector().As<double, T>();
        return Vector.ConditionalSelect(Vector.GreaterThan(value, bound), bound, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> AtLeast<T>(Vector512<T> value, Vector512<T> bound)
        where T : unmanaged
    {
        if (Avx512F.IsSupported && typeof(T) == typeof(float)) return Avx512F.Max(bound.As<T, float>(), value.As<T, float>()).As<float, T>();
        if (Avx512F.IsSupported && typeof(T) == typeof(double)) return Avx512F.Max(bound.As<T, double>(), value.As<T, double>()).As<double, T>();
        return Vector512.ConditionalSelect(Vector512.LessThan(value, bound), bound, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> AtMost<T>(Vector512<T> value, Vector512<T> bound)
        where T : unmanaged
    {
        if (Avx512F.IsSupported && typeof(T) == typeof(float)) return Avx512F.Min(bound.As<T, float>(), value.As<T, float>()).As<float, T>();
        if (Avx512F.IsSupported && typeof(T) == typeof(double)) return Avx512F.Min(bound.As<T, double>(), value.As<T, double>()).As<double, T>();
        return Vector512.ConditionalSelect(Vector512.GreaterThan(value, bound), bound, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Choose<T>(Vector<T> value, Vector<T> knot, Vector<T> above, Vector<T> below)
        where T : unmanaged => Vector.ConditionalSelect(Vector.GreaterThanOrEqual(value, knot), above, below);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Load<T>(ref readonly T source, int index)
        where T : unmanaged => Vector.LoadUnsafe(in source, (nuint)index);
}
