using System;
using System.Linq;
using Kan.Compiler.Lower;
using Kan.Compiler.Tests.Support;
using Xunit;

namespace Kan.Compiler.Tests.Lower;

/// <summary>Which lowering a layer gets, and how large its table would be.</summary>
public sealed class LoweringChoiceTests
{
    private static readonly PiecewiseLinearFunction s_bent = Plans.Curve(2);

    [Theory]
    [InlineData(Lowering.Auto)]
    [InlineData(Lowering.Rows)]
    [InlineData(Lowering.Clamp)]
    [InlineData(Lowering.Relu)]
    public void Linear_edges_are_affine_whatever_is_asked_for(Lowering wanted) =>
        Check(LayerLowering.Affine, "all edges are linear", Plans.Affine(3, 4, Plans.Weight), wanted);

    [Theory]
    [InlineData(Lowering.Auto)]
    [InlineData(Lowering.Rows)]
    public void A_scale_of_each_node_sums_nothing(Lowering wanted) =>
        Check(LayerLowering.Elementwise, "each output reads the input of its own index",
            Plans.Affine(3, 3, static (p, q) => p == q ? 1 + p : 0), wanted);

    [Fact]
    public void A_single_node_is_an_affine_map() =>
        Check(LayerLowering.Affine, "all edges are linear", Plans.Affine(1, 1, static (_, _) => 2), Lowering.Auto);

    [Theory]
    [InlineData(Lowering.Rows, LayerLowering.Rows)]
    [InlineData(Lowering.Clamp, LayerLowering.Clamp)]
    [InlineData(Lowering.Relu, LayerLowering.Relu)]
    public void Bent_edges_get_the_lowering_that_is_asked_for(Lowering wanted, LayerLowering expected)
    {
        Check(expected, "asked for by name", Plans.Edges(3, 4, 2), wanted);
        Check(expected, "asked for by name", KanLayer.Activation(3, s_bent), wanted);
    }

    [Fact]
    public void Structure_comes_first()
    {
        Check(LayerLowering.Elementwise, "each output reads the input of its own index", KanLayer.Activation(3, s_bent), Lowering.Auto);
        Check(LayerLowering.Factored, "the edges of each input are multiples of one shape", KanLayer.Activation(1, s_bent), Lowering.Auto);
        Check(LayerLowering.Factored, "the edges of each input are multiples of one shape",
            new KanLayer(1, 2, [new KanEdge(0, 0, s_bent), new KanEdge(0, 1, 3 * s_bent)]), Lowering.Auto);
    }

    /// <summary>
    /// Three inputs, one panel, three breakpoints: rows cost 3 * 2.5 + 3 * 2.2 = 14.1; clamped differences 3 * 4 * 2.6 = 31.2. With one
    /// breakpoint at each of many inputs and few outputs it is 2 * 2.6 against 2.2 and the search.
    /// </summary>
    [Fact]
    public void The_cheaper_of_rows_and_clamped_differences_is_picked()
    {
        Check(LayerLowering.Rows, "one row of values and slopes for each input: about 14 cycles against 31 for clamped differences",
            Plans.Edges(3, 4, 3), Lowering.Auto);

        // Edges of one input bend at 40 places of their own: rows search 40 knots, 100 + 2.2; clamped differences are two units, 5.2.
        var own = new KanLayer(1, 40, Enumerable.Range(0, 40).Select(static q =>
            new KanEdge(0, q, PiecewiseLinearFunction.FromSlopes([q], [1, 2], q, 0))));
        Check(LayerLowering.Clamp, "clamped differences: about 16 cycles against 107 for rows", own, Lowering.Auto);
    }

    /// <summary>
    /// 100 inputs, 64 outputs. Rows: seven panels of four knots, 70, and 400 panels at 2.1 fetches of 2.05, 1,722, since the rows take
    /// more than
    /// 28 KiB. Five units: 1,300 lines of a panel for each of 4, fetched at 2.05. The first input bends once only.
    /// </summary>
    [Fact]
    public void Large_tables_are_fetched()
    {
        var large = Plans.Edges(100, 64, 4);
        var mixed = new KanLayer(100, 64, large.Edges.Select(static edge =>
            edge.Input > 0 ? edge : edge with { Function = Plans.Edge(1, 0, edge.Output) }));
        Check(LayerLowering.Rows, "one row of values and slopes for each input: about 1792 cycles against 10660 for clamped differences",
            mixed, Lowering.Auto);
        Assert.Equal(100 * 64 * 13, TableSize.Of(mixed, LayerLowering.Clamp, Precision.Single));
    }

