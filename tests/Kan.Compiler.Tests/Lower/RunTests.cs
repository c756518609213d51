using System.Linq;
using Kan.Compiler.Lower;
using Kan.Compiler.Tests.Support;
using Xunit;

namespace Kan.Compiler.Tests.Lower;

/// <summary>What a network as a whole goes through: written out or by kernels, block sizes, memory, predictions.</summary>
public sealed class RunTests
{
    /// <summary>300 multiply-adds and 16 outputs are written out, more are not.</summary>
    [Theory]
    [InlineData(20, 15, true)]
    [InlineData(43, 7, false)]
    [InlineData(2, 16, true)]
    [InlineData(2, 17, false)]
    public void Small_networks_are_written_out(int inputs, int outputs, bool expected)
    {
        Assert.Equal(expected, RunPlan.Of([Plans.Dense(inputs, outputs)]).IsWrittenOut);
        if (inputs * outputs > 290) return;
        Assert.Equal(expected, RunPlan.Of(Plans.Of(Precision.Single, Lowering.Auto, Plans.Affine(inputs, outputs, Plans.Weight),
            Plans.Affine(outputs, 1, Plans.Weight))).IsWrittenOut);
    }

    [Fact]
    public void Terms_are_counted_for_each_form()
    {
        // Together 150 + 150 and one more node.
        Assert.True(SmallNetwork.Includes(Plans.Of(Precision.Single, Lowering.Auto, Plans.Affine(15, 10, Plans.Weight),
            Plans.Affine(10, 15, Plans.Weight))));
        Assert.False(SmallNetwork.Includes(Plans.Of(Precision.Single, Lowering.Auto, Plans.Affine(15, 10, Plans.Weight), Plans.Relu(10),
            Plans.Affine(10, 15, Plans.Weight))));
        Assert.True(SmallNetwork.Includes(Plans.Of(Precision.Single, Lowering.Auto, Plans.Affine(14, 10, Plans.Weight), Plans.Relu(10),
            Plans.Affine(10, 15, Plans.Weight))));

        // Ten inputs, six outputs and five units: 300. Each edge more is five.
        Assert.True(SmallNetwork.Includes(Plans.Of(Precision.Single, Lowering.Clamp, Plans.Edges(10, 6, 4))));
        Assert.False(SmallNetwork.Includes(Plans.Of(Precision.Single, Lowering.Clamp, Plans.Edges(10, 6, 5))));
        Assert.True(SmallNetwork.Includes(Plans.Of(Precision.Single, Lowering.Rows, Plans.Edges(10, 6, 5))));
    }

    [Theory]
    [InlineData(32, true)]
    [InlineData(33, false)]
    public void Code_compares_with_32_knots_of_an_input(int bends, bool expected)
    {
        Assert.Equal(expected, SmallNetwork.Includes([Plans.One(Plans.Edges(2, 3, bends), lowering: Lowering.Rows)]));
        Assert.Equal(expected, SmallNetwork.Includes([Plans.One(KanLayer.Activation(3, Plans.Curve(bends)))]));
        Assert.Equal(expected, SmallNetwork.Includes([Plans.One(CurveThen(bends))]));

        // The input of most knots decides; one with knots is enough to read the table.
        var mixed = Plans.One(new KanLayer(2, 1, [new KanEdge(0, 0, PiecewiseLinearFunction.Identity),
            new KanEdge(1, 0, Plans.Edge(bends, 0, 0))]), lowering: Lowering.Rows);
        Assert.Equal(expected, SmallNetwork.Includes([mixed]));
        Assert.True(SmallNetwork.ReadsTable([mixed]));
        Assert.True(SmallNetwork.Includes([Plans.One(Plans.Edges(2, 3, bends), lowering: Lowering.Clamp)]));
    }

    [Fact]
    public void Images_are_never_written_out()
    {
        var geometry = new WindowGeometry { Channels = 1, Height = 2, Width = 2, KernelHeight = 2, KernelWidth = 2 };
        var plan = Plans.Document(Precision.Single, Lowering.Auto, [new ConvolutionDescription(geometry, 1, 1, [1, 2, 3, 4], [])]);
        Assert.True(plan.HasImages);
        Assert.False(plan.Run.IsWrittenOut);
        Assert.Equal(192, plan.Run.BlockRows);

        // So is what stands behind them.
        plan = Plans.Document(Precision.Single, Lowering.Auto,
            [new ConvolutionDescription(geometry with { Width = 3 }, 1, 1, [1, 2, 3, 4], []),
            new AffineDescription(2, 1, [1, 2], [])]);
        Assert.True(plan.HasImages);
        Assert.False(plan.Run.IsWrittenOut);
        Assert.Equal(plan.Layers[0].Table.Length, plan.Layers[1].TableStart);
        Assert.Equal("the same weights at each place of an image", plan.Layers[0].Reason);
    }

    [Fact]
    public void Written_out_code_reads_the_table_for_segments_alone()
    {
        Assert.False(RunPlan.Of([Plans.Dense(3, 2)]).ReadsTable);
        Assert.False(RunPlan.Of([Plans.One(Plans.Relu(3))]).ReadsTable);
        Assert.True(RunPlan.Of([Plans.One(Plans.Edges(3, 2, 2), lowering: Lowering.Rows)]).ReadsTable);
        Assert.True(RunPlan.Of([Plans.One(KanLayer.Activation(3, Plans.Curve(2)))]).ReadsTable);
        Assert.False(RunPlan.Of([Plans.One(Plans.Edges(3, 2, 2), lowering: Lowering.Clamp)]).ReadsTable);
        var rows = Plans.One(Plans.Edges(3, 2, 2), lowering: Lowering.Rows);
        var flat = (RowsForm)FormBuilder.Build(Plans.Affine(3, 2, Plans.Weight), LayerLowering.Rows, Precision.Single,
            TestContext.Current.CancellationToken);
        Assert.False(SmallNetwork.ReadsTable([rows with { Form = flat }]));
    }

