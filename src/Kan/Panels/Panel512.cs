using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Kan.Panels;

/// <summary>A panel held in one <see cref="Vector512{T}"/>, where the hardware has them but the generic vectors are narrower.</summary>
/// <typeparam name="T"><c>float</c> or <c>double</c>.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Panel512<T>(Vector512<T> a) : IPanel<T, Panel512<T>>
    where T : unmanaged
{
    private readonly Vector512<T> _a = a;

    /// <inheritdoc/>
    public static int Registers => 1;

    /// <inheritdoc/>
    public static Panel512<T> Zero => new(Vector512<T>.Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel512<T> Splat(T value)
    {
        var lane = Vector512.Create(value);
        return new(lane);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel512<T> Load(ref readonly T source) =>
        new(Vector512.LoadUnsafe(in source));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Panel512<T> value, ref T destination)
    {
        value._a.StoreUnsafe(ref destination);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel512<T> Fma(Panel512<T> left, Panel512<T> right, Panel512<T> addend) =>
        new(Lanes.Fma(left._a, right._a, addend._a));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel512<T> Add(Panel512<T> left, Panel512<T> right) => new(left._a + right._a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel512<T> Subtract(Panel512<T> left, Panel512<T> right) => new(left._a - right._a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel512<T> AtLeast(Panel512<T> value, Panel512<T> bound) =>
        new(Lanes.AtLeast(value._a, bound._a));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel512<T> AtMost(Panel512<T> value, Panel512<T> bound) =>
        new(Lanes.AtMost(value._a, bound._a));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Panel512<T> Choose(Panel512<T> value, Panel512<T> knot, Panel512<T> above, Panel512<T> below) =>
        new(Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(value._a, knot._a), above._a, below._a));
}
