using System;
using System.Linq;
using Xunit;
using static Kan.Tests.Forms.Functions;

namespace Kan.Tests.Forms;

/// <summary>The numbers of forms that sum units, worked out by hand, and the order of the sums.</summary>
public sealed class UnitFormTests
{
    private static KanLayer Layer(params PiecewiseLinearFunction[] functions) =>
        new(1, functions.Length, functions.Select(static (function, q) => new KanEdge(0, q, function)));

    private static void AssertUnit(UnitTable unit, double[] points, double[] heights, double[] weights)
    {
        Assert.Equal(points, unit.Points);
        Assert.Equal(heights, unit.Heights);
        Assert.Equal(weights, unit.Weights);
    }

    [Fact]
    public void Clamped_differences_are_the_segments_between_two_rays()
    {
        var layer = new KanLayer(1, 3,
            [new KanEdge(0, 0, Bent([0, 2, 3], [1, 3, -1, 2], 5)), new KanEdge(0, 1, Bent([1], [6, 4], 7)), new KanEdge(0, 2, Line(2, 1))],
            [10, 20, 30]);
        var form = Build<UnitsForm>(layer, LayerLowering.Clamp);
        Assert.Equal([UnitKind.LowRay, UnitKind.Clamp, UnitKind.Clamp, UnitKind.HighRay], form.Kinds);
        Assert.Equal([15.0, 27, 31], form.Biases);
        AssertUnit(form.Units[0], [0, 1, 0], [], [1, 6, 2]);
        AssertUnit(form.Units[1], [0, 0, 0], [2, 0, 0], [3, 0, 0]);
        AssertUnit(form.Units[2], [2, 0, 0], [1, 0, 0], [-1, 0, 0]);
        AssertUnit(form.Units[3], [3, 1, 0], [], [2, 4, 2]);
        Assert.Equal(default, form.Ends);
        Assert.Equal((1, 3, LayerLowering.Clamp), (form.InputCount, form.OutputCount, form.Lowering));
    }

    [Fact]
    public void Units_of_Lemma_1_are_the_changes_of_slope()
    {
        var layer = new KanLayer(1, 3,
            [new KanEdge(0, 0, Bent([0, 2, 3], [1, 3, -1, 2], 5)), new KanEdge(0, 1, Bent([1], [6, 4], 7)), new KanEdge(0, 2, Line(2, 1))],
            [10, 20, 30]);
        var form = Build<UnitsForm>(layer, LayerLowering.Relu);
        Assert.Equal([UnitKind.LeftRelu, UnitKind.RightRelu, UnitKind.RightRelu, UnitKind.RightRelu], form.Kinds);
        Assert.Equal([15.0, 27, 31], form.Biases);
        AssertUnit(form.Units[0], [0, 1, 0], [], [-1, -6, -2]);
        AssertUnit(form.Units[1], [0, 1, 0], [], [3, 4, 2]);
        AssertUnit(form.Units[2], [2, 0, 0], [], [-4, 0, 0]);
        AssertUnit(form.Units[3], [3, 0, 0], [], [3, 0, 0]);
        Assert.Equal(LayerLowering.Relu, form.Lowering);

        // Growing units cancel each other: their high end is bounded even where no weight is 0.
        Assert.Equal(new FiniteEnds(false, true), form.Ends);
        Assert.Equal(new FiniteEnds(false, true), Build<UnitsForm>(Layer(Bent([0, 1], [1, 2, 3], 0)), LayerLowering.Relu).Ends);
        Assert.Equal(default, Build<UnitsForm>(Layer(Bent([0], [1, 2], 0)), LayerLowering.Relu).Ends);
    }

    [Theory]
    [InlineData(LayerLowering.Clamp)]
    [InlineData(LayerLowering.Relu)]
    public void An_end_is_bounded_where_a_weight_of_a_unit_towards_it_is_zero(LayerLowering lowering)
    {
        var steep = Bent([0], [-3, 3], 0);
        Assert.Equal(default, Build<UnitsForm>(Layer(steep, Bent([0], [1, 2], 0)), lowering).Ends);
        Assert.Equal(new FiniteEnds(true, false), Build<UnitsForm>(Layer(steep, Bent([0], [0, 2], 0)), lowering).Ends);
        Assert.Equal(new FiniteEnds(false, true), Build<UnitsForm>(Layer(Bent([0], [1, 0], 0), steep), lowering).Ends);
        Assert.Equal(new FiniteEnds(true, true), Build<UnitsForm>(new KanLayer(1, 2, [new KanEdge(0, 1, steep)]), lowering).Ends);

        // The first input decides as much as the last.
        var both = new KanLayer(2, 1, [new KanEdge(0, 0, Bent([0], [0, 1], 0)), new KanEdge(1, 0, steep)]);
        Assert.Equal(new FiniteEnds(true, false), Build<UnitsForm>(both, lowering).Ends);
    }

    [Fact]
    public void A_flat_segment_between_the_ends_bounds_nothing() =>
        Assert.Equal(default, Build<UnitsForm>(Layer(Bent([0, 1], [1, 0, 2], 0)), LayerLowering.Clamp).Ends);

    [Theory]
    [InlineData(LayerLowering.Clamp, new[] { UnitKind.LowRay, UnitKind.HighRay })]
    [InlineData(LayerLowering.Relu, new[] { UnitKind.LeftRelu, UnitKind.RightRelu })]
    public void A_layer_without_edges_has_one_pair_of_units_of_weight_zero(LayerLowering lowering, UnitKind[] kinds)
    {
        var form = Build<UnitsForm>(new KanLayer(2, 1, [], [4]), lowering);
        Assert.Equal(kinds, form.Kinds);
        Assert.Equal([4.0], form.Biases);
        Assert.Equal(4, form.Units.Length);
        Assert.All(form.Units, static unit => AssertUnit(unit, [0], [], [0]));
    }

