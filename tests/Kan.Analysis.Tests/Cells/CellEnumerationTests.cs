using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Kan.Analysis.Tests.Support;
using Xunit;

namespace Kan.Analysis.Tests.Cells;

public sealed class CellEnumerationTests
{
    public static IEnumerable<TheoryDataRow<int>> Instances =>
        Instance.All.Select(static (instance, i) => new TheoryDataRow<int>(i) { TestDisplayName = instance.Name });

    [Theory]
    [MemberData(nameof(Instances))]
    public void Counts_agree_with_another_program(int index)
    {
        var instance = Instance.All[index];
        var box = Enumerable.Repeat(new InputRange(-4, 4), instance.Network.InputCount).ToArray();
        var found = CellEnumeration.Of(instance.Network, box, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((instance.Cells, instance.InteriorFacets), (found.Cells.Length, found.InteriorFacetCount));
        Assert.Equal(found.Cells.Length, found.Cells.Select(static cell => Checks.Text(cell.Segments)).Distinct().Count());
        if (instance.Network.InputCount != 2) return;
        var planar = LinearRegions.Of(instance.Network, Instance.Domain, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(Checks.SegmentSets(planar), found.Cells.Select(static cell => Checks.Text(cell.Segments)).ToHashSet());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void Random_points_lie_in_listed_cells_with_the_network_s_value(int inputs) =>
        Gen.Select(SampleNetworks.Of(inputs, 2), Gen.Int[-30_000, 30_000].Array[inputs].Array[30]).Sample(
        (network, points) =>
        {
            var box = Enumerable.Repeat(new InputRange(-3, 3), inputs).ToArray();
            var found = CellEnumeration.Of(network, box, cellLimit: 60);
            if (!found.IsComplete) return;
            Assert.True(found.Cells.Length <= RegionBounds.Of(network).Least);
            var maps = found.Cells.ToDictionary(static cell => Checks.Text(cell.Segments), static cell => cell.Map);
            foreach (int[] numbers in points)
            {
                Rational[] point = [.. numbers.Select(static number => Rational.Create(number, 10_007))];
                Assert.Contains(maps.Values, map => map.Evaluate(point).SequenceEqual(network.Evaluate(point)));
            }
        },
        iter: 25);

    [Fact]
    public void One_layer_reaches_the_product_of_its_segments()
    {
        // Every node of the first layer is an input, so all combinations of segments occur.
        var kinks = Enumerable.Range(1, 3).Select(static k => PiecewiseLinearFunction.FromSlopes(
            [.. Enumerable.Range(0, k).Select(static i => (Rational)i)], [.. Enumerable.Range(0, k + 1).Select(static i => (Rational)i)], 0,
            0)).ToArray();
        var network = new KanNetwork([new KanLayer(3, 1, kinks.Select(static (function, p) => new KanEdge(p, 0, function)))]);
        var found = CellEnumeration.Of(network, [new(-3, 3), new(-3, 3), new(-3, 3)], cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(2 * 3 * 4, found.Cells.Length);
        Assert.Equal((1 * 3 * 4) + (2 * 2 * 4) + (2 * 3 * 3), found.InteriorFacetCount);
        Assert.All(found.Cells, static cell => Assert.Equal(6, cell.FacetCount));
    }
}
