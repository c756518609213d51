using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.Wasm;
using System.Runtime.Intrinsics.X86;

namespace Kan.Panels;

/// <summary>
/// Fused multiply-add where the processor has none: left * right + addend, rounded once, for every input. docs/emulation.md has the proofs.
/// </summary>
internal static class Emulation
{
    /// <summary>
    /// Whether the framework is as fast: it has an instruction, or no vectors. WebAssembly is left to it too, since the interpreter takes
    /// longer for the vectors than for one call for each number. A constant for the JIT.
    /// </summary>
    public static bool IsNeedless
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Fma.IsSupported || AdvSimd.IsSupported || Vector<byte>.Count != 16 || !Vector128.IsHardwareAccelerated
            || PackedSimd.IsSupported;
    }

    /// <summary>Products and sums in double, rounded to float, which is all but always the answer.</summary>
    /// <param name="left">The first factor.</param>
    /// <param name="right">The second factor.</param>
    /// <param name="addend">What is added.</param>
    /// <param name="ends">Updated for <see cref="IsInDoubt"/>; at first 0.</param>
    /// <param name="sizes">Updated for <see cref="IsInDoubt"/>; at first the greatest numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> RoundTwice(
        Vector128<float> left, Vector128<float> right, Vector128<float> addend, ref Vector128<int> ends, ref Vector128<uint> sizes)
    {
        Vector128<float> result;
        Vector128<int> words;
        if (Avx.IsSupported)
        {
            var sum = Avx.Add(Avx.Multiply(Avx.ConvertToVector256Double(left), Avx.ConvertToVector256Double(right)),
                Avx.ConvertToVector256Double(addend));
            result = Avx.ConvertToVector128Single(sum);
            words = LowWords(sum.GetLower(), Avx.ExtractVector128(sum, 1));
        }
        else
        {
            var low = (Vector128.WidenLower(left) * Vector128.WidenLower(right)) + Vector128.WidenLower(addend);
            var high = (Vector128.WidenUpper(left) * Vector128.WidenUpper(right)) + Vector128.WidenUpper(addend);
            result = Vector128.Narrow(low, high);
            words = LowWords(low, high);
        }

        // A sum half way between two floats ends in a one and 28 zeros; shifted, that is the least integer.
        ends = Vector128.Min(ends, Vector128.ShiftLeft(words, 3));

        // Among subnormal floats half way lies elsewhere. Without its sign and less one, zero is the greatest number.
        var bits = result.AsUInt32();
        sizes = Vector128.Min(sizes, bits + bits - Vector128<uint>.One);
        return result;
    }

    /// <summary>Whether a sum may have been half way between two floats, so that what it had lost decides.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsInDoubt(Vector128<int> ends, Vector128<uint> sizes)
    {
        var isSmall = Vector128.Equals(Vector128.Min(sizes, Vector128.Create(0x00FF_FFFFu)), sizes);
        return (Vector128.Equals(ends, Vector128.Create(int.MinValue)) | isSmall.AsInt32()) != Vector128<int>.Zero;
    }

    /// <summary>Rounded to odd in double, then to float.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Vector128<float> RoundOnce(Vector128<float> left, Vector128<float> right, Vector128<float> addend) => Vector128.Narrow(
        SumToOdd(Vector128.WidenLower(left) * Vector128.WidenLower(right), Vector128.WidenLower(addend)),
        SumToOdd(Vector128.WidenUpper(left) * Vector128.WidenUpper(right), Vector128.WidenUpper(addend)));

    /// <summary>
    /// The product in two parts (Dekker), their sum with the addend in two, the lesser rounded to odd (Boldo and Melquiond).
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Vector128<double> RoundOnce(Vector128<double> left, Vector128<double> right, Vector128<double> addend)
    {
        var product = left * right;
        if (!AreUsual(left, right, addend, product)) return OneByOne(left, right, addend);

        Vector128<double> a = Half(left), b = left - a, c = Half(right), d = right - c;
        var rest = ((((a * c) - product) + (a * d)) + (b * c)) + (b * d);
        var sum = addend + rest;
        var lost = Lost(addend, rest, sum);
        var top = product + sum;
        var result = top + SumToOdd(Lost(product, sum, top), lost);

        // The sign of a zero product is lost on the way.
        return Vector128.ConditionalSelect(Vector128.Equals(product, Vector128<double>.Zero), product + addend, result);
    }

    /// <summary>The lower halves of the bits of four numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> LowWords(Vector128<double> low, Vector128<double> high) => Sse.IsSupported
        ? Sse.Shuffle(low.AsSingle(), high.AsSingle(), 0b10_00_10_00).AsInt32()
        : Vector128.Narrow(low.AsInt64(), high.AsInt64());

    /// <summary>left + right, rounded to odd: of the two numbers on both sides of an inexact sum, the one whose last bit is 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> SumToOdd(Vector128<double> left, Vector128<double> right)
    {
        var sum = left + right;
        var lost = Lost(left, right, sum);
        var isInexact = Vector128.GreaterThan(Vector128.Abs(lost), Vector128<double>.Zero).AsInt64();
        var isBeyond = isInexact & Vector128.LessThan(sum.AsInt64() ^ lost.AsInt64(), Vector128<long>.Zero);
        return ((sum.AsInt64() + isBeyond) | (isInexact & Vector128<long>.One)).AsDouble();
    }

    /// <summary>left + right - sum, exactly (Knuth).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Lost(Vector128<double> left, Vector128<double> right, Vector128<double> sum)
    {
        var back = sum - left;
        return (left - (sum - back)) + (right - back);
    }

    /// <summary>The upper half of the digits (Veltkamp).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Half(Vector128<double> value)
    {
        var shifted = value * Vector128.Create(134217729.0);
        return shifted - (shifted - value);
    }

    /// <summary>Whether no step overflows and the product loses nothing by being small.</summary>
    private static bool AreUsual(Vector128<double> left, Vector128<double> right, Vector128<double> addend, Vector128<double> product)
    {
        Vector128<double> a = Vector128.Abs(left), b = Vector128.Abs(right), size = Vector128.Abs(product);
        var isLarge = Vector128.GreaterThan(size, Vector128.Create(1e-270))
            | Vector128.Equals(a, Vector128<double>.Zero) | Vector128.Equals(b, Vector128<double>.Zero);
        return (isLarge & Vector128.LessThan(a + b + (Vector128.Abs(addend) + size), Vector128.Create(1e290)))
            .AsInt64() == Vector128<long>.AllBitsSet;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<double> OneByOne(Vector128<double> left, Vector128<double> right, Vector128<double> addend) =>
        Vector128.Create(
        Math.FusedMultiplyAdd(left[0], right[0], addend[0]),
        Math.FusedMultiplyAdd(left[1], right[1], addend[1]));
}
