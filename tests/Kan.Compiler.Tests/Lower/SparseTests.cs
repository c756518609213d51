using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Kan.Compiler.Lower;
using Kan.Compiler.Tests.Support;
using Kan.Panels;
using Kan.Testing;
using Xunit;

namespace Kan.Compiler.Tests.Lower;

/// <summary>Lists and windows of the weights that are not zero, read back as kernels read them.</summary>
public sealed class SparseTests
{
    public static TheoryData<int, int, int, Precision> Shapes { get; } = new()
    {
        { 200, 60, 100, Precision.Single }, { 200, 60, 100, Precision.Double }, { 400, 16, 60, Precision.Single },
        { 150, 200, 300, Precision.Single }, { 300, 40, 170, Precision.Single }, { 333, 130, 90, Precision.Single },
        { 101, 24, 50, Precision.Double }, { 300, 32, 100, Precision.Single },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Lists_hold_each_weight_once_in_its_partial_sum(int inputs, int outputs, int keep, Precision precision) =>
        Check(inputs, outputs, precision, (p, q) => Kept(p, q, outputs, keep));

    /// <summary>Rows of weights side by side: a lane without an output does not read the next row.</summary>
    [Fact]
    public void Lanes_without_an_output_are_0() => Check(200, 20, Precision.Single, static (p, q) => p % 40 < 4 ? 1 + p + q : 0);

    private static void Check(int inputs, int outputs, Precision precision, Func<int, int, int> weight)
    {
        var layer = Plans.One(Plans.Affine(inputs, outputs, weight), precision);
        var lists = layer.Sparse;
        Assert.NotNull(lists);
        int lanes = layer.Lanes / lists.PartsOfPanel, sums = layer.PartialSums;
        double zero = precision == Precision.Single ? 8388608 : 4503599627370496;
        double[] found = new double[inputs * outputs];
        Assert.Equal(sums, lists.SumsAtOnce * lists.PassesOfBlock);
        int part = 0;
        foreach (var block in lists.Blocks)
        {
            Assert.Equal(part, block.First);
            Assert.Equal(lists.PassesOfBlock, block.Passes.Length);
            part += block.Parts;
            for (int pass = 0; pass < block.Passes.Length; pass++)
            {
                var (start, rounds, chains) = block.Passes[pass];
                Assert.Equal(0, start % lanes);
                Assert.Equal(block.Parts * lists.SumsAtOnce, chains);
                Assert.InRange(chains, 1, 4);
                int longest = 0;
                for (int i = 0; i < chains; i++)
                {
                    int sum = pass + (i / block.Parts * lists.PassesOfBlock), last = -1, first = (block.First + (i % block.Parts)) * lanes;
                    for (int round = 0; round < rounds; round++)
                    {
                        int input = (int)(layer.Table[start + (rounds * chains * lanes) + (round * chains) + i] - zero);
                        double[] weights = [.. Enumerable.Range(0, lanes)
                            .Select(lane => layer.Table[start + (((round * chains) + i) * lanes) + lane])];
                        if (Array.TrueForAll(weights, static weight => weight == 0))
                        {
                            // A padded chain multiplies input 0 by 0.
                            Require.That(input == 0, $"Input {input} is padding.");
                            continue;
                        }

                        longest = Math.Max(longest, round + 1);
                        Require.That(input > last && input % sums == sum, $"Input {input} in sum {sum} behind {last}.");
                        last = input;
                        for (int lane = 0; lane < lanes; lane++)
                        {
                            if (first + lane < outputs) found[(input * outputs) + first + lane] += weights[lane];
                            else Assert.Equal(0, weights[lane]);
                        }
                    }
                }

                Assert.Equal(Math.Max(1, longest), rounds);
            }
        }

        Assert.Equal((layer.OutputPanels * lists.PartsOfPanel), part);
        Assert.Equal(Enumerable.Range(0, inputs * outputs).Select(i => (double)weight(i / outputs, i % outputs)), found);
        Assert.Equal(0, layer.Table.Length % layer.Lanes);

        // One pass stands behind the other: weights, and a number for each of them, up to a whole part.
        int[] ends = [.. lists.Passes.Select(pass => pass.Start + (pass.Rounds * pass.Chains * lanes)
            + (((pass.Rounds * pass.Chains) + lanes - 1) / lanes * lanes))];
        Assert.Equal(lists.Passes.Skip(1).Select(static pass => pass.Start), ends[..^1]);
        Assert.InRange(layer.Table.Length - ends[^1], 0, lanes);
    }

    /// <summary>Panels of which one half alone has weights are halved; whole panels are not.</summary>
    [Fact]
    public void Halves_are_listed_where_they_cost_less()
    {
        var halves = Plans.One(Plans.Affine(400, 128, static (p, q) => q / 8 == p % 16 ? 1 : 0)).Sparse!;
        var whole = Plans.One(Plans.Affine(400, 128, static (p, q) => q / 16 == p % 8 ? 1 : 0)).Sparse!;
        Assert.Equal(2, halves.PartsOfPanel);
        Assert.Equal(1, whole.PartsOfPanel);

        // Every input reaches one part, in chains of equal length.
        Assert.Equal(400, halves.Passes.Sum(static pass => pass.Rounds * pass.Chains));
        Assert.Equal(400, whole.Passes.Sum(static pass => pass.Rounds * pass.Chains));
    }

    /// <summary>
    /// One panel of 16 outputs: all weights cost 1.1 a panel, 220 for 200 inputs; lists 1.9 a panel, and 30 + 13 for the search of NaN, so
    /// up to 93 panels pay, 23 a chain of four: 92. With 24 a chain they do not.
    /// </summary>
    [Theory]
    [InlineData(23, true)]
    [InlineData(24, false)]
    public void Lists_are_used_where_they_cost_less(int ofChain, bool expected)
    {
        var layer = Plans.One(Plans.Affine(200, 16, (p, q) => p / 4 < ofChain ? 1 : 0));
        Assert.Equal(expected, layer.Sparse is not null);
        if (expected) Assert.Equal(new SparsePass(16 + (200 * 16), 23, 4), Assert.Single(layer.Sparse!.Passes));

        // Two chains of that length cost as much: the others are padded to it.
        layer = Plans.One(Plans.Affine(200, 16, (p, q) => p % 4 < 2 && p / 4 < ofChain ? 1 : 0));
        Assert.Equal(expected, layer.Sparse is not null);
    }

    [Theory]
    [InlineData(300, 200, 3, 20)]
    [InlineData(784, 128, 10, 20)]
    [InlineData(64, 300, 4, 30)]
    [InlineData(784, 40, 10, 0)]
    [InlineData(784, 16, 20, 0)]
    public void Windows_are_as_many_as_the_schedule_has(int inputs, int outputs, int keep, int start)
    {
        var random = new Random(3);
        bool[] present = [.. Enumerable.Range(0, inputs * outputs).Select(_ => random.Next(keep) == 0)];
        var layer = Plans.One(Plans.Affine(inputs, outputs, (p, q) => present[(p * outputs) + q] ? 1 : 0));
        layer = layer with { Kernel = new AffineKernelPlan(null) };
        var windows = SparseWindows.TryCreate(layer, start, TestContext.Current.CancellationToken);
        Assert.NotNull(windows);
        int lanes = layer.Lanes, sums = layer.PartialSums, at = start, panel = 0;
        Assert.Equal(sums, windows.Sums);
        foreach (var block in windows.Blocks)
        {
            Assert.Equal((panel, at), (block.First, block.Start));
            Assert.Equal(Math.Min(8 / sums, layer.OutputPanels - panel), block.Panels);
            Assert.Equal(block.Panels * sums, block.Chains);
            var counts = from k in Enumerable.Range(0, block.Panels)
                         from sum in Enumerable.Range(0, sums)
                         select WindowSchedule.Of(inputs, sum, sums, lanes, (p, lane) =>
                             ((panel + k) * lanes) + lane < outputs && present[(p * outputs) + ((panel + k) * lanes) + lane]).Count;
            Assert.Equal(Math.Max(1, counts.Max()), block.Rounds);

            // A panel of indices and four of weights for each window, then one number for each, in whole panels.
            int windowsOfBlock = block.Rounds * block.Chains;
            at += (windowsOfBlock * 5 * lanes) + ((windowsOfBlock + lanes - 1) / lanes * lanes);
            Assert.Equal(at, block.End);
            panel += block.Panels;
        }

        Assert.Equal(layer.OutputPanels, panel);
        Assert.Equal(at - start, windows.Length);
    }

    /// <summary>The parts that several samples take are whole: four chains or all partial sums of a panel.</summary>
    [Theory]
    [InlineData(1, 4, 4, "0:4 4:3")]
    [InlineData(2, 4, 4, "0:4 4:3")]
    [InlineData(4, 4, 4, "0:4 4:3")]
    [InlineData(8, 2, 8, "0:7")]
    public void Several_samples_take_four_chains_or_all_partial_sums(int sums, int samples, int chains, string parts)
    {
        var windows = new SparseWindows(0, sums, [], true, true);
        Assert.Equal(samples, windows.BatchSamples);
        Assert.Equal(16 / chains, windows.BatchSamples);
        Assert.Equal(parts,
            string.Join(' ', windows.Parts(new WindowBlock(0, 1, 7, 1, 0, 0)).Select(static part => $"{part.First}:{part.Chains}")));
        Assert.Equal(0, windows.Length);
        Assert.Equal(8 / chains, windows.Parts(new WindowBlock(0, 1, 8, 1, 0, 0)).Count());
    }

    /// <summary>Of 40 of 200 inputs at the beginning: lists are better for one sample, windows for many.</summary>
    [Fact]
    public void Windows_may_be_for_batches_alone()
    {
        var windows = Plans.One(Plans.Affine(200, 16, static (p, q) => p < 40 ? 1 : 0)).Windows!;
        Assert.False(windows.ForSingle);
        Assert.True(windows.ForBatch);
    }

    /// <summary>What a ReLU is multiplied with has windows too; the search can be cancelled.</summary>
    [Fact]
    public void Windows_are_made_of_factors_too()
    {
        var random = new Random(3);
        var layer = Plans.One(new KanLayer(300, 200, from p in Enumerable.Range(0, 300)
                                                     from q in Enumerable.Range(0, 200)
                                                     where random.Next(10) == 0
                                                     select new KanEdge(p, q, PiecewiseLinearFunction.Relu)));
        Assert.Equal(LayerLowering.Factored, layer.Form.Lowering);
        Assert.NotNull(layer.Windows);
        Assert.Throws<OperationCanceledException>(() => SparseWindows.TryCreate(layer, 0, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Windows_need_zeros_and_two_panels_of_inputs()
    {
        var token = TestContext.Current.CancellationToken;

        // All weights present: nothing to leave out.
        Assert.Null(Plans.Dense(100, 40).Windows);

        // 35 % zeros are worth a look, fewer are not; a single panel of inputs has no window of two.
        Assert.Null(Try(100, 40, static (p, q) => ((p * 40) + q) % 100 < 34));
        Assert.Null(Try(16, 400, static (p, q) => ((p * 7) + q) % 10 != 0));
        Assert.NotNull(Try(17, 400, static (p, q) => ((p * 7) + q) % 10 != 0));

        SparseWindows? Try(int inputs, int outputs, Func<int, int, bool> isZero)
        {
            var layer = Plans.One(Plans.Affine(inputs, outputs, (p, q) => isZero(p, q) ? 0 : 1));
            return SparseWindows.TryCreate(layer with { Kernel = new AffineKernelPlan(null) }, 0, token);
        }
    }

    /// <summary>
    /// 32 inputs and 16 outputs, of which every chain has one window: 4 windows of 4 steps cost 16 * 2.3 + 30 + 2 = 68.8, more than the
    /// 32 *
    /// 1.1 = 35.2 of all weights, so nothing is made of them for one sample.
    /// </summary>
    [Fact]
    public void Windows_that_cost_more_than_all_weights_are_not_made() =>
        Assert.Null(Plans.One(Plans.Affine(32, 16, static (p, q) => p == q ? 1 : 0)).Windows);

    [Fact]
    public void Windows_stand_behind_all_tables_of_the_network()
    {
        var random = new Random(1);
        static KanLayer Layer(Random random) => Plans.Affine(200, 200, (_, _) => random.Next(10) == 0 ? 1 : 0);
        var layers = Plans.Of(Precision.Single, Lowering.Auto, Layer(random), Layer(random));
        var first = layers[0].Windows!;
        var second = layers[1].Windows!;
        Assert.Equal(layers.Sum(static layer => layer.Table.Length), first.Start);
        Assert.Equal(first.Start + first.Length, second.Start);
        Assert.True(first.ForSingle);
        Assert.True(first.Length > 0);
    }

    private static int Kept(int p, int q, int outputs, int keep) =>
        ((p * outputs) + q) * 7 % keep == 0 ? 1 + (((p * outputs) + q) % 1000) : 0;
}
