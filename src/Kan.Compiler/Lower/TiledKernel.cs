using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Compiler.Lower;

/// <summary>The micro-kernels of a layer: for one sample and for several, where a panel is one register and where it takes more.</summary>
/// <param name="Wide">One sample, a panel in one register.</param>
/// <param name="Narrow">One sample, a panel in several registers.</param>
/// <param name="WideBatch">Several samples, or null where they are computed one by one.</param>
/// <param name="NarrowBatch">The same for a panel in several registers.</param>
internal sealed record KernelTiles(TiledKernel Wide, TiledKernel Narrow, TiledKernel? WideBatch, TiledKernel? NarrowBatch)
{
    public static KernelTiles Of(LayerPlan layer)
    {
        // Equal tiles have one kernel, which is shaped for panels in several registers.
        Tile wide = Tile.Single(layer, wide: true), narrow = Tile.Single(layer, wide: false);
        return new(
            TiledKernel.Of(layer, wide, isWide: wide != narrow),
            TiledKernel.Of(layer, narrow, isWide: false),
            Tile.Batch(layer, wide: true) is { } wideBatch ? TiledKernel.Of(layer, wideBatch, isWide: true) : null,
            Tile.Batch(layer, wide: false) is { } narrowBatch ? TiledKernel.Of(layer, narrowBatch, isWide: false) : null);
    }
}

/// <summary>A tile, and the panels of a layer cut into blocks of it.</summary>
/// <param name="Tile">The tile.</param>
/// <param name="IsWide">Whether it is for panels in one register alone.</param>
/// <param name="IsOnePass">Whether all partial sums are computed in one pass; kernels of several are short of registers.</param>
/// <param name="SplitsPasses">
/// Whether each pass is a method, since one of all would have more operations than the JIT inlines; tiles are of one panel then.
/// </param>
/// <param name="Blocks">The blocks.</param>
/// <param name="Runs">The same blocks as they are called, some in loops.</param>
internal sealed record TiledKernel(Tile Tile, bool IsWide, bool IsOnePass, bool SplitsPasses, ImmutableArray<Block> Blocks,
    ImmutableArray<BlockRun> Runs)
{
    /// <summary>Calls of blocks of one sample that are written out; a loop over few would only cost its jumps.</summary>
    private const int MostCalls = 4;

    public static TiledKernel Of(LayerPlan layer, Tile tile, bool isWide)
    {
        var blocks = ImmutableArray.CreateBuilder<Block>();
        for (int first = 0; first < layer.OutputPanels;)
        {
            // A tile smaller than a group does not reach into the next one.
            int groupEnd = Math.Min(layer.OutputPanels, ((first / layer.GroupPanels) + 1) * layer.GroupPanels);
            int end = tile.Panels >= layer.GroupPanels ? layer.OutputPanels : groupEnd;
            var block = Block.Create(layer, tile, first, Math.Min(tile.Panels, end - first));
            blocks.Add(block);
            first += block.Panels;
        }

        var all = blocks.ToImmutable();
        var runs = tile.Samples == 1 ? CallsOfOne(all) : RunsOfBatch(all);
        bool isOnePass = tile.SumsAtOnce == layer.PartialSums;
        bool splitsPasses = !isOnePass && tile.Panels == 1 && layer.Kernel is UnitsKernelPlan units
            && !units.FitsMethod(layer.PartialSums, isWide) && units.FitsMethod(tile.SumsAtOnce, isWide);
        return new TiledKernel(tile, isWide, isOnePass, splitsPasses, all, [.. runs]);
    }

    /// <summary>Blocks of one sample: a loop where many are equal, then calls.</summary>
    private static IEnumerable<BlockRun> CallsOfOne(ImmutableArray<Block> blocks)
    {
        int equal = blocks.TakeWhile(block => block.SameShape(blocks[0])).Count(), done = 0;
        int step = equal > 1 ? blocks[1].Weights - blocks[0].Weights : 0;
        if (equal > MostCalls && Enumerable.Range(0, equal).All(i => blocks[i].Weights == i * step))
        {
            yield return new BlockRun(blocks[0], equal, step);
            done = equal;
        }

        foreach (var block in blocks.Skip(done)) yield return new BlockRun(block, 1, 0);
    }

    /// <summary>Blocks of several samples: each run of one shape, at equal distances, is a loop.</summary>
    private static IEnumerable<BlockRun> RunsOfBatch(ImmutableArray<Block> blocks)
    {
        for (int first = 0; first < blocks.Length;)
        {
            int end = first + 1, step = 0;
            for (; end < blocks.Length && blocks[end].SameShape(blocks[first]); end++)
            {
                int distance = blocks[end].Weights - blocks[end - 1].Weights;
                if (end == first + 1) step = distance;
                else if (distance != step) break;
            }

            yield return new BlockRun(blocks[first], end - first, step);
            first = end;
        }
    }
}

