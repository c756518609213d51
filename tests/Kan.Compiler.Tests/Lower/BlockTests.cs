using System.Collections.Generic;
using System.Linq;
using Kan.Compiler.Lower;
using Kan.Compiler.Tests.Support;
using Kan.Testing;
using Xunit;

namespace Kan.Compiler.Tests.Lower;

/// <summary>The blocks of a kernel against the weights that they are to read, each once and at its place in the table.</summary>
public sealed class BlockTests
{
    [Theory]
    [InlineData(7, 3)]
    [InlineData(20, 16)]
    [InlineData(10, 40)]
    [InlineData(9, 48)]
    [InlineData(6, 80)]
    [InlineData(5, 256)]
    [InlineData(3, 330)]
    [InlineData(2, 672)]
    public void A_kernel_reads_each_weight_where_it_is(int inputs, int outputs)
    {
        foreach (var precision in new[] { Precision.Single, Precision.Double })
        {
            var layer = Plans.Dense(inputs, outputs, precision);
            var tiles = layer.Kernel!.Tiles;
            foreach (var kernel in new[] { tiles.Wide, tiles.Narrow, tiles.WideBatch!, tiles.NarrowBatch! })
            {
                int next = 0;
                foreach (var block in kernel.Blocks)
                {
                    Assert.Equal(next, block.First);
                    Assert.InRange(block.Panels, 1, kernel.Tile.Panels);
                    Assert.Equal(block.Panels, block.Streams.Sum(static stream => stream.Panels));
                    Read(layer, block);
                    next += block.Panels;
                }

                Assert.Equal(layer.OutputPanels, next);
                Assert.Equal(Places(kernel.Blocks.Select(static block => new BlockRun(block, 1, 0))), Places(kernel.Runs));
                Assert.All(kernel.Blocks, block => Loop(block.Loop, layer));
            }
        }
    }

    /// <summary>Five equal blocks are a loop, four are calls.</summary>
    [Theory]
    [InlineData(512, "1 1 1 1", "8")]
    [InlineData(640, "5", "10")]
    [InlineData(672, "5 1", "10 1")]
    [InlineData(256, "1 1", "1 1 1 1")]
    [InlineData(320, "1 1 1", "5")]
    public void Blocks_of_one_sample_are_a_loop_where_they_are_many(int outputs, string wide, string narrow)
    {
        var tiles = Plans.Dense(8, outputs).Kernel!.Tiles;
        Assert.Equal(wide, string.Join(' ', tiles.Wide.Runs.Select(static run => run.Count)));
        Assert.Equal(narrow, string.Join(' ', tiles.Narrow.Runs.Select(static run => run.Count)));

        // Eight panels of sixteen numbers for each of eight inputs.
        Assert.All(tiles.Wide.Runs, static run => Assert.Equal(run.Count > 1 ? 8 * 16 * 8 : 0, run.Step));
    }

    /// <summary>
    /// Several samples loop over every run of equal blocks: within a group panels stand 16 apart, and groups are streams.
    /// </summary>
    [Theory]
    [InlineData(256, "4:512", "4:16 4:16 4:16 4:16")]
    [InlineData(80, "1:0 1:0", "3:16 2:16")]
    [InlineData(16, "1:0", "1:0")]
    public void Blocks_of_several_samples_are_loops(int outputs, string wide, string narrow)
    {
        var tiles = Plans.Dense(8, outputs).Kernel!.Tiles;
        Assert.Equal(wide, string.Join(' ', tiles.WideBatch!.Runs.Select(static run => $"{run.Count}:{run.Step}")));
        Assert.Equal(narrow, string.Join(' ', tiles.NarrowBatch!.Runs.Select(static run => $"{run.Count}:{run.Step}")));
    }

    /// <summary>Sixteen multiply-adds a round where that leaves five rounds, else half as many inputs.</summary>
    [Theory]
    [InlineData(100, 16, 16, 6)]
    [InlineData(80, 16, 16, 5)]
    [InlineData(79, 16, 8, 9)]
    [InlineData(60, 16, 8, 7)]
    [InlineData(40, 16, 8, 5)]
    [InlineData(39, 16, 4, 9)]
    [InlineData(10, 16, 4, 2)]
    [InlineData(8, 16, 4, 2)]
    [InlineData(7, 16, 4, 0)]
    [InlineData(3, 16, 2, 0)]
    [InlineData(100, 128, 2, 50)]
    [InlineData(100, 64, 4, 25)]
    public void Inputs_are_unrolled_as_far_as_rounds_are_left(int inputs, int outputs, int ofRound, int rounds) =>
        Assert.Equal(new InputLoop(ofRound, rounds), Plans.Dense(inputs, outputs).Kernel!.Tiles.Wide.Blocks[0].Loop);

    [Theory]
    [InlineData(LayerLowering.Rows, 200, "0:0 7:224", 0)]
    [InlineData(LayerLowering.Clamp, 40, "0:0 1:16 2:32", 336)]
    public void Rows_and_units_are_cut_into_even_blocks(LayerLowering lowering, int outputs, string places, int stride)
    {
        var layer = Plans.One(Plans.Edges(5, outputs, 2), lowering: lowering == LayerLowering.Rows ? Lowering.Rows : Lowering.Clamp);
        Assert.Equal(lowering, layer.Form.Lowering);
        var kernel = lowering == LayerLowering.Rows ? layer.Kernel!.Tiles.Wide : TiledKernel.Of(layer, new Tile(1, 1, 1), isWide: false);
        Assert.Equal(places, string.Join(' ', kernel.Blocks.Select(static block => $"{block.First}:{block.Weights}")));
        Assert.All(kernel.Blocks, block =>
            Assert.Equal([new WeightStream(block.Panels, block.Panels, stride, 0)], block.Streams));
        Assert.All(kernel.Blocks, block => Assert.Equal(new InputLoop(layer.PartialSums, 5 / layer.PartialSums), block.Loop));
        Assert.Null(layer.Kernel!.Tiles.WideBatch);
        Assert.Null(layer.Kernel.Tiles.NarrowBatch);
    }

    private static void Read(LayerPlan layer, Block block)
    {
        int panel = block.First;
        foreach (var stream in block.Streams)
        {
            for (int k = 0; k < stream.Panels; k++, panel++)
            {
                for (int p = 0; p < layer.Form.InputCount; p++)
                {
                    for (int lane = 0; lane < layer.Lanes; lane++)
                    {
                        int q = (panel * layer.Lanes) + lane,
                            at = layer.Layout.Body + block.Weights + stream.Start + (p * stream.Stride) + (k * layer.Lanes) + lane;
                        double expected = q < layer.Form.OutputCount ? Plans.Weight(p, q) : 0;
                        Require.That(layer.Table[at] == expected, $"The weight ({p}, {q}) is {layer.Table[at]}, not {expected}.");
                    }
                }
            }
        }
    }

    private static void Loop(InputLoop loop, LayerPlan layer)
    {
        int n = layer.Form.InputCount;
        Assert.Equal(0, loop.Inputs % layer.PartialSums);
        Assert.NotEqual(1, loop.Rounds);
        if (loop.Rounds > 0) Assert.InRange(n - (loop.Inputs * loop.Rounds), 0, loop.Inputs - 1);
        else Assert.True(n < 2 * loop.Inputs);
    }

    private static List<(int Panels, int Weights)> Places(IEnumerable<BlockRun> runs) =>
        [.. runs.SelectMany(static run => Enumerable.Range(0, run.Count)
            .Select(i => (run.First.Panels, run.First.Weights + (i * run.Step))))];
}
