using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Kan.Compiler.Lower;

/// <summary>The lowering picked for a layer, and why.</summary>
/// <param name="Lowering">The lowering.</param>
/// <param name="Reason">Why, in words.</param>
public readonly record struct LoweringChoice(LayerLowering Lowering, string Reason)
{
    /// <summary>Picks the lowering of a layer: structure first, then the cost model.</summary>
    public static LoweringChoice Pick(KanLayer layer, Lowering wanted, Precision precision)
    {
        if (layer.IsAffine && !layer.IsDiagonal) return new(LayerLowering.Affine, "all edges are linear");
        if (wanted != Kan.Lowering.Auto && !layer.IsAffine)
        {
            var named = wanted switch
            {
                Kan.Lowering.Rows => LayerLowering.Rows,
                Kan.Lowering.Clamp => LayerLowering.Clamp,
                _ => LayerLowering.Relu,
            };
            return new(named, "asked for by name");
        }

        if (IsElementwise(layer, wanted)) return new(LayerLowering.Elementwise, "each output reads the input of its own index");
        if (layer.IsAffine) return new(LayerLowering.Affine, "all edges are linear");
        if (FormBuilder.Applies(layer, LayerLowering.Factored, precision))
            return new(LayerLowering.Factored, "the edges of each input are multiples of one shape");

        var unionSizes = TableSize.UnionSizes(layer);
        if (TableSize.OfRows(layer, unionSizes, precision) > TableSize.MostNumbers)
            return new(LayerLowering.Clamp, "rows over all breakpoints of an input would be too many");
        double rows = RowsCost(layer, unionSizes, precision), clamp = ClampCost(layer, precision);
        return rows <= clamp
            ? new(LayerLowering.Rows, Compare("one row of values and slopes for each input", rows, "clamped differences", clamp))
            : new(LayerLowering.Clamp, Compare("clamped differences", clamp, "rows", rows));
    }

    /// <summary>Whether a layer is computed node by node, without a look at pairs of nodes.</summary>
    public static bool IsElementwise(KanLayer layer, Lowering wanted) =>
        layer.IsDiagonal && layer.OutputCount > 1 && (wanted == Kan.Lowering.Auto || layer.IsAffine);

    private static double RowsCost(KanLayer layer, IReadOnlyList<int> unionSizes, Precision precision)
    {
        int panels = SummationOrder.Panels(layer.OutputCount, precision);
        double knots = unionSizes.Count == 0 ? 0 : unionSizes.Max();
        double tableBytes = unionSizes.Sum(static size => size + 1.0) * panels * 2 * SummationOrder.PanelBytes;
        return CostModel.Rows(layer.InputCount, panels, SummationOrder.Panels(layer.InputCount, precision), knots, isUniform: false,
            tableBytes);
    }

    private static double ClampCost(KanLayer layer, Precision precision)
    {
        int units = layer.Edges.Max(static edge => edge.Function.Breakpoints.Length) + 1,
            panels = SummationOrder.Panels(layer.OutputCount, precision);
        return CostModel.Units(layer.InputCount, panels, units,
            (double)layer.InputCount * panels * ((3 * units) - 2) * SummationOrder.PanelBytes);
    }

    private static string Compare(string picked, double cost, string other, double otherCost) =>
        string.Format(CultureInfo.InvariantCulture, "{0}: about {1:0} cycles against {2:0} for {3}", picked, cost, otherCost, other);
}