    [Fact]
    public void Rows_over_too_many_breakpoints_are_not_made()
    {
        // 128 outputs of 256 numbers a row, and 2^23 / 256 rows at most: 128 edges of 256 breakpoints, no two alike, are 2^15, and one
        // more.
        var layer = new KanLayer(1, 128, Enumerable.Range(0, 128).Select(static q => new KanEdge(0, q,
            PiecewiseLinearFunction.FromSlopes([.. Enumerable.Range(0, 256).Select(k => Rational.Create((k * 128) + q, 128))],
                [.. Enumerable.Range(0, 257).Select(static k => (Rational)(k % 2))], 0, 0))));
        Check(LayerLowering.Clamp, "rows over all breakpoints of an input would be too many", layer, Lowering.Auto);
    }

    [Fact]
    public void Only_diagonal_layers_of_several_nodes_are_elementwise()
    {
        var bent = KanLayer.Activation(3, s_bent);
        Assert.True(LoweringChoice.IsElementwise(bent, Lowering.Auto));
        Assert.False(LoweringChoice.IsElementwise(bent, Lowering.Rows));
        Assert.True(LoweringChoice.IsElementwise(Plans.Affine(3, 3, static (p, q) => p == q ? 1 : 0), Lowering.Rows));
        Assert.False(LoweringChoice.IsElementwise(KanLayer.Activation(1, s_bent), Lowering.Auto));
        Assert.False(LoweringChoice.IsElementwise(Plans.Affine(3, 3, Plans.Weight), Lowering.Auto));
    }

    /// <summary>Numbers to within a panel for each input: what the size says before the table is made.</summary>
    [Theory]
    [InlineData(Lowering.Rows, 5, 20, 3, 2 * 32 * (5 + 15))]
    [InlineData(Lowering.Clamp, 5, 20, 3, 5 * 32 * (2 + 3 + 3 + 2))]
    [InlineData(Lowering.Relu, 5, 20, 3, 5 * 32 * 8)]
    [InlineData(Lowering.Clamp, 5, 20, 1, 5 * 32 * 4)]
    public void The_size_of_a_table_is_known_before_it_is_made(Lowering lowering, int inputs, int outputs, int bends, long expected)
    {
        var layer = Plans.Edges(inputs, outputs, bends);
        var plan = Plans.One(layer, lowering: lowering);
        Assert.Equal(expected, TableSize.Of(layer, plan.Form.Lowering, Precision.Single));
        Assert.InRange(plan.Table.Length, expected, expected + (16 * (inputs + 7)));
    }

    [Fact]
    public void The_size_of_weights_and_activations_is_known()
    {
        Assert.Equal(5 * 32, TableSize.Of(Plans.Affine(5, 20, Plans.Weight), LayerLowering.Affine, Precision.Single));
        Assert.Equal(5 * 24, TableSize.Of(Plans.Affine(5, 20, Plans.Weight), LayerLowering.Affine, Precision.Double));
        Assert.Equal(5 * 32, TableSize.Of(Plans.Edges(5, 20, 3), LayerLowering.Factored, Precision.Single));
        Assert.Equal(3 * 3 * 32, TableSize.Of(KanLayer.Activation(20, s_bent), LayerLowering.Elementwise, Precision.Single));
        Assert.Equal(3 * 16, TableSize.Of(new KanLayer(2, 2, []), LayerLowering.Elementwise, Precision.Single));
        Assert.Equal(2 * 16 * 4, TableSize.Of(new KanLayer(2, 2, []), LayerLowering.Clamp, Precision.Single));
    }

    [Fact]
    public void Breakpoints_that_edges_share_count_once()
    {
        KanEdge[] edges =
        [
            new(0, 0, PiecewiseLinearFunction.FromSlopes([1, 2], [0, 1, 3], 0, 0)),
            new(0, 1, PiecewiseLinearFunction.FromSlopes([2, 3], [0, 1, 3], 0, 0)), new(2, 0, PiecewiseLinearFunction.Identity),
        ];
        var layer = new KanLayer(4, 2, edges);
        Assert.Equal([3, 0], TableSize.UnionSizes(layer));
        Assert.Equal(2 * 16 * (4 + 3), TableSize.OfRows(layer, [3, 0], Precision.Single));
        Assert.Equal(2 * 8 * (4 + 3), TableSize.OfRows(layer, [3, 0], Precision.Double));
    }

