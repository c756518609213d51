using System;

namespace Kan.Panels;

/// <summary>The slopes of one compiled layer around a point.</summary>
/// <typeparam name="T">The number type of the network.</typeparam>
public interface ILocalLayer<T>
    where T : unmanaged
{
    /// <summary>The number of inputs, n.</summary>
    static abstract int InputCount { get; }

    /// <summary>The number of outputs, m.</summary>
    static abstract int OutputCount { get; }

    /// <summary>Writes the m biases.</summary>
    static abstract void Biases(Span<double> constants);

    /// <summary>The lines that the edges of one input are on: writes m slopes, adds m intercepts.</summary>
    static abstract void Column(int input, T x, Span<double> slopes, Span<double> constants);
}

/// <summary>
/// Builds y = J x + c from the layers, last to first, in double: J_l = G A_l and c = c + G k_l, where A_l and k_l are the slopes and
/// constants of layer l around its input.
/// </summary>
public static class LocalMap
{
    /// <summary>Takes one more layer into the map.</summary>
    /// <typeparam name="T">The number type of the network.</typeparam>
    /// <typeparam name="TLayer">The layer.</typeparam>
    /// <param name="x">The layer's n inputs.</param>
    /// <param name="rows">The number of network outputs, r.</param>
    /// <param name="after">G, r * m, row by row.</param>
    /// <param name="before">Receives G A, r * n, row by row.</param>
    /// <param name="offset">c, r numbers; takes up G k.</param>
    /// <param name="scratch">At least 2 m numbers: a column of slopes and the constants.</param>
    public static void PullBack<T, TLayer>(ReadOnlySpan<T> x, int rows, ReadOnlySpan<double> after, Span<double> before, Span<double> offset, Span<double> scratch)
        where T : unmanaged
        where TLayer : ILocalLayer<T>
    {
        int n = TLayer.InputCount, m = TLayer.OutputCount;
        var slopes = scratch[..m];
        var constants = scratch.Slice(m, m);
        TLayer.Biases(constants);
        for (int p = 0; p < n; p++)
        {
            TLayer.Column(p, x[p], slopes, constants);
            for (int r = 0; r < rows; r++) before[(r * n) + p] = Dot(after.Slice(r * m, m), slopes);
        }

        for (int r = 0; r < rows; r++) offset[r] += Dot(after.Slice(r * m, m), constants);
    }

    /// <summary>Writes the identity, the map behind the last layer.</summary>
    public static void Identity(int rows, Span<double> map)
    {
        map[..(rows * rows)].Clear();
        for (int r = 0; r < rows; r++) map[(r * rows) + r] = 1;
    }

    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++) sum += left[i] * right[i];
        return sum;
    }
}
