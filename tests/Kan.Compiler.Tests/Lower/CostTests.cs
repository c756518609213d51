using System;
using System.Linq;
using Kan.Compiler.Lower;
using Kan.Compiler.Tests.Support;
using Xunit;

namespace Kan.Compiler.Tests.Lower;

/// <summary>Predictions, computed by hand from the coefficients in docs/performance-model.md.</summary>
public sealed class CostTests
{
    /// <summary>
    /// 45 for the layer; 1.1 a panel in the first level of the cache, 2.05 in the second from 28 KiB on, 3.5 beyond 900 KiB; but at least 4
    /// n / S for the chain of additions.
    /// </summary>
    [Theory]
    [InlineData(100, 16, 45 + (100 * 1.1))]
    [InlineData(100, 64, 45 + (400 * 1.1))]
    [InlineData(100, 65, 45 + (500 * 2.05))]
    [InlineData(112, 64, 45 + (448 * 1.1))]
    [InlineData(113, 64, 45 + (452 * 2.05))]
    [InlineData(450, 512, 45 + (14400 * 2.05))]
    [InlineData(451, 512, 45 + (14432 * 3.5))]
    [InlineData(1, 1, 45 + 4.0)]
    [InlineData(3, 1, 45 + 6.0)]
    public void All_weights_cost_what_their_panels_do(int inputs, int outputs, double cycles) =>
        Assert.Equal(cycles, CostModel.Single(Plans.Dense(inputs, outputs)), 1e-9 * cycles);

    [Fact]
    public void A_prediction_is_in_nanoseconds_at_3_5_cycles()
    {
        var layer = Plans.Dense(100, 16);
        Assert.Equal(155 / 3.5, layer.PredictedNanoseconds, 1e-9);

        // A tile: 20 and 1.05 a panel.
        Assert.Equal((20 + (100 * 1.05)) / 3.5, layer.PredictedBatchNanoseconds, 1e-9);
        Assert.Equal(20 + (400 * 1.05), CostModel.Batch(Plans.Dense(100, 64)), 1e-9);
    }

    [Fact]
    public void A_panel_of_doubles_is_eight() =>
        Assert.Equal(45 + (100 * 2 * 1.1), CostModel.Single(Plans.Dense(100, 16, Precision.Double)), 1e-9);

    /// <summary>Rows: 2.5 a knot or 15 on a uniform grid, for each panel of inputs; then 2.2 or 2.1 fetches a panel of a row.</summary>
    [Theory]
    [InlineData(3, 5, 3, 45 + (3 * 2.5) + (3 * 2.2))]
    [InlineData(17, 20, 3, 45 + (2 * 3 * 2.5) + (17 * 2 * 2.2))]
    [InlineData(3, 5, 7, 45 + 15 + (3 * 2.2))]
    [InlineData(60, 64, 4, 45 + (4 * 4 * 2.5) + (60 * 4 * 2.1 * 2.05))]
    public void Rows_cost_a_search_and_a_row_for_each_input(int inputs, int outputs, int bends, double cycles) =>
        Assert.Equal(cycles, CostModel.Single(Plans.One(Plans.Edges(inputs, outputs, bends), lowering: Lowering.Rows)), 1e-9 * cycles);

    /// <summary>
    /// Units: 2.6 each for a panel. Four units, two of three numbers and two of two, and a panel of biases: the table has 31 panels for
    /// three
    /// inputs.
    /// </summary>
    [Fact]
    public void Units_cost_what_they_compute_or_what_they_read()
    {
        Assert.Equal(45 + (3 * 4 * 2.6), CostModel.Single(Plans.One(Plans.Edges(3, 5, 3), lowering: Lowering.Clamp)), 1e-9);
        Assert.Equal(3 * 5 * 4 * 2.6, CostModel.Units(3, 5, 4, 0), 1e-9);
        Assert.Equal(1000 * 2.05, CostModel.Units(3, 5, 4, 64000), 1e-9);
        Assert.Equal(100_000 * 3.5, CostModel.Units(3, 5, 4, 6_400_000), 1e-9);
        Assert.Equal(448, CostModel.Units(3, 5, 1, 28 * 1024), 1e-9);
    }

