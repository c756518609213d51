using System.Linq;
using Kan.Compiler.Lower;
using Kan.Compiler.Tests.Support;
using Xunit;

namespace Kan.Compiler.Tests.Lower;

/// <summary>What is done to inputs before they are summed, and where; where values are kept on the way.</summary>
public sealed class StageTests
{
    private static readonly FiniteEnds s_both = new(true, true), s_high = new(false, true);

    [Fact]
    public void Weights_without_a_zero_read_inputs_as_they_are()
    {
        var stage = Plans.Dense(3, 4).Stage;
        Assert.Same(InputStage.None, stage);
        Assert.Equal(new InputStage(StageStep.None, StagePlace.Nowhere, default, default), stage);
        Assert.False(stage.IsPass);
        Assert.False(stage.ReadsTable);
    }

    [Fact]
    public void A_zero_weight_bounds_infinities_where_they_are_stored()
    {
        static int Weight(int p, int q) => p == q ? 0 : 1;
        Assert.Equal(new InputStage(StageStep.Bounds, StagePlace.Pass, default, s_both), Plans.One(Plans.Affine(3, 4, Weight)).Stage);
        var layers = Plans.Of(Precision.Single, Lowering.Auto, Plans.Affine(2, 3, Plans.Weight), Plans.Affine(3, 4, Weight));
        Assert.Equal(new InputStage(StageStep.Bounds, StagePlace.LayerBefore, default, s_both), layers[1].Stage);
        Assert.Same(layers[1].Stage, layers[0].Stored);
        Assert.False(layers[0].KeepsSums);
        Assert.Null(layers[1].Stored);
    }

    [Fact]
    public void A_relu_is_done_by_a_layer_that_sums_before_it()
    {
        var factored = ReluThen(static (p, q) => p == q ? 0 : 1);
        Assert.Equal(new InputStage(StageStep.Relu, StagePlace.Pass, default, s_high), Plans.One(factored).Stage);
        var layers = Plans.Of(Precision.Single, Lowering.Auto, Plans.Affine(2, 3, Plans.Weight), factored);
        Assert.Equal(new InputStage(StageStep.Relu, StagePlace.LayerBefore, default, s_high), layers[1].Stage);
        Assert.True(layers[0].KeepsSums);

        // An elementwise layer sums nothing, and stores nothing for the next one.
        layers = Plans.Of(Precision.Single, Lowering.Auto, KanLayer.Activation(3, Plans.Curve(2)), factored);
        Assert.Equal(StagePlace.Pass, layers[1].Stage.Place);
        Assert.Null(layers[0].Stored);
        Assert.False(layers[0].KeepsSums);
    }

    [Fact]
    public void Functions_and_searches_are_passes_that_read_the_table()
    {
        var layers = Plans.Of(Precision.Single, Lowering.Auto, Plans.Affine(2, 3, Plans.Weight), CurveThen(3, 2),
            Plans.Edges(2, 2, 3), Plans.Edges(2, 2, 7), KanLayer.Activation(2, Plans.Curve(3)), Plans.Relu(2));
        StageStep[] steps =
        [
            StageStep.None, StageStep.Function, StageStep.Search, StageStep.UniformSearch, StageStep.Function, StageStep.Relu,
        ];
        Assert.Equal(steps, layers.Select(static layer => layer.Stage.Step));
        Assert.Equal([false, true, true, true, true, true], layers.Select(static layer => layer.Stage.IsPass));
        Assert.Equal([false, true, true, true, true, false], layers.Select(static layer => layer.Stage.ReadsTable));
        Assert.Equal([false, false, true, true, false, false], layers.Select(static layer => layer.ReadsSegments));
        Assert.All(layers, static layer => Assert.Null(layer.Stored));
    }

    [Fact]
    public void Differences_are_bounded_where_a_function_is_flat()
    {
        var flat = PiecewiseLinearFunction.FromSlopes([1, 2], [0, 1, 2], 0, 1);
        Assert.Equal(new FiniteEnds(true, false), Plans.One(KanLayer.Activation(2, flat)).Stage.Difference);
        Assert.Equal(new FiniteEnds(true, false), Plans.One(new KanLayer(1, 2, [
            new KanEdge(0, 0, flat), new KanEdge(0, 1, Plans.Edge(2, 0, 1))]), lowering: Lowering.Rows).Stage.Difference);
        Assert.Equal(default, Plans.One(KanLayer.Activation(2, flat)).Stage.Result);
        var factored = Plans.One(new KanLayer(1, 3, [new KanEdge(0, 0, flat), new KanEdge(0, 1, 2 * flat)])).Stage;
        Assert.Equal((new FiniteEnds(true, false), s_both), (factored.Difference, factored.Result));
    }

    [Fact]
    public void Units_have_no_stage() => Assert.Same(InputStage.None, Plans.One(Plans.Edges(2, 2, 3), lowering: Lowering.Clamp).Stage);

