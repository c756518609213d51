using System;

namespace Kan.Panels;

/// <summary>
/// Whether the outputs of an integer network are far enough apart to say which one is the largest in floating-point numbers.
/// </summary>
internal static class IntegerDecision
{
    /// <summary>The most outputs.</summary>
    public const int MostOutputs = 32;

    /// <summary>What an output may be off its sum, relative to it, and more than what the comparison itself is off.</summary>
    private const double Rounding = 2e-7;

    /// <summary>What the lengths are off that are summed up in <c>float</c>, relative to them.</summary>
    private const double Lengths = 1e-3;

    /// <summary>The decision; negative if there is none.</summary>
    /// <param name="outputs">The outputs.</param>
    /// <param name="lengths">1, then for each layer the lengths of the codes before it and of what they are off.</param>
    /// <param name="differences">By output, other output, and length: what each is multiplied with.</param>
    /// <param name="floatBound">What the outputs that are promised may be off the exact ones.</param>
    public static int Of(ReadOnlySpan<float> outputs, ReadOnlySpan<double> lengths, ReadOnlySpan<double> differences, double floatBound)
    {
        if (outputs.Length == 1)
        {
            double bound = Bound(lengths, differences) + floatBound + (Math.Abs(outputs[0]) * Rounding);
            return outputs[0] > bound ? 1 : outputs[0] < -bound ? 0 : -1;
        }

        int largest = 0;
        for (int j = 1; j < outputs.Length; j++)
            if (outputs[j] > outputs[largest]) largest = j;
        for (int j = 0; j < outputs.Length; j++)
        {
            if (j == largest) continue;
            double own = outputs[largest], other = outputs[j],
                bound = Bound(lengths, differences[(((largest * outputs.Length) + j) * lengths.Length)..]);
            if (!(own - other > bound + (2 * floatBound) + ((Math.Abs(own) + Math.Abs(other)) * Rounding))) return -1;
        }

        return largest;
    }

    private static double Bound(ReadOnlySpan<double> lengths, ReadOnlySpan<double> factors)
    {
        double sum = 0;
        for (int i = 0; i < lengths.Length; i++) sum += lengths[i] * factors[i];
        return sum * (1 + Lengths);
    }
}
