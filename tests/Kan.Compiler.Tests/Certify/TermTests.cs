using System;
using System.Collections.Immutable;
using System.Linq;
using Kan.Compiler.Certify;
using Kan.Compiler.Lower;
using Kan.Compiler.Tests.Support;
using Xunit;

namespace Kan.Compiler.Tests.Certify;

/// <summary>
/// The rounding of single terms, counted by hand in units of float, u = 2^-24: a number from 1 to 2 rounds by at most u, one from 2 to 4 by
/// 2 u, one from 4 to 8 by 4 u.
/// </summary>
public sealed class TermTests
{
    private const double Unit = 1.0 / (1 << 24);

    private static readonly NumberType s_type = new(Precision.Single);

    /// <summary>
    /// Slope 1 up to the knot at 4, where the value is 8, then slope 2. On [0, 4]: 4 u of the difference, 4 u of the slope times the
    /// difference, 8 u of the value and 8 u of the result. On [4, 8]: 8 u, 8 u, 8 u and 16 u. The knot may be 4 u off, where the slope
    /// changes by 1.
    /// </summary>
    [Theory]
    [InlineData(0, 8, 40 + 4, 16)]
    [InlineData(0, 4, 24 + 4, 8)]
    [InlineData(4, 4, 16 + 4, 8)]
    [InlineData(5, 8, 40, 16)]
    [InlineData(0, 3, 4 + 4 + 8 + 4, 7)]
    [InlineData(-12, 3, 16 + 16 + 8 + 8, 8)]
    [InlineData(6, 7, 4 + 6 + 8 + 8, 14)]
    public void A_segment_rounds_four_times(double low, double high, double units, double magnitude)
    {
        var table = new SegmentTable([4], [4, 4], [8, 8], [1, 2]);
        Check(SegmentRounding.Of(table, 0, new Enclosure(low, high), s_type, Watch()), units, magnitude);

        // Padding is behind knots that are no numbers.
        table = new SegmentTable([4, double.NaN, double.NaN], [4, 4, 4, 4], [8, 8, 1e9, 1e9], [1, 2, 1e9, 1e9]);
        Check(SegmentRounding.Of(table, 0, new Enclosure(low, high), s_type, Watch()), units, magnitude);

        // The second of two functions.
        table = new SegmentTable([4], [4, 4], [1e9, 8, 1e9, 8], [1e9, 1, 1e9, 2]);
        Check(SegmentRounding.Of(table, 1, new Enclosure(low, high), s_type, Watch()), units, magnitude);
    }

    /// <summary>
    /// Slopes 1, 2 and 4. Breakpoints that were rounded to one knot add up, 3 * 4 u; of others the worst counts, 2 * 4 u, and the segment
    /// between 4 and 5 rounds by 20 u.
    /// </summary>
    [Theory]
    [InlineData(4, 4, 16 + (3 * 4))]
    [InlineData(4, 5, 20 + (2 * 4))]
    [InlineData(4, 7, 4 + 6 + 8 + 8 + (2 * 4))]
    public void Bends_at_one_knot_add_up(double first, double second, double units)
    {
        var table = new SegmentTable([first, second], [first, first, second], [8, 8, 8], [1, 2, 4]);
        double error = SegmentRounding.Of(table, 0, new Enclosure(first, second), s_type, Watch()).Error;
        Assert.Equal(units, error / Unit, 1e-4);
    }