    [Fact]
    public void A_layer_over_an_image_is_a_stage_as_a_whole()
    {
        var geometry = new WindowGeometry { Channels = 1, Height = 3, Width = 3, KernelHeight = 2, KernelWidth = 2 };
        var plan = Plans.Document(Precision.Single, Lowering.Auto,
            [new ConvolutionDescription(geometry, 2, 1, [1, 2, 3, 4, 5, 6, 7, 8], []),
                new MaximumDescription(geometry with { Height = 2, Width = 2, Channels = 2, KernelHeight = 1 })]);
        Assert.Equal([new InputStage(StageStep.Convolution, StagePlace.Pass, default, default),
            new InputStage(StageStep.Maximum, StagePlace.Pass, default, default)], plan.Layers.Select(static layer => layer.Stage));
        Assert.Equal([true, false], plan.Layers.Select(static layer => layer.Stage.ReadsTable));
        Assert.Equal("the largest number under a window", plan.Layers[1].Reason);
    }

    /// <summary>Whole panels of 16, one behind the other: prepared inputs, segments, outputs.</summary>
    [Fact]
    public void Scratch_has_room_for_inputs_segments_and_outputs()
    {
        var layers = Plans.Of(Precision.Single, Lowering.Auto, Plans.Affine(20, 17, Plans.Weight), CurveThen(17, 3), Plans.Edges(3, 5, 3),
            Plans.Affine(5, 2, Plans.Weight));
        var scratch = new ScratchLayout(layers);

        // 0: outputs of 2 panels. 1: 2 panels prepared, 1 of outputs. 2: 1 prepared, 1 of segments, 1 of outputs. 3: 1.
        Assert.Equal(new LayerScratch(0, 0, 0), scratch[layers[0]]);
        Assert.Equal(new LayerScratch(32, 64, 64), scratch[layers[1]]);
        Assert.Equal(new LayerScratch(80, 96, 112), scratch[layers[2]]);
        Assert.Equal(new LayerScratch(128, 128, 128), scratch[layers[3]]);
        Assert.Equal(144, scratch.Length);
        Assert.True(scratch.IsOnStack);
    }

    [Fact]
    public void Scratch_keeps_the_sums_that_a_relu_is_made_of()
    {
        var layers = Plans.Of(Precision.Single, Lowering.Auto, Plans.Affine(2, 3, Plans.Weight), ReluThen(static (p, q) => 1 + p + q));
        var scratch = new ScratchLayout(layers);
        Assert.Equal(new LayerScratch(16, 32, 32), scratch[layers[1]]);
        Assert.Equal(48, scratch.Length);

        // An elementwise layer prepares nothing: its inputs become its outputs.
        layers = Plans.Of(Precision.Single, Lowering.Auto, Plans.Affine(2, 3, Plans.Weight), Plans.Relu(3));
        Assert.Equal(new LayerScratch(16, 16, 16), new ScratchLayout(layers)[layers[1]]);
    }

    /// <summary>Values of more than 64 KiB, with a panel more, do not live on the stack: 16,384 floats.</summary>
    [Theory]
    [InlineData(16368, true)]
    [InlineData(16369, false)]
    public void Values_of_more_than_64_kilobytes_are_not_on_the_stack(int outputs, bool expected) =>
        Assert.Equal(expected, new ScratchLayout([Plans.One(KanLayer.Activation(outputs, Plans.Curve(2)))]).IsOnStack);

    [Fact]
    public void What_leaves_out_zeros_has_a_panel_more()
    {
        var sparse = Plans.One(Plans.Affine(200, 60, static (p, q) => ((p * 60) + q) * 7 % 100 == 0 ? 1 : 0));
        Assert.NotNull(sparse.Sparse);
        Assert.Equal(208 + 64 + 16, new ScratchLayout([sparse]).Length);
        Assert.Equal(208, sparse.InputStride);
        Assert.Equal(20, Plans.Dense(20, 3).InputStride);
        var second = Plans.Of(Precision.Single, Lowering.Auto, Plans.Affine(2, 3, Plans.Weight), Plans.Affine(3, 1, Plans.Weight))[1];
        Assert.Equal(16, second.InputStride);
    }

    private static KanLayer ReluThen(System.Func<int, int, int> weight) => new(3, 4,
        from p in Enumerable.Range(0, 3)
        from q in Enumerable.Range(0, 4)
        where weight(p, q) != 0
        select new KanEdge(p, q, (Rational)weight(p, q) * PiecewiseLinearFunction.Relu));

    private static KanLayer CurveThen(int inputs, int outputs) => new(inputs, outputs,
        from p in Enumerable.Range(0, inputs)
        from q in Enumerable.Range(0, outputs)
        select new KanEdge(p, q, (Rational)(1 << q) * Plans.Curve(3)));
}
