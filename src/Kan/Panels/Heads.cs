using System;
using System.ComponentModel;
using System.Numerics;

namespace Kan.Panels;

/// <summary>
/// What a classifier makes of its outputs. All of it is computed in double, from operations that are correctly rounded, so that the bits
/// are the same on every machine; results are rounded once to the number type of the network.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Heads
{
    /// <summary>
    /// Replaces each row of outputs with exp(y) / sum of exp(y). Where the largest are infinite, they share the probability equally.
    /// </summary>
    /// <param name="rows">Rows of outputs; a NaN makes all of its row NaN.</param>
    /// <param name="width">Outputs of a row.</param>
    public static void Softmax<T>(Span<T> rows, int width)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (; rows.Length > 0; rows = rows[width..])
        {
            var row = rows[..width];
            double largest = Largest(row), sum = Sum(row, largest);
            foreach (ref var y in row) y = T.CreateSaturating(Share(y, largest) / sum);
        }
    }

    /// <summary>Replaces each row of outputs with the logarithms of what <see cref="Softmax"/> gives.</summary>
    /// <param name="rows">Rows of outputs; a NaN makes all of its row NaN.</param>
    /// <param name="width">Outputs of a row.</param>
    public static void LogSoftmax<T>(Span<T> rows, int width)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (; rows.Length > 0; rows = rows[width..])
        {
            var row = rows[..width];
            double largest = Largest(row), logarithm = Exponential.Log(Sum(row, largest));
            foreach (ref var y in row) y = T.CreateSaturating(Distance(y, largest) - logarithm);
        }
    }

    /// <summary>Replaces each output with 1 / (1 + exp(-y)).</summary>
    /// <param name="outputs">The outputs; NaN stays NaN.</param>
    public static void Sigmoid<T>(Span<T> outputs)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (ref var y in outputs)
        {
            double value = double.CreateSaturating(y), power = Exponential.Exp(-Math.Abs(value));
            y = T.CreateSaturating((value < 0 ? power : 1) / (1 + power));
        }
    }

    /// <summary>The largest output; NaN if one is NaN.</summary>
    private static double Largest<T>(ReadOnlySpan<T> row)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double largest = double.NegativeInfinity;
        foreach (var y in row) largest = Math.Max(largest, double.CreateSaturating(y));
        return largest;
    }

    private static double Sum<T>(ReadOnlySpan<T> row, double largest)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double sum = 0;
        foreach (var y in row) sum += Share(y, largest);
        return sum;
    }

    private static double Share<T>(T output, double largest)
        where T : unmanaged, IFloatingPointIeee754<T> => Exponential.Exp(Distance(output, largest));

    /// <summary>output - largest, at most 0; equal infinities are 0 apart.</summary>
    private static double Distance<T>(T output, double largest)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double value = double.CreateSaturating(output);
        return value == largest ? 0 : value - largest;
    }
}
