using System;
using System.ComponentModel;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Kan.Panels;

/// <summary>
/// Builds y = J x + c from the layers, last to first, in double: J_l = G A_l and c = c + G k_l, where A_l and k_l are the slopes and
/// constants of layer l around its input.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class LocalMap
{
    /// <summary>The affine map of a linear region that contains a point.</summary>
    /// <remarks>
    /// Where values of nodes equal knots, the region is the one that the point enters when it moves by (e, e^2, e^3, ...) for a tiny e &gt;
    /// 0. An output that depends on NaN has NaN in its row and its offset.
    /// </remarks>
    /// <typeparam name="T">The number type of the network.</typeparam>
    /// <typeparam name="TNetwork">The network.</typeparam>
    /// <param name="inputs">The point.</param>
    /// <param name="hidden">The computed values of the nodes between the layers.</param>
    /// <param name="jacobian">Receives J, row by row.</param>
    /// <param name="offset">Receives c.</param>
    /// <returns>Whether the point is on a border of the region: some node's value equals a knot and changes with the inputs.</returns>
    public static bool Explain<T, TNetwork>(ReadOnlySpan<T> inputs, ReadOnlySpan<T> hidden, Span<T> jacobian, Span<T> offset)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TNetwork : ILocalNetwork<T>
    {
        var point = new LocalPoint<T, TNetwork>(inputs, hidden);
        bool isOnBorder = LocalSides.Choose(ref point);

        // Rows of networks over images are not many at a time, for their memory.
        int outputs = TNetwork.Widths[^1], block = LocalEdges<T,
            TNetwork>.HasWindows ? Math.Min(outputs, LocalSides.Rows(point.Widest)) : outputs;
        for (int first = 0; first < outputs; first += block)
        {
            int rows = Math.Min(block, outputs - first), n = inputs.Length;
            Explain(in point, first, jacobian.Slice(first * n, rows * n), offset.Slice(first, rows));
        }

        MarkNaN(in point, jacobian, offset);
        return isOnBorder;
    }

    /// <summary>The map of some neighbouring outputs.</summary>
    private static void Explain<T, TNetwork>(in LocalPoint<T, TNetwork> point, int first, Span<T> jacobian, Span<T> offset)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TNetwork : ILocalNetwork<T>
    {
        int rows = offset.Length, outputs = TNetwork.Widths[^1], size = rows * point.Widest;
        var work = Work.Doubles((2 * size) + (2 * point.Widest) + rows + LocalEdges<T, TNetwork>.Length);
        Span<double> after = work[..size], before = work.Slice(size, size), scratch = work.Slice(2 * size, 2 * point.Widest),
            constants = work.Slice((2 * size) + scratch.Length, rows);
        var edges = new LocalEdges<T, TNetwork>(work.Slice((2 * size) + scratch.Length + rows, LocalEdges<T, TNetwork>.Length));
        constants.Clear();
        after[..(rows * outputs)].Clear();
        for (int r = 0; r < rows; r++) after[(r * outputs) + first + r] = 1;
        for (int layer = LocalPoint<T, TNetwork>.LayerCount - 1; layer >= 0; layer--)
        {
            PullBack(in point, layer, rows, after, before, constants, scratch, ref edges);
            var map = after;
            after = before;
            before = map;
        }

        for (int i = 0; i < jacobian.Length; i++) jacobian[i] = T.CreateTruncating(after[i]);
        for (int i = 0; i < offset.Length; i++) offset[i] = T.CreateTruncating(constants[i]);
    }

    /// <summary>Takes one more layer into the map: J becomes J A, c becomes c + J k.</summary>
    private static void PullBack<T, TNetwork>(
        in LocalPoint<T, TNetwork> point, int layer, int rows, ReadOnlySpan<double> after, Span<double> before, Span<double> offset,
        Span<double> scratch, ref LocalEdges<T, TNetwork> edges)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TNetwork : ILocalNetwork<T>
    {
        int n = TNetwork.Widths[layer], m = TNetwork.Widths[layer + 1];
        Span<double> slopes = scratch[..m], constants = scratch.Slice(m, m);
        TNetwork.Biases(layer, constants);
        bool areFew = LocalEdges<T, TNetwork>.AreFew(layer);
        if (areFew)
        {
            before[..(rows * n)].Clear();
            edges.Load(layer);
            for (int q = 0; q < m; q++)
            {
                int first = 0;
                while (first < rows && after[(first * m) + q] == 0) first++;
                if (first == rows) continue;
                edges.Take(in point, layer, q);
                for (int r = first; r < rows; r++)
                {
                    double factor = after[(r * m) + q];
                    for (int e = 0; e < edges.Inputs.Length; e++) before[(r * n) + edges.Inputs[e]] += factor * edges.Slopes[e];
                }
            }

            for (int p = 0; p < (TNetwork.IsElementwise(layer) ? n : 0); p++) point.Column(layer, p, slopes[..1], constants.Slice(p, 1));
        }

        for (int p = 0; p < (areFew ? 0 : n); p++)
        {
            point.Column(layer, p, slopes, constants);
            for (int r = 0; r < rows; r++) before[(r * n) + p] = Dot(after.Slice(r * m, m), slopes);
        }

        for (int r = 0; r < rows; r++) offset[r] += Dot(after.Slice(r * m, m), constants);
    }

    /// <summary>NaN reaches the last layer's inputs wherever it arises, so those tell which outputs depend on it.</summary>
    private static void MarkNaN<T, TNetwork>(in LocalPoint<T, TNetwork> point, Span<T> jacobian, Span<T> offset)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TNetwork : ILocalNetwork<T>
    {
        int last = LocalPoint<T, TNetwork>.LayerCount - 1;
        var x = point.Inputs(last);
        if (TNetwork.Window(last) is { IsEmpty: false } window)
        {
            MarkNaN(in window, x, jacobian, offset);
            return;
        }

        for (int p = 0; p < x.Length; p++)
        {
            if (!T.IsNaN(x[p])) continue;
            if (!TNetwork.IsLastElementwise)
            {
                jacobian.Fill(T.NaN);
                offset.Fill(T.NaN);
                return;
            }

            jacobian.Slice(p * TNetwork.Widths[0], TNetwork.Widths[0]).Fill(T.NaN);
            offset[p] = T.NaN;
        }
    }

    /// <summary>Marks the outputs that see NaN.</summary>
    private static void MarkNaN<T>(in LocalWindow window, ReadOnlySpan<T> x, Span<T> jacobian, Span<T> offset)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = jacobian.Length / offset.Length;
        for (int output = 0; output < offset.Length; output++)
        {
            bool isNaN = false;
            for (int tap = 0; tap < window.Taps; tap++)
            {
                int input = window.Input(output, tap);
                for (int c = 0; c < window.Seen && input >= 0; c++) isNaN |= T.IsNaN(x[input + (c * window.ChannelStep)]);
            }

            if (!isNaN) continue;
            jacobian.Slice(output * n, n).Fill(T.NaN);
            offset[output] = T.NaN;
        }
    }

    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++) sum += left[i] * right[i];
        return sum;
    }

    /// <summary>
    /// Memory of the thread apart from that of hidden values, which a double network may hold in <see cref="Scratch{T}"/> of doubles.
    /// </summary>
    [StructLayout(LayoutKind.Sequential, Size = sizeof(double))]
    internal readonly struct Work
    {
        /// <summary>At least some doubles of undefined content; the next call on the thread may return the same ones.</summary>
        public static Span<double> Doubles(int count) => MemoryMarshal.Cast<Work, double>(Scratch<Work>.Get(count));
    }
}
