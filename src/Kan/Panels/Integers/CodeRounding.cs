using System;
using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Kan.Panels;

/// <summary>
/// The way between numbers and codes: <c>saturate(round(value) + zero)</c> with ties to even, as ONNX defines QuantizeLinear. Each
/// operation is a correctly rounded one of <c>float</c>, so codes are the same on every machine.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CodeRounding
{
    /// <summary>
    /// 1.5 * 2^23: a number of at most 2^22 that is added to it is rounded to an integer, which stands in the lowest bits.
    /// </summary>
    private const float Magic = 12582912f;
    private const int MagicBits = 0x4B40_0000;

    /// <summary>The highest code.</summary>
    internal const int Highest = 255;

    /// <summary>The codes of inputs.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="ranges">What their codes stand for.</param>
    /// <param name="codes">Receives a code for each input; that of NaN is of no meaning.</param>
    /// <returns>Whether all inputs lie in their ranges; false if one is NaN.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Quantize(ReadOnlySpan<float> inputs, in IntegerInputs ranges, Span<byte> codes)
    {
        int width = 4 * Vector<float>.Count;
        if (inputs.Length >= width && Vector.IsHardwareAccelerated)
        {
            // The last block overlaps the one before it.
            ref readonly float x = ref MemoryMarshal.GetReference(inputs);
            ref byte code = ref MemoryMarshal.GetReference(codes);
            var within = Vector<int>.AllBitsSet;
            var shared = ranges.At(0);
            for (int at = 0; ; at = Math.Min(at + width, inputs.Length - width))
            {
                Vector<int> a, b, c, d;
                if (ranges.IsShared)
                {
                    a = Codes(in x, at, in shared, ref within);
                    b = Codes(in x, at + Vector<float>.Count, in shared, ref within);
                    c = Codes(in x, at + (2 * Vector<float>.Count), in shared, ref within);
                    d = Codes(in x, at + (3 * Vector<float>.Count), in shared, ref within);
                }
                else
                {
                    a = Codes(in x, at, ranges.At(at), ref within);
                    b = Codes(in x, at + Vector<float>.Count, ranges.At(at + Vector<float>.Count), ref within);
                    c = Codes(in x, at + (2 * Vector<float>.Count), ranges.At(at + (2 * Vector<float>.Count)), ref within);
                    d = Codes(in x, at + (3 * Vector<float>.Count), ranges.At(at + (3 * Vector<float>.Count)), ref within);
                }

                Narrow(a, b, c, d).StoreUnsafe(ref code, (nuint)at);
                if (at + width == inputs.Length) return Vector.EqualsAll(within, Vector<int>.AllBitsSet);
            }
        }

        bool inside = true;
        for (int i = 0; i < inputs.Length; i++)
        {
            float x = inputs[i];
            inside &= x >= ranges.Low(i) && x <= ranges.High(i);
            codes[i] = (byte)Code(x / ranges.Scale(i), ranges.Zero(i), lowest: 0);
        }

        return inside;
    }

    /// <summary>The codes of sums.</summary>
    /// <param name="sums">Sums, a multiple of 16.</param>
    /// <param name="multipliers">What each is multiplied with.</param>
    /// <param name="zero">The code of 0.</param>
    /// <param name="lowest">The lowest code.</param>
    /// <param name="codes">Receives the codes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Requantize(ReadOnlySpan<int> sums, ReadOnlySpan<float> multipliers, int zero, int lowest, Span<byte> codes)
    {
        int width = 4 * Vector<int>.Count, i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (; i <= sums.Length - width; i += width)
            {
                ref readonly int s = ref sums[i];
                ref readonly float m = ref multipliers[i];
                Narrow(Codes(in s, in m, 0, zero, lowest), Codes(in s, in m, 1, zero, lowest), Codes(in s, in m, 2, zero, lowest),
                    Codes(in s, in m, 3, zero, lowest)).StoreUnsafe(ref codes[i]);
            }
        }

        for (; i < sums.Length; i += 4 * Vector128<int>.Count)
        {
            ref readonly int s = ref sums[i];
            ref readonly float m = ref multipliers[i];
            Vector128.Narrow(Vector128.Narrow(Four(in s, in m, 0, zero, lowest), Four(in s, in m, 4, zero, lowest)),
                Vector128.Narrow(Four(in s, in m, 8, zero, lowest), Four(in s, in m, 12, zero, lowest))).AsByte().StoreUnsafe(ref codes[i]);
        }
    }

    /// <summary>The sum of (input - the number of its code)^2.</summary>
    /// <param name="inputs">Inputs in their ranges.</param>
    /// <param name="ranges">What their codes stand for.</param>
    /// <param name="codes">Their codes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static double Residual(ReadOnlySpan<float> inputs, in IntegerInputs ranges, ReadOnlySpan<byte> codes)
    {
        int i = 0;
        var squares = Vector<float>.Zero;
        var shared = ranges.At(0);
        if (Vector.IsHardwareAccelerated)
        {
            for (; i <= inputs.Length - Vector<byte>.Count; i += Vector<byte>.Count)
            {
                Widen(in codes[i], out var a, out var b, out var c, out var d);
                int second = i + Vector<int>.Count, third = second + Vector<int>.Count, fourth = third + Vector<int>.Count;
                if (ranges.IsShared)
                {
                    squares += Square(inputs, i, a, in shared) + Square(inputs, second, b, in shared);
                    squares += Square(inputs, third, c, in shared) + Square(inputs, fourth, d, in shared);
                }
                else
                {
                    squares += Square(inputs, i, a, ranges.At(i)) + Square(inputs, second, b, ranges.At(second));
                    squares += Square(inputs, third, c, ranges.At(third)) + Square(inputs, fourth, d, ranges.At(fourth));
                }
            }
        }

        double sum = Vector.Sum(squares);
        for (; i < inputs.Length; i++)
        {
            double residual = inputs[i] - (ranges.Scale(i) * (codes[i] - ranges.Zero(i)));
            sum += residual * residual;
        }

        return sum;
    }

    /// <summary>The sum of (sum * multiplier - (code - zero))^2, where the codes of a ReLU stand for what it passes.</summary>
    /// <param name="sums">Sums, a multiple of 16.</param>
    /// <param name="multipliers">What each was multiplied with.</param>
    /// <param name="zero">The code of 0; a ReLU cuts off what is below it where it is 0.</param>
    /// <param name="codes">Their codes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static double Residual(ReadOnlySpan<int> sums, ReadOnlySpan<float> multipliers, int zero, ReadOnlySpan<byte> codes)
    {
        int i = 0;
        var squares = Vector<float>.Zero;
        Vector<float> least = new(zero == 0 ? 0 : float.MinValue);
        Vector<int> zeros = new(zero);
        if (Vector.IsHardwareAccelerated)
        {
            for (; i <= sums.Length - Vector<byte>.Count; i += Vector<byte>.Count)
            {
                Widen(in codes[i], out var a, out var b, out var c, out var d);
                ref readonly int s = ref sums[i];
                ref readonly float m = ref multipliers[i];
                squares += Square(in s, in m, 0, a - zeros, least) + Square(in s, in m, 1, b - zeros, least);
                squares += Square(in s, in m, 2, c - zeros, least) + Square(in s, in m, 3, d - zeros, least);
            }
        }

        double sum = Vector.Sum(squares);
        for (; i < sums.Length; i++)
        {
            float value = sums[i] * multipliers[i], passed = zero == 0 ? Math.Max(value, 0) : value;
            double residual = passed - (codes[i] - zero);
            sum += residual * residual;
        }

        return sum;
    }

    /// <summary>The numbers of sums.</summary>
    /// <param name="sums">Sums.</param>
    /// <param name="multipliers">What each is multiplied with.</param>
    /// <param name="outputs">Receives the numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(ReadOnlySpan<int> sums, ReadOnlySpan<float> multipliers, Span<float> outputs)
    {
        int i = 0;
        for (; i <= outputs.Length - Vector128<int>.Count; i += Vector128<int>.Count)
        {
            var numbers = Vector128.ConvertToSingle(Vector128.LoadUnsafe(in sums[i])) * Vector128.LoadUnsafe(in multipliers[i]);
            numbers.StoreUnsafe(ref outputs[i]);
        }

        for (; i < outputs.Length; i++) outputs[i] = sums[i] * multipliers[i];
    }

    /// <summary>The sum of (code - zero)^2 over some codes.</summary>
    /// <param name="codes">The codes.</param>
    /// <param name="zeros">The code of 0 of each, or one for all.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static long Squares(ReadOnlySpan<byte> codes, ReadOnlySpan<int> zeros)
    {
        long sum = 0;
        int i = 0;
        if (zeros.Length == 1 && Vector.IsHardwareAccelerated)
        {
            Vector<byte> zero = new((byte)zeros[0]);
            while (codes.Length - i >= Vector<byte>.Count)
            {
                // A lane adds four squares of at most 2^16 in each round.
                var sums = Vector<uint>.Zero;
                int end = i + Math.Min((codes.Length - i) / Vector<byte>.Count, 1 << 12) * Vector<byte>.Count;
                for (; i < end; i += Vector<byte>.Count)
                {
                    var code = Vector.LoadUnsafe(in codes[i]);
                    Vector.Widen(Vector.Max(code, zero) - Vector.Min(code, zero), out var low, out var high);
                    Vector.Widen(low * low, out var a, out var b);
                    Vector.Widen(high * high, out var c, out var d);
                    sums += a + b + (c + d);
                }

                Vector.Widen(sums, out var first, out var second);
                sum += (long)Vector.Sum(first + second);
            }
        }

        for (; i < codes.Length; i++)
        {
            int distance = codes[i] - zeros[zeros.Length == 1 ? 0 : i];
            sum += distance * distance;
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Four(ref readonly int sums, ref readonly float multipliers, nuint at, int zero, int lowest)
    {
        var value = Vector128.ConvertToSingle(Vector128.LoadUnsafe(in sums, at)) * Vector128.LoadUnsafe(in multipliers, at);
        var clamped = Vector128.Clamp(value, Vector128.Create((float)(lowest - zero)), Vector128.Create((float)(Highest - zero)));
        return (clamped + Vector128.Create(Magic)).AsInt32() + Vector128.Create(zero - MagicBits);
    }

    private static int Code(float value, int zero, int lowest)
    {
        float clamped = Math.Min(Math.Max(value, lowest - zero), Highest - zero);
        return BitConverter.SingleToInt32Bits(clamped + Magic) - MagicBits + zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<int> Codes(ref readonly int sums, ref readonly float multipliers, int vector, int zero, int lowest)
    {
        nuint at = (nuint)(vector * Vector<int>.Count);
        return Codes(Vector.ConvertToSingle(Vector.LoadUnsafe(in sums, at)) * Vector.LoadUnsafe(in multipliers, at), new Vector<int>(zero),
            new Vector<float>(lowest));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<int> Codes(ref readonly float inputs, int at, in IntegerInputs.Lanes ranges, ref Vector<int> within)
    {
        var x = Vector.LoadUnsafe(in inputs, (nuint)at);
        within &= Vector.GreaterThanOrEqual(x, ranges.Low) & Vector.LessThanOrEqual(x, ranges.High);
        return Codes(x / ranges.Scale, ranges.Zero, Vector<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<int> Codes(Vector<float> values, Vector<int> zeros, Vector<float> lowest)
    {
        var zero = Vector.ConvertToSingle(zeros);
        var clamped = Lanes.AtMost(Lanes.AtLeast(values, lowest - zero), new Vector<float>(Highest) - zero);
        return (clamped + new Vector<float>(Magic)).As<float, int>() + (zeros - new Vector<int>(MagicBits));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Square(ReadOnlySpan<float> inputs, int at, Vector<int> codes, in IntegerInputs.Lanes ranges)
    {
        var residual = Vector.LoadUnsafe(in inputs[at]) - (ranges.Scale * Vector.ConvertToSingle(codes - ranges.Zero));
        return residual * residual;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Square(ref readonly int sums, ref readonly float multipliers, int vector, Vector<int> steps,
        Vector<float> least)
    {
        nuint at = (nuint)(vector * Vector<int>.Count);
        var value = Vector.ConvertToSingle(Vector.LoadUnsafe(in sums, at)) * Vector.LoadUnsafe(in multipliers, at);
        var residual = Lanes.AtLeast(value, least) - Vector.ConvertToSingle(steps);
        return residual * residual;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Widen(ref readonly byte codes, out Vector<int> a, out Vector<int> b, out Vector<int> c, out Vector<int> d)
    {
        Vector.Widen(Vector.LoadUnsafe(in codes), out var low, out var high);
        Vector.Widen(low, out var first, out var second);
        Vector.Widen(high, out var third, out var fourth);
        (a, b, c, d) = (first.As<uint, int>(), second.As<uint, int>(), third.As<uint, int>(), fourth.As<uint, int>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<byte> Narrow(Vector<int> a, Vector<int> b, Vector<int> c, Vector<int> d) =>
        Vector.Narrow(Vector.Narrow(a, b), Vector.Narrow(c, d)).As<sbyte, byte>();
}
