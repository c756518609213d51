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
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct SampleLayer
{
    /// <summary>The number of inputs.</summary>
    public required int Inputs { get; init; }

    /// <summary>Functions of each input: one for each output of rows, or its activation.</summary>
    public required int Functions { get; init; }

    /// <summary>The maximum number of segments that an input has.</summary>
    public required int Segments { get; init; }

    /// <summary>
    /// Where the numbers of the first panel of inputs are: first rows, anchor points and knots; or points, values and slopes, segment by
    /// segment.
    /// </summary>
    public required int Source { get; init; }

    /// <summary>Numbers from one panel of inputs to the next.</summary>
    public required int SourceStride { get; init; }

    /// <summary>Where the first row begins, or 0 for activations.</summary>
    public required int Rows { get; init; }

    /// <summary>Where the anchor points go: <see cref="PointsStride"/> for each input, padded with NaN.</summary>
    public required int Points { get; init; }

    /// <summary>Numbers from the anchor points of one input to those of the next.</summary>
    public required int PointsStride { get; init; }

    /// <summary>Where the functions go: block by block of outputs, input by input, output by output, values and then slopes.</summary>
    public required int Lines { get; init; }

    /// <summary>Numbers from one function to the next.</summary>
    public required int LinesStride { get; init; }

    /// <summary>Numbers from the first value of a function to its first slope.</summary>
    public required int Slopes { get; init; }

    /// <summary>Outputs of a block; the last one may have fewer.</summary>
    public required int Block { get; init; }

    internal void Fill<T>(ref T table, Span<T> target)
        where T : unmanaged
    {
        int lanes = 64 / Unsafe.SizeOf<T>();
        for (int input = 0; input < Inputs; input++)
        {
            ref T source = ref Unsafe.Add(ref table, Source + (input / lanes * SourceStride) + (input % lanes));
            FillPoints(ref source, lanes, target.Slice(Points + (input * PointsStride), PointsStride));
            for (int function = 0; function < Functions; function++)
            {
                int first = function / Block * Block, width = Math.Min(Block, Functions - first);
                var lines = target.Slice(Lines + (((first * Inputs) + (input * width) + (function - first)) * LinesStride),
                    Slopes + Segments);
                if (Rows == 0) FillLines(ref Unsafe.Add(ref source, lanes), 3 * lanes, lanes, Segments, lines);
                else FillRow(ref table, ref source, lanes, function, target.Slice(Points + (input * PointsStride), Segments), lines);
            }
        }
    }

    /// <summary>Anchor points are a panel apart after the first rows, or three panels apart.</summary>
    private void FillPoints<T>(ref T source, int lanes, Span<T> points)
        where T : unmanaged
    {
        int step = (Rows == 0 ? 3 : 1) * lanes, first = Rows == 0 ? 0 : lanes;
        for (int segment = 0; segment < points.Length; segment++)
            points[segment] = segment < Segments ? Unsafe.Add(ref source, first + (segment * step)) : NaN<T>();
    }

    private void FillRow<T>(ref T table, ref T source, int lanes, int function, ReadOnlySpan<T> points, Span<T> lines)
        where T : unmanaged
    {
        int panel = 2 * lanes, row = (Functions + lanes - 1) / lanes * panel, segments = 1;

        // Knots that are not numbers fill up the grid of an input; it has no rows for them.
        while (segments < Segments && IsNumber(points[segments])) segments++;
        nint first = Rows + (SegmentSearch.Row(ref source) * row) + (function / lanes * panel) + (function % lanes);
        FillLines(ref Unsafe.Add(ref table, first), row, lanes, segments, lines);
    }

    private void FillLines<T>(ref T value, int step, int slope, int segments, Span<T> lines)
        where T : unmanaged
    {
        for (int segment = 0; segment < segments; segment++)
        {
            lines[segment] = Unsafe.Add(ref value, segment * step);
            lines[Slopes + segment] = Unsafe.Add(ref value, (segment * step) + slope);
        }
    }

    private static T NaN<T>()
        where T : unmanaged => typeof(T) == typeof(float) ? Unsafe.BitCast<float, T>(float.NaN) : Unsafe.BitCast<double, T>(double.NaN);

    private static bool IsNumber<T>(T value)
        where T : unmanaged =>
        typeof(T) == typeof(float) ? !float.IsNaN(Unsafe.BitCast<T, float>(value)) : !double.IsNaN(Unsafe.BitCast<T, double>(value));
}
