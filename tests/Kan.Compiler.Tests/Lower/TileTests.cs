using System;
using System.Linq;
using Kan.Compiler.Lower;
using Kan.Compiler.Tests.Support;
using Xunit;

namespace Kan.Compiler.Tests.Lower;

/// <summary>
/// Tiles against the registers of a machine, counted by hand: 8 sums of one sample or 24 of several where a panel is one of 32 registers, 6
/// where it takes two of 16.
/// </summary>
public sealed class TileTests
{
    [Theory]
    [InlineData(16, "1 1 4", "1 1 4", "1 6 4", "1 3 2")]
    [InlineData(32, "2 1 4", "2 1 2", "2 3 4", "1 3 2")]
    [InlineData(48, "3 1 2", "3 1 2", "3 4 2", "1 3 2")]
    [InlineData(64, "4 1 2", "4 1 1", "4 3 2", "1 3 2")]
    [InlineData(80, "5 1 1", "3 1 1", "3 8 1", "1 6 1")]
    [InlineData(128, "8 1 1", "4 1 1", "4 6 1", "1 6 1")]
    [InlineData(256, "8 1 1", "4 1 1", "4 6 1", "1 6 1")]
    public void A_tile_of_weights_fills_the_registers(int outputs, string wide, string narrow, string wideBatch, string narrowBatch)
    {
        var tiles = Plans.Dense(50, outputs).Kernel!.Tiles;
        Assert.Equal(wide, Text(tiles.Wide.Tile));
        Assert.Equal(narrow, Text(tiles.Narrow.Tile));
        Assert.Equal(wideBatch, Text(tiles.WideBatch!.Tile));
        Assert.Equal(narrowBatch, Text(tiles.NarrowBatch!.Tile));
    }

    [Fact]
    public void Only_a_kernel_of_all_partial_sums_is_one_pass()
    {
        var tiles = Plans.Dense(50, 32).Kernel!.Tiles;
        Assert.True(tiles.Wide.IsOnePass);
        Assert.False(tiles.Narrow.IsOnePass);
        Assert.True(tiles.WideBatch!.IsOnePass);
        Assert.False(tiles.NarrowBatch!.IsOnePass);
    }

    [Theory]
    [InlineData(1, 1, 4, false)]
    [InlineData(1, 6, 1, true)]
    [InlineData(1, 3, 2, true)]
    [InlineData(1, 7, 1, false)]
    [InlineData(2, 3, 1, true)]
    [InlineData(4, 6, 1, false)]
    [InlineData(1, 6, 2, false)]
    public void Several_samples_in_six_sums_are_for_half_a_panel(int panels, int samples, int sums, bool expected) =>
        Assert.Equal(expected, new Tile(panels, samples, sums).IsNarrow);

    [Theory]
    [InlineData(13, 7, 5)]
    [InlineData(8, 8, 4)]
    [InlineData(9, 5, 5)]
    [InlineData(6, 6, 6)]
    public void Panels_of_rows_are_cut_evenly(int panels, int wide, int narrow)
    {
        var tiles = Plans.One(Plans.Edges(3, panels * 16, 2), lowering: Lowering.Rows).Kernel!.Tiles;
        Assert.Equal($"{wide} 1 1", Text(tiles.Wide.Tile));
        Assert.Equal($"{narrow} 1 1", Text(tiles.Narrow.Tile));
    }

    /// <summary>
    /// A unit of a clamped difference is 6 operations on a panel without bounds of the difference, a ray 4: 14 for one of each, and 140 of
    /// them are inlined, 70 where a panel is two registers.
    /// </summary>
    [Theory]
    [InlineData(Lowering.Clamp, 3, 1, 10, 5)]
    [InlineData(Lowering.Clamp, 3, 4, 2, 1)]
    [InlineData(Lowering.Clamp, 1, 1, 17, 8)]
    [InlineData(Lowering.Relu, 3, 1, 14, 7)]
    public void As_many_panels_of_units_as_the_JIT_inlines(Lowering lowering, int bends, int sums, int wide, int narrow)
    {
        var layer = Plans.One(Plans.Edges(sums, sums == 1 ? 200 : 16, bends), lowering: lowering);
        var units = Assert.IsType<UnitsKernelPlan>(layer.Kernel);
        Assert.Equal(default, units.Form.Ends with { High = false });
        int bounds = units.Form.Ends.High ? 1 : 0;
        Assert.Equal(sums, layer.PartialSums);

        // A ReLU scheme bounds what grows to the right, as several units do: 4 + 4, and 1 more for each bound.
        if (lowering == Lowering.Relu) (wide, narrow) = (140 / (8 + (2 * bounds)), 70 / (8 + (2 * bounds)));
        Assert.Equal(wide, units.MostPanels(layer, wide: true));
        Assert.Equal(narrow, units.MostPanels(layer, wide: false));
        var tile = layer.Kernel!.Tiles;
        int panels = layer.OutputPanels;
        if (sums > 1) return;
        Assert.Equal(ColumnGroups.Balanced(Math.Min(panels, wide), 8), tile.Wide.Tile.Panels);
        Assert.Equal(ColumnGroups.Balanced(Math.Min(panels, narrow), 2), tile.Narrow.Tile.Panels);
    }