    [Fact]
    public void An_activation_costs_by_its_knots()
    {
        // A ReLU: 1.5 a panel. Three knots: 4 and 1.5 * 2.5 a knot. A shared curve: 4 a number.
        Assert.Equal(45 + (2 * 1.5), CostModel.Single(Plans.One(Plans.Relu(20))), 1e-9);
        Assert.Equal(45 + (2 * (4 + (3 * 1.5 * 2.5))), CostModel.Single(Plans.One(KanLayer.Activation(20, Plans.Curve(3)))), 1e-9);
        Assert.Equal(45 + (20 * 4.0), CostModel.Single(Plans.One(KanLayer.Activation(20, Plans.Curve(40)))), 1e-9);

        // Before weights it comes on top: 20 inputs, one panel.
        var factored = Plans.One(ReluThen(20, 5));
        Assert.Equal(LayerLowering.Factored, factored.Form.Lowering);
        Assert.Equal(45 + (20 * 1.1) + (2 * 1.5), CostModel.Single(factored), 1e-9);
        Assert.Equal(20 + (2 * 1.5) + (20 * 1.05), CostModel.Batch(factored), 1e-9);
    }

    [Fact]
    public void What_is_no_product_with_weights_costs_the_same_in_a_batch()
    {
        foreach (var layer in new[] { Plans.One(Plans.Relu(20)), Plans.One(Plans.Edges(3, 5, 3), lowering: Lowering.Rows) })
            Assert.Equal(CostModel.Single(layer), CostModel.Batch(layer));
    }

    /// <summary>
    /// Lists: 1.9 a panel or 1.4 half a panel, or the fetch and 0.3; and 30 with 1 for each panel of inputs that NaN is looked for in.
    /// </summary>
    [Fact]
    public void Lists_cost_more_for_each_part()
    {
        Assert.Equal(190, CostModel.Listed(100, 1), 1e-9);
        Assert.Equal(140, CostModel.Listed(100, 2), 1e-9);
        Assert.Equal(448 * 1.9, CostModel.Listed(448, 1), 1e-9);
        Assert.Equal(449 * 2.35, CostModel.Listed(449, 1), 1e-9);
        Assert.Equal(896 * 1.4, CostModel.Listed(896, 2), 1e-9);
        Assert.Equal(897 * 1.4, CostModel.Listed(897, 2), 1e-9);
        Assert.Equal(20000 * 3.8, CostModel.Listed(20000, 1), 1e-9);
        Assert.Equal(20000 * 1.4, CostModel.Listed(20000, 2), 1e-9);
        Assert.Equal(40000 * 2.05, CostModel.Listed(40000, 2), 1e-9);
        Assert.Equal(37, CostModel.NaNSearch(7));

        var layer = Plans.One(Plans.Affine(200, 16, static (p, q) => p % 5 == 0 ? 1 : 0));
        Assert.NotNull(layer.Sparse);
        Assert.Null(layer.Windows);
        Assert.Equal(45 + (40 * 1.9) + 30 + 13, CostModel.Single(layer), 1e-9);

        // A batch takes the cheaper: these lists, not a tile of 20 + 200 * 1.05.
        Assert.Equal(CostModel.Single(layer), CostModel.Batch(layer));
        Assert.Null(layer.Kernel!.Tiles.WideBatch);

        // Eight panels in two blocks of one pass each: the parts of both count.
        var blocks = Plans.One(Plans.Affine(400, 128, static (p, q) => q / 16 == p % 8 ? 1 : 0));
        blocks = blocks with { Kernel = new AffineKernelPlan(blocks.Sparse) };
        Assert.Equal(45 + (400 * 1.9) + 30 + 25, CostModel.Single(blocks), 1e-9);
    }

    /// <summary>Windows: 2.3 a step, or 1.25 fetches; 2.1 in a batch.</summary>
    [Fact]
    public void Windows_cost_by_their_steps()
    {
        var layer = Plans.Dense(64, 16);
        var windows = new SparseWindows(0, 4, [new WindowBlock(0, 1, 4, 5, 0, 0), new WindowBlock(1, 1, 4, 2, 0, 0)], true, true);

        // 7 rounds of 4 chains, 4 steps each: 112; four panels of inputs.
        Assert.Equal((112 * 2.3) + 34, CostModel.Windows(layer, windows), 1e-9);
        Assert.Equal(20 + (112 * 2.1) + 34, CostModel.WindowsOfBatch(layer, windows), 1e-9);
        var many = windows with { Blocks = [new WindowBlock(0, 1, 4, 23, 0, 0)] };

        // 368 steps of 80 bytes are beyond 28 KiB: 1.25 * 2.05.
        Assert.Equal((368 * 1.25 * 2.05) + 34, CostModel.Windows(layer, many), 1e-9);
        Assert.Equal(45 + CostModel.Windows(layer, windows), CostModel.Single(With(true, false)), 1e-9);
        Assert.Equal(45 + (64 * 1.1), CostModel.Single(With(false, true)), 1e-9);
        Assert.Equal(20 + (64 * 1.05), CostModel.Batch(With(false, true)), 1e-9);
        var few = windows with { Blocks = [new WindowBlock(0, 1, 4, 1, 0, 0)] };
        Assert.Equal(20 + (16 * 2.1) + 34, CostModel.WindowsOfBatch(layer, few), 1e-9);
        Assert.Equal(20 + (16 * 2.1) + 34,
            CostModel.Batch(Plans.Dense(640, 16) with { Kernel = new AffineKernelPlan(null) { Windows = few } }) - 36, 1e-9);

        // An activation before them comes on top.
        Assert.Equal(20 + (4 * 1.5) + (16 * 2.1) + 34, CostModel.WindowsOfBatch(Plans.One(ReluThen(64, 5)), few), 1e-9);

        LayerPlan With(bool single, bool batch) =>
            layer with { Kernel = new AffineKernelPlan(null) { Windows = windows with { ForSingle = single, ForBatch = batch } } };
    }

