using System;
using System.Linq;
using System.Threading;
using Xunit;
using static Kan.Tests.Forms.Functions;

namespace Kan.Tests.Forms;

/// <summary>The numbers of affine, factored, elementwise and row forms, worked out by hand.</summary>
public sealed class FormBuilderTests
{
    [Theory]
    [InlineData(Precision.Single)]
    [InlineData(Precision.Double)]
    public void An_affine_form_has_the_slopes_as_weights_and_the_intercepts_in_its_biases(Precision precision)
    {
        var layer = new KanLayer(2, 2,
            [new KanEdge(0, 0, Line(3, 1)), new KanEdge(1, 0, Line(-0.5, 0.25)), new KanEdge(1, 1, Linear(Rational.Create(1, 10), 0))],
            [10, 20]);
        var form = Assert.IsType<AffineForm>(Build(layer, LayerLowering.Affine, precision));
        Assert.Equal((2, 2), (form.InputCount, form.OutputCount));
        Assert.Equal([11.25, 20], form.Biases);
        Assert.Equal([3, 0, -0.5, precision == Precision.Single ? 0.1f : 0.1], form.Weights);
        Assert.Equal(new FiniteEnds(true, true), form.Ends);
        Assert.Equal(LayerLowering.Affine, form.Lowering);
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(0, true)]
    public void Infinite_inputs_are_bounded_only_where_a_weight_is_zero(double last, bool isBounded)
    {
        var layer = new KanLayer(1, 4,
            [new KanEdge(0, 0, Line(1, 0)), new KanEdge(0, 1, Line(last, 7)), new KanEdge(0, 2, Line(-1, 0)),
            new KanEdge(0, 3, Line(last, 0))]);
        Assert.Equal(new FiniteEnds(isBounded, isBounded), Build<AffineForm>(layer, LayerLowering.Affine).Ends);
    }

    [Fact]
    public void A_factored_form_divides_each_input_by_its_steepest_slope()
    {
        var layer = new KanLayer(
            2,
            2,
            [
                new KanEdge(0, 0, Bent([0], [0, 4], 0)), new KanEdge(0, 1, Bent([0], [0, -2], 3)),
                new KanEdge(1, 0, Bent([1], [-2, 4], 5)), new KanEdge(1, 1, Bent([1], [1, -2], 7)),
            ],
            [10, 20]);
        var form = Build<FactoredForm>(layer, LayerLowering.Factored);
        Assert.Equal([15.0, 30], form.Biases);
        Assert.Equal([4.0, -2, 4, -2], form.Affine.Weights);
        Assert.Equal(default, form.Affine.Ends);
        Assert.False(form.Activation.IsRelu);
        Assert.Equal(2, form.Activation.Count);
        AssertTable(form.Activation.Segments[0], [0], [0, 0], [0, 0], [0, 1]);
        AssertTable(form.Activation.Segments[1], [1], [1, 1], [0, 0], [-0.5, 1]);
        Assert.Equal(new FiniteEnds(true, false), form.Activation.Ends);
    }

    [Fact]
    public void A_ReLU_layer_before_an_affine_one_is_recognised_and_its_low_end_is_left_alone()
    {
        var layer = new KanLayer(2, 2,
            [new KanEdge(0, 0, Bent([0], [0, 3], 0)), new KanEdge(1, 0, Bent([0], [0, -1], 0)), new KanEdge(1, 1, Bent([0], [0, 2], 0))]);
        var form = Build<FactoredForm>(layer, LayerLowering.Factored);
        Assert.True(form.Activation.IsRelu);
        Assert.Equal(2, form.Activation.Count);
        Assert.Empty(form.Activation.Segments);
        Assert.Equal(default, form.Activation.Ends);
        Assert.Equal([3.0, 0, -1, 2], form.Affine.Weights);
        Assert.Equal(new FiniteEnds(false, true), form.Affine.Ends);

        // Another shape may be negative without bound: a weight of 0 needs both ends.
        var abs = new KanLayer(1, 2, [new KanEdge(0, 0, Bent([0], [-1, 1], 0))]);
        Assert.Equal(new FiniteEnds(true, true), Build<FactoredForm>(abs, LayerLowering.Factored).Affine.Ends);
    }

    [Fact]
    public void Of_slopes_equally_steep_the_last_becomes_one()
    {
        var form =
            Build<FactoredForm>(new KanLayer(1, 2, [new KanEdge(0, 0, Bent([2], [-3, 3], 0)), new KanEdge(0, 1, Bent([2], [1, -1], 0))]),
            LayerLowering.Factored);
        Assert.Equal([-1.0, 1], form.Activation.Segments[0].Slopes);
        Assert.Equal([3.0, -1], form.Affine.Weights);
    }

