using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Kan.Benchmarks.Engines;

/// <summary>What the machine can do at most, in the vectors that the runtime uses here.</summary>
internal static unsafe class Ceilings
{
    private const int Chains = 16;

    /// <summary>Multiply-adds of <see cref="MultiplyAdd"/> for each step.</summary>
    public static int MultiplyAddsPerStep => Chains * (Vector512.IsHardwareAccelerated ? 16 : 8);

    /// <summary>Independent chains of fused multiply-adds in registers.</summary>
    public static float MultiplyAdd(int steps) => Vector512.IsHardwareAccelerated ? MultiplyAdd512(steps) : MultiplyAdd256(steps);

    /// <summary>Memory at a multiple of 64 bytes; never freed, as long as the process.</summary>
    public static float* Allocate(int bytes)
    {
        var memory = (float*)NativeMemory.AlignedAlloc((nuint)bytes, 64);
        new Span<float>(memory, bytes / sizeof(float)).Fill(1e-3f);
        return memory;
    }

    /// <summary>Loads all of a buffer once, in order; a multiple of 1 KiB.</summary>
    public static float Load(float* buffer, int bytes) => Vector512.IsHardwareAccelerated ? Load512(buffer, bytes) : Load256(buffer, bytes);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float MultiplyAdd512(int steps)
    {
        Vector512<float> a = Vector512.Create(0.999f), b = Vector512.Create(1e-3f);
        Vector512<float> c0 = b, c1 = b, c2 = b, c3 = b, c4 = b, c5 = b, c6 = b, c7 = b, c8 = b, c9 = b, c10 = b, c11 = b, c12 = b, c13 = b,
            c14 = b, c15 = b;
        for (int i = 0; i < steps; i++)
        {
            c0 = Vector512.FusedMultiplyAdd(c0, a, b);
            c1 = Vector512.FusedMultiplyAdd(c1, a, b);
            c2 = Vector512.FusedMultiplyAdd(c2, a, b);
            c3 = Vector512.FusedMultiplyAdd(c3, a, b);
            c4 = Vector512.FusedMultiplyAdd(c4, a, b);
            c5 = Vector512.FusedMultiplyAdd(c5, a, b);
            c6 = Vector512.FusedMultiplyAdd(c6, a, b);
            c7 = Vector512.FusedMultiplyAdd(c7, a, b);
            c8 = Vector512.FusedMultiplyAdd(c8, a, b);
            c9 = Vector512.FusedMultiplyAdd(c9, a, b);
            c10 = Vector512.FusedMultiplyAdd(c10, a, b);
            c11 = Vector512.FusedMultiplyAdd(c11, a, b);
            c12 = Vector512.FusedMultiplyAdd(c12, a, b);
            c13 = Vector512.FusedMultiplyAdd(c13, a, b);
            c14 = Vector512.FusedMultiplyAdd(c14, a, b);
            c15 = Vector512.FusedMultiplyAdd(c15, a, b);
        }

        return Vector512.Sum(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11 + c12 + c13 + c14 + c15);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float MultiplyAdd256(int steps)
    {
        // Eight chains fill two pipelined units of latency four; a step is two turns, so that a step of either width counts sixteen.
        Vector256<float> a = Vector256.Create(0.999f), b = Vector256.Create(1e-3f);
        Vector256<float> c0 = b, c1 = b, c2 = b, c3 = b, c4 = b, c5 = b, c6 = b, c7 = b;
        for (int i = 0; i < steps; i++)
        {
            c0 = Vector256.FusedMultiplyAdd(c0, a, b);
            c1 = Vector256.FusedMultiplyAdd(c1, a, b);
            c2 = Vector256.FusedMultiplyAdd(c2, a, b);
            c3 = Vector256.FusedMultiplyAdd(c3, a, b);
            c4 = Vector256.FusedMultiplyAdd(c4, a, b);
            c5 = Vector256.FusedMultiplyAdd(c5, a, b);
            c6 = Vector256.FusedMultiplyAdd(c6, a, b);
            c7 = Vector256.FusedMultiplyAdd(c7, a, b);
            c0 = Vector256.FusedMultiplyAdd(c0, a, b);
            c1 = Vector256.FusedMultiplyAdd(c1, a, b);
            c2 = Vector256.FusedMultiplyAdd(c2, a, b);
            c3 = Vector256.FusedMultiplyAdd(c3, a, b);
            c4 = Vector256.FusedMultiplyAdd(c4, a, b);
            c5 = Vector256.FusedMultiplyAdd(c5, a, b);
            c6 = Vector256.FusedMultiplyAdd(c6, a, b);
            c7 = Vector256.FusedMultiplyAdd(c7, a, b);
        }

        return Vector256.Sum(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Load512(float* p, int bytes)
    {
        float* end = p + (bytes / sizeof(float));
        Vector512<float> a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default;
        for (; p < end; p += 128)
        {
            a += Vector512.LoadAligned(p);
            b += Vector512.LoadAligned(p + 16);
            c += Vector512.LoadAligned(p + 32);
            d += Vector512.LoadAligned(p + 48);
            e += Vector512.LoadAligned(p + 64);
            f += Vector512.LoadAligned(p + 80);
            g += Vector512.LoadAligned(p + 96);
            h += Vector512.LoadAligned(p + 112);
        }

        return Vector512.Sum(a + b + c + d + e + f + g + h);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Load256(float* p, int bytes)
    {
        float* end = p + (bytes / sizeof(float));
        Vector256<float> a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default;
        for (; p < end; p += 64)
        {
            a += Vector256.LoadAligned(p);
            b += Vector256.LoadAligned(p + 8);
            c += Vector256.LoadAligned(p + 16);
            d += Vector256.LoadAligned(p + 24);
            e += Vector256.LoadAligned(p + 32);
            f += Vector256.LoadAligned(p + 40);
            g += Vector256.LoadAligned(p + 48);
            h += Vector256.LoadAligned(p + 56);
        }

        return Vector256.Sum(a + b + c + d + e + f + g + h);
    }
}
