using System;
using System.Collections.Immutable;
using System.Linq;
using Kan.Compiler;
using Kan.Compiler.Lower;
using Xunit;

namespace Kan.Generators.Tests.Shape;

/// <summary>What the cost model decides and predicts.</summary>
[Trait("Speed", "Slow")]
public sealed class CostModelTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(0.5, false)]
    [InlineData(0.99, true)]
    public void Lists_are_used_where_few_panels_of_weights_are_left(double zeros, bool expected)
    {
        var random = new Random(1);
        var layer = Assert.Single(Plan(400, 128, (_, _) => random.NextDouble() >= zeros).Layers);
        Assert.Equal(expected, layer.Sparse is not null);
    }

    [Fact]
    public void Zeros_that_stand_together_are_left_out()
    {
        // The weights of each input reach one panel of sixteen outputs out of eight.
        var block = Assert.Single(Plan(400, 128, static (output, input) => output / 16 == input % 8).Layers);
        var dense = Assert.Single(Plan(400, 128, static (_, _) => true).Layers);
        Assert.NotNull(block.Sparse);
        Assert.Equal(400, block.Sparse.Passes.Sum(static pass => pass.Rounds * pass.Chains));
        Assert.True(block.PredictedNanoseconds < dense.PredictedNanoseconds / 2);
    }

    [Fact]
    public void Predictions_grow_with_the_work()
    {
        double[] single = [.. Enumerable.Range(1, 8).Select(static n => Plan(50 * n, 128, static (_, _) => true).PredictedNanoseconds)];
        Assert.Equal(single.Order(), single);
        var plan = Plan(400, 128, static (_, _) => true);
        Assert.True(plan.PredictedBatchNanoseconds < plan.PredictedNanoseconds);
        Assert.Equal(plan.Layers.Sum(static layer => layer.PredictedNanoseconds), plan.PredictedNanoseconds);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 0.8)]
    [InlineData(0.9, 0.4)]
    [InlineData(0.99, 0.2)]
    public void Zeros_at_random_places_cost_less_the_more_they_are(double zeros, double most)
    {
        var random = new Random(1);
        double dense = Plan(400, 128, static (_, _) => true).PredictedNanoseconds;
        Assert.InRange(Plan(400, 128, (_, _) => random.NextDouble() >= zeros).PredictedNanoseconds / dense, 0, most);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(784, 32)]
    [InlineData(64, 200)]
    public void Batches_of_rows_put_samples_in_lanes(int inputs, int outputs)
    {
        Assert.True(Edges(inputs, outputs, 4).SamplesInLanes);
        Assert.False(Edges(inputs, outputs, 40).SamplesInLanes, "Two vectors hold 32 floats.");
    }

    [Theory]
    [InlineData(8, 3, true)]
    [InlineData(256, 128, false)]
    public void Batches_of_affine_layers_put_samples_in_lanes_where_outputs_would_leave_them_empty(int inputs, int outputs,
        bool expected) =>
        Assert.Equal(expected, Plan(inputs, outputs, static (_, _) => true).SamplesInLanes);

    private static NetworkPlan Edges(int inputs, int outputs, int segments)
    {
        ImmutableArray<Rational> knots = [.. Enumerable.Range(0, segments + 1).Select(static i => (Rational)i)];
        var values = Enumerable.Range(0, inputs * outputs * knots.Length).Select(static i => Rational.Create(i * i % 13, 4));
        var document = new KanDocument
        {
            Name = "rows",
            Layers =
            ImmutableArray.Create<LayerDescription>(new GridDescription(outputs, [.. Enumerable.Repeat(knots, inputs)], [.. values], []))
        };
        return NetworkCompiler.Plan(document, Precision.Single, Lowering.Rows, TestContext.Current.CancellationToken);
    }

    private static NetworkPlan Plan(int inputs, int outputs, Func<int, int, bool> isPresent)
    {
        var weights = Enumerable.Range(0, inputs * outputs)
            .Select(i => isPresent(i / inputs, i % inputs) ? Rational.Create(1 + (i % 7), 3) : Rational.Zero);
        var document = new KanDocument
        {
            Name = "layer",
            Layers = ImmutableArray.Create<LayerDescription>(new AffineDescription(inputs, outputs, [.. weights], []))
        };
        return NetworkCompiler.Plan(document, Precision.Single, Lowering.Auto, TestContext.Current.CancellationToken);
    }
}