/// <summary>Blocks of one shape at equal distances.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Count">Their number.</param>
/// <param name="Step">Numbers of the body from one to the next; 0 where there is one.</param>
internal readonly record struct BlockRun(Block First, int Count, int Step);

/// <summary>Adjacent panels of outputs of a layer.</summary>
/// <param name="First">The first panel.</param>
/// <param name="Panels">Their number.</param>
/// <param name="Weights">Where the numbers of the first panel begin in the body of the table.</param>
/// <param name="Loop">The loop over inputs.</param>
/// <param name="Streams">For each column group that the block meets, what it reads of it.</param>
internal sealed record Block(int First, int Panels, int Weights, InputLoop Loop, ImmutableArray<WeightStream> Streams)
{
    public static Block Create(LayerPlan layer, Tile tile, int first, int panels)
    {
        int lanes = layer.Lanes, group = layer.GroupPanels, n = layer.Form.InputCount;
        if (layer.Kernel is not AffineKernelPlan)
        {
            // A row of values and slopes interleaves their panels. The terms are long by themselves.
            int width = layer.Kernel is RowsKernelPlan ? 2 * lanes : lanes;
            return new Block(first, panels, first * width, InputLoop.Of(n, layer.PartialSums),
                [new WeightStream(panels, panels, layer.Layout.Stride, 0)]);
        }

        var streams = ImmutableArray.CreateBuilder<WeightStream>();
        int weights = -1;
        for (int panel = first; panel < first + panels;)
        {
            int groupStart = panel / group * group, size = Math.Min(group, layer.OutputPanels - groupStart);
            int count = Math.Min(first + panels, groupStart + size) - panel;
            int start = (groupStart * n * lanes) + ((panel - groupStart) * lanes);
            if (weights < 0) weights = start;
            streams.Add(new WeightStream(count, size, size * lanes, start - weights));
            panel += count;
        }

        int unrolled = Math.Max(1, JitLimits.TermsOfLoopBody / (panels * tile.Samples * tile.SumsAtOnce));
        while (unrolled > 1 && n / (layer.PartialSums * unrolled) < JitLimits.FewestRounds) unrolled /= 2;
        return new Block(first, panels, weights, InputLoop.Of(n, layer.PartialSums * unrolled), streams.ToImmutable());
    }

    /// <summary>Whether two blocks run the same code at other places.</summary>
    public bool SameShape(Block other) => Streams.SequenceEqual(other.Streams);
}

/// <summary>A loop over inputs whose body is written out; what it leaves over stands behind it.</summary>
/// <param name="Inputs">Inputs of a round.</param>
/// <param name="Rounds">Rounds; 0 where all inputs are written out.</param>
internal readonly record struct InputLoop(int Inputs, int Rounds)
{
    /// <summary>The loop over some inputs; one round would be no loop.</summary>
    /// <param name="count">The inputs.</param>
    /// <param name="inputs">Inputs of a round.</param>
    public static InputLoop Of(int count, int inputs) => new(inputs, count / inputs < 2 ? 0 : count / inputs);
}

/// <summary>The weights of a block in one column group.</summary>
/// <param name="Panels">The block's panels of the group.</param>
/// <param name="GroupPanels">All panels of the group.</param>
/// <param name="Stride">Numbers from one input to the next.</param>
/// <param name="Start">Where they begin, from the first weight of the block.</param>
internal readonly record struct WeightStream(int Panels, int GroupPanels, int Stride, int Start);
