using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Kan.Panels;

/// <summary>
/// Whether the outputs of an integer network are far enough apart to say which one is the largest in floating-point numbers.
/// </summary>
internal static class IntegerDecision
{
    /// <summary>The most outputs.</summary>
    public const int MostOutputs = 32;

    /// <summary>What an output may be off its sum, relative to it, and more than what the comparison itself is off.</summary>
    private const float Rounding = 3e-7f;

    /// <summary>More than 1 by more than what is off in lengths and sums of numbers of one sign.</summary>
    private const float Slack = 1.001f;

    /// <summary>What a length loses that is too small for float.</summary>
    private const float Underflow = 1e-37f;

    /// <summary>The decision, if nothing is left open.</summary>
    /// <param name="outputs">The outputs.</param>
    /// <param name="lengths">1, then for each layer the lengths of the codes before it and of what they are off.</param>
    /// <param name="differences">
    /// By output, length, and other output, in whole panels: what each length is multiplied with, so that the sum is what the difference of
    /// the two outputs may be off.
    /// </param>
    /// <param name="floatBound">What the outputs that are promised may be off the exact ones.</param>
    /// <param name="open">
    /// Receives a bit for each output that may be as large as the largest one; 1 if the sign of a single output may be another one.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Of(
        ReadOnlySpan<float> outputs, ReadOnlySpan<double> lengths, ref readonly float differences, double floatBound, out uint open)
    {
        int largest = 0, count = outputs.Length, width = IntegerInputs.PaddedLength(count);
        for (int j = 1; j < count; j++)
            if (outputs[j] > outputs[largest]) largest = j;
        Span<float> bounds = stackalloc float[MostOutputs];
        ref float first = ref Unsafe.Add(ref Unsafe.AsRef(in differences), largest * lengths.Length * width);
        for (int q = 0; q < width; q += Vector<float>.Count)
        {
            var bound = Vector<float>.Zero;
            for (int t = 0; t < lengths.Length; t++)
                bound += Vector.LoadUnsafe(ref first, (nuint)((t * width) + q)) * ((float)lengths[t] + Underflow);
            bound.StoreUnsafe(ref bounds[q]);
        }

        open = 0;
        float own = outputs[largest];
        if (count == 1)
        {
            if (!(Math.Abs(own) > (bounds[0] + (float)floatBound + (Math.Abs(own) * Rounding)) * Slack)) open = 1;
            return own > 0 ? 1 : 0;
        }

        for (int j = 0; j < count; j++)
        {
            float other = outputs[j];
            bool isAbove = own - other > (bounds[j] + (2 * (float)floatBound) + ((Math.Abs(own) + Math.Abs(other)) * Rounding)) * Slack;
            if (!isAbove && j != largest) open |= 1u << j;
        }

        return largest;
    }
}
