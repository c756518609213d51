using System;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Kan.Experiments.Training;

/// <summary>Rows of whole vectors: one lane for each output, the last vector filled up with zeros, so that no loop has a tail.</summary>
internal static class Rows
{
    /// <summary>The vectors that hold a number of lanes.</summary>
    public static int VectorsFor<T>(int lanes) => (lanes + Vector<T>.Count - 1) / Vector<T>.Count;

    /// <summary>The lanes of a row: a multiple of the vector width.</summary>
    public static int WidthFor<T>(int lanes) => VectorsFor<T>(lanes) * Vector<T>.Count;

    public static Span<Vector<T>> Of<T>(T[] lanes)
        where T : struct => Of(lanes.AsSpan());

    public static Span<Vector<T>> Of<T>(Span<T> lanes)
        where T : struct => MemoryMarshal.Cast<T, Vector<T>>(lanes);

    public static ReadOnlySpan<Vector<T>> Of<T>(ReadOnlySpan<T> lanes)
        where T : struct => MemoryMarshal.Cast<T, Vector<T>>(lanes);
}
