using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Experiments.Edges;
using Xunit;

namespace Kan.Experiments.Tests;

/// <summary>What is left of a network when weak edges go.</summary>
public sealed class EdgeStrengthTests
{
    private static readonly double[][] s_samples =
        [.. Enumerable.Range(0, 40).Select(static i => (double[])[(i % 7) - 3, (i % 5) * 0.5, 1])];

    // |x|, three times x, and an edge of an input that never changes.
    private static readonly KanLayer s_layer =
        new(3, 1, [new(0, 0, PiecewiseLinearFunction.Identity.Abs()), new(1, 0, PiecewiseLinearFunction.Linear(3, 0)),
        new(2, 0, PiecewiseLinearFunction.Linear(100, 0))], [2]);

    [Fact]
    public void All_edges_are_the_network_itself()
    {
        var network = new KanNetwork([s_layer, KanLayer.Activation(1, PiecewiseLinearFunction.Relu)]);
        Assert.True(Equivalence.Decide(network, new EdgeStrengths(network, s_samples).Strongest(1),
            options: new EquivalenceOptions { TimeLimit = System.Threading.Timeout.InfiniteTimeSpan },
            cancellation: TestContext.Current.CancellationToken).IsProved);
    }

    [Theory]
    [InlineData(0.6, new[] { 0, 1 })]
    [InlineData(0.3, new[] { 1 })]
    public void The_weakest_edges_give_way_to_their_means(double part, int[] inputs)
    {
        var network = new KanNetwork([s_layer]);
        var strengths = new EdgeStrengths(network, s_samples);
        var kept = strengths.Strongest(part);
        Assert.Equal(inputs, kept.Layers[0].Edges.Select(static edge => edge.Input));
        Assert.Equal(Mean(network), Mean(kept), 1e-4);
        Assert.Equal(1, strengths.BendingCount(0));

        static double Mean(KanNetwork network) => s_samples.Average(sample => network.Evaluate((IReadOnlyList<double>)sample)[0]);
    }
}
