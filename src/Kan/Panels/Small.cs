using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Kan.Panels;

/// <summary>
/// Operations of networks that are small enough to be written out: single numbers and short vectors instead of panels. None has a branch
/// on data.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Small
{
    /// <summary>The number of knots that x is at or above; NaN is above none, and a knot that is NaN is never reached.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Segment(Vector128<float> knots, float x) =>
        BitOperations.PopCount(Vector128.GreaterThanOrEqual(Vector128.Create(x), knots).AsUInt32().ExtractMostSignificantBits());

    /// <inheritdoc cref="Segment(Vector128{float}, float)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Segment(Vector256<float> knots, float x) =>
        BitOperations.PopCount(Vector256.GreaterThanOrEqual(Vector256.Create(x), knots).AsUInt32().ExtractMostSignificantBits());

    /// <inheritdoc cref="Segment(Vector128{float}, float)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Segment(Vector128<double> knots, double x) =>
        BitOperations.PopCount(Vector128.GreaterThanOrEqual(Vector128.Create(x), knots).AsUInt64().ExtractMostSignificantBits());

    /// <inheritdoc cref="Segment(Vector128{float}, float)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Segment(Vector256<double> knots, double x) =>
        BitOperations.PopCount(Vector256.GreaterThanOrEqual(Vector256.Create(x), knots).AsUInt64().ExtractMostSignificantBits());

    /// <summary>value &lt; bound ? bound : value, so that NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T AtLeast<T>(T value, T bound) =>
        AtLeast(Vector128.CreateScalarUnsafe(value), Vector128.CreateScalarUnsafe(bound)).ToScalar();

    /// <inheritdoc cref="AtLeast{T}(T, T)"/>
    /// <remarks>The maximum of x86 is "first &gt; second ? first : second", which treats NaN and zeros just so.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> AtLeast<T>(Vector128<T> value, Vector128<T> bound) =>
        Sse.IsSupported ? Vector128.MaxNative(bound, value)
            : Vector128.ConditionalSelect(Vector128.LessThan(value, bound), bound, value);

    /// <inheritdoc cref="AtLeast{T}(T, T)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> AtLeast<T>(Vector256<T> value, Vector256<T> bound) =>
        Sse.IsSupported ? Vector256.MaxNative(bound, value)
            : Vector256.ConditionalSelect(Vector256.LessThan(value, bound), bound, value);

    /// <summary>value &gt; bound ? bound : value, so that NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T AtMost<T>(T value, T bound) =>
        AtMost(Vector128.CreateScalarUnsafe(value), Vector128.CreateScalarUnsafe(bound)).ToScalar();

    /// <inheritdoc cref="AtMost{T}(T, T)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> AtMost<T>(Vector128<T> value, Vector128<T> bound) =>
        Sse.IsSupported ? Vector128.MinNative(bound, value)
            : Vector128.ConditionalSelect(Vector128.GreaterThan(value, bound), bound, value);

    /// <inheritdoc cref="AtMost{T}(T, T)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> AtMost<T>(Vector256<T> value, Vector256<T> bound) =>
        Sse.IsSupported ? Vector256.MinNative(bound, value)
            : Vector256.ConditionalSelect(Vector256.GreaterThan(value, bound), bound, value);

    /// <summary>value &gt;= knot ? above : below, lane by lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Choose<T>(Vector128<T> value, Vector128<T> knot, Vector128<T> above, Vector128<T> below)
    {
        var isAbove = Vector128.GreaterThanOrEqual(value, knot);

        // A mask that several choices share is three instructions for each of them in a conditional selection, and one here. It is the same
        // in all bits of a lane, so numbers of 32 bits are chosen rightly for lanes of 64.
        return Sse41.IsSupported && !Avx512F.VL.IsSupported
            ? Sse41.BlendVariable(below.AsSingle(), above.AsSingle(), isAbove.AsSingle()).As<float, T>()
            : Vector128.ConditionalSelect(isAbove, above, below);
    }

    /// <inheritdoc cref="Choose{T}(Vector128{T}, Vector128{T}, Vector128{T}, Vector128{T})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Choose<T>(Vector256<T> value, Vector256<T> knot, Vector256<T> above, Vector256<T> below)
    {
        var isAbove = Vector256.GreaterThanOrEqual(value, knot);
        return Avx.IsSupported && !Avx512F.VL.IsSupported
            ? Avx.BlendVariable(below.AsSingle(), above.AsSingle(), isAbove.AsSingle()).As<float, T>()
            : Vector256.ConditionalSelect(isAbove, above, below);
    }
}
