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
public struct Panel4<T> : IPanel<T, Panel4<T>>
    where T : unmanaged
{
    // Results are assigned part by part: a constructor would take a temporary for each part, of which the JIT has few for a method.
    private Vector<T> _a;
    private Vector<T> _b;
    private Vector<T> _c;
    private Vector<T> _d;

    /// <inheritdoc/>
    public static int Registers => 4;

    /// <inheritdoc/>
    public static Panel4<T> Zero => default;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel4<T> Splat(T value)
    {
        Panel4<T> result = default;
        result._a = result._b = result._c = result._d = Vector.Create(value);
        return result;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel4<T> Load(ref readonly T source)
    {
        Panel4<T> result = default;
        result._a = Vector.LoadUnsafe(in source);
        result._b = Vector.LoadUnsafe(in source, (nuint)(Vector<T>.Count));
        result._c = Vector.LoadUnsafe(in source, (nuint)(2 * Vector<T>.Count));
        result._d = Vector.LoadUnsafe(in source, (nuint)(3 * Vector<T>.Count));
        return result;
    }

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
        Panel4<T> result = default;
        result._a = Vector.FusedMultiplyAdd(left._a.As<T, float>(), right._a.As<T, float>(), addend._a.As<T, float>()).As<float, T>();
        result._b = Vector.FusedMultiplyAdd(left._b.As<T, float>(), right._b.As<T, float>(), addend._b.As<T, float>()).As<float, T>();
        result._c = Vector.FusedMultiplyAdd(left._c.As<T, float>(), right._c.As<T, float>(), addend._c.As<T, float>()).As<float, T>();
        result._d = Vector.FusedMultiplyAdd(left._d.As<T, float>(), right._d.As<T, float>(), addend._d.As<T, float>()).As<float, T>();
        return result;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel4<T> Add(Panel4<T> left, Panel4<T> right)
    {
        Panel4<T> result = default;
        result._a = left._a + right._a;
        result._b = left._b + right._b;
        result._c = left._c + right._c;
        result._d = left._d + right._d;
        return result;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel4<T> Subtract(Panel4<T> left, Panel4<T> right)
    {
        Panel4<T> result = default;
        result._a = left._a - right._a;
        result._b = left._b - right._b;
        result._c = left._c - right._c;
        result._d = left._d - right._d;
        return result;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel4<T> AtLeast(Panel4<T> value, Panel4<T> bound)
    {
        Panel4<T> result = default;
        result._a = Vector.ConditionalSelect(Vector.LessThan(value._a, bound._a), bound._a, value._a);
        result._b = Vector.ConditionalSelect(Vector.LessThan(value._b, bound._b), bound._b, value._b);
        result._c = Vector.ConditionalSelect(Vector.LessThan(value._c, bound._c), bound._c, value._c);
        result._d = Vector.ConditionalSelect(Vector.LessThan(value._d, bound._d), bound._d, value._d);
        return result;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel4<T> AtMost(Panel4<T> value, Panel4<T> bound)
    {
        Panel4<T> result = default;
        result._a = Vector.ConditionalSelect(Vector.GreaterThan(value._a, bound._a), bound._a, value._a);
        result._b = Vector.ConditionalSelect(Vector.GreaterThan(value._b, bound._b), bound._b, value._b);
        result._c = Vector.ConditionalSelect(Vector.GreaterThan(value._c, bound._c), bound._c, value._c);
        result._d = Vector.ConditionalSelect(Vector.GreaterThan(value._d, bound._d), bound._d, value._d);
        return result;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel4<T> Choose(Panel4<T> value, Panel4<T> knot, Panel4<T> above, Panel4<T> below)
    {
        Panel4<T> result = default;
        result._a = Vector.ConditionalSelect(Vector.GreaterThanOrEqual(value._a, knot._a), above._a, below._a);
        result._b = Vector.ConditionalSelect(Vector.GreaterThanOrEqual(value._b, knot._b), above._b, below._b);
        result._c = Vector.ConditionalSelect(Vector.GreaterThanOrEqual(value._c, knot._c), above._c, below._c);
        result._d = Vector.ConditionalSelect(Vector.GreaterThanOrEqual(value._d, knot._d), above._d, below._d);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Panel4<T> FuseDoubles(Panel4<T> left, Panel4<T> right, Panel4<T> addend)
    {
        Panel4<T> result = default;
        result._a = Vector.FusedMultiplyAdd(left._a.As<T, double>(), right._a.As<T, double>(), addend._a.As<T, double>()).As<double, T>();
        result._b = Vector.FusedMultiplyAdd(left._b.As<T, double>(), right._b.As<T, double>(), addend._b.As<T, double>()).As<double, T>();
        result._c = Vector.FusedMultiplyAdd(left._c.As<T, double>(), right._c.As<T, double>(), addend._c.As<T, double>()).As<double, T>();
        result._d = Vector.FusedMultiplyAdd(left._d.As<T, double>(), right._d.As<T, double>(), addend._d.As<T, double>()).As<double, T>();
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Panel4<T> Emulate(Panel4<T> left, Panel4<T> right, Panel4<T> addend)
    {
        if (typeof(T) != typeof(float)) return RoundOnce(left, right, addend);

        var ends = Vector128<int>.Zero;
        var sizes = Vector128<uint>.AllBitsSet;
        Panel4<T> result = default;
        result._a = Lanes.RoundTwice(left._a, right._a, addend._a, ref ends, ref sizes);
        result._b = Lanes.RoundTwice(left._b, right._b, addend._b, ref ends, ref sizes);
        result._c = Lanes.RoundTwice(left._c, right._c, addend._c, ref ends, ref sizes);
        result._d = Lanes.RoundTwice(left._d, right._d, addend._d, ref ends, ref sizes);
        return Emulation.IsInDoubt(ends, sizes) ? RoundOnce(left, right, addend) : result;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Panel4<T> RoundOnce(Panel4<T> left, Panel4<T> right, Panel4<T> addend)
    {
        Panel4<T> result = default;
        result._a = Lanes.RoundOnce(left._a, right._a, addend._a);
        result._b = Lanes.RoundOnce(left._b, right._b, addend._b);
        result._c = Lanes.RoundOnce(left._c, right._c, addend._c);
        result._d = Lanes.RoundOnce(left._d, right._d, addend._d);
        return result;
    }
}
