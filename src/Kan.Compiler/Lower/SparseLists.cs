using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Compiler.Lower;

/// <summary>
/// The panels of weights of an affine layer, or their halves, that are not all zero, as lists: what one sample reads instead of the whole
/// matrix where that is less. A chain is one partial sum of one panel or half a panel of outputs; the chains of a pass stand side by side,
/// padded to the same length.
/// </summary>
/// <param name="PartsOfPanel">1 where lists hold whole panels, 2 where they hold halves: fewer weights, more operations.</param>
/// <param name="SumsAtOnce">Partial sums of a pass; a divisor of S.</param>
/// <param name="PassesOfBlock">Passes of a block of panels: S over the sums of one.</param>
/// <param name="Passes">For each block of panels and each pass, in order.</param>
public sealed record SparseLists(int PartsOfPanel, int SumsAtOnce, int PassesOfBlock, ImmutableArray<SparsePass> Passes)
{
    /// <summary>The blocks, in order.</summary>
    internal IEnumerable<SparseBlock> Blocks
    {
        get
        {
            for (int i = 0, first = 0; i < Passes.Length; i += PassesOfBlock)
            {
                var block = new SparseBlock(first, Passes[i].Chains / SumsAtOnce, [.. Passes.Skip(i).Take(PassesOfBlock)]);
                yield return block;
                first += block.Parts;
            }
        }
    }

    /// <summary>The lists of a form, or null where reading all weights costs less.</summary>
    internal static SparseLists? TryPack(AffineForm form, Precision precision, List<double> table)
    {
        int panels = SummationOrder.Panels(form.OutputCount, precision),
            sums = SummationOrder.PartialSums(form.InputCount, form.OutputCount, precision);
        var whole = Chains(form, precision, 1);
        var halves = Chains(form, precision, 2);
        double wholeCost = CostModel.Listed(Count(whole.Passes), 1), halvesCost = CostModel.Listed(Count(halves.Passes), 2);
        int parts = halvesCost < wholeCost ? 2 : 1;
        double lists = Math.Min(wholeCost, halvesCost) + CostModel.NaNSearch(SummationOrder.Panels(form.InputCount, precision));
        if (lists >= CostModel.Dense(form.InputCount, panels, sums)) return null;

        var (passes, atOnce) = parts == 2 ? halves : whole;
        int lanes = SummationOrder.Lanes(precision) / parts;
        var packed = ImmutableArray.CreateBuilder<SparsePass>(passes.Count);
        int panel = 0, passesOfBlock = sums / atOnce;
        for (int i = 0; i < passes.Count; i++)
        {
            var chains = passes[i];
            int rounds = Math.Max(1, chains.Max(static chain => chain.Count));
            packed.Add(new SparsePass(table.Count, rounds, chains.Length));
            Pack(form, chains, rounds, panel, chains.Length / atOnce, lanes, TablePacker.RowZero(precision), table);
            if ((i + 1) % passesOfBlock == 0) panel += chains.Length / atOnce;
        }

        return new SparseLists(parts, atOnce, passesOfBlock, packed.MoveToImmutable());
    }

    /// <summary>Listed parts of all chains, with those that pad them.</summary>
    private static int Count(List<List<int>[]> passes) =>
        passes.Sum(static chains => chains.Length * chains.Max(static chain => chain.Count));

    /// <summary>The inputs of each chain, pass by pass, for parts of some size.</summary>
    private static (List<List<int>[]> Passes, int SumsAtOnce) Chains(AffineForm form, Precision precision, int partsOfPanel)
    {
        int parts = SummationOrder.Panels(form.OutputCount, precision) * partsOfPanel,
            sums = SummationOrder.PartialSums(form.InputCount, form.OutputCount, precision);
        int lanes = SummationOrder.Lanes(precision) / partsOfPanel, group = ColumnGroups.Panels(parts), atOnce = sums;
        while (atOnce > 1 && group * atOnce > JitLimits.ListChains) atOnce /= 2;
        var passes = new List<List<int>[]>();
        for (int first = 0; first < parts; first += group)
        {
            for (int pass = 0; pass < sums / atOnce; pass++)
            {
                var chains = new List<List<int>>();
                for (int k = 0; k < atOnce; k++)
                {
                    for (int c = first; c < Math.Min(first + group, parts); c++)
                        chains.Add(Inputs(form, pass + (k * (sums / atOnce)), sums, c * lanes, lanes));
                }

                passes.Add([.. chains]);
            }
        }

        return (passes, atOnce);
    }

    /// <summary>The inputs of a partial sum whose weights to a panel are not all zero.</summary>
    private static List<int> Inputs(AffineForm form, int sum, int sums, int first, int lanes)
    {
        var inputs = new List<int>();
        for (int p = sum; p < form.InputCount; p += sums)
        {
            for (int q = first; q < Math.Min(first + lanes, form.OutputCount); q++)
            {
                if (form.Weights[(p * form.OutputCount) + q] == 0) continue;
                inputs.Add(p);
                break;
            }
        }

        return inputs;
    }

    /// <summary>
    /// Weights round by round, chain by chain, a panel each; then as many indices of inputs. A padded chain multiplies input 0 by 0.
    /// </summary>
    private static void Pack(AffineForm form, List<int>[] chains, int rounds, int firstPanel, int panels, int lanes, double zero,
        List<double> table)
    {
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < chains.Length; i++)
            {
                int first = (firstPanel + (i % panels)) * lanes;
                for (int q = first; q < first + lanes; q++)
                    table.Add(round < chains[i].Count && q < form.OutputCount
                        ? form.Weights[(chains[i][round] * form.OutputCount) + q]
                        : 0);
            }
        }

        for (int round = 0; round < rounds; round++)
        {
            foreach (var chain in chains) table.Add(zero + (round < chain.Count ? chain[round] : 0));
        }

        while (table.Count % lanes != 0) table.Add(zero);
    }
}

/// <summary>The lists of the chains of one pass.</summary>
/// <param name="Start">Where the weights begin in the layer's table; the indices stand behind them.</param>
/// <param name="Rounds">The length of the lists, at least 1.</param>
/// <param name="Chains">Their number.</param>
public readonly record struct SparsePass(int Start, int Rounds, int Chains);

/// <summary>Adjacent panels of outputs, or halves of panels, whose lists stand side by side.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Parts">Their number.</param>
/// <param name="Passes">Their lists, pass by pass.</param>
internal sealed record SparseBlock(int First, int Parts, ImmutableArray<SparsePass> Passes);
