using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>
/// The sums that a micro-kernel holds in registers: some panels of outputs of some samples, and of each the partial sums that are computed
/// in one pass over the inputs.
/// </summary>
/// <param name="Panels">Panels of outputs, C.</param>
/// <param name="Samples">Samples, R: each loaded weight serves all of them.</param>
/// <param name="SumsAtOnce">Partial sums of one pass; a divisor of S.</param>
internal readonly record struct Tile(int Panels, int Samples, int SumsAtOnce)
{
    /// <summary>Accumulators of one sample where a panel is one register: chains enough to hide latency.</summary>
    private const int WideAccumulators = 8;

    /// <summary>Accumulators of several samples where a panel is one of 32 registers, with weights and a broadcast beside them.</summary>
    private const int WideBatchAccumulators = 24;

    /// <summary>Accumulators where a panel takes two of 16 registers.</summary>
    private const int NarrowAccumulators = 6;

    /// <summary>The same where each term is a unit, whose differences and bounds take registers too.</summary>
    private const int NarrowUnitAccumulators = 2;

    /// <summary>Whether the tile is one of several samples for registers of half a panel.</summary>
    public bool IsNarrow => Samples > 1 && Samples * Panels * SumsAtOnce <= NarrowAccumulators;

    /// <summary>The kernel of one sample.</summary>
    public static Tile Single(LayerPlan layer, bool wide)
    {
        int panels = Math.Min(layer.OutputPanels, MostPanels(layer, wide)), sums = layer.PartialSums, group = layer.GroupPanels, narrow = layer.Form is UnitsForm ? NarrowUnitAccumulators : NarrowAccumulators;
        if (sums > 1)
        {
            int atOnce = sums;
            while (!wide && panels * atOnce > narrow && atOnce > 1) atOnce /= 2;
            return new Tile(panels, 1, atOnce);
        }

        // Whole column groups, so that each is read as one stream.
        if (layer.Form is AffineForm or FactoredForm) return new Tile(Math.Min(panels, wide && 2 * group <= WideAccumulators ? 2 * group : group), 1, 1);
        return new Tile(ColumnGroups.Balanced(panels, wide ? WideAccumulators : narrow), 1, 1);
    }

    /// <summary>
    /// Panels that a kernel of units may take: past some 140 operations on panels the JIT inlines no more, and a call for each takes ten times as long; of panels
    /// of two registers half as many.
    /// </summary>
    private static int MostPanels(LayerPlan layer, bool wide)
    {
        if (layer.Form is not UnitsForm units) return layer.OutputPanels;
        int bounds = (units.Ends.Low ? 1 : 0) + (units.Ends.High ? 1 : 0), operations = 0;
        for (int i = 0; i < units.Kinds.Length; i++)
        {
            if (i == 0 || units.Kinds[i] != units.Kinds[i - 1]) operations += units.Kinds[i] == UnitKind.Clamp ? 6 : 4 + bounds;
        }

        return Math.Max(1, (wide ? MostOperations : MostOperations / 2) / (operations * layer.PartialSums));
    }

    private const int MostOperations = 140;

    /// <summary>The kernel of several samples, or null where samples are computed one by one.</summary>
    public static Tile? Batch(LayerPlan layer, bool wide)
    {
        if (layer.Form is not (AffineForm or FactoredForm)) return null;

        // Lists of few weights beat all weights, even where those are shared by several samples.
        if (layer.Sparse is not null && CostModel.Single(layer) <= CostModel.Batch(layer)) return null;
        if (wide)
        {
            int panels = layer.GroupPanels;
            return new Tile(panels, WideBatchAccumulators / (panels * layer.PartialSums), layer.PartialSums);
        }

        // One panel for six samples fills 16 registers, and each broadcast is used at once; layers of many partial sums have no room for samples.
        return layer.PartialSums > 1 ? null : new Tile(1, NarrowAccumulators, 1);
    }

    /// <summary>Cuts the panels of a layer into blocks of this tile.</summary>
    public IReadOnlyList<Block> Blocks(LayerPlan layer)
    {
        var blocks = new List<Block>();
        for (int first = 0; first < layer.OutputPanels;)
        {
            // A tile smaller than a group does not reach into the next one.
            int end = Panels >= layer.GroupPanels ? layer.OutputPanels : Math.Min(layer.OutputPanels, ((first / layer.GroupPanels) + 1) * layer.GroupPanels);
            var block = Block.Create(layer, first, Math.Min(Panels, end - first));
            blocks.Add(block);
            first += block.Panels;
        }

        return blocks;
    }
}

/// <summary>Adjacent panels of outputs of a layer.</summary>
/// <param name="First">The first panel.</param>
/// <param name="Panels">Their number.</param>
/// <param name="Weights">Where the numbers of the first panel begin in the body of the table.</param>
/// <param name="Streams">For each column group that the block meets: its panels in the block, the elements from one input to the next, and where it begins.</param>
internal sealed record Block(int First, int Panels, int Weights, IReadOnlyList<(int Panels, int Stride, int Start)> Streams)
{
    /// <summary>A name that equal kernels share.</summary>
    public string Shape { get; private init; } = "";

    public static Block Create(LayerPlan layer, int first, int panels)
    {
        int lanes = layer.Lanes, group = layer.GroupPanels, n = layer.Form.InputCount;
        if (layer.Form is not (AffineForm or FactoredForm))
        {
            // A row of values and slopes interleaves their panels.
            int width = layer.Form is RowsForm ? 2 * lanes : lanes;
            return new Block(first, panels, first * width, [(panels, layer.Layout.Stride, 0)]) { Shape = Literal.Integer(panels) };
        }

        var streams = new List<(int Panels, int Stride, int Start)>();
        var names = new List<string>();
        int weights = -1;
        for (int panel = first; panel < first + panels;)
        {
            int groupStart = panel / group * group, size = Math.Min(group, layer.OutputPanels - groupStart);
            int count = Math.Min(first + panels, groupStart + size) - panel;
            int start = (groupStart * n * lanes) + ((panel - groupStart) * lanes);
            if (weights < 0) weights = start;
            streams.Add((count, size * lanes, start - weights));
            names.Add(count == size ? Literal.Integer(count) : $"{Literal.Integer(count)}Of{Literal.Integer(size)}");
            panel += count;
        }

        return new Block(first, panels, weights, streams) { Shape = string.Join("And", names) };
    }

    /// <summary>Whether two blocks run the same code at other places.</summary>
    public bool SameShape(Block other) => Streams.SequenceEqual(other.Streams);
}
