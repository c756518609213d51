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

    /// <summary>The integers of an affine layer or a convolution.</summary>
    /// <param name="layer">The exact numbers: scale * integer.</param>
    /// <param name="before">The codes before it.</param>
    /// <param name="scales">What 1 in a weight stands for: one scale for each output or filter, or one for all.</param>
    /// <param name="behind">The codes behind it; of no meaning for the last layer.</param>
    /// <param name="index">Its number among such layers, for messages.</param>
    /// <exception cref="ArgumentException">A number is not a multiple, or a sum might leave 32 bits.</exception>
    public static IntegerLayerForm Layer(LayerDescription layer, CodeRange before, ImmutableArray<float> scales, CodeStep behind,
        int index)
    {
        if (layer is ConvolutionDescription convolution)
        {
            var window = new IntegerWindow(convolution.Geometry, convolution.Filters, convolution.Groups);
            window.Require();
            var (kernels, added, steps) = Rows(convolution.Weights, convolution.Biases, window.FilterWeights, window.Filters, before,
                scales, new Words("filter", "convolution", index));
            return IntegerLayerForm.Convolution(window, [.. kernels], added, steps, behind.Range) with { Lowest = behind.Lowest };
        }

        var affine = (AffineDescription)layer;
        int n = affine.Inputs, m = affine.Outputs;
        var (rows, biases, units) = Rows(affine.Weights, affine.Biases, n, m, before, scales, new Words("output", "affine layer", index));
        sbyte[] weights = new sbyte[rows.Length];
        for (int q = 0; q < m; q++)
        {
            for (int p = 0; p < n; p++) weights[(p * m) + q] = rows[(q * n) + p];
        }

        return new IntegerLayerForm(n, m, [.. weights], biases, units, behind.Range) { Lowest = behind.Lowest };
    }

    /// <summary>A layer that hands codes on, as others or as numbers.</summary>
    /// <param name="layer">The layer whose codes they are.</param>
    /// <param name="before">The codes.</param>
    /// <param name="behind">The others; of no meaning for numbers.</param>
    public static IntegerLayerForm Identity(LayerDescription layer, CodeRange before, CodeStep behind)
    {
        int width = layer.OutputCount;
        if (layer is WindowDescription image)
        {
            int channels = image.OutputChannels;
            var window = new IntegerWindow(new WindowGeometry
            {
                Channels = channels,
                Height = image.Geometry.OutputHeight,
                Width = image.Geometry.OutputWidth,
                KernelHeight = 1,
                KernelWidth = 1,
            }, channels, channels);
            return IntegerLayerForm.Convolution(window, [.. Enumerable.Repeat((sbyte)1, channels)], [.. new int[channels]],
                [.. Enumerable.Repeat(before.Scale, channels)], behind.Range) with
            {
                Lowest = behind.Lowest,
                IsIdentity = true,
            };
        }

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

    /// <summary>The integers of the rows of a matrix, or of the filters of a convolution: weights in their order, biases, units.</summary>
    private static (sbyte[] Weights, ImmutableArray<int> Biases, ImmutableArray<float> Units) Rows(ImmutableArray<Rational> numbers,
        ImmutableArray<Rational> constants, int count, int rows, CodeRange before, ImmutableArray<float> scales, Words words)
    {
        if (scales.Length != 1 && scales.Length != rows) throw new ArgumentException($"{words.Title} has {rows} {words.Row}s and "
            + $"{scales.Length} scales of weights; one for each or one for all is needed.");
        if (numbers.Length != (long)count * rows || (!constants.IsEmpty && constants.Length != rows))
            throw new ArgumentException($"{words.Title} has {numbers.Length} weights and {constants.Length} biases for {rows} "
                + $"{words.Row}s of {count} weights.");
        sbyte[] weights = new sbyte[numbers.Length];
        var biases = ImmutableArray.CreateBuilder<int>(rows);
        var units = ImmutableArray.CreateBuilder<float>(rows);
        for (int q = 0; q < rows; q++)
        {
            float scale = scales[scales.Length == 1 ? 0 : q], unit = Unit(before.Scale, scale);
            if (!(scale > 0) || !(unit > 0) || float.IsInfinity(unit)) throw new ArgumentException($"{words.Of(q)} has weights of the "
                + $"scale {scale:R}, which gives its sums no unit that float holds.");
            long most = 0;
            for (int i = q * count; i < (q + 1) * count; i++)
            {
                if (Multiple(numbers[i], scale) is not (>= sbyte.MinValue and <= sbyte.MaxValue and { } weight))
                    throw new ArgumentException(
                        $"Weight {i - (q * count)} of {words.In(q)} is not its scale {scale:R} times an integer of 8 bits.");
                weights[i] = (sbyte)weight;
                most += Math.Abs(weight) * (CodeRange.Highest + before.Zero);
            }

            if (Multiple(constants.IsEmpty ? Rational.Zero : constants[q], unit)
                is not (>= int.MinValue and <= int.MaxValue and { } bias))
                throw new ArgumentException(
                    $"The bias of {words.In(q)} is not {unit:R}, the unit of its sums, times an integer of 32 bits.");

            // No order of adding what an output adds may leave 32 bits.
            if (most + Math.Abs(bias) > int.MaxValue) throw new ArgumentException($"A sum of {words.In(q)} might leave 32 bits.");
            biases.Add((int)bias);
            units.Add(unit);
        }

        return (weights, biases.MoveToImmutable(), units.MoveToImmutable());
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

    /// <summary>How messages name a layer and what it computes.</summary>
    private readonly record struct Words(string Row, string Layer, int Index)
    {
        public string Title => FormattableString.Invariant($"The {Layer} {Index}");

        public string Of(int row) => char.ToUpperInvariant(Row[0]) + In(row).Substring(1);

        public string In(int row) => FormattableString.Invariant($"{Row} {row} of the {Layer} {Index}");
    }
}