    /// <summary>
    /// Samples in lanes: 0.8 a number moved in or out; for each input its terms of 1.1 or 2.7 and its search, shared by 16 lanes; 60 a
    /// layer
    /// for 32 samples.
    /// </summary>
    [Fact]
    public void Samples_in_lanes_cost_by_numbers()
    {
        var affine = Plans.Dense(10, 3);
        Assert.Equal((0.8 * 13) + (10 * 3 * 1.1 / 16) + (60.0 / 32), CostModel.Lanes([affine], SampleVectors.Wide), 1e-9);
        Assert.Equal((0.8 * 13) + (10 * 3 * 1.1 / 16) + (60.0 / 16), CostModel.Lanes([affine], SampleVectors.Narrow), 1e-9);
        Assert.Equal((0.8 * 13) + (10 * 3 * 1.1 / 8) + (60.0 / 16),
            CostModel.Lanes([Plans.Dense(10, 3, Precision.Double)], SampleVectors.Wide), 1e-9);

        // Three knots are four segments: a search of two steps.
        var rows = Plans.One(Plans.Edges(10, 3, 3), lowering: Lowering.Rows);
        Assert.Equal((0.8 * 13) + (10 * ((3 * 2.7) + 8 + 10) / 16) + (60.0 / 32), CostModel.Lanes([rows], SampleVectors.Wide), 1e-9);
        var five = Plans.One(Plans.Edges(10, 3, 4), lowering: Lowering.Rows);
        Assert.Equal((0.8 * 13) + (10 * ((3 * 2.7) + 8 + 15) / 16) + (60.0 / 32), CostModel.Lanes([five], SampleVectors.Wide), 1e-9);
        var curve = Plans.One(KanLayer.Activation(3, Plans.Curve(3)));
        Assert.Equal((0.8 * 13) + (10 * 3 * 1.1 / 16) + (60.0 / 32) + (3 * 18.0 / 16) + (60.0 / 32),
            CostModel.Lanes([affine, curve], SampleVectors.Wide),
            1e-9);
        var relu = Plans.One(ReluThen(10, 3));
        Assert.Equal((0.8 * 13) + (10 * ((3 * 1.1) + 8) / 16) + (60.0 / 32), CostModel.Lanes([relu], SampleVectors.Wide), 1e-9);
    }

    [Fact]
    public void A_window_costs_at_each_place()
    {
        var geometry = new WindowGeometry { Channels = 2, Height = 5, Width = 4, KernelHeight = 3, KernelWidth = 2 };
        var plan = Plans.Document(Precision.Single, Lowering.Auto,
            [new ConvolutionDescription(geometry, 20, 1, [.. Enumerable.Range(1, 240).Select(static i => (Rational)i)], []),
                new MaximumDescription(new WindowGeometry { Channels = 20, Height = 3, Width = 3, KernelHeight = 2, KernelWidth = 3 })]);

        // 3 * 3 places; the table has two panels of biases and of each of 12 terms. The maximum looks at 6 taps of two panels at 2 places.
        Assert.Equal(45 + (9 * 1.1 * 26), CostModel.Single(plan.Layers[0]), 1e-9);
        Assert.Equal(45 + (2 * 6 * 2 * 4.0), CostModel.Single(plan.Layers[1]), 1e-9);
    }

    private static KanLayer ReluThen(int inputs, int outputs) => new(inputs, outputs,
        from p in Enumerable.Range(0, inputs)
        from q in Enumerable.Range(0, outputs)
        select new KanEdge(p, q, (Rational)(1 + p + q) * PiecewiseLinearFunction.Relu));
}
