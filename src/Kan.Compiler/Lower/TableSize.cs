using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Kan.Compiler.Lower;

/// <summary>How many numbers a form would hold, known before it is built: the compiler runs inside the user's compiler and must not exhaust it.</summary>
internal static class TableSize
{
    /// <summary>
    /// The most numbers that the tables of a network may hold: 32 MiB of floats. The C# compiler takes some 3.5 us for each in base64.
    /// </summary>
    public const long MostNumbers = 1 << 23;

    /// <summary>The numbers of a layer's table under a lowering, padding included, to within a panel for each input.</summary>
    public static long Of(KanLayer layer, LayerLowering lowering, Precision precision)
    {
        int lanes = SummationOrder.Lanes(precision);
        long inputs = layer.InputCount, width = (long)SummationOrder.Panels(layer.OutputCount, precision) * lanes;
        switch (lowering)
        {
            case LayerLowering.Elementwise:
                return 3 * (Bends(layer) + 1L) * width;
            case LayerLowering.Rows:
                return OfRows(layer, UnionSizes(layer), precision);
            default:
                var kinds = UnitScheme.Of(lowering)?.Kinds(Math.Max(1, Bends(layer)));
                return inputs * width * (kinds?.Sum(static kind => (long)UnitTerm.Numbers(kind)) ?? 1);
        }
    }

    /// <summary>The numbers of a layer's rows, given <see cref="UnionSizes"/>.</summary>
    public static long OfRows(KanLayer layer, IReadOnlyList<int> unionSizes, Precision precision) =>
        2L * SummationOrder.Panels(layer.OutputCount, precision) * SummationOrder.Lanes(precision) * (layer.InputCount + unionSizes.Sum(static size => (long)size));

    /// <summary>For each input that has edges, their breakpoints, each counted once.</summary>
    public static IReadOnlyList<int> UnionSizes(KanLayer layer) =>
        [.. layer.Edges.GroupBy(static edge => edge.Input).Select(static edges =>
            FormBuilder.UnionOfBreakpoints(edges.Select(static edge => (PiecewiseLinearFunction?)edge.Function)).Count)];

    /// <summary>Requires a number of table entries to be within the limit.</summary>
    /// <exception cref="NetworkTooLargeException">It is not.</exception>
    public static void Require(long numbers, int layer)
    {
        if (numbers > MostNumbers)
            throw new NetworkTooLargeException(string.Format(CultureInfo.InvariantCulture, "up to layer {0} its tables hold {1:N0} numbers, the most is {2:N0}", layer, numbers, MostNumbers));
    }

    private static int Bends(KanLayer layer) => layer.Edges.IsEmpty ? 0 : layer.Edges.Max(static edge => edge.Function.Breakpoints.Length);
}
