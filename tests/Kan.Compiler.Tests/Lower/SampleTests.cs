using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Compiler.Lower;
using Kan.Compiler.Tests.Support;
using Xunit;

namespace Kan.Compiler.Tests.Lower;

/// <summary>Batches with a sample in each lane: where values and functions are, and which calls compute the outputs.</summary>
public sealed class SampleTests
{
    /// <summary>
    /// Two layers of rows with three knots, so four segments: a function is four values and four slopes, 32 samples are a block.
    /// </summary>
    [Fact]
    public void Two_layers_of_rows_are_laid_out_one_behind_the_other()
    {
        var layers = Plans.Of(Precision.Single, Lowering.Rows, Plans.Edges(4, 3, 3), Plans.Edges(3, 2, 3));
        var plan = SamplePlan.TryCreate(layers, SampleVectors.Wide);
        Assert.NotNull(plan);
        var (first, second) = (plan.Layers[0], plan.Layers[1]);

        // 4 inputs of a panel of points, then 12 functions of 8 numbers and a panel that the last one is loaded past.
        Assert.Equal(new LookupLayout(4, 1, 3, 2, 1, 4, 0, 64, 64 + 96 + 16), first.Lookup);
        Assert.Equal(new LookupLayout(4, 1, 2, 2, 1, 4, 176, 176 + 48, 224 + 48 + 16), second.Lookup);
        Assert.Equal((0, 128, 256), (first.Inputs, first.Found, first.Outputs));
        Assert.Equal((256, 256 + 96, 352 + 96), (second.Inputs, second.Found, second.Outputs));
        Assert.Equal((288, 512, 448), (plan.TableLength, plan.ScratchLength, plan.Outputs));

        // Two outputs of a call with four partial sums: 16 sums for two panels of samples. The third output is a call by itself.
        Assert.Equal([new SampleCall(new Tile(2, 2, 4), 0, 0, 1, 0, 64), new SampleCall(new Tile(1, 2, 4), 0, 2, 1, 64, 32)], first.Calls);
        Assert.Equal([new SampleCall(new Tile(2, 2, 2), 0, 0, 1, 0, 48)], second.Calls);
        Assert.Equal(new InputLoop(4, 0), first.Loop);
    }

    [Theory]
    [InlineData(3, 1, 1, 4, 0)]
    [InlineData(4, 1, 1, 8, 0)]
    [InlineData(7, 1, 1, 8, 0)]
    [InlineData(8, 1, 2, 16, 0)]
    [InlineData(15, 1, 2, 16, 0)]
    [InlineData(16, 2, 4, 32, 0)]
    [InlineData(31, 2, 4, 32, 100)]
    public void A_function_is_a_part_of_a_panel_or_several(int bends, int pointPanels, int panels, int slopes, int start)
    {
        var layer = Plans.One(Plans.Edges(5, 3, bends), lowering: Lowering.Rows);
        var lookup = LookupLayout.Create(layer, 16, start, 3, 8);
        Assert.Equal((bends + 1, pointPanels, panels, slopes), (lookup.Segments, lookup.PointPanels, lookup.Panels, lookup.Slopes));
        Assert.Equal(start + (5 * pointPanels * 16), lookup.Lines);
        Assert.Equal(2 * slopes, lookup.Stride);
        Assert.Equal(3, lookup.Block);
        int end = lookup.Lines + (15 * 2 * slopes) + 16;
        Assert.InRange(lookup.End, end, end + 15);
        Assert.Equal(0, lookup.End % 16);
    }

    [Theory]
    [InlineData(1, "")]
    [InlineData(2, "1")]
    [InlineData(3, "2 1")]
    [InlineData(4, "2 1")]
    [InlineData(5, "4 2 1")]
    [InlineData(32, "16 8 4 2 1")]
    public void A_search_halves_the_points_in_question(int segments, string steps) =>
        Assert.Equal(steps, string.Join(' ', new LookupLayout(segments, 1, 1, 1, 1, 4, 0, 0, 0).Steps));

