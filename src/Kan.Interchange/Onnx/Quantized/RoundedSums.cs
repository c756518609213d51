using System;
using System.Linq;

namespace Kan.Interchange.Onnx.Quantized;

/// <summary>
/// Scales of weights with which sum * (unit / scale), rounded once, is the code that a runtime makes of a sum in another way: compared for
/// all sums that there may be.
/// </summary>
internal static class RoundedSums
{
    /// <summary>Steps that comparing one average may take: some tenths of a second.</summary>
    private const long MostSteps = 1L << 29;

    /// <summary>What <c>MlasQLinearGlobalAveragePool</c> of ONNX Runtime rounds, as weights of 1.</summary>
    /// <param name="count">The numbers of an average.</param>
    /// <param name="before">Their codes.</param>
    /// <param name="behind">The codes of averages.</param>
    /// <returns>The scale of the weights; null if none gives the same.</returns>
    public static float? WholeAverage(int count, CodeStep before, CodeRange behind)
    {
        float multiplier = before.Range.Scale / (behind.Scale * count);
        var (low, high) = Ends(before, count);
        return Near(1f / count, scale => Agree(sum => Code(sum, before.Range.Scale * scale, behind),
            sum => Saturate(sum * multiplier, behind), low, high));
    }

    /// <summary>
    /// What <c>QLinearAveragePool</c> of ONNX Runtime rounds: numbers are added in floating point, one by one, divided by their count and
    /// by the scale, and get the zero point, all rounded. A sum of integers may come about in many ways, whose results all have to be the
    /// same code.
    /// </summary>
    /// <param name="count">The numbers of an average.</param>
    /// <param name="before">Their codes.</param>
    /// <param name="behind">The codes of averages.</param>
    /// <param name="zero">The zero point in the type that codes have in the file.</param>
    /// <returns>The scale of the weights; null if none gives the same, or there are too many sums to tell.</returns>
    public static float? Average(int count, CodeStep before, CodeRange behind, int zero)
    {
        var range = before.Range;
        int lowest = before.Lowest - range.Zero, terms = CodeRange.Highest - before.Lowest + 1;
        if ((long)count * count * terms * terms > MostSteps) return null;
        float[] numbers = [.. Enumerable.Range(lowest, terms).Select(number => range.Scale * number)];

        // The least and the largest float that each sum may come to; a sum of more numbers grows with that of fewer.
        float[] least = [0], largest = [0];
        for (int i = 0; i < count; i++)
        {
            float[] nextLeast = new float[least.Length + terms - 1], nextLargest = new float[nextLeast.Length];
            nextLeast.AsSpan().Fill(float.PositiveInfinity);
            nextLargest.AsSpan().Fill(float.NegativeInfinity);
            for (int sum = 0; sum < least.Length; sum++)
            {
                for (int term = 0; term < terms; term++)
                {
                    nextLeast[sum + term] = Math.Min(nextLeast[sum + term], least[sum] + numbers[term]);
                    nextLargest[sum + term] = Math.Max(nextLargest[sum + term], largest[sum] + numbers[term]);
                }
            }

            (least, largest) = (nextLeast, nextLargest);
        }

        int[] codes = new int[least.Length];
        for (int sum = 0; sum < codes.Length; sum++)
        {
            codes[sum] = Rounded(least[sum]);
            if (codes[sum] != Rounded(largest[sum])) return null;
        }

        return Near(1f / count, scale =>
        {
            for (int sum = 0; sum < codes.Length; sum++)
            {
                if (Code(sum + (count * lowest), range.Scale * scale, behind) != codes[sum]) return false;
            }

            return true;
        });

        int Rounded(float sum) =>
            (int)Math.Clamp(MathF.Round((sum / count / behind.Scale) + zero) + (behind.Zero - zero), 0, CodeRange.Highest);
    }

    /// <summary>
    /// What is rounded where sums are multiplied with their unit, and biases added, before they are divided by the scale.
    /// </summary>
    /// <param name="layer">The layer; its biases become integers, its scales those with which the codes are the same.</param>
    /// <param name="before">The codes before it.</param>
    /// <param name="behind">The codes behind it.</param>
    /// <param name="different">An output whose codes differ.</param>
    /// <returns>The layer as integers round it; null if none rounds like this.</returns>
    public static LayerIntegers? Multiplied(LayerIntegers layer, CodeStep before, CodeRange behind, out int different)
    {
        float[] scales = new float[layer.Outputs];
        int[] biases = new int[layer.Outputs];
        for (int q = 0; q < layer.Outputs; q++)
        {
            different = q;
            float unit = layer.Unit(before.Range, q), added = layer.FloatBiases?[q] ?? 0;
            double whole = Math.Round((double)added / unit);
            if (!(Math.Abs(whole) < 1 << 29)) return null;
            int own = layer.AreBiasesExact ? layer.Biases![q] : 0, bias = biases[q] = own + (int)whole;
            long low = 0, high = 0;
            for (int p = q * layer.Inputs; p < (q + 1) * layer.Inputs; p++)
            {
                long first = (long)layer.Weights[p] * (before.Lowest - before.Range.Zero),
                    last = (long)layer.Weights[p] * (CodeRange.Highest - before.Range.Zero);
                low += Math.Min(first, last);
                high += Math.Max(first, last);
            }

            long most = Math.Abs((long)own) + Math.Abs((long)bias);
            if (low - most < int.MinValue || high + most > int.MaxValue) return null;
            if (Near(layer.Scales[layer.Scales.Length == 1 ? 0 : q], scale => Agree(
                sum => Code(sum + bias, before.Range.Scale * scale, behind),
                sum => Saturate((((sum + own) * unit) + added) / behind.Scale, behind), (int)low, (int)high)) is not { } found) return null;
            scales[q] = found;
        }

        different = -1;
        return layer with
        {
            Scales = [.. scales.Distinct().Count() == 1 ? [scales[0]] : scales],
            Biases = biases,
            AreBiasesExact = false,
            FloatBiases = null,
            Rounding = SumRounding.Once,
        };
    }

    /// <summary>The code of a sum as integer kernels compute it.</summary>
    private static int Code(int sum, float unit, CodeRange behind) => Saturate(sum * (unit / behind.Scale), behind);

    private static int Saturate(float steps, CodeRange range) => CodeRules.Saturate(steps, range, lowest: 0);

    private static (int Low, int High) Ends(CodeStep before, int count) =>
        (count * (before.Lowest - before.Range.Zero), count * (CodeRange.Highest - before.Range.Zero));

    /// <summary>The float next to another one for which something holds; null if there is none.</summary>
    private static float? Near(float from, Func<float, bool> holds)
    {
        float up = from, down = from;
        for (int i = 0; i < 3; i++, up = MathF.BitIncrement(up), down = MathF.BitDecrement(down))
        {
            if (holds(up)) return up;
            if (i > 0 && holds(down)) return down;
        }

        return null;
    }

    /// <summary>Whether two functions that never fall are the same from one integer to another.</summary>
    private static bool Agree(Func<int, int> first, Func<int, int> second, int low, int high)
    {
        int lowest = first(low), highest = first(high);
        if (lowest != second(low) || highest != second(high)) return false;
        if (lowest == highest || high - low < 2) return true;
        int middle = (int)(((long)low + high) / 2);
        return Agree(first, second, low, middle) && Agree(first, second, middle, high);
    }
}
