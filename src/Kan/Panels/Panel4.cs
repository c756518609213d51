using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using X86 = System.Runtime.Intrinsics.X86;

namespace Kan.Panels;

/// <summary>A panel held in four <see cref="Vector{T}"/>: 16-byte vectors.</summary>
/// <typeparam name="T"><c>float</c> or <c>double</c>.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Panel4<T>(Vector<T> a, Vector<T> b, Vector<T> c, Vector<T> d) : IPanel<T, Panel4<T>>
    where T : unmanaged
{
    private readonly Vector<T> _a = a;
    private readonly Vector<T> _b = b;
    private readonly Vector<T> _c = c;
    private readonly Vector<T> _d = d;

    /// <inheritdoc/>
    public static int Registers => 4;

    /// <inheritdoc/>
    public static Panel4<T> Zero => new(Vector<T>.Zero, Vector<T>.Zero, Vector<T>.Zero, Vector<T>.Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel4<T> Splat(T value)
    {
        var lane = Vector.Create(value);
        return new(lane, lane, lane, lane);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel4<T> Load(ref readonly T source) =>
        new(Lanes.Load(in source, 0), Lanes.Load(in source, Vector<T>.Count), Lanes.Load(in source, 2 * Vector<T>.Count),
            Lanes.Load(in source, 3 * Vector<T>.Count));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Panel4<T> value, ref T destination)
    {
        value._a.StoreUnsafe(ref destination);
        value._b.StoreUnsafe(ref destination, (nuint)(Vector<T>.Count));
        value._c.StoreUnsafe(ref destination, (nuint)(2 * Vector<T>.Count));
        value._d.StoreUnsafe(ref destination, (nuint)(3 * Vector<T>.Count));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel4<T> Fma(Panel4<T> left, Panel4<T> right, Panel4<T> addend)
    {
        // Short, without calls in between: the JIT inlines only so much into one kernel.
        if (!X86.Fma.IsSupported && !AdvSimd.IsSupported && !Emulation.IsNeedless) return Emulate(left, right, addend);
        if (typeof(T) != typeof(float)) return FuseDoubles(left, right, addend);
        return new(
            Vector.FusedMultiplyAdd(left._a.As<T, float>(), right._a.As<T, float>(), addend._a.As<T, float>()).As<float, T>(),
            Vector.FusedMultiplyAdd(left._b.As<T, float>(), right._b.As<T, float>(), addend._b.As<T, float>()).As<float, T>(),
            Vector.FusedMultiplyAdd(left._c.As<T, float>(), right._c.As<T, float>(), addend._c.As<T, float>()).As<float, T>(),
            Vector.FusedMultiplyAdd(left._d.As<T, float>(), right._d.As<T, float>(), addend._d.As<T, float>()).As<float, T>());
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel4<T> Add(Panel4<T> left, Panel4<T> right) =>
        new(left._a + right._a, left._b + right._b, left._c + right._c, left._d + right._d);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel4<T> Subtract(Panel4<T> left, Panel4<T> right) =>
        new(left._a - right._a, left._b - right._b, left._c - right._c, left._d - right._d);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel4<T> AtLeast(Panel4<T> value, Panel4<T> bound) =>
        new(Lanes.AtLeast(value._a, bound._a), Lanes.AtLeast(value._b, bound._b), Lanes.AtLeast(value._c, bound._c),
            Lanes.AtLeast(value._d, bound._d));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel4<T> AtMost(Panel4<T> value, Panel4<T> bound) =>
        new(Lanes.AtMost(value._a, bound._a), Lanes.AtMost(value._b, bound._b), Lanes.AtMost(value._c, bound._c),
            Lanes.AtMost(value._d, bound._d));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel4<T> Choose(Panel4<T> value, Panel4<T> knot, Panel4<T> above, Panel4<T> below) =>
        new(Lanes.Choose(value._a, knot._a, above._a, below._a), Lanes.Choose(value._b, knot._b, above._b, below._b),
            Lanes.Choose(value._c, knot._c, above._c, below._c), Lanes.Choose(value._d, knot._d, above._d, below._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Panel4<T> FuseDoubles(Panel4<T> left, Panel4<T> right, Panel4<T> addend) => new(
        Vector.FusedMultiplyAdd(left._a.As<T, double>(), right._a.As<T, double>(), addend._a.As<T, double>()).As<double, T>(),
        Vector.FusedMultiplyAdd(left._b.As<T, double>(), right._b.As<T, double>(), addend._b.As<T, double>()).As<double, T>(),
        Vector.FusedMultiplyAdd(left._c.As<T, double>(), right._c.As<T, double>(), addend._c.As<T, double>()).As<double, T>(),
        Vector.FusedMultiplyAdd(left._d.As<T, double>(), right._d.As<T, double>(), addend._d.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Panel4<T> Emulate(Panel4<T> left, Panel4<T> right, Panel4<T> addend)
    {
        if (typeof(T) != typeof(float)) return RoundOnce(left, right, addend);

        var ends = Vector128<int>.Zero;
        var sizes = Vector128<uint>.AllBitsSet;
        Vector<T> a = Lanes.RoundTwice(left._a, right._a, addend._a, ref ends, ref sizes),
            b = Lanes.RoundTwice(left._b, right._b, addend._b, ref ends, ref sizes);
        Vector<T> c = Lanes.RoundTwice(left._c, right._c, addend._c, ref ends, ref sizes),
            d = Lanes.RoundTwice(left._d, right._d, addend._d, ref ends, ref sizes);
        return Emulation.IsInDoubt(ends, sizes) ? RoundOnce(left, right, addend) : new(a, b, c, d);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Panel4<T> RoundOnce(Panel4<T> left, Panel4<T> right, Panel4<T> addend) =>
        new(Lanes.RoundOnce(left._a, right._a, addend._a), Lanes.RoundOnce(left._b, right._b, addend._b),
            Lanes.RoundOnce(left._c, right._c, addend._c), Lanes.RoundOnce(left._d, right._d, addend._d));
}