    /// <summary>
    /// Slope 8 before the knot, 1 behind it, where the table has another value: 32 u, 32 u, 8 u and 16 u on [0, 4], and 7 * 4 u for the
    /// knot.
    /// </summary>
    [Fact]
    public void A_segment_ends_at_its_knot()
    {
        var table = new SegmentTable([4], [4, 4], [8, 4], [8, 1]);
        Check(SegmentRounding.Of(table, 0, new Enclosure(0, 8), s_type, Watch()), 88 + 28, 24);
        table = new SegmentTable([4], [4, 4], [1e9, 8, 1e9, 4], [1e9, 8, 1e9, 1]);
        Check(SegmentRounding.Of(table, 1, new Enclosure(0, 8), s_type, Watch()), 88 + 28, 24);

        // The value behind it is large: 4 u, 4 u, 512 u and 512 u.
        table = new SegmentTable([4], [4, 4], [1e9, 8, 1e9, 512], [1e9, 1, 1e9, 1]);
        Check(SegmentRounding.Of(table, 1, new Enclosure(0, 8), s_type, Watch()), 4 + 4 + 512 + 512, 516);
        table = new SegmentTable([4, 5], [4, 4, 5], [1e9, 8, 1e9, 8, 1e9, 8], [1e9, 1, 1e9, 2, 1e9, 4]);
        Check(SegmentRounding.Of(table, 1, new Enclosure(4, 5), s_type, Watch()), 20 + 8, 10);
    }

    /// <summary>
    /// A table of steep lines: the larger of two errors counts, and the differences and results are looked at for overflow.
    /// </summary>
    [Fact]
    public void Differences_and_values_may_overflow()
    {
        var watch = Watch();
        SegmentRounding.Of(new SegmentTable([1e38], [1e38, 1e38], [0, 0], [0, 0]), 0, new Enclosure(-3e38, 3e38), s_type, watch);
        Assert.StartsWith("in layer 0 a difference of an input and a breakpoint can reach 4.0E+38", watch.Reason, StringComparison.Ordinal);
        watch = Watch();
        SegmentRounding.Of(new SegmentTable([], [0], [0], [1e10]), 0, new Enclosure(-1, 1e30), s_type, watch);
        Assert.StartsWith("in layer 0 the value of an edge can reach 1.0E+40", watch.Reason, StringComparison.Ordinal);
    }

    /// <summary>
    /// Slope 1 below the breakpoint at 4 and 2 above it, on [0, 8]: either unit is 4 long, off by 4 u of the breakpoint and 4 u of the
    /// difference; the weights by u and 2 u.
    /// </summary>
    [Theory]
    [InlineData(0, 8, 4 + 8 + 8 + 16, 4 + 8)]
    [InlineData(0, 3, 4 + 8, 4)]
    [InlineData(5, 8, 8 + 16, 8)]
    [InlineData(4, 4, 4 + 8, 0)]
    public void Rays_count_as_far_as_inputs_reach(double low, double high, double units, double swing)
    {
        var term = Term(PiecewiseLinearFunction.FromSlopes([4], [1, 2], 4, 0), Lowering.Clamp, low, high);
        Check(term, units, swing, 2);
    }

    /// <summary>
    /// Between 4 and 6 a clamped difference of slope 2 and height 2: 2.002 long, off by 4 u of the breakpoint, 2 u of the height and 2 u of
    /// the difference; its weight by 2 u and 5 * 1.001 u of itself for the balance. The rays are of slope 1 at 4 and 3 at 6.
    /// </summary>
    [Fact]
    public void A_clamped_difference_ends_at_its_height()
    {
        var function = PiecewiseLinearFunction.FromSlopes([4, 6], [1, 2, 3], 4, 0);
        double clamp = ((2 + 10.01) * 2.002) + (2 * 8), low = 4 + 8, high = (2 * 2) + (3 * 6);
        Check(Term(function, Lowering.Clamp, 0, 8), clamp + low + high, 4.004 + 4 + 6, 3);

        // The ray at 6 is not left, but its knot may be 4 u off.
        Check(Term(function, Lowering.Clamp, 5, 6), (12.01 * 2) + 16 + (3 * 4), 4, 3);

        // Inputs that stop before the height: 1 long, whose difference rounds by u.
        Check(Term(function, Lowering.Clamp, 4, 5), (1 * 4) + (12.01 * 1) + (2 * (4 + 2 + 1)), 2, 3);
    }

