using System;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Networks;

/// <summary>Tells the integers of layers from their exact numbers.</summary>
internal static class Quantized
{
    /// <summary>The most nodes whose codes are handed on: the kernels do so with a matrix.</summary>
    private const int MostHandedOn = 4096;

    /// <summary>Multiples below which a float times an integer is a double.</summary>
    private const long MostExact = 1L << 29;

    /// <summary>The integers of an affine layer.</summary>
    /// <param name="layer">The exact numbers: scale * integer.</param>
    /// <param name="before">The codes before it.</param>
    /// <param name="scales">What 1 in a weight stands for: one scale for each output, or one for all.</param>
    /// <param name="behind">The codes behind it; of no meaning for the last layer.</param>
    /// <param name="index">For messages.</param>
    /// <exception cref="ArgumentException">A number is not a multiple, or a sum might leave 32 bits.</exception>
    public static IntegerLayerForm Layer(AffineDescription layer, CodeRange before, ImmutableArray<float> scales, CodeStep behind,
        int index)
    {
        int n = layer.Inputs, m = layer.Outputs;
        if (scales.Length != 1 && scales.Length != m) throw new ArgumentException($"The affine layer {index} has {m} outputs and "
            + $"{scales.Length} scales of weights; one for each or one for all is needed.");
        if (layer.Weights.Length != (long)n * m || (!layer.Biases.IsEmpty && layer.Biases.Length != m))
            throw new ArgumentException($"The affine layer {index} has {layer.Weights.Length} weights and {layer.Biases.Length} biases "
                + $"for {n} inputs and {m} outputs.");
        sbyte[] weights = new sbyte[layer.Weights.Length];
        var biases = ImmutableArray.CreateBuilder<int>(m);
        var units = ImmutableArray.CreateBuilder<float>(m);
        for (int q = 0; q < m; q++)
        {
            float scale = scales[scales.Length == 1 ? 0 : q], unit = Unit(before.Scale, scale);
            if (!(scale > 0) || !(unit > 0) || float.IsInfinity(unit)) throw new ArgumentException($"Output {q} of the affine layer "
                + $"{index} has weights of the scale {scale:R}, which gives its sums no unit that float holds.");
            for (int p = 0; p < n; p++)
            {
                if (Multiple(layer.Weights[(q * n) + p], scale) is not (>= sbyte.MinValue and <= sbyte.MaxValue and { } weight))
                    throw new ArgumentException(
                        $"The weight from {p} to {q} of the affine layer {index} is not its scale {scale:R} times an integer of 8 bits.");
                weights[(p * m) + q] = (sbyte)weight;
            }

            if (Multiple(layer.Biases.IsEmpty ? Rational.Zero : layer.Biases[q], unit)
                is not (>= int.MinValue and <= int.MaxValue and { } bias))
                throw new ArgumentException($"The bias of output {q} of the affine layer {index} is not {unit:R}, the unit of its sums, "
                    + $"times an integer of 32 bits.");
            if (!FitsSums(weights, before, bias, q, m))
                throw new ArgumentException($"A sum of output {q} of the affine layer {index} might leave 32 bits.");
            biases.Add((int)bias);
            units.Add(unit);
        }

        return new IntegerLayerForm(n, m, [.. weights], biases.MoveToImmutable(), units.MoveToImmutable(),
            behind.Range)
        { Lowest = behind.Lowest };
    }

    /// <summary>A layer that hands codes on, as others or as numbers.</summary>
    public static IntegerLayerForm Identity(int width, CodeRange before, CodeStep behind)
    {
        if (width > MostHandedOn) throw new ArgumentException($"A layer has {width} nodes whose codes become others, or outputs; at most "
            + $"{MostHandedOn} are supported.");
        sbyte[] weights = new sbyte[width * width];
        for (int i = 0; i < width; i++) weights[(i * width) + i] = 1;
        return new IntegerLayerForm(width, width, [.. weights], [.. new int[width]], [.. Enumerable.Repeat(before.Scale, width)],
            behind.Range)
        {
            Lowest = behind.Lowest,
            IsIdentity = true,
        };
    }

    /// <summary>What 1 in a sum stands for: a product of floats, as in ONNX.</summary>
    public static float Unit(float inputs, float weights) => (float)(inputs * weights);

    /// <summary>Whether no order of adding what an output adds leaves 32 bits.</summary>
    /// <param name="weights">Weights, ordered by input, then output.</param>
    /// <param name="before">The codes of the inputs.</param>
    /// <param name="bias">The bias of the output.</param>
    /// <param name="output">The output.</param>
    /// <param name="outputs">The number of outputs.</param>
    public static bool FitsSums(sbyte[] weights, CodeRange before, long bias, int output, int outputs)
    {
        long most = Math.Abs(bias);
        for (int at = output; at < weights.Length; at += outputs) most += Math.Abs((long)weights[at]) * (CodeRange.Highest + before.Zero);
        return most <= int.MaxValue;
    }

    /// <summary>The integer that a step has to be taken as often as to reach a number; null if there is none.</summary>
    private static long? Multiple(Rational number, float step)
    {
        if (number.IsZero) return 0;
        double nearest = Math.Round(number.ToDouble() / step);
        if (!(Math.Abs(nearest) <= 1L << 33)) return null;
        long multiple = (long)nearest;
        if (Math.Abs(multiple) < MostExact) return Rational.FromDouble((double)step * multiple) == number ? multiple : null;
        return (Rational)(System.Numerics.BigInteger)multiple * Rational.FromSingle(step) == number ? multiple : null;
    }
}
