using System.Linq;
using CsCheck;
using Kan.Tests.Support;
using Xunit;

namespace Kan.Tests.Relu;

/// <summary>Theorems 1 and 2 with their lemmas: both sides agree exactly, everywhere.</summary>
public sealed class ConversionTests
{
    [Fact]
    public void Lemma_1_gives_the_same_canonical_form() => Generators.Function.Sample(
        static function =>
        {
            var relu = function.ToRelu();
            Assert.True(relu.UnitCount <= (function.IsAffine ? 2 : function.Slopes.Length));

            // Not at points, but as a function: compose each unit symbolically and add up.
            var sum = PiecewiseLinearFunction.Constant(relu.Layers[^1].Biases[0]);
            if (relu.Layers[0].IsRectified)
            {
                foreach (var (_, unit, weight) in relu.Layers[1].Weights.Entries())
                {
                    var inner = PiecewiseLinearFunction.Linear(relu.Layers[0].Weights[unit, 0], relu.Layers[0].Biases[unit]);
                    sum += weight * PiecewiseLinearFunction.Relu.Compose(inner);
                }
            }

            Assert.Equal(function, sum);
        },
        iter: 1_000);

    [Theory]
    [InlineData(ReluUnits.Merged)]
    [InlineData(ReluUnits.Separate)]
    public void Lemma_2_agrees_at_and_next_to_all_breakpoints(ReluUnits units) =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 4]).SelectMany(Generators.Layer).Sample(
            layer =>
            {
                var relu = layer.ToRelu(units);
                var back = relu.ToKan();
                foreach (var point in Points.For(layer))
                {
                    var expected = layer.Evaluate(point);
                    Assert.Equal(expected, relu.Evaluate(point));
                    Assert.Equal(expected, back.Evaluate(point));
                }
            },
            iter: 200);

    [Fact]
    public void A_KAN_survives_the_way_to_ReLU_and_back_in_every_form() => Generators.Network.Sample(
        static network =>
        {
            ReluNetwork[] factored = [network.ToRelu(), network.ToRelu(ReluUnits.Separate)];
            ReluNetwork[] relus = [.. factored, .. factored.Select(static relu => relu.Fuse())];
            KanNetwork[] kans = [.. relus.Select(static relu => relu.ToKan()), relus[0].ToKan(ReluEmbedding.Separate),
                relus[2].ToKan(ReluEmbedding.Separate)];
            foreach (var point in Points.For(network.Layers[0]).Take(24))
            {
                var expected = network.Evaluate(point);
                foreach (var relu in relus) Assert.Equal(expected, relu.Evaluate(point));
                foreach (var kan in kans) Assert.Equal(expected, kan.Evaluate(point));
            }
        },
        iter: 300);

    [Fact]
    public void A_ReLU_network_survives_the_way_to_KAN_and_back_in_every_form() =>
        Gen.Select(Generators.ReluNetwork, Generators.SmallRational.Array[4].Array[8]).Sample(
        static (relu, random) =>
        {
            KanNetwork[] kans = [relu.ToKan(), relu.ToKan(ReluEmbedding.Separate)];
            ReluNetwork[] back = [.. kans.Select(static kan => kan.ToRelu()),
                .. kans.Select(static kan => kan.ToRelu(ReluUnits.Separate).Fuse())];
            foreach (var numbers in random.Append([1_000_000_000, -1_000_000_000, 1_000_000_000, 1]).Append([0, 0, 0, 0]))
            {
                Rational[] point = [.. numbers.Take(relu.InputCount)];
                var expected = relu.Evaluate(point);
                foreach (var kan in kans) Assert.Equal(expected, kan.Evaluate(point));
                foreach (var network in back) Assert.Equal(expected, network.Evaluate(point));
            }
        },
        iter: 300);

    [Fact]
    public void A_dense_ReLU_network_comes_back_weight_for_weight() => Generators.DenseReluNetwork.Sample(
        static relu =>
        {
            var back = relu.ToKan().ToRelu().Fuse();
            Assert.Equal(relu.Layers.Length, back.Layers.Length);
            foreach (var (layer, again) in relu.Layers.Zip(back.Layers))
            {
                Assert.Equal(layer.Weights, again.Weights);
                Assert.Equal(layer.Biases, again.Biases);
                Assert.Equal(layer.IsRectified, again.IsRectified);
            }
        },
        iter: 100);

    [Fact]
    public void Theorem_1_fused_has_not_one_number_more() =>
        Generators.ReluNetwork.Where(static relu => !relu.Layers[^1].IsRectified).Sample(static relu =>
    {
        Assert.Equal(relu.NonZeroCount, Count(relu.ToKan()));
        Assert.Equal(relu.Layers.Length, relu.ToKan().Layers.Length);

        var separate = relu.ToKan(ReluEmbedding.Separate);
        Assert.Equal(relu.NonZeroCount + relu.UnitCount, Count(separate));
        Assert.Equal((2 * relu.Layers.Length) - 1, separate.Layers.Length);
    });

    private static int Count(KanNetwork network) =>
        network.Layers.Sum(static layer => layer.Edges.Length + layer.Biases.Count(static bias => !bias.IsZero));
}