    /// <summary>Outputs of weights are covered once, at the weights of each.</summary>
    [Theory]
    [InlineData(10, 3, 4)]
    [InlineData(10, 16, 4)]
    [InlineData(10, 25, 4)]
    [InlineData(6, 80, 1)]
    [InlineData(6, 90, 1)]
    public void Calls_cover_the_outputs_of_weights(int inputs, int outputs, int sums)
    {
        var layer = Plans.Dense(inputs, outputs);
        Assert.Equal(sums, layer.PartialSums);
        var layout = SampleLayout.Of(layer, SampleVectors.Wide, 0, 64);
        var covered = new List<int>();
        foreach (var call in layout.Calls)
        {
            Assert.Equal((2, sums), (call.Tile.Samples, call.Tile.SumsAtOnce));
            Assert.InRange(call.Tile.Panels * 2 * sums, 1, 16);
            for (int i = 0; i < call.Count; i++)
            {
                for (int k = 0; k < call.Tile.Panels; k++)
                {
                    int q = call.First + (i * call.Tile.Panels) + k;
                    covered.Add(q);
                    for (int p = 0; p < inputs; p++)
                        Assert.Equal(Plans.Weight(p, q),
                            layer.Table[layer.Layout.Body + call.Weights + (i * call.Step) + k + (p * call.Stride)]);
                }
            }
        }

        Assert.Equal(Enumerable.Range(0, outputs), covered);
        Assert.Null(layout.Lookup);
        Assert.Equal((64, 64 + (32 * inputs), 64 + (32 * inputs)), (layout.Inputs, layout.Found, layout.Outputs));
    }

    [Fact]
    public void A_layer_that_sums_nothing_stays_in_its_place()
    {
        var layer = Plans.One(KanLayer.Activation(3, Plans.Curve(3)));
        var layout = SampleLayout.Of(layer, SampleVectors.Wide, 32, 64);
        Assert.Empty(layout.Calls);
        Assert.Equal((64, 64), (layout.Inputs, layout.Outputs));
        Assert.Equal(1, layout.Lookup!.Functions);
        Assert.Equal(32, layout.Lookup.Points);
        Assert.Equal(4, SampleLayout.Segments(layer));
        Assert.Equal(1, SampleLayout.Segments(Plans.One(Plans.Relu(3))));
        Assert.Equal(32, SampleVectors.Wide.Samples(Precision.Single));
        Assert.Equal(16, SampleVectors.Wide.Samples(Precision.Double));
    }

    [Fact]
    public void Networks_of_both_kinds_of_layers_have_one_table()
    {
        var layers = Plans.Of(Precision.Single, Lowering.Auto, Plans.Edges(6, 4, 3), Plans.Affine(4, 3, Plans.Weight),
            KanLayer.Activation(3, Plans.Curve(2)));
        var plan = SamplePlan.TryCreate(layers, SampleVectors.Wide)!;
        Assert.Null(plan.Layers[1].Lookup);
        Assert.Equal(plan.Layers[0].Lookup!.End, plan.Layers[2].Lookup!.Points);
        Assert.Equal(plan.Layers[2].Lookup!.End, plan.TableLength);
        Assert.Equal(plan.Layers[0].Outputs, plan.Layers[1].Inputs);
        Assert.Equal(plan.Layers[1].Outputs, plan.Layers[2].Inputs);
        Assert.Equal((32 * 6 * 2) + (32 * 4) + (32 * 3) + (32 * 3), plan.ScratchLength);
    }

