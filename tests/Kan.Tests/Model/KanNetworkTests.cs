using System;
using System.Linq;
using CsCheck;
using Kan.Tests.Support;
using Xunit;

namespace Kan.Tests.Model;

public sealed class KanNetworkTests
{
    [Fact]
    public void A_layer_sums_its_edges_and_its_bias() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 4]).SelectMany(Generators.Layer).Sample(static layer =>
        {
            foreach (var point in Points.For(layer).Take(12))
            {
                var outputs = layer.Evaluate(point);
                for (int q = 0; q < layer.OutputCount; q++)
                {
                    var expected = layer.Edges.Where(edge => edge.Output == q)
                        .Aggregate(layer.Biases[q], (sum, edge) => sum + edge.Function.Evaluate(point[edge.Input]));
                    Assert.Equal(expected, outputs[q]);
                }
            }
        });

    [Fact]
    public void A_network_gives_the_nearest_doubles() => Generators.Network.Sample(static network =>
    {
        double[] inputs = [.. Enumerable.Range(1, network.InputCount).Select(static i => i / 3.0)];
        var exact = network.Evaluate([.. inputs.Select(Rational.FromDouble)]);
        Assert.Equal(exact.Select(static value => value.ToDouble()), network.Evaluate(inputs));
        Assert.Equal(network.Layers.Length + 1, network.Widths.Length);
    });

    [Fact]
    public void Edges_are_ordered_and_zero_edges_dropped()
    {
        var layer = new KanLayer(2, 2, [
            new KanEdge(1, 0, PiecewiseLinearFunction.Relu),
            new KanEdge(0, 1, PiecewiseLinearFunction.Zero),
            new KanEdge(0, 0, PiecewiseLinearFunction.Identity)]);
        Assert.Equal([(0, 0), (1, 0)], layer.Edges.Select(static edge => (edge.Input, edge.Output)));
        Assert.Equal([Rational.Zero, Rational.Zero], layer.Biases);
        Assert.False(layer.IsAffine);
        Assert.False(layer.IsDiagonal);
        Assert.True(KanLayer.Activation(3, PiecewiseLinearFunction.Relu).IsDiagonal);
    }

    [Fact]
    public void Layers_that_do_not_fit_are_refused()
    {
        var edge = new KanEdge(0, 0, PiecewiseLinearFunction.Identity);
        Assert.Throws<ArgumentException>(() => new KanLayer(1, 1, [edge, edge]));
        Assert.Throws<ArgumentException>(() => new KanLayer(1, 1, [edge with { Output = 1 }]));
        Assert.Throws<ArgumentException>(() => new KanLayer(1, 1, [edge], [1, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KanLayer(0, 1, []));
        Assert.Throws<ArgumentException>(() => new KanNetwork([]));
        Assert.Throws<ArgumentException>(() => new KanNetwork([new KanLayer(1, 2, []), new KanLayer(1, 1, [])]));
        Assert.Throws<ArgumentException>(() => new KanLayer(2, 1, []).Evaluate([Rational.One]));
    }

    [Fact]
    public void Each_declaration_describes_the_function_that_its_numbers_say()
    {
        Rational[] point = [Rational.Create(1, 2), -3];
        Assert.Equal([Rational.Create(-7, 2), 7], new AffineDescription(2, 2, [5, 2, 2, -2], [0, 0]).ToLayer().Evaluate(point));
        Assert.Equal([Rational.Create(1, 2), 0], new ActivationDescription(2, [PiecewiseLinearFunction.Relu]).ToLayer().Evaluate(point));

        // Ordered by input, then knot, then output; end segments extend.
        var grid = new GridDescription(2, [[0, 1], [0, 1, 2]], [0, 10, 4, 20, 1, 0, 2, 0, 0, 5], [100, 200]);
        Assert.Equal([100 + 2 + -2, 200 + 15 + 0], grid.ToLayer().Evaluate(point));
    }
}
