using System;
using System.Linq;
using System.Numerics;
using System.Threading;
using CsCheck;
using Kan.Analysis.Tests.Support;
using Kan.Tests.Support;
using Xunit;

namespace Kan.Analysis.Tests.Regions;

/// <summary>What holds of every subdivision, on random networks that are far from general position.</summary>
[Trait("Speed", "Slow")]
public sealed class SubdivisionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static readonly InputRange[] s_box = [new(-3, 3), new(-3, 3)];

    [Fact]
    public void Areas_corners_and_values_are_exact() =>
        SampleNetworks.Planar.Sample(
        static network =>
        {
            var regions = LinearRegions.Of(network, SampleNetworks.Box);
            Checks.IsSound(regions, network);
            Assert.True(regions.Counts.Cells <= RegionBounds.Of(network).Least);
        },
        iter: 150);

    [Fact]
    public void Equal_nodes_do_not_cut_twice() =>
        SampleNetworks.WithEqualNodes.Sample(static network => Checks.IsSound(LinearRegions.Of(network, SampleNetworks.Box), network),
            iter: 60);

    [Fact]
    public void Crossing_facets_finds_the_same_cells() => SampleNetworks.Planar.Sample(
        static network =>
        {
            var planar = LinearRegions.Of(network, SampleNetworks.Box);
            if (planar.Counts.Cells > 250) return;
            var enumerated = CellEnumeration.AcrossFacets(network, s_box, LinearRegions.DefaultCellLimit, CancellationToken.None);
            Assert.True(enumerated.IsComplete);
            Assert.Equal(Checks.SegmentSets(planar), enumerated.Cells.Select(static cell => Checks.Text(cell.Segments)).ToHashSet());
            Assert.Equal(planar.Counts.InteriorEdges, enumerated.InteriorFacetCount);
            var maps = planar.Cells.ToDictionary(static cell => Checks.Text(cell.Segments), static cell => cell.Map);
            Assert.All(enumerated.Cells, cell => Assert.Equal(maps[Checks.Text(cell.Segments)], cell.Map));
        },
        iter: 40);

    [Fact]
    public void A_network_has_the_cells_of_its_merged_ReLU_form() => SampleNetworks.Planar.Sample(
        static network =>
        {
            var cells = LinearRegions.Of(network, SampleNetworks.Box).Counts;
            var relu = network.ToRelu(ReluUnits.Merged);
            var fused = relu.Fuse();

            // A line through a node without breakpoints, beside others that bend, becomes ReLU(x) - ReLU(-x), whose units divide at 0.
            bool divides = network.Layers.Any(static layer => !layer.IsAffine && layer.Edges.GroupBy(static edge => edge.Input)
                .Any(static edges => edges.All(static edge => edge.Function.IsAffine)
                    && edges.Any(static edge => !edge.Function.IsConstant)));
            foreach (var other in new[] { LinearRegions.Of(relu, SampleNetworks.Box), LinearRegions.Of(fused, SampleNetworks.Box) })
            {
                if (divides) Assert.True(cells.Cells <= other.Counts.Cells);
                else Assert.Equal(cells, other.Counts);
                Assert.Equal((cells.Regions, cells.Maps), (other.Counts.Regions, other.Counts.Maps));
            }

            // As a KAN again, units that nothing reads are gone.
            var back = LinearRegions.Of(fused.ToKan(), SampleNetworks.Box).Counts;
            Assert.Equal((cells.Regions, cells.Maps), (back.Regions, back.Maps));
            bool allRead = fused.Layers.Skip(1)
                .All(static layer => layer.Weights.Entries().Select(static entry => entry.Column).Distinct().Count() == layer.InputCount);
            if (allRead && !divides) Assert.Equal(cells, back);
        },
        iter: 80);

    [Fact]
    public void Random_points_lie_in_the_listed_cell_with_their_segments() =>
        Gen.Select(SampleNetworks.Planar, Gen.Select(Gen.Int[-30_000, 30_000], Gen.Int[-30_000, 30_000]).Array[20]).Sample(
        static (network, points) =>
        {
            var regions = LinearRegions.Of(network, SampleNetworks.Box);
            foreach (var (x, y) in points)
            {
                var point = new PlanePoint(Rational.Create(x, 10_007), Rational.Create(y, 10_007));
                var cells = regions.Cells.Where(cell => cell.Polygon.Contains(point)).ToList();
                Assert.NotEmpty(cells);
                var expected = network.Evaluate([point.X, point.Y]);
                Assert.All(cells, cell => Assert.Equal(expected, cell.Map.Evaluate(point.X, point.Y)));
                Assert.Contains(Segments(network, point), cells.Select(static cell => Checks.Text(cell.Segments)));
            }
        },
        iter: 60);

    [Fact]
    public void A_ReLU_network_has_one_cell_for_each_pattern() => SampleNetworks.PlanarRelu.Sample(
        static relu =>
        {
            var regions = LinearRegions.Of(relu, SampleNetworks.Box);
            Checks.IsSound(regions, relu.ToKan());
            var patterns = regions.Cells.Select(cell => Pattern(relu, cell.Polygon.Center)).ToHashSet();
            Assert.Equal(regions.Counts.Cells, patterns.Count);
            Assert.True(regions.Counts.Cells <= RegionBounds.Of(relu).Least);
        },
        iter: 60);

    [Fact]
    public void A_unit_that_nothing_reads_divides_cells_too()
    {
        var relu = new ReluNetwork([
            new ReluLayer(SparseMatrix.Create(2, 2, [(0, 0, 1), (1, 1, 1)]), default, true),
            new ReluLayer(SparseMatrix.Create(1, 2, [(0, 0, 1)]), default, false)]);
        var counts = LinearRegions.Of(relu, SampleNetworks.Box, cancellation: Token).Counts;
        Assert.Equal((4, 2, 2), (counts.Cells, counts.Regions, counts.Maps));
    }

    [Fact]
    public void Breakpoints_on_the_border_of_the_box_do_not_cut()
    {
        var kink = PiecewiseLinearFunction.FromSlopes([-3, 0, 3], [0, 1, -1, 0], 0, 0);
        var network = new KanNetwork([new KanLayer(2, 1, [new(0, 0, kink), new(1, 0, kink)])]);
        var regions = LinearRegions.Of(network, SampleNetworks.Box, cancellation: Token);
        Checks.IsSound(regions, network);
        Assert.Equal(4, regions.Counts.Cells);
    }

    [Fact]
    public void A_kink_that_touches_a_breakpoint_and_turns_back_does_not_cut()
    {
        // |x| touches 0 at x = 0; ReLU(|x|) = |x| has no cut beyond that of |x| itself.
        var absolute = PiecewiseLinearFunction.Identity.Abs();
        var network = new KanNetwork([
            new KanLayer(2, 1, [new(0, 0, absolute)]),
            new KanLayer(1, 1, [new(0, 0, PiecewiseLinearFunction.Relu)])]);
        var regions = LinearRegions.Of(network, SampleNetworks.Box, cancellation: Token);
        Checks.IsSound(regions, network);
        Assert.Equal((2, 2, 7), (regions.Counts.Cells, regions.Counts.Maps, regions.Counts.Edges));
    }

    [Fact]
    public void A_node_that_rests_on_a_breakpoint_belongs_to_the_segment_on_its_right()
    {
        // ReLU(x) is 0, a breakpoint of the second layer, on the whole left half.
        var network = new KanNetwork([
            new KanLayer(2, 1, [new(0, 0, PiecewiseLinearFunction.Relu)]),
            new KanLayer(1, 1, [new(0, 0, PiecewiseLinearFunction.Relu)])]);
        var regions = LinearRegions.Of(network, SampleNetworks.Box, cancellation: Token);
        Assert.Equal(2, regions.Counts.Cells);
        Assert.All(regions.Cells, static cell => Assert.Equal(1, cell.Segments[1][0]));
        Assert.Equal(Checks.SegmentSets(regions),
            CellEnumeration.AcrossFacets(network, s_box, 10, Token).Cells.Select(static cell => Checks.Text(cell.Segments)).ToHashSet());
    }

    [Fact]
    public void A_network_without_bends_is_one_cell()
    {
        var network = new KanNetwork([KanLayer.Affine(2, 3, static (q, p) => q + p)]);
        var regions = LinearRegions.Of(network, SampleNetworks.Box, cancellation: Token);
        Checks.IsSound(regions, network);
        Assert.Equal(new RegionCounts(1, 1, 1, 4, 4, 0), regions.Counts);
    }

    [Fact]
    public void The_domain_may_be_any_convex_polygon() => SampleNetworks.Planar.Sample(
        static network =>
        Checks.IsSound(LinearRegions.Of(network,
            new ConvexPolygon([new(-3, -2), new(2, Rational.Create(-7, 3)), new(3, 1), new(0, 3), new(-2, 1)])), network),
        iter: 40);

    [Fact]
    public void A_slice_of_a_larger_network_agrees_with_the_network() =>
        Gen.Select(SampleNetworks.Of(4), Generators.SmallRational.Array[12]).Sample(
        static (network, numbers) =>
        {
            var slice = new Slice(numbers[..4], numbers[4..8], numbers[8..]);
            var domain = ConvexPolygon.Box(-1, 1, -1, 1);
            Checks.IsSound(LinearRegions.Of(network, slice, domain), network);
        },
        iter: 40);

    [Theory]
    [InlineData(600)]
    [InlineData(1015)]
    [InlineData(1100)]
    public void Counts_do_not_depend_on_the_scale(int exponent)
    {
        // Near and beyond the ends of double, where floating point decides nothing.
        var instance = Instance.All.First(static instance => instance.Cells == 212);
        foreach (var scale in new[] { (Rational)(BigInteger.One << exponent), Rational.Create(1, BigInteger.One << exponent) })
        {
            var slice = new Slice([0, 0], [1 / scale, 0], [0, 1 / scale]);
            var regions = LinearRegions.Of(instance.Network, slice, ConvexPolygon.Box(-4 * scale, 4 * scale, -4 * scale, 4 * scale),
                cancellation: Token);
            Assert.Equal((212, instance.Regions, instance.Maps), (regions.Counts.Cells, regions.Counts.Regions, regions.Counts.Maps));
            Checks.IsSound(regions, instance.Network);
        }
    }

    [Theory]
    [InlineData("breast-cancer-mlp.onnx")]
    [InlineData("digits-batchnorm-leaky.onnx")]
    public void Trained_networks_are_cut_exactly(string model)
    {
        var network = DocumentedFiles.Model("tests", "models", model);
        var inputs = Enumerable.Range(0, network.InputCount).Select(static i => Rational.Create(i % 5, 4)).ToArray();
        var regions = LinearRegions.Of(network, Slice.OfInputs(inputs, 20, 27), ConvexPolygon.Box(-1, 2, -1, 2), cancellation: Token);
        Checks.IsSound(regions, network);
        Assert.True(regions.Counts.Cells > 1);
        Assert.All(regions.Cells, cell => Assert.Equal(cell, regions.CellAt(cell.Polygon.Center)));
        Assert.Null(regions.CellAt(new PlanePoint(4, 0)));
    }

    [Fact]
    public void A_search_that_reaches_its_limit_says_so()
    {
        var instance = Instance.All.First(static instance => instance.Cells == 212);
        var regions = LinearRegions.Of(instance.Network, Instance.Domain, cellLimit: 211, Token);
        Assert.False(regions.IsComplete);
        Assert.Empty(regions.Cells);
        Assert.Equal(212, regions.Counts.Cells);
        Assert.Contains("incomplete", regions.Limit!.ToString(), StringComparison.Ordinal);
        Assert.True(LinearRegions.Of(instance.Network, Instance.Domain, cellLimit: 212, Token).IsComplete);

        var enumerated = CellEnumeration.Of(instance.Network, [new(-4, 4), new(-4, 4)], cellLimit: 20, Token);
        Assert.False(enumerated.IsComplete);
        Assert.True(enumerated.Limit!.Cells is > 20 and <= 212);
    }

    [Fact]
    public void A_search_can_be_stopped()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        var network = Instance.All[0].Network;
        Assert.Throws<OperationCanceledException>(() => LinearRegions.Of(network, SampleNetworks.Box, cancellation: source.Token));
        Assert.Throws<OperationCanceledException>(() => CellEnumeration.Of(network, s_box, cancellation: source.Token));
        Assert.Throws<OperationCanceledException>(() => LinearPieces.Of(network, [0, 0], [1, 1], cancellation: source.Token));
    }

    [Fact]
    public void Mistakes_are_told_at_once()
    {
        var one = new KanNetwork([KanLayer.Affine(3, 1, static (_, _) => 1)]);
        Assert.Contains("3 inputs, not 2",
            Assert.Throws<ArgumentException>(() => LinearRegions.Of(one, SampleNetworks.Box, cancellation: Token)).Message,
            StringComparison.Ordinal);
        var slice = Slice.OfInputs([0, 0], 0, 1);
        Assert.Contains("2 inputs, but the network has 3",
            Assert.Throws<ArgumentException>(() => LinearRegions.Of(one, slice, SampleNetworks.Box, cancellation: Token)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(static () => new ConvexPolygon([new(0, 0), new(0, 1), new(1, 0)]));
        Assert.Throws<ArgumentException>(static () => new ConvexPolygon([new(0, 0), new(1, 0), new(2, 0)]));
        Assert.Throws<ArgumentException>(static () => ConvexPolygon.Box(1, 1, 0, 2));
    }

    private static string Segments(KanNetwork network, PlanePoint point)
    {
        Rational[] values = [point.X, point.Y];
        var layers = network.Layers.Select(layer =>
        {
            var text =
                string.Join(",", values.Select((value, p) => layer.Edges.Where(edge => edge.Input == p)
                .SelectMany(static edge => edge.Function.Breakpoints).Distinct().Count(u => u <= value)));
            values = layer.Evaluate(values);
            return text;
        });
        return string.Join(";", layers);
    }

    private static string Pattern(ReluNetwork network, PlanePoint point)
    {
        Rational[] values = [point.X, point.Y];
        var signs = network.Layers.Where(static layer => layer.IsRectified).Select(layer =>
        {
            var sums = new ReluLayer(layer.Weights, layer.Biases, rectified: false).Evaluate(values);
            values = layer.Evaluate(values);
            return string.Concat(sums.Select(static sum => sum.Sign >= 0 ? '+' : '-'));
        });
        return string.Join(";", signs);
    }
}