    [Fact]
    public void A_slope_makes_up_for_the_rounded_heights_before_it()
    {
        // The float nearest to 1/3 is 1 / (3 * 2^25) too high: after the first segment the sum is too high by as much.
        var third = Rational.Create(1, 3);
        Assert.Equal([0, 1, MathF.BitDecrement(0.5f), 0], Weights(third, 1, Rational.FromDouble(0.5)));

        // A segment as steep as the first hides nothing: (1/3 + 1/(3 * 2^25)) times -1 takes back what was too much.
        Assert.Equal([0, 1, -1, 0], Weights(third, 1, -1));
    }

    [Fact]
    public void A_slope_gives_way_by_four_roundings_at_most()
    {
        double slope = Math.ScaleB(1, -30), reach = Math.ScaleB(1, -52);
        Assert.Equal([0, 1, slope - reach, 0], Weights(Rational.Create(1, 3), 1, Rational.FromDouble(slope)));
        Assert.Equal([0, 1, -slope - reach, 0], Weights(Rational.Create(1, 3), 1, Rational.FromDouble(-slope)));

        // The float nearest to 7/10 is too low.
        Assert.Equal([0, 1, slope + reach, 0], Weights(Rational.Create(7, 10), 1, Rational.FromDouble(slope)));
        Assert.Equal([0, 1, -slope + reach, 0], Weights(Rational.Create(7, 10), 1, Rational.FromDouble(-slope)));
    }

    [Fact]
    public void In_double_a_slope_gives_way_by_four_roundings_of_doubles()
    {
        // The double nearest to 1/3 is too low.
        double slope = Math.ScaleB(1, -60);
        Assert.Equal([0, 1, slope + Math.ScaleB(1, -111), 0],
            Weights(Precision.Double, Rational.Create(1, 3), 1, Rational.FromDouble(slope)));
    }

    [Fact]
    public void A_height_that_rounds_to_zero_keeps_the_slope()
    {
        var tiny = Rational.FromDouble(1e-60);
        Assert.Equal([0, 5, 0], Weights(tiny, 5));
    }

    [Theory]
    [InlineData(Precision.Single, 1, 16, 1)]
    [InlineData(Precision.Single, 7, 16, 4)]
    [InlineData(Precision.Single, 8, 16, 8)]
    [InlineData(Precision.Single, 100, 1, 8)]
    [InlineData(Precision.Single, 100, 17, 4)]
    [InlineData(Precision.Single, 100, 64, 2)]
    [InlineData(Precision.Single, 100, 65, 1)]
    [InlineData(Precision.Double, 100, 8, 8)]
    [InlineData(Precision.Double, 100, 9, 4)]
    public void Partial_sums_keep_eight_chains_busy(Precision precision, int inputs, int outputs, int expected) =>
        Assert.Equal(expected, SummationOrder.PartialSums(inputs, outputs, precision));

    [Theory]
    [InlineData(Precision.Single, 0, 0)]
    [InlineData(Precision.Single, 16, 1)]
    [InlineData(Precision.Single, 17, 2)]
    [InlineData(Precision.Double, 16, 2)]
    public void A_panel_holds_64_bytes(Precision precision, int count, int expected)
    {
        Assert.Equal(expected, SummationOrder.Panels(count, precision));
        Assert.Equal(SummationOrder.PanelBytes,
            SummationOrder.Lanes(precision) * (precision == Precision.Single ? sizeof(float) : sizeof(double)));
    }

    [Fact]
    public void Only_clamped_differences_have_a_height() =>
        Assert.Equal([2, 3, 2, 2, 2], Enum.GetValues<UnitKind>().Select(UnitTerm.Numbers));

    [Fact]
    public void Differences_are_bounded_towards_the_ends_that_say_so()
    {
        var ops = default(FloatOps<float>);
        float infinity = float.PositiveInfinity;
        Assert.Equal([-float.MaxValue, infinity], Bounded(new FiniteEnds(Low: true, High: false)));
        Assert.Equal([-infinity, float.MaxValue], Bounded(new FiniteEnds(Low: false, High: true)));
        Assert.Equal([-infinity, infinity], Bounded(default));

        float[] Bounded(FiniteEnds ends) => [ops.Bounded(-infinity, ends), ops.Bounded(infinity, ends)];
    }

    [Fact]
    public void A_network_form_has_the_inputs_of_its_first_layer_and_the_outputs_of_its_last()
    {
        var form = new NetworkForm(Precision.Single,
            [Build(new KanLayer(3, 2, []), LayerLowering.Affine, Precision.Single),
            Build(new KanLayer(2, 5, []), LayerLowering.Affine, Precision.Single)]);
        Assert.Equal((3, 5), (form.InputCount, form.OutputCount));
    }

    /// <summary>The weights of a function with segments of one length, flat outside of them.</summary>
    private static double[] Weights(Rational length, params Rational[] slopes) => Weights(Precision.Single, length, slopes);

    private static double[] Weights(Precision precision, Rational length, params Rational[] slopes)
    {
        var function = PiecewiseLinearFunction.FromSlopes([.. Enumerable.Range(0, slopes.Length + 1).Select(i => i * length)],
            [0, .. slopes, 0], 0, 0);
        var form = Assert.IsType<UnitsForm>(Build(Layer(function), LayerLowering.Clamp, precision));
        return [.. form.Units.Select(static unit => unit.Weights[0])];
    }
}
