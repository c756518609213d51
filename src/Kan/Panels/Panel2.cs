using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Kan.Panels;

/// <summary>A panel held in two <see cref="Vector{T}"/>: 32-byte vectors.</summary>
/// <typeparam name="T"><c>float</c> or <c>double</c>.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Panel2<T>(Vector<T> a, Vector<T> b) : IPanel<T, Panel2<T>>
    where T : unmanaged
{
    private readonly Vector<T> _a = a;
    private readonly Vector<T> _b = b;

    /// <inheritdoc/>
    public static int Registers => 2;

    /// <inheritdoc/>
    public static Panel2<T> Zero => new(Vector<T>.Zero, Vector<T>.Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel2<T> Splat(T value)
    {
        var lane = Vector.Create(value);
        return new(lane, lane);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel2<T> Load(ref readonly T source) =>
        new(Lanes.Load(in source, 0), Lanes.Load(in source, Vector<T>.Count));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Panel2<T> value, ref T destination)
    {
        value._a.StoreUnsafe(ref destination);
        value._b.StoreUnsafe(ref destination, (nuint)(Vector<T>.Count));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel2<T> Fma(Panel2<T> left, Panel2<T> right, Panel2<T> addend) =>
        new(Lanes.Fma(left._a, right._a, addend._a), Lanes.Fma(left._b, right._b, addend._b));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel2<T> Add(Panel2<T> left, Panel2<T> right) => new(left._a + right._a, left._b + right._b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel2<T> Subtract(Panel2<T> left, Panel2<T> right) => new(left._a - right._a, left._b - right._b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel2<T> AtLeast(Panel2<T> value, Panel2<T> bound) =>
        new(Lanes.AtLeast(value._a, bound._a), Lanes.AtLeast(value._b, bound._b));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel2<T> AtMost(Panel2<T> value, Panel2<T> bound) =>
        new(Lanes.AtMost(value._a, bound._a), Lanes.AtMost(value._b, bound._b));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel2<T> Choose(Panel2<T> value, Panel2<T> knot, Panel2<T> above, Panel2<T> below) =>
        new(Lanes.Choose(value._a, knot._a, above._a, below._a), Lanes.Choose(value._b, knot._b, above._b, below._b));
}
