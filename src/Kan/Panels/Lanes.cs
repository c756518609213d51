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

    /// <inheritdoc cref="Emulation.RoundTwice"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> RoundTwice<T>(Vector<T> left, Vector<T> right, Vector<T> addend, ref Vector128<int> ends,
        ref Vector128<uint> sizes)
        where T : unmanaged =>
        Emulation.RoundTwice(Singles(left), Singles(right), Singles(addend), ref ends, ref sizes).AsVector().As<float, T>();

    /// <summary>Fused multiply-add of vectors of 128 bits without the instruction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> RoundOnce<T>(Vector<T> left, Vector<T> right, Vector<T> addend)
        where T : unmanaged => typeof(T) == typeof(float)
            ? Emulation.RoundOnce(Singles(left), Singles(right), Singles(addend)).AsVector().As<float, T>()
            : Emulation.RoundOnce(Doubles(left), Doubles(right), Doubles(addend)).AsVector().As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Singles<T>(Vector<T> lanes) => lanes.As<T, float>().AsVector128();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Doubles<T>(Vector<T> lanes) => lanes.As<T, double>().AsVector128();

    // The maximum of x86 is "first > second ? first : second": one instruction that treats NaN and zeros as a panel promises.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> AtLeast<T>(Vector<T> value, Vector<T> bound)
        where T : unmanaged => Sse.IsSupported ? Vector.MaxNative(bound, value)
            : Vector.ConditionalSelect(Vector.LessThan(value, bound), bound, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> AtMost<T>(Vector<T> value, Vector<T> bound)
        where T : unmanaged => Sse.IsSupported ? Vector.MinNative(bound, value)
            : Vector.ConditionalSelect(Vector.GreaterThan(value, bound), bound, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> AtLeast<T>(Vector512<T> value, Vector512<T> bound)
        where T : unmanaged => Sse.IsSupported ? Vector512.MaxNative(bound, value)
            : Vector512.ConditionalSelect(Vector512.LessThan(value, bound), bound, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> AtMost<T>(Vector512<T> value, Vector512<T> bound)
        where T : unmanaged => Sse.IsSupported ? Vector512.MinNative(bound, value)
            : Vector512.ConditionalSelect(Vector512.GreaterThan(value, bound), bound, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Choose<T>(Vector<T> value, Vector<T> knot, Vector<T> above, Vector<T> below)
        where T : unmanaged
    {
        if (Avx.IsSupported && Vector<byte>.Count == 32)
            return Small.Choose(value.AsVector256(), knot.AsVector256(), above.AsVector256(), below.AsVector256()).AsVector();
        return Vector.ConditionalSelect(Vector.GreaterThanOrEqual(value, knot), above, below);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Load<T>(ref readonly T source, int index)
        where T : unmanaged => Vector.LoadUnsafe(in source, (nuint)index);
}
