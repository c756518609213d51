using System;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Wasm;

namespace Kan.Panels;

/// <summary>
/// Affine layers number by number, with the bits of the kernels. The interpreter of WebAssembly compiles loops over numbers, while an
/// operation on a panel takes it several calls.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Loops
{
    /// <summary>Whether they are faster than the kernels: under WebAssembly. A constant for the JIT.</summary>
    public static bool AreFaster
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => PackedSimd.IsSupported;
    }

    /// <summary>Computes layer after layer.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="inputs">The inputs of the first.</param>
    /// <param name="scratch">Receives what the kernels would write.</param>
    /// <param name="table">The numbers of the network.</param>
    public static void Run(ReadOnlySpan<LoopLayer> layers, ref float inputs, ref float scratch, ref float table)
    {
        ref float x = ref inputs;
        foreach (ref readonly var layer in layers)
        {
            layer.Run(ref x, ref scratch, ref table);
            x = ref Unsafe.Add(ref scratch, layer.Values);
        }
    }
}

/// <summary>An affine layer in the tables and the memory of its kernels.</summary>
/// <param name="inputs">The number of inputs.</param>
/// <param name="outputs">Outputs, whole panels of them.</param>
/// <param name="group">Outputs whose weights are stored together, input by input.</param>
/// <param name="sums">Partial sums of each output: 1, 2 or 4.</param>
/// <param name="biases">Where the biases begin in the table.</param>
/// <param name="weights">Where the weights begin.</param>
/// <param name="kept">Where the sums go, whose sign <c>Explain</c> asks for.</param>
/// <param name="values">Where the next layer reads them.</param>
/// <param name="isRelu">Whether it reads 0 in place of a negative sum.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct LoopLayer(
    int inputs, int outputs, int group, int sums, int biases, int weights, int kept, int values, bool isRelu)
{
    /// <summary>Columns of outputs that are summed together.</summary>
    private const int Columns = 4;

    /// <summary>The most partial sums.</summary>
    private const int MostSums = 4;

    internal int Values => values;

    internal void Run(ref float x, ref float scratch, ref float table)
    {
        Span<float> parts = stackalloc float[Columns * MostSums];
        ref float part = ref parts[0];
        for (int first = 0; first < outputs; first += Columns)
        {
            int start = first / group * group, width = Math.Min(group, outputs - start);
            ref float block = ref Unsafe.Add(ref table, weights + (start * inputs) + (first - start));
            parts.Clear();
            for (int c = 0; c < Columns; c++) Unsafe.Add(ref part, c) = Unsafe.Add(ref table, biases + first + c);
            for (int s = 0; s < sums; s++)
                Add(ref Unsafe.Add(ref part, s * Columns), ref Unsafe.Add(ref x, s), ref Unsafe.Add(ref block, s * width), s, width);
            for (int rest = sums * Columns / 2; rest >= Columns; rest /= 2)
            {
                for (int k = 0; k < rest; k++) Unsafe.Add(ref part, k) += Unsafe.Add(ref part, rest + k);
            }

            for (int c = 0; c < Columns; c++)
            {
                float sum = Unsafe.Add(ref part, c) + 0f;
                Unsafe.Add(ref scratch, kept + first + c) = sum;
                Unsafe.Add(ref scratch, values + first + c) = isRelu && sum < 0 ? 0 : sum;
            }
        }
    }

    /// <summary>Adds the terms of the inputs of a partial sum.</summary>
    private void Add(ref float part, ref float x, ref float w, int sum, int width)
    {
        float a = part, b = Unsafe.Add(ref part, 1), c = Unsafe.Add(ref part, 2), d = Unsafe.Add(ref part, 3);
        for (int p = sum; p < inputs; p += sums)
        {
            a = MathF.FusedMultiplyAdd(x, w, a);
            b = MathF.FusedMultiplyAdd(x, Unsafe.Add(ref w, 1), b);
            c = MathF.FusedMultiplyAdd(x, Unsafe.Add(ref w, 2), c);
            d = MathF.FusedMultiplyAdd(x, Unsafe.Add(ref w, 3), d);
            x = ref Unsafe.Add(ref x, sums);
            w = ref Unsafe.Add(ref w, sums * width);
        }

        part = a;
        Unsafe.Add(ref part, 1) = b;
        Unsafe.Add(ref part, 2) = c;
        Unsafe.Add(ref part, 3) = d;
    }
}