    [Fact]
    public void An_edge_alone_is_its_own_shape_where_the_quotient_of_slopes_rounds()
    {
        var form = Build<FactoredForm>(new KanLayer(1, 1, [new KanEdge(0, 0, Bent([2], [1, 3], 9))]), LayerLowering.Factored);
        AssertTable(form.Activation.Segments[0], [2], [2, 2], [0, 0], [1, 3]);
        Assert.Equal([1.0], form.Affine.Weights);
        Assert.Equal([9.0], form.Biases);
    }

    [Fact]
    public void An_input_without_a_function_passes_as_it_is_with_weight_zero()
    {
        var layer = new KanLayer(2, 1, [new KanEdge(0, 0, PiecewiseLinearFunction.Constant(5)), new KanEdge(1, 0, Bent([2], [1, 2], 0))]);
        var form = Build<FactoredForm>(layer, LayerLowering.Factored);
        Assert.Equal([0.0, 2], form.Affine.Weights);
        Assert.Equal([5.0], form.Biases);
        AssertTable(form.Activation.Segments[0], [double.NaN], [0, 0], [0, 0], [1, 1]);
        AssertTable(form.Activation.Segments[1], [2], [2, 2], [0, 0], [0.5, 1]);
        Assert.Equal(default, form.Activation.Ends);
    }

    [Fact]
    public void Only_multiples_whose_quotients_are_exact_can_be_factored()
    {
        Assert.False(CanFactor(Precision.Double, Bent([0], [0, 1], 0), Bent([1], [0, 1], 0)));
        Assert.False(CanFactor(Precision.Double, Bent([0], [0, 1], 0), Bent([0], [1, 0], 0)));
        Assert.False(CanFactor(Precision.Double, Bent([0, 1], [0.5, 0, 1], 0), Bent([0, 1], [1, 0.5, 2], 0)));
        Assert.False(CanFactor(Precision.Double, Bent([0], [1, 3], 0), Bent([0], [2, 6], 0)));
        Assert.True(CanFactor(Precision.Double, Bent([0], [1, 4], 0), Bent([0], [2, 8], 0)));

        // A quotient of 31 significant bits is a double and no float.
        const double Long = (1 << 30) + 1;
        Assert.True(CanFactor(Precision.Double, Bent([0], [Long / 2, 1 << 30], 0), Bent([0], [Long, 2.0 * (1 << 30)], 0)));
        Assert.False(CanFactor(Precision.Single, Bent([0], [Long / 2, 1 << 30], 0), Bent([0], [Long, 2.0 * (1 << 30)], 0)));
    }

    [Fact]
    public void An_elementwise_form_adds_the_biases_to_the_values_and_pads_to_the_longest_function()
    {
        var layer = new KanLayer(2, 2, [new KanEdge(1, 1, Bent([0, 1], [0, 2, 0], 1))], [3, 10]);
        var form = Build<ElementwiseForm>(layer, LayerLowering.Elementwise);
        AssertTable(form.Activation.Segments[0], [double.NaN, double.NaN], [0, 0, 0], [3, 3, 3], [0, 0, 0]);
        AssertTable(form.Activation.Segments[1], [0, 1], [0, 0, 1], [11, 11, 13], [0, 2, 0]);
        Assert.Equal(new FiniteEnds(true, true), form.Activation.Ends);
        Assert.Equal([0.0, 0], form.Biases);
        Assert.Equal((2, 2, LayerLowering.Elementwise), (form.InputCount, form.OutputCount, form.Lowering));
    }

    [Theory]
    [InlineData(0, 1, true, false)]
    [InlineData(1, 0, false, true)]
    [InlineData(1, 2, false, false)]
    public void An_end_is_bounded_where_a_function_is_constant_towards_it(double left, double right, bool low, bool high)
    {
        var layer = KanLayer.Activation([Bent([0], [-5, 5], 0), Bent([1], [left, right], 0)]);
        Assert.Equal(new FiniteEnds(low, high), Build<ElementwiseForm>(layer, LayerLowering.Elementwise).Activation.Ends);
        Assert.Equal(new FiniteEnds(low, high),
            Build<RowsForm>(new KanLayer(1, 2, [new KanEdge(0, 0, Bent([0], [-5, 5], 0)), new KanEdge(0, 1, Bent([1], [left, right], 0))]),
            LayerLowering.Rows).Ends);
    }

