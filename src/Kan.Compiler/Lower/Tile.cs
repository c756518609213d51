using System;

namespace Kan.Compiler.Lower;

/// <summary>
/// The sums that a micro-kernel holds in registers: some panels of outputs of some samples, and of each the partial sums that are computed
/// in one pass over the inputs.
/// </summary>
/// <param name="Panels">Panels of outputs, C.</param>
/// <param name="Samples">Samples, R: each loaded weight serves all of them.</param>
/// <param name="SumsAtOnce">Partial sums of one pass; a divisor of S.</param>
internal readonly record struct Tile(int Panels, int Samples, int SumsAtOnce)
{
    /// <summary>Whether the tile is one of several samples for registers of half a panel.</summary>
    public bool IsNarrow => Samples > 1 && Samples * Panels * SumsAtOnce <= JitLimits.NarrowSums;

    /// <summary>The kernel of one sample.</summary>
    public static Tile Single(LayerPlan layer, bool wide)
    {
        var units = layer.Kernel as UnitsKernelPlan;
        int panels = Math.Min(layer.OutputPanels, units?.MostPanels(layer, wide) ?? layer.OutputPanels);
        int sums = layer.PartialSums, group = layer.GroupPanels;
        int narrow = units is null ? JitLimits.NarrowSums : JitLimits.NarrowUnitSums;
        if (sums > 1)
        {
            int atOnce = sums;
            while (!wide && panels * atOnce > narrow && atOnce > 1) atOnce /= 2;
            return new Tile(panels, 1, atOnce);
        }

        // Whole column groups, so that each is read as one stream.
        if (layer.Kernel is AffineKernelPlan)
            return new Tile(Math.Min(panels, wide && 2 * group <= JitLimits.WideSums ? 2 * group : group), 1, 1);
        return new Tile(ColumnGroups.Balanced(panels, wide ? JitLimits.WideSums : narrow), 1, 1);
    }

    /// <summary>The kernel of several samples, or null where samples are computed one by one.</summary>
    public static Tile? Batch(LayerPlan layer, bool wide)
    {
        if (layer.Kernel is not AffineKernelPlan affine) return null;

        // Lists of few weights beat all weights, even where those are shared by several samples.
        if (affine.Lists is not null && CostModel.Single(layer) <= CostModel.Batch(layer)) return null;
        if (wide)
        {
            int panels = layer.GroupPanels;
            return new Tile(panels, JitLimits.WideBatchSums / (panels * layer.PartialSums), layer.PartialSums);
        }

        // Six sums of one panel fill 16 registers, and each broadcast is used at once. Two partial sums of three samples, not one of six:
        // each further pass over the inputs stores and clears all of them.
        return layer.PartialSums == 1 ? new Tile(1, JitLimits.NarrowSums, 1) : new Tile(1, JitLimits.NarrowSums / 2, 2);
    }
}