    [Theory]
    [InlineData(8, 1, true)]
    [InlineData(9, 1, false)]
    [InlineData(3, 2, false)]
    public void One_output_of_eight_inputs_takes_plain_numbers(int inputs, int outputs, bool expected) =>
        Assert.Equal(expected, RunPlan.Of([Plans.Dense(inputs, outputs)]).TakesNumbers);

    /// <summary>Samples whose values fill 128 KiB: a multiple of 24, from 24 to 192; 8 for images.</summary>
    [Theory]
    [InlineData(20, 4, Precision.Single, 192)]
    [InlineData(500, 4, Precision.Single, 48)]
    [InlineData(4, 500, Precision.Single, 48)]
    [InlineData(500, 4, Precision.Double, 24)]
    [InlineData(300, 4, Precision.Single, 96)]
    [InlineData(2000, 4, Precision.Single, 24)]
    public void A_block_of_samples_stays_in_the_cache(int inputs, int outputs, Precision precision, int rows) =>
        Assert.Equal(rows, RunPlan.Of([Plans.Dense(inputs, outputs, precision)]).BlockRows);

    [Fact]
    public void A_block_of_large_images_is_eight()
    {
        var geometry = new WindowGeometry { Channels = 1, Height = 80, Width = 80, KernelHeight = 2, KernelWidth = 2 };
        Assert.Equal(8, Plans.Document(Precision.Single, Lowering.Auto, [new ConvolutionDescription(geometry, 1, 1, [1, 2, 3, 4], [])])
            .Run.BlockRows);
    }

    [Fact]
    public void A_table_of_512_numbers_can_be_read()
    {
        // A panel of biases and one for each input.
        Assert.True(RunPlan.Of([Plans.Dense(31, 3)]).IsTableReadable);
        Assert.False(RunPlan.Of([Plans.Dense(32, 3)]).IsTableReadable);
        Assert.Equal(512, RunPlan.Of([Plans.Dense(31, 3)]).TableLength);
        Assert.Equal(64 + 48, RunPlan.Of(Plans.Of(Precision.Single, Lowering.Auto, Plans.Affine(3, 2, Plans.Weight),
            Plans.Affine(2, 1, Plans.Weight))).TableLength);
    }

    [Fact]
    public void A_network_says_what_it_is_made_of()
    {
        var plan = Plans.Document(Precision.Double, Lowering.Auto,
            [new AffineDescription(3, 2, [1, 2, 3, 4, 5, 6], []), new AffineDescription(2, 4, [1, 2, 3, 4, 5, 6, 7, 8], [])]);
        Assert.Equal((3, 4), (plan.InputCount, plan.OutputCount));
        Assert.Equal(plan.InputCount * plan.OutputCount, plan.JacobianLength);
        Assert.Equal((Precision.Double, Precision.Double), (plan.ComputedPrecision, plan.Form.Precision));
        Assert.Equal(plan.Layers.Select(static layer => layer.Form), plan.Form.Layers);
        Assert.True(plan.HasLocalMap);
        Assert.False(plan.HasImages);
        Assert.False(plan.DecidesInFloats);
        Assert.Equal(double.PositiveInfinity, plan.ErrorBound);
        Assert.Equal(plan.Layers.Sum(static layer => layer.PredictedNanoseconds), plan.PredictedNanoseconds);
        Assert.All(plan.Layers, layer => Assert.Equal(layer.Table.Length * 8, plan.BytesOf(layer)));
        Assert.All(plan.Layers, layer => Assert.Equal(layer.Form.InputCount * layer.Form.OutputCount, layer.EdgeCount));
    }

    [Fact]
    public void The_prediction_of_a_batch_is_that_of_how_it_runs()
    {
        var lanes = Plans.Document(Precision.Single, Lowering.Auto, [new AffineDescription(8, 3, [.. Enumerable.Range(1, 24)
            .Select(static i => (Rational)i)], [])]);
        Assert.True(lanes.SamplesInLanes);
        Assert.Equal(CostModel.Lanes(lanes.Layers, SampleVectors.Wide) / 3.5, lanes.PredictedBatchNanoseconds, 1e-9);
        var tiles = Plans.Document(Precision.Single, Lowering.Auto, [new AffineDescription(8, 130, [.. Enumerable.Range(1, 8 * 130)
            .Select(static i => (Rational)i)], [])]);
        Assert.False(tiles.SamplesInLanes);
        Assert.Equal(tiles.Layers[0].PredictedBatchNanoseconds, tiles.PredictedBatchNanoseconds);
    }

    [Fact]
    public void The_map_of_a_large_image_would_be_too_large()
    {
        Assert.False(Image(65, 65).HasLocalMap);
        Assert.True(Image(60, 60).HasLocalMap);
        static NetworkPlan Image(int height, int width) => Plans.Document(Precision.Single, Lowering.Auto,
            [new ConvolutionDescription(
                new WindowGeometry { Channels = 1, Height = height, Width = width, KernelHeight = 1, KernelWidth = 1 }, 1, 1, [2], [])]);
    }

    [Fact]
    public void Segments_of_edges_are_counted()
    {
        var layer = Plans.One(Plans.Edges(2, 3, 4), lowering: Lowering.Rows);
        Assert.Equal((6, 30), (layer.EdgeCount, layer.SegmentCount));
    }

    private static KanLayer CurveThen(int bends) => new(2, 3,
        from p in Enumerable.Range(0, 2)
        from q in Enumerable.Range(0, 3)
        select new KanEdge(p, q, (Rational)(1 << q) * Plans.Curve(bends)));
}