    [Fact]
    public void Rows_have_the_values_of_all_functions_of_an_input_at_each_breakpoint_of_any()
    {
        var layer = new KanLayer(2, 2,
            [new KanEdge(0, 0, Bent([0, 2], [1, 3, -1], 5)), new KanEdge(0, 1, Bent([1], [0.5, -0.5], 2)), new KanEdge(1, 0, Line(4, 6)),
            new KanEdge(1, 1, Line(-4, 0))], [7, 8]);
        var form = Build<RowsForm>(layer, LayerLowering.Rows);
        Assert.Equal([7.0, 8], form.Biases);
        AssertTable(form.Segments[0], [0, 1, 2], [0, 0, 1, 2], [5, 1.5, 5, 1.5, 8, 2, 11, 1.5], [1, 0.5, 3, 0.5, 3, -0.5, -1, -0.5]);
        AssertTable(form.Segments[1], [], [0], [6, 0], [4, -4]);
        Assert.Equal([4, 1], form.Segments.Select(static table => table.SegmentCount));
        Assert.Equal(default, form.Ends);
        Assert.Equal(LayerLowering.Rows, form.Lowering);

        // An edge that is missing is 0 everywhere, constant towards both ends.
        var absent = Build<RowsForm>(new KanLayer(1, 2, [new KanEdge(0, 1, Bent([1], [2, 3], 4))]), LayerLowering.Rows);
        AssertTable(absent.Segments[0], [1], [1, 1], [0, 4, 0, 4], [0, 2, 0, 3]);
        Assert.Equal(new FiniteEnds(true, true), absent.Ends);
    }

    [Fact]
    public void A_rounded_breakpoint_moves_the_switch_and_not_the_line()
    {
        // The float nearest to 1/3 is 1 / (3 * 2^25) above it.
        var third = Rational.Create(1, 3);
        var function = PiecewiseLinearFunction.FromSlopes([third], [0, 3 << 25], third, 5);
        var form = Build<RowsForm>(new KanLayer(1, 1, [new KanEdge(0, 0, function)]), LayerLowering.Rows);
        AssertTable(form.Segments[0], [1f / 3], [1f / 3, 1f / 3], [5, 6], [0, 3 << 25]);
    }

    [Fact]
    public void Forms_that_do_not_apply_are_refused()
    {
        var bent = new KanLayer(1, 1, [new KanEdge(0, 0, Bent([0], [1, 2], 0))]);
        var wide = new KanLayer(1, 2, [new KanEdge(0, 0, Bent([0], [1, 2], 0)), new KanEdge(0, 1, Bent([1], [1, 2], 0))]);
        Assert.False(FormBuilder.Applies(bent, LayerLowering.Affine, Precision.Single));
        Assert.True(FormBuilder.Applies(bent, LayerLowering.Elementwise, Precision.Single));
        Assert.True(FormBuilder.Applies(bent, LayerLowering.Factored, Precision.Single));
        Assert.False(FormBuilder.Applies(wide, LayerLowering.Elementwise, Precision.Single));
        Assert.False(FormBuilder.Applies(wide, LayerLowering.Factored, Precision.Single));
        Assert.All([LayerLowering.Rows, LayerLowering.Clamp, LayerLowering.Relu],
            lowering => Assert.True(FormBuilder.Applies(wide, lowering, Precision.Single)));
        Assert.All([LayerLowering.Affine, LayerLowering.Elementwise, LayerLowering.Factored], lowering =>
            Assert.StartsWith($"The lowering {lowering} cannot be used for this layer.",
                Assert.Throws<ArgumentException>(() => Build(wide, lowering, Precision.Single)).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_number_past_the_largest_one_is_refused()
    {
        var layer = new KanLayer(1, 1, [new KanEdge(0, 0, Line(1e39, 0))]);
        Assert.Equal("A number near 1.000E+039 does not fit float; use Precision.Double.",
            Assert.Throws<OverflowException>(() => Build(layer, LayerLowering.Affine, Precision.Single)).Message);
        Assert.Equal([1e39], ((AffineForm)Build(layer, LayerLowering.Affine, Precision.Double)).Weights);
        var larger = new KanLayer(1, 1, [new KanEdge(0, 0, Linear(Rational.FromDouble(1e300) * Rational.FromDouble(1e300), 0))]);
        Assert.EndsWith(" does not fit double.",
            Assert.Throws<OverflowException>(() => Build(larger, LayerLowering.Affine, Precision.Double)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LayerLowering.Affine)]
    [InlineData(LayerLowering.Factored)]
    [InlineData(LayerLowering.Rows)]
    [InlineData(LayerLowering.Clamp)]
    [InlineData(LayerLowering.Relu)]
    public void Building_stops_where_it_is_cancelled(LayerLowering lowering)
    {
        var layer = new KanLayer(1, 1, [new KanEdge(0, 0, Line(1, 0))]);
        Assert.Throws<OperationCanceledException>(() =>
            FormBuilder.Build(layer, lowering, Precision.Single, new CancellationToken(canceled: true)));
    }

    private static bool CanFactor(Precision precision, params PiecewiseLinearFunction[] functions) =>
        FormBuilder.Applies(new KanLayer(1, functions.Length, functions.Select(static (function, q) => new KanEdge(0, q, function))),
            LayerLowering.Factored, precision);

    private static void AssertTable(SegmentTable table, double[] knots, double[] points, double[] values, double[] slopes)
    {
        Assert.Equal(knots, table.Knots);
        Assert.Equal(points, table.Points);
        Assert.Equal(values, table.Values);
        Assert.Equal(slopes, table.Slopes);
    }
}
