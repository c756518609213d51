using System.Collections.Generic;
using System.Linq;

namespace Kan.Compiler.Lower;

/// <summary>
/// An activation that all nodes of a layer share, of so many segments that comparing with each knot takes longer than looking a number up:
/// a tanh within 1e-3 has some two thousand. Nodes may be left as they are: values that pass a layer on the way to a later one.
/// </summary>
internal static class SharedCurve
{
    /// <summary>Whether a layer's activation is such a curve.</summary>
    public static bool Is(ActivationForm activation) => TableOf(activation) is not null;

    /// <summary>The curve; null where there is none.</summary>
    public static SegmentTable? TableOf(ActivationForm activation)
    {
        // All tables have as many segments, so those of nodes that pass are known by their second one.
        if (activation.IsRelu || activation.Segments[0].Knots.Length <= Compared(activation.Count)) return null;
        SegmentTable? curve = null;
        foreach (var table in activation.Segments)
        {
            if (ReferenceEquals(table, curve) || IsPassing(table)) continue;
            if (curve is not null) return null;
            curve = table;
        }

        return curve;
    }

    private static int Compared(int nodes) => nodes > JitLimits.ManyNodes ? JitLimits.ComparedKnotsOfMany : JitLimits.ComparedKnots;

    /// <summary>Whether nodes of a shared curve pass.</summary>
    public static bool HasPassing(ActivationForm activation) => activation.Segments.Any(IsPassing);

    /// <summary>Whether the node of a table is left as it is.</summary>
    public static bool IsPassing(SegmentTable table) => double.IsNaN(table.Knots[0]) && table.Points[0] == 0 && table.Values[0] == 0
        && table.Slopes[0] == 1;

    /// <summary>Whether a layer of one edge for each node has such a curve, before any form is built.</summary>
    public static bool Is(KanLayer layer)
    {
        PiecewiseLinearFunction? curve = null;
        foreach (var edge in layer.Edges)
        {
            if (ReferenceEquals(edge.Function, curve) || edge.Function.Equals(PiecewiseLinearFunction.Identity)) continue;
            if (curve is null) curve = edge.Function;
            else if (!edge.Function.Equals(curve)) return false;
        }

        return curve is not null && curve.Breakpoints.Length > Compared(layer.InputCount) && layer.Edges.Length == layer.InputCount
            && layer.Biases.All(static bias => bias.IsZero);
    }
}