    [Fact]
    public void A_table_that_is_too_large_is_refused_with_its_size()
    {
        var layer = Plans.Affine(5, 4, static (p, q) => p == q ? 1 : 0);
        TableSize.Require(8_388_608, 0, layer);
        var full = Plans.Affine(5, 4, Plans.Weight);
        Assert.Equal("up to layer 2, from 5 to 4 nodes, its tables hold 8,388,609 numbers, and the most is 8,388,608",
            Assert.Throws<NetworkTooLargeException>(() => TableSize.Require(8_388_609, 2, full)).Message);

        // An activation is large only in a form that somebody asked for.
        var activation = new KanLayer(2, 2, [new KanEdge(0, 0, s_bent), new KanEdge(1, 1, s_bent)]);
        Assert.EndsWith("and the most is 8,388,608 (each output reads only the input of its own index: without the Lowering that is asked "
            + "for, which stores a number for each pair of nodes, it is an activation)",
            Assert.Throws<NetworkTooLargeException>(() => TableSize.Require(9_000_000, 0, activation)).Message, StringComparison.Ordinal);
        Assert.EndsWith("and the most is 8,388,608", Assert.Throws<NetworkTooLargeException>(
            () => TableSize.Require(9_000_000, 0, activation, isElementwise: true)).Message, StringComparison.Ordinal);

        // Two edges of 20 pairs are an eighth or less, three are not.
        var few = new KanLayer(5, 4, [new KanEdge(0, 0, s_bent), new KanEdge(1, 1, s_bent)]);
        Assert.Equal("up to layer 0, from 5 to 4 nodes, its tables hold 9,000,000 numbers, and the most is 8,388,608 (only 2 of 20 pairs "
            + "of nodes have an edge, as in a convolution, but tables store a number for each pair)",
            Assert.Throws<NetworkTooLargeException>(() => TableSize.Require(9_000_000, 0, few)).Message);
        Assert.DoesNotContain("only", TableSize.TooMany(9_000_000, 0, 4, 4, 3).Message, StringComparison.Ordinal);
        Assert.Contains("only 2 of 16", TableSize.TooMany(9_000_000, 0, 4, 4, 2).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("only", TableSize.TooMany(9_000_000, 0, 4, 4).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_numbers_of_all_layers_add_up()
    {
        // 5,000 * 1,000 pairs are below the most, and twice that is above it.
        var layer = new KanLayer(4992, 1008, [new KanEdge(0, 0, PiecewiseLinearFunction.Identity),
            new KanEdge(0, 1, PiecewiseLinearFunction.Identity), new KanEdge(1, 0, PiecewiseLinearFunction.Identity)]);
        var back = new KanLayer(1008, 4992, layer.Edges.Select(static edge => new KanEdge(edge.Output, edge.Input, edge.Function)));
        var exception = Assert.Throws<NetworkTooLargeException>(() => Plans.Of(Precision.Single, Lowering.Auto, layer, back));
        Assert.StartsWith("up to layer 1, from 1,008 to 4,992 nodes, its tables hold 10,063,872 numbers", exception.Message,
            StringComparison.Ordinal);
        var wide = new KanLayer(5000, 2000, [new KanEdge(0, 0, PiecewiseLinearFunction.Identity)]);
        Assert.StartsWith("up to layer 0, from 5,000 to 2,000 nodes, its tables hold 10,000,000 numbers",
            Assert.Throws<NetworkTooLargeException>(() => Plans.One(wide)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_curve_that_all_nodes_share_is_one_table()
    {
        // 6,000 tables of 501 segments would be 9,018,000 numbers.
        var curve = PiecewiseLinearFunction.FromSlopes([.. Enumerable.Range(0, 500).Select(static i => (Rational)i)],
            [.. Enumerable.Range(0, 501).Select(static i => (Rational)(i % 7))], 0, 0);
        var layer = new KanLayer(6000, 6000, Enumerable.Range(0, 6000).Select(i => new KanEdge(i, i, curve)));
        Assert.InRange(Plans.One(layer).Table.Length, 3 * 501, 4 * 501);

        // Nodes that pass a curve are marked; those of another function are not.
        var other = PiecewiseLinearFunction.Linear(2, 0);
        var mixed = new KanLayer(6000, 6000, Enumerable.Range(0, 6000).Select(i => new KanEdge(i, i, i == 0 ? other : curve)));
        Assert.Throws<NetworkTooLargeException>(() => Plans.One(mixed));
        var passing = new KanLayer(6000, 6000, Enumerable.Range(0, 6000).Select(i =>
            new KanEdge(i, i, i == 0 ? PiecewiseLinearFunction.Identity : curve)));
        Assert.InRange(Plans.One(passing).Table.Length, 3 * 501, (4 * 501) + (2 * 6000));
    }

    private static void Check(LayerLowering lowering, string reason, KanLayer layer, Lowering wanted) =>
        Assert.Equal(new LoweringChoice(lowering, reason), LoweringChoice.Pick(layer, wanted, Precision.Single));
}
