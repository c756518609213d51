using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Kan.Compiler.Lower;

/// <summary>
/// How many numbers a form would hold, known before it is built: the compiler runs inside the user's compiler and must not exhaust it.
/// </summary>
internal static class TableSize
{
    /// <summary>
    /// The most numbers that the tables of a network may hold: 32 MiB of floats. The C# compiler takes some 3.5 us for each in base64.
    /// </summary>
    public const long MostNumbers = 1 << 23;

    // Of so many pairs of nodes one at most has an edge: a layer to call sparse.
    private const int Sparse = 8;

    /// <summary>The numbers of a layer's table under a lowering, padding included, to within a panel for each input.</summary>
    public static long Of(KanLayer layer, LayerLowering lowering, Precision precision)
    {
        int lanes = SummationOrder.Lanes(precision);
        long inputs = layer.InputCount, width = (long)SummationOrder.Panels(layer.OutputCount, precision) * lanes;
        switch (lowering)
        {
            case LayerLowering.Elementwise:
                return 3 * (Bends(layer) + 1L) * (HasOneCurve(layer) ? 1 : width);
            case LayerLowering.Rows:
                return OfRows(layer, UnionSizes(layer), precision);
            default:
                var kinds = UnitScheme.Of(lowering)?.Kinds(Math.Max(1, Bends(layer)));
                return inputs * width * (kinds?.Sum(static kind => (long)UnitTerm.Numbers(kind)) ?? 1);
        }
    }

    /// <summary>The numbers of a layer's rows, given <see cref="UnionSizes"/>.</summary>
    public static long OfRows(KanLayer layer, IReadOnlyList<int> unionSizes, Precision precision) =>
        2L * SummationOrder.Panels(layer.OutputCount, precision) * SummationOrder.Lanes(precision)
            * (layer.InputCount + unionSizes.Sum(static size => (long)size));

    /// <summary>For each input that has edges, their breakpoints, each counted once.</summary>
    public static IReadOnlyList<int> UnionSizes(KanLayer layer) =>
        [.. layer.Edges.GroupBy(static edge => edge.Input).Select(static edges =>
            FormBuilder.UnionOfBreakpoints(edges.Select(static edge => (PiecewiseLinearFunction?)edge.Function)).Count)];

    /// <summary>Requires a number of table entries to be within the limit.</summary>
    /// <param name="numbers">The entries of all layers up to this one.</param>
    /// <param name="index">Which layer it is.</param>
    /// <param name="layer">The layer, which the message describes.</param>
    /// <param name="isElementwise">Whether each node has its own numbers, not each pair of nodes.</param>
    /// <exception cref="NetworkTooLargeException">It is not.</exception>
    public static void Require(long numbers, int index, KanLayer layer, bool isElementwise = false)
    {
        if (numbers <= MostNumbers) return;
        if (isElementwise) throw TooMany(numbers, index, layer.InputCount, layer.OutputCount);
        throw layer.IsDiagonal
            ? new NetworkTooLargeException(Words(numbers, index, layer.InputCount, layer.OutputCount)
                + " (each output reads only the input of its own index: without the Lowering that is asked for, which stores a number for "
                + "each pair of nodes, it is an activation)")
            : TooMany(numbers, index, layer.InputCount, layer.OutputCount, layer.Edges.Length);
    }

    /// <summary>What refuses tables that are too large.</summary>
    /// <param name="numbers">The entries of all layers up to this one.</param>
    /// <param name="index">Which layer it is.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="outputs">Its outputs.</param>
    /// <param name="edges">Its edges, where they are written out.</param>
    public static NetworkTooLargeException TooMany(long numbers, int index, int inputs, int outputs, long edges = long.MaxValue)
    {
        long pairs = (long)inputs * outputs;
        string text = Words(numbers, index, inputs, outputs);
        if (edges <= pairs / Sparse)
            text += string.Format(CultureInfo.InvariantCulture, " (only {0:N0} of {1:N0} pairs of nodes have an edge, as in a "
                + "convolution, but tables store a number for each pair)", edges, pairs);
        return new NetworkTooLargeException(text);
    }

    private static string Words(long numbers, int index, int inputs, int outputs) => string.Format(
        CultureInfo.InvariantCulture, "up to layer {0}, from {1:N0} to {2:N0} nodes, its tables hold {3:N0} numbers, and the most is "
        + "{4:N0}", index, inputs, outputs, numbers, MostNumbers);

    /// <summary>Whether all nodes share one table: <see cref="SharedCurve"/> of a layer that is not rounded yet.</summary>
    private static bool HasOneCurve(KanLayer layer) => Bends(layer) > JitLimits.ComparedKnots && layer.Edges.Length == layer.OutputCount
        && layer.Edges.All(edge => edge.Function.Equals(layer.Edges[0].Function));

    private static int Bends(KanLayer layer) => layer.Edges.IsEmpty ? 0 : layer.Edges.Max(static edge => edge.Function.Breakpoints.Length);
}
