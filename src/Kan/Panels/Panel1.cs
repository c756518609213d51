using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Kan.Panels;

/// <summary>A panel held in one <see cref="Vector{T}"/>: 64-byte vectors.</summary>
/// <typeparam name="T"><c>float</c> or <c>double</c>.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Panel1<T>(Vector<T> a) : IPanel<T, Panel1<T>>
    where T : unmanaged
{
    private readonly Vector<T> _a = a;

    /// <inheritdoc/>
    public static int Registers => 1;

    /// <inheritdoc/>
    public static Panel1<T> Zero => new(Vector<T>.Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel1<T> Splat(T value)
    {
        var lane = Vector.Create(value);
        return new(lane);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel1<T> Load(ref readonly T source) =>
        new(Lanes.Load(in source, 0));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Panel1<T> value, ref T destination)
    {
        value._a.StoreUnsafe(ref destination);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel1<T> Fma(Panel1<T> left, Panel1<T> right, Panel1<T> addend) =>
        new(Lanes.Fma(left._a, right._a, addend._a));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel1<T> Add(Panel1<T> left, Panel1<T> right) => new(left._a + right._a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel1<T> Subtract(Panel1<T> left, Panel1<T> right) => new(left._a - right._a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel1<T> AtLeast(Panel1<T> value, Panel1<T> bound) =>
        new(Lanes.AtLeast(value._a, bound._a));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel1<T> AtMost(Panel1<T> value, Panel1<T> bound) =>
        new(Lanes.AtMost(value._a, bound._a));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel1<T> Choose(Panel1<T> value, Panel1<T> knot, Panel1<T> above, Panel1<T> below) =>
        new(Lanes.Choose(value._a, knot._a, above._a, below._a));
}
