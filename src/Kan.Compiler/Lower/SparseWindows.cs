using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Kan.Panels;

namespace Kan.Compiler.Lower;

/// <summary>
/// The weights of an affine layer that are not zero, for machines whose lanes pick their inputs out of a window of two panels: each lane
/// goes through the inputs of its own output, so zeros at random places are left out too. The windows are made at run time, from the whole
/// matrix; here is their size.
/// </summary>
/// <param name="Start">Where the windows begin in the table of the network, behind the packed layers.</param>
/// <param name="Sums">S.</param>
/// <param name="Blocks">The blocks of panels.</param>
/// <param name="ForSingle">Whether one sample reads them.</param>
/// <param name="ForBatch">Whether a batch does.</param>
internal sealed record SparseWindows(int Start, int Sums, ImmutableArray<WindowBlock> Blocks, bool ForSingle, bool ForBatch)
{
    /// <summary>Zeros below which they are not worth a look: a step costs more than a panel of weights.</summary>
    private const double LeastZeros = 0.35;

    /// <summary>Samples that a kernel of several takes.</summary>
    public int BatchSamples => JitLimits.WindowBatchSums / ChainsAtOnce;

    /// <summary>Chains that such a kernel takes: whole panels.</summary>
    private int ChainsAtOnce => Math.Max(Sums, JitLimits.WindowBatchChains);

    /// <summary>The chains of a block in the parts that several samples take at once.</summary>
    public IEnumerable<(int First, int Chains)> Parts(WindowBlock block)
    {
        for (int first = 0; first < block.Chains; first += ChainsAtOnce) yield return (first, Math.Min(ChainsAtOnce, block.Chains - first));
    }

    /// <summary>Numbers in all.</summary>
    public int Length => Blocks.IsEmpty ? 0 : Blocks[Blocks.Length - 1].End - Blocks[0].Start;

    /// <summary>The windows of a layer, or null where neither one sample nor a batch gains by them.</summary>
    public static SparseWindows? TryCreate(LayerPlan layer, int start, CancellationToken cancellation)
    {
        var form = layer.Form as AffineForm ?? (layer.Form as FactoredForm)?.Affine;

        // A lane that finds nothing in a window multiplies some input by 0: all inputs have to be finite, which ends say of layers with
        // zeros, and two panels readable.
        if (form is not { Ends.High: true } || layer.InputPanels < 2
            || form.Weights.Count(static weight => weight == 0) < LeastZeros * form.Weights.Length) return null;
        int lanes = layer.Lanes, panelsOfBlock = WindowSchedule.MostChains / layer.PartialSums, at = start;
        var blocks = ImmutableArray.CreateBuilder<WindowBlock>();
        for (int first = 0; first < layer.OutputPanels; first += panelsOfBlock)
        {
            int panels = Math.Min(panelsOfBlock, layer.OutputPanels - first), rounds = 1;
            for (int chain = 0; chain < panels * layer.PartialSums; chain++)
            {
                cancellation.ThrowIfCancellationRequested();
                int q = (first + (chain / layer.PartialSums)) * lanes;
                var windows = WindowSchedule.Of(
                    form.InputCount, chain % layer.PartialSums, layer.PartialSums, lanes,
                    (p, lane) => q + lane < form.OutputCount && form.Weights[(p * form.OutputCount) + q + lane] != 0);
                rounds = Math.Max(rounds, windows.Count);
            }

            var block = new WindowBlock(first, panels, panels * layer.PartialSums, rounds, at,
                at + WindowSchedule.BlockLength(rounds, panels * layer.PartialSums, lanes));
            blocks.Add(block);
            at = block.End;
        }

        var all = new SparseWindows(start, layer.PartialSums, blocks.ToImmutable(), false, false);
        all = all with
        {
            ForSingle = CostModel.Windows(layer, all) < CostModel.Weights(layer),
            ForBatch = CostModel.WindowsOfBatch(layer, all) < CostModel.Batch(layer)
        };
        return all.ForSingle || all.ForBatch ? all : null;
    }
}

/// <summary>Panels of outputs whose windows stand side by side.</summary>
/// <param name="First">The first panel.</param>
/// <param name="Panels">Their number.</param>
/// <param name="Chains">Their partial sums: panel by panel.</param>
/// <param name="Rounds">Windows of the longest chain, at least 1.</param>
/// <param name="Start">Where they begin.</param>
/// <param name="End">Where the next block begins.</param>
internal readonly record struct WindowBlock(int First, int Panels, int Chains, int Rounds, int Start, int End);