    [Theory]
    [InlineData(Lowering.Clamp, 3, 16, "LowRay 1 0 32 False, Clamp 2 32 48 False, HighRay 1 128 32 False")]
    [InlineData(Lowering.Clamp, 5, 16, "LowRay 1 0 32 False, Clamp 4 32 48 False, HighRay 1 224 32 False")]
    [InlineData(Lowering.Clamp, 6, 16, "LowRay 1 0 32 False, Clamp 5 32 48 True, HighRay 1 272 32 False")]
    [InlineData(Lowering.Clamp, 3, 96, "LowRay 1 0 192 False, Clamp 2 192 288 True, HighRay 1 768 192 False")]
    [InlineData(Lowering.Relu, 4, 16, "LeftRelu 1 0 32 False, RightRelu 4 32 32 False")]
    [InlineData(Lowering.Relu, 5, 16, "LeftRelu 1 0 32 False, RightRelu 5 32 32 True")]
    public void Units_of_one_kind_are_written_out_or_looped_over(Lowering lowering, int bends, int outputs, string expected)
    {
        var layer = Plans.One(Plans.Edges(1, outputs, bends), lowering: lowering);
        var runs = ((UnitsKernelPlan)layer.Kernel!).Runs(layer, layer.OutputPanels * layer.PartialSums, wide: true);
        Assert.Equal(expected,
            string.Join(", ", runs.Select(static run => $"{run.Kind} {run.Count} {run.Start} {run.Length} {run.IsLoop}")));
    }

    /// <summary>Four units on five panels are 4 * 5 * 7 = 140 operations, which are written out; on six they are not.</summary>
    [Theory]
    [InlineData(5, false)]
    [InlineData(6, true)]
    public void Units_of_many_panels_are_looped_over(int panels, bool expected)
    {
        var layer = Plans.One(Plans.Edges(1, 96, 3), lowering: Lowering.Clamp);
        var runs = ((UnitsKernelPlan)layer.Kernel!).Runs(layer, panels, wide: true).ToArray();
        Assert.Equal([false, expected, false], runs.Select(static run => run.IsLoop));

        // Partial sums take as many: five kinds of four of them are 140, six are 168.
        for (int bends = 4; bends < 6; bends++)
        {
            layer = Plans.One(Plans.Edges(4, 16, bends), lowering: Lowering.Clamp);
            Assert.Equal(4, layer.PartialSums);
            Assert.Equal([false, bends == 5, false],
                ((UnitsKernelPlan)layer.Kernel!).Runs(layer, 4, wide: true).Select(static run => run.IsLoop));
        }
    }

    [Fact]
    public void A_plan_without_tiles_says_so() =>
        Assert.Equal("The tiles of this layer are not decided yet.",
            Assert.Throws<InvalidOperationException>(static () => new RowsKernelPlan([]).Tiles).Message);

    [Fact]
    public void Kernels_say_what_they_read()
    {
        KernelPlan affine = new AffineKernelPlan(null), rows = new RowsKernelPlan([]);
        var units = Plans.One(Plans.Edges(2, 2, 2), lowering: Lowering.Clamp).Kernel!;
        Assert.Equal((true, false), (affine.EndsWithZero, affine.ReadsSegments));
        Assert.Equal((false, true), (rows.EndsWithZero, rows.ReadsSegments));
        Assert.Equal((false, false), (units.EndsWithZero, units.ReadsSegments));
    }

    [Theory]
    [InlineData(4, 4)]
    [InlineData(5, 3)]
    [InlineData(8, 4)]
    [InlineData(9, 3)]
    [InlineData(42, 4)]
    public void Column_groups_are_even(int panels, int expected) => Assert.Equal(expected, ColumnGroups.Panels(panels));

    private static string Text(Tile tile) => $"{tile.Panels} {tile.Samples} {tile.SumsAtOnce}";
}
