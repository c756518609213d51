using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Kan.Analysis.Proofs;

/// <summary>The loops in which bounding spends its time, over rows of whole vectors.</summary>
internal static class Kernels
{
    private const int Lanes = ProofLayer.Lanes;

    /// <summary>results = coefficients * weights, for some rows; only the listed columns of the coefficients are not zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(double[] coefficients, int coefficientStride, int rows, ReadOnlySpan<int> active, double[] weights,
        int weightStride, double[] results, int stride)
    {
        ref double c = ref MemoryMarshal.GetArrayDataReference(coefficients);
        ref double w = ref MemoryMarshal.GetArrayDataReference(weights);
        ref double y = ref MemoryMarshal.GetArrayDataReference(results);
        int r = 0;
        for (; r + 4 <= rows; r += 4)
        {
            ref double block = ref Unsafe.Add(ref c, r * coefficientStride);
            int column = 0;
            for (; column + (2 * Lanes) <= weightStride; column += 2 * Lanes)
            {
                Vector512<double> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default,
                    s31 = default;
                foreach (int q in active)
                {
                    ref double row = ref Unsafe.Add(ref w, ((nint)q * weightStride) + column);
                    var w0 = Vector512.LoadUnsafe(ref row);
                    var w1 = Vector512.LoadUnsafe(ref row, Lanes);
                    var c0 = Vector512.Create(Unsafe.Add(ref block, q));
                    var c1 = Vector512.Create(Unsafe.Add(ref block, q + coefficientStride));
                    var c2 = Vector512.Create(Unsafe.Add(ref block, q + (2 * coefficientStride)));
                    var c3 = Vector512.Create(Unsafe.Add(ref block, q + (3 * coefficientStride)));
                    s00 = Vector512.FusedMultiplyAdd(c0, w0, s00);
                    s01 = Vector512.FusedMultiplyAdd(c0, w1, s01);
                    s10 = Vector512.FusedMultiplyAdd(c1, w0, s10);
                    s11 = Vector512.FusedMultiplyAdd(c1, w1, s11);
                    s20 = Vector512.FusedMultiplyAdd(c2, w0, s20);
                    s21 = Vector512.FusedMultiplyAdd(c2, w1, s21);
                    s30 = Vector512.FusedMultiplyAdd(c3, w0, s30);
                    s31 = Vector512.FusedMultiplyAdd(c3, w1, s31);
                }

                ref double target = ref Unsafe.Add(ref y, (r * stride) + column);
                s00.StoreUnsafe(ref target);
                s01.StoreUnsafe(ref target, Lanes);
                s10.StoreUnsafe(ref target, (nuint)stride);
                s11.StoreUnsafe(ref target, (nuint)stride + Lanes);
                s20.StoreUnsafe(ref target, (nuint)(2 * stride));
                s21.StoreUnsafe(ref target, (nuint)(2 * stride) + Lanes);
                s30.StoreUnsafe(ref target, (nuint)(3 * stride));
                s31.StoreUnsafe(ref target, (nuint)(3 * stride) + Lanes);
            }

            for (; column < weightStride; column += Lanes)
            {
                for (int i = 0; i < 4; i++) Single(ref Unsafe.Add(ref c, (r + i) * coefficientStride), active, ref w, weightStride, column)
                    .StoreUnsafe(ref Unsafe.Add(ref y, ((r + i) * stride) + column));
            }
        }

        for (; r < rows; r++)
        {
            for (int column = 0; column < weightStride; column += Lanes)
                Single(ref Unsafe.Add(ref c, r * coefficientStride), active, ref w, weightStride, column)
                    .StoreUnsafe(ref Unsafe.Add(ref y, (r * stride) + column));
        }
    }

    /// <summary>Two sums over a vector of coefficients c: of the least c x for x between low and high, and of |c| size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (double Least, double Size) Least(ReadOnlySpan<double> coefficients, ReadOnlySpan<double> low, ReadOnlySpan<double> high,
        ReadOnlySpan<double> sizes)
    {
        Vector512<double> least = default, size = default;
        ref double c = ref MemoryMarshal.GetReference(coefficients), l = ref MemoryMarshal.GetReference(low),
            h = ref MemoryMarshal.GetReference(high), s = ref MemoryMarshal.GetReference(sizes);
        for (nuint i = 0; i < (nuint)coefficients.Length; i += Lanes)
        {
            var a = Vector512.LoadUnsafe(ref c, i);
            var isPositive = Vector512.GreaterThan(a, Vector512<double>.Zero);
            least = Vector512.FusedMultiplyAdd(a,
                Vector512.ConditionalSelect(isPositive, Vector512.LoadUnsafe(ref l, i), Vector512.LoadUnsafe(ref h, i)), least);
            size = Vector512.FusedMultiplyAdd(Vector512.Abs(a), Vector512.LoadUnsafe(ref s, i), size);
        }

        return (Vector512.Sum(least), Vector512.Sum(size));
    }

    /// <summary>
    /// Replaces coefficients of curves by those of their lower lines, where positive, or upper ones; returns the sum of the offsets, and of
    /// their sizes.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (double Offset, double Size) Relax(Span<double> coefficients, double[] lowerSlopes, double[] lowerOffsets,
        double[] upperSlopes, double[] upperOffsets)
    {
        Vector512<double> offset = default, size = default;
        ref double c = ref MemoryMarshal.GetReference(coefficients);
        ref double ls = ref MemoryMarshal.GetArrayDataReference(lowerSlopes), lo = ref MemoryMarshal.GetArrayDataReference(lowerOffsets);
        ref double us = ref MemoryMarshal.GetArrayDataReference(upperSlopes), uo = ref MemoryMarshal.GetArrayDataReference(upperOffsets);
        for (nuint i = 0; i < (nuint)coefficients.Length; i += Lanes)
        {
            var a = Vector512.LoadUnsafe(ref c, i);
            var isPositive = Vector512.GreaterThan(a, Vector512<double>.Zero);
            var term = a * Vector512.ConditionalSelect(isPositive, Vector512.LoadUnsafe(ref lo, i), Vector512.LoadUnsafe(ref uo, i));
            offset += term;
            size += Vector512.Abs(term);
            (a * Vector512.ConditionalSelect(isPositive, Vector512.LoadUnsafe(ref ls, i), Vector512.LoadUnsafe(ref us, i)))
                .StoreUnsafe(ref c, i);
        }

        return (Vector512.Sum(offset), Vector512.Sum(size));
    }

    /// <summary>Three sums over the weights w of a node: of w center, |w| radius and |w| |center|.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (double Center, double Radius, double Size) Enclose(ReadOnlySpan<double> weights, ReadOnlySpan<double> centers,
        ReadOnlySpan<double> radii)
    {
        Vector512<double> center = default, radius = default, size = default;
        ref double w = ref MemoryMarshal.GetReference(weights), c = ref MemoryMarshal.GetReference(centers),
            r = ref MemoryMarshal.GetReference(radii);
        for (nuint i = 0; i < (nuint)weights.Length; i += Lanes)
        {
            var a = Vector512.LoadUnsafe(ref w, i);
            var term = a * Vector512.LoadUnsafe(ref c, i);
            center += term;
            size += Vector512.Abs(term);
            radius = Vector512.FusedMultiplyAdd(Vector512.Abs(a), Vector512.LoadUnsafe(ref r, i), radius);
        }

        return (Vector512.Sum(center), Vector512.Sum(radius), Vector512.Sum(size));
    }

    /// <summary>target += factor * weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(double factor, ReadOnlySpan<double> weights, Span<double> target)
    {
        ref double w = ref MemoryMarshal.GetReference(weights), t = ref MemoryMarshal.GetReference(target);
        var f = Vector512.Create(factor);
        for (nuint i = 0; i < (nuint)weights.Length; i += Lanes)
            Vector512.FusedMultiplyAdd(f, Vector512.LoadUnsafe(ref w, i), Vector512.LoadUnsafe(ref t, i)).StoreUnsafe(ref t, i);
    }

    /// <summary>target += factor * weights, and radii += radius * |weights|.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(double factor, double radius, ReadOnlySpan<double> weights, Span<double> target, Span<double> radii)
    {
        ref double w = ref MemoryMarshal.GetReference(weights), t = ref MemoryMarshal.GetReference(target),
            u = ref MemoryMarshal.GetReference(radii);
        Vector512<double> f = Vector512.Create(factor), g = Vector512.Create(radius);
        for (nuint i = 0; i < (nuint)weights.Length; i += Lanes)
        {
            var a = Vector512.LoadUnsafe(ref w, i);
            Vector512.FusedMultiplyAdd(f, a, Vector512.LoadUnsafe(ref t, i)).StoreUnsafe(ref t, i);
            Vector512.FusedMultiplyAdd(g, Vector512.Abs(a), Vector512.LoadUnsafe(ref u, i)).StoreUnsafe(ref u, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector512<double> Single(ref double coefficients, ReadOnlySpan<int> active, ref double weights, int stride, int column)
    {
        Vector512<double> sum = default;
        foreach (int q in active)
            sum = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref coefficients, q)),
                Vector512.LoadUnsafe(ref Unsafe.Add(ref weights, ((nint)q * stride) + column)), sum);
        return sum;
    }
}
