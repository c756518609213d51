using System;
using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Kan.Panels;

/// <summary>
/// Piecewise-linear functions as panels to look up in, for kernels that hold samples in lanes: of each input its anchor points, of each of
/// its functions the values and slopes. They are moved from the table of single samples when a batch is first computed, so that an assembly
/// holds them once.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class SampleTable
{
    /// <summary>Makes the table of a network.</summary>
    /// <typeparam name="T"><c>float</c> or <c>double</c>.</typeparam>
    /// <param name="table">The packed table of the network.</param>
    /// <param name="length">Numbers of the new table.</param>
    /// <param name="layers">The layers whose functions are looked up.</param>
    public static AlignedTable<T> Create<T>(ref T table, int length, params ReadOnlySpan<SampleLayer> layers)
        where T : unmanaged
    {
        var target = AlignedTable<T>.Allocate(length);
        foreach (var layer in layers) layer.Fill(ref table, target.Span);
        return target;
    }
}

/// <summary>Where the functions of a layer are in the table of single samples, and where they go.</summary>
/// <param name="inputs">The number of inputs.</param>
/// <param name="functions">Functions of each input: one for each output of rows, or its activation.</param>
/// <param name="segments">The maximum number of segments that an input has.</param>
/// <param name="source">
/// Where the numbers of the first panel of inputs are: first rows, anchor points and knots; or points, values and slopes, segment by
/// segment.
/// </param>
/// <param name="sourceStride">Numbers from one panel of inputs to the next.</param>
/// <param name="rows">Where the first row begins, or 0 for activations.</param>
/// <param name="points">Where the anchor points go: <paramref name="pointsStride"/> for each input, padded with NaN.</param>
/// <param name="pointsStride">Numbers from the anchor points of one input to those of the next.</param>
/// <param name="lines">Where the functions go: block by block of outputs, input by input, output by output, values and then slopes.</param>
/// <param name="linesStride">Numbers from one function to the next.</param>
/// <param name="slopes">Numbers from the first value of a function to its first slope.</param>
/// <param name="block">Outputs of a block; the last one may have fewer.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct SampleLayer(
    int inputs, int functions, int segments, int source, int sourceStride, int rows, int points, int pointsStride, int lines,
    int linesStride, int slopes, int block)
{
    internal void Fill<T>(ref T table, Span<T> target)
        where T : unmanaged
    {
        int lanes = 64 / Unsafe.SizeOf<T>();
        for (int input = 0; input < inputs; input++)
        {
            ref T of = ref Unsafe.Add(ref table, source + (input / lanes * sourceStride) + (input % lanes));
            var anchors = target.Slice(points + (input * pointsStride), pointsStride);
            FillPoints(ref of, lanes, anchors);
            for (int function = 0; function < functions; function++)
            {
                int first = function / block * block, width = Math.Min(block, functions - first);
                int place = lines + (((first * inputs) + (input * width) + (function - first)) * linesStride);
                var to = target.Slice(place, slopes + segments);
                if (rows == 0) FillLines(ref Unsafe.Add(ref of, lanes), 3 * lanes, lanes, segments, to);
                else FillRow(ref table, ref of, lanes, function, anchors, to);
            }
        }
    }

    /// <summary>Anchor points are a panel apart after the first rows, or three panels apart.</summary>
    private void FillPoints<T>(ref T of, int lanes, Span<T> anchors)
        where T : unmanaged
    {
        int step = (rows == 0 ? 3 : 1) * lanes, first = rows == 0 ? 0 : lanes;
        for (int segment = 0; segment < anchors.Length; segment++)
            anchors[segment] = segment < segments ? Unsafe.Add(ref of, first + (segment * step)) : NaN<T>();
    }

    private void FillRow<T>(ref T table, ref T of, int lanes, int function, ReadOnlySpan<T> anchors, Span<T> to)
        where T : unmanaged
    {
        int panel = 2 * lanes, row = (functions + lanes - 1) / lanes * panel, count = 1;

        // Knots that are not numbers fill up the grid of an input; it has no rows for them.
        while (count < segments && IsNumber(anchors[count])) count++;
        nint first = rows + (SegmentSearch.Row(ref of) * row) + (function / lanes * panel) + (function % lanes);
        FillLines(ref Unsafe.Add(ref table, first), row, lanes, count, to);
    }

    private void FillLines<T>(ref T value, int step, int slope, int count, Span<T> to)
        where T : unmanaged
    {
        for (int segment = 0; segment < count; segment++)
        {
            to[segment] = Unsafe.Add(ref value, segment * step);
            to[slopes + segment] = Unsafe.Add(ref value, (segment * step) + slope);
        }
    }

    private static T NaN<T>()
        where T : unmanaged => typeof(T) == typeof(float) ? Unsafe.BitCast<float, T>(float.NaN) : Unsafe.BitCast<double, T>(double.NaN);

    private static bool IsNumber<T>(T value)
        where T : unmanaged =>
        typeof(T) == typeof(float) ? !float.IsNaN(Unsafe.BitCast<T, float>(value)) : !double.IsNaN(Unsafe.BitCast<T, double>(value));
}