    /// <summary>At most 32 segments for float and 16 for double; lists, units and images have no such form.</summary>
    [Fact]
    public void Layers_that_lanes_cannot_compute_have_no_plan()
    {
        Assert.NotNull(Rows(31, Precision.Single));
        Assert.Null(Rows(32, Precision.Single));
        Assert.NotNull(Rows(15, Precision.Double));
        Assert.Null(Rows(16, Precision.Double));
        Assert.Null(Wide(Plans.Of(Precision.Single, Lowering.Clamp, Plans.Edges(20, 3, 3))));

        // Wide layers of weights fill the lanes with outputs already.
        Assert.Null(Wide([Plans.Dense(256, 128)]));
        Assert.NotNull(Wide([Plans.Dense(8, 3)]));
        var lists = Plans.One(Plans.Affine(200, 3, static (p, q) => p < 20 ? 1 : 0));
        Assert.NotNull(lists.Sparse);
        Assert.Null(Wide([lists]));
        Assert.NotNull(Wide(Plans.Of(Precision.Single, Lowering.Rows, Plans.Edges(20, 200, 3),
            Plans.Affine(200, 3, Plans.Weight))));
        Assert.Null(Wide(Plans.Of(Precision.Single, Lowering.Rows, Plans.Edges(20, 200, 3),
            Plans.Affine(200, 3, static (p, q) => p < 20 ? 1 : 0))));
        var windows = new SparseWindows(0, 4, [], true, true);
        Assert.Null(Wide([Plans.Dense(8, 3) with { Kernel = new AffineKernelPlan(null) { Windows = windows } }]));

        static SamplePlan? Rows(int bends, Precision precision) =>
            Wide(Plans.Of(precision, Lowering.Rows, Plans.Edges(20, 3, bends)));

        static SamplePlan? Wide(IReadOnlyList<LayerPlan> layers) => SamplePlan.TryCreate(layers, SampleVectors.Wide);
    }

    /// <summary>A vector of 256 bits holds eight segments, and AVX2 picks no doubles.</summary>
    [Fact]
    public void Narrow_vectors_hold_functions_of_few_segments()
    {
        Assert.NotNull(Rows(7, Precision.Single));
        Assert.Null(Rows(8, Precision.Single));
        Assert.Null(Rows(3, Precision.Double));
        Assert.Equal((16, 8), (SampleVectors.Narrow.Samples(Precision.Single), SampleVectors.Narrow.Lanes(Precision.Single)));

        static SamplePlan? Rows(int bends, Precision precision) =>
            SamplePlan.TryCreate(Plans.Of(precision, Lowering.Rows, Plans.Edges(20, 3, bends)), SampleVectors.Narrow);
    }

    /// <summary>Eight sums: two outputs of two vectors of samples, two of the four partial sums in each pass.</summary>
    [Fact]
    public void Narrow_vectors_take_two_partial_sums_at_once()
    {
        var layer = Plans.One(Plans.Edges(5, 3, 7), lowering: Lowering.Rows);
        Assert.Equal(4, layer.PartialSums);
        var layout = SampleLayout.Of(layer, SampleVectors.Narrow, 0, 0);
        Assert.Equal([new SampleCall(new Tile(2, 2, 2), 0, 0, 1, 0, 160), new SampleCall(new Tile(1, 2, 2), 0, 2, 1, 160, 80)],
            layout.Calls);

        // Five inputs of eight points; then 15 functions of eight values and eight slopes, and a vector that the last is loaded past.
        Assert.Equal((1, 2, 8, 40), (layout.Lookup!.PointPanels, layout.Lookup.Panels, layout.Lookup.Slopes, layout.Lookup.Lines));
        Assert.Equal(40 + (15 * 16) + 8, layout.Lookup.End);
        Assert.Equal((0, 80, 160), (layout.Inputs, layout.Found, layout.Outputs));
    }

    [Fact]
    public void Plans_are_in_the_order_in_which_machines_are_asked()
    {
        var few = SamplePlan.All(Plans.Of(Precision.Single, Lowering.Rows, Plans.Edges(20, 3, 7)));
        Assert.Equal([SampleVectors.Wide, SampleVectors.Narrow], few.Select(static plan => plan.Vectors));
        Assert.Equal([SampleVectors.Wide],
            SamplePlan.All(Plans.Of(Precision.Single, Lowering.Rows, Plans.Edges(20, 3, 8))).Select(static plan => plan.Vectors));
        Assert.Empty(SamplePlan.All([Plans.Dense(256, 128)]));
    }
}
