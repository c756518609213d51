using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Experiments.Minimal;
using Xunit;

namespace Kan.Experiments.Tests.Minimal;

/// <summary>No lower bound is above what a random network has: bounds that are wrong would exclude networks that exist.</summary>
public sealed class LowerBoundTests
{
    private const int Reach = 1 << 12;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Networks_of_units_have_as_many_as_the_bound(int units)
    {
        int tight = 0;
        for (int seed = 0; seed < 100; seed++)
        {
            var random = new Random((100 * units) + seed);
            var network = UnitNetwork.Of((network, x, y) =>
            {
                var values = new List<UnitForm> { x, y };
                for (int i = 0; i < units; i++) values.Add(network.Relu(Combination(random, values)));
                return Combination(random, values);
            });
            int bound = BendBounds.Units(PlaneBends.Of(network.ToKan(), Reach));
            Assert.True(bound <= network.Units.Count, $"Seed {seed}: at least {bound} units, and there are {network.Units.Count}.");
            if (bound == units) tight++;
        }

        Assert.True(tight > 10, $"The bound is reached {tight} times.");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Single_hidden_layers_are_not_excluded_and_get_no_larger(int units)
    {
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random((100 * units) + seed);
            var layer = new ReluNetwork(
            [
                new ReluLayer(Matrix(random, units, 2), [.. Enumerable.Range(0, units).Select(_ => (Rational)random.Next(-2, 3))],
                    rectified: true),
                new ReluLayer(Matrix(random, 1, units), [random.Next(-2, 3)], rectified: false),
            ]);
            var kan = layer.ToKan();
            var bends = PlaneBends.Of(kan, Reach);
            Assert.Null(HiddenLayer.FindObstacle(bends));
            if (bends.Lines.Count == 0) continue;
            var found = HiddenLayer.Of(kan, bends);
            Assert.True(found.UnitCount <= units);
            Assert.True(found.WithoutAffineTerm().UnitCount <= units);
            AssertEqual(kan, found.WithAffineTerm().ToKan());
            AssertEqual(kan, found.WithoutAffineTerm().ToKan());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void KANs_of_two_layers_are_not_excluded(int nodes)
    {
        int exact = 0;
        for (int seed = 0; seed < 100; seed++)
        {
            var random = new Random((100 * nodes) + seed);
            var kan = TwoLayerKan.Create(
                [.. Enumerable.Range(0, nodes).Select(_ => new HiddenNode(Function(random, 1), Function(random, 1), Function(random, 2)))]);
            var bends = PlaneBends.Of(kan, Reach);
            int bound = BendBounds.TwoLayers(bends), count = TwoLayerKan.BendCount(kan);
            Assert.True(bound <= count, $"Seed {seed}: at least {bound} bends, and there are {count}.");
            if (bound == count) exact++;
            if (nodes == 1) Assert.Null(NodeObstacle.Find(bends));
        }

        Assert.True(exact > 0);
    }

    [Theory]
    [InlineData(new[] { 2, 2 })]
    [InlineData(new[] { 2, 3 })]
    public void Two_layers_compute_deeper_networks(int[] widths)
    {
        for (int seed = 100; seed < 106; seed++)
        {
            var kan = RandomFunctions.Layered(widths, seed).ToKan();
            var built = PlaneSection.Build(kan);
            Assert.InRange(built.Layers.Length, 1, 2);
            AssertEqual(kan, built);
        }
    }

    private static void AssertEqual(KanNetwork expected, KanNetwork actual) =>
        Assert.True(Equivalence.Decide(expected, actual, options: EqualFunctions.Options,
            cancellation: TestContext.Current.CancellationToken).IsProved);

    private static SparseMatrix Matrix(Random random, int rows, int columns) => SparseMatrix.Create(
        rows, columns, Enumerable.Range(0, rows * columns).Select(i => (i / columns, i % columns, (Rational)random.Next(-2, 3))));

    private static UnitForm Combination(Random random, IReadOnlyList<UnitForm> values) =>
        values.Aggregate((UnitForm)random.Next(-3, 4), (sum, value) => sum + ((Rational)random.Next(-3, 4) * value));

    private static PiecewiseLinearFunction Function(Random random, int breakpoints)
    {
        var chosen = Enumerable.Range(-3, 7).OrderBy(_ => random.Next()).Take(random.Next(breakpoints + 1)).Order();
        Rational[] places = [.. chosen.Select(static place => (Rational)place)];
        Rational[] slopes = [.. Enumerable.Range(0, places.Length + 1).Select(_ => (Rational)random.Next(-2, 3))];
        return PiecewiseLinearFunction.FromSlopes(places, slopes, 0, random.Next(-2, 3));
    }
}