    /// <summary>Lemma 1: slope -1 to the left of 4, then 2, and 3 more from 6 on.</summary>
    [Fact]
    public void Relu_units_are_not_cut_off()
    {
        var function = PiecewiseLinearFunction.FromSlopes([4, 6], [-1, 2, 5], 4, 0);
        double left = (1 * 4) + (1 * 8), first = (2 * 4) + (2 * 8), second = (2 * 2) + (3 * 6);
        Check(Term(function, Lowering.Relu, 0, 8), left + first + second, 4 + 8 + 6, 3);
    }

    [Fact]
    public void A_knot_may_be_off_however_near_inputs_are()
    {
        var watch = Watch();
        var edge = new KanEdge(0, 0, PiecewiseLinearFunction.FromSlopes([Rational.FromSingle(3e38f)], [1, 2], 0, 0));
        TermRounding.Of(edge, Form(edge, Lowering.Clamp), new Enclosure(-3e38, 0), s_type, watch);
        Assert.StartsWith("in layer 0 a difference of an input and a breakpoint can reach 6.0E+38", watch.Reason, StringComparison.Ordinal);
    }

    /// <summary>A weight that is a number of the type is exact; 1/3 is off by what it is rounded by, not by half a distance.</summary>
    [Fact]
    public void A_weight_is_off_by_what_it_was_rounded_by()
    {
        Assert.Equal(new TermRounding(0, 6, 1), Rounded(Affine(2, -3, 3)));
        double third = Math.Abs((double)(1f / 3) - (1.0 / 3));
        var term = Affine(Rational.Create(1, 3), -3, 2);
        Assert.Equal(0, term.Error, 1e-300);

        // 1/3 is rounded up, so that the term is too small for negative inputs.
        Assert.Equal(third * -3, term.Drift.Low, 1e-6 * third);
        Assert.Equal(third * 2, term.Drift.High, 1e-6 * third);
        Assert.Equal(1, term.Swing, 1e-6);
        Assert.Equal(1, term.Additions);

        static TermRounding Affine(Rational weight, double low, double high)
        {
            var edge = new KanEdge(0, 0, PiecewiseLinearFunction.Linear(weight, 0));
            return TermRounding.Of(edge, Plans.One(new KanLayer(1, 1, [edge])).Form, new Enclosure(low, high), s_type, Watch());
        }
    }

    /// <summary>The weight of an edge is that of its input and its output.</summary>
    [Fact]
    public void Each_edge_has_its_own_weight()
    {
        var layer = Plans.Affine(2, 3, static (p, q) => 1 + (p * 3) + q);
        var form = Plans.One(layer).Form;
        Assert.Equal([1.0, 2, 3, 4, 5, 6], layer.Edges.Select(edge =>
            Math.Round(TermRounding.Of(edge, form, new Enclosure(-1, 1), s_type, Watch()).Swing, 9)));
    }

    /// <summary>A ReLU is exact, and never negative; the weight is the slope of its right side.</summary>
    [Fact]
    public void A_relu_adds_no_error()
    {
        Assert.Equal(new TermRounding(0, 6, 1), Rounded(Relu(2, -5, 3)));
        Assert.Equal(new TermRounding(0, 0, 1), Rounded(Relu(2, -5, -3)));
        double third = Math.Abs((double)(1f / 3) - (1.0 / 3));
        var term = Relu(Rational.Create(1, 3), -5, 3);
        Assert.Equal(0, term.Drift.Low, 1e-300);
        Assert.Equal(third * 3, term.Drift.High, 1e-6 * third);
        Assert.Equal(0, term.Error, 1e-300);

        static TermRounding Relu(Rational weight, double low, double high)
        {
            var edge = new KanEdge(0, 0, weight * PiecewiseLinearFunction.Relu);
            var form = Assert.IsType<FactoredForm>(Plans.One(new KanLayer(1, 1, [edge])).Form);
            Assert.True(form.Activation.IsRelu);
            return TermRounding.Of(edge, form, new Enclosure(low, high), s_type, Watch());
        }
    }

    /// <summary>
    /// Slopes 3 and 6 are six times a shape of slopes 1/2 and 1. On [4, 6] its height is 2, of which the difference rounds by 2 u; times a
    /// slope of 1 it is itself. No number of the shape is rounded, and neither is the weight.
    /// </summary>
    [Fact]
    public void A_factor_weighs_what_the_shape_rounds()
    {
        var shape = PiecewiseLinearFunction.FromSlopes([4], [1, 2], 4, 0);
        KanEdge[] edges = [new(0, 0, 3 * shape), new(0, 1, shape)];
        var form = Assert.IsType<FactoredForm>(Plans.One(new KanLayer(1, 2, edges)).Form);

        var term = TermRounding.Of(edges[0], form, new Enclosure(4, 6), s_type, Watch());
        Assert.Equal(6 * 2, term.Error / Unit, 1e-5);
        Assert.Equal(12, term.Swing, 1e-4);
    }

    /// <summary>Node by node nothing is added: the error of the function alone.</summary>
    [Fact]
    public void A_layer_without_sums_has_no_additions()
    {
        var shape = PiecewiseLinearFunction.FromSlopes([4], [1, 2], 4, 8);
        var form = Plans.One(KanLayer.Activation(2, shape)).Form;
        var term = TermRounding.Of(new KanEdge(1, 1, shape), form, new Enclosure(0, 8), s_type, Watch());
        Assert.Equal((2 * 4) + 16, term.Error / Unit, 1e-5);
        Assert.Equal((0, 0), (term.Swing, term.Additions));
        Assert.Equal(default, TermRounding.Of(new KanEdge(1, 1, PiecewiseLinearFunction.Relu), Plans.One(Plans.Relu(2)).Form,
            new Enclosure(0, 8), s_type, Watch()));
    }

    [Fact]
    public void A_row_is_one_addition()
    {
        var shape = PiecewiseLinearFunction.FromSlopes([4], [1, 2], 4, 8);
        KanEdge[] edges = [new(0, 0, PiecewiseLinearFunction.Identity), new(0, 1, shape)];
        var form = Plans.One(new KanLayer(1, 2, edges), lowering: Lowering.Rows).Form;
        Check(TermRounding.Of(edges[1], form, new Enclosure(0, 8), s_type, Watch()), (2 * 4) + 16, 16, 1);
    }

    [Fact]
    public void A_layer_over_an_image_has_no_edges()
    {
        var geometry = new WindowGeometry { Channels = 1, Height = 1, Width = 1, KernelHeight = 1, KernelWidth = 1 };
        foreach (LayerForm form in new LayerForm[] { new MaximumForm(geometry), new ConvolutionForm(geometry, 1, 1, [0], [1], default) })
            Assert.Equal("A layer over an image is certified as a whole.", Assert.Throws<InvalidOperationException>(() =>
                TermRounding.Of(new KanEdge(0, 0, PiecewiseLinearFunction.Identity), form, default, s_type, Watch())).Message);
    }

    private static OverflowWatch Watch() => new(s_type);

    private static LayerForm Form(KanEdge edge, Lowering lowering) => Plans.One(new KanLayer(1, 1, [edge]), lowering: lowering).Form;

    private static TermRounding Term(PiecewiseLinearFunction function, Lowering lowering, double low, double high)
    {
        var edge = new KanEdge(0, 0, function);
        return TermRounding.Of(edge, Form(edge, lowering), new Enclosure(low, high), s_type, Watch());
    }

    private static TermRounding Rounded(TermRounding term) =>
        new(Math.Round(term.Error, 12), Math.Round(term.Swing, 12), term.Additions);

    private static void Check(TermRounding term, double units, double swing, int additions)
    {
        Assert.Equal(units, term.Error / Unit, 1e-5);
        Assert.Equal(swing, term.Swing, 1e-4);
        Assert.Equal(additions, term.Additions);
    }

    private static void Check(SegmentRounding rounding, double units, double magnitude)
    {
        Assert.Equal(units, rounding.Error / Unit, 1e-4);
        Assert.Equal(magnitude, rounding.Magnitude, 1e-4);
    }
}
