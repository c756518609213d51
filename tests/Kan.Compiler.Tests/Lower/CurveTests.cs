using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Kan.Compiler.Lower;
using Kan.Compiler.Tests.Support;
using Xunit;

namespace Kan.Compiler.Tests.Lower;

/// <summary>Curves in integers: knots, weights and values against what each of them is to hold, and the table read back.</summary>
public sealed class CurveTests
{
    private static readonly InputRange s_unit = new(0, 1);

    [Fact]
    public void Knots_are_the_codes_next_to_breakpoints_and_both_ends()
    {
        var curves = Curves(Plan([s_unit], Grid(1, [0, 0.25, 0.6, 1], 0, 1, 0, 1)).Form, 0);
        Assert.True(curves.AreShared);
        Assert.Equal([0, 64, 153, 255], curves.Knots[0]);

        // Breakpoints beyond the range, and two at one code, are no knots of their own.
        curves = Curves(Plan([s_unit], Grid(1, [-3, -1, 0.501, 0.502, 1, 2], 0, 1, 0, 1, 3, 0)).Form, 0);
        Assert.Equal([0, 128, 255], curves.Knots[0]);
    }

    [Fact]
    public void Inputs_share_knots_where_that_costs_little()
    {
        var same = Curves(Plan([s_unit], Grids([0, 0.302, 0.6, 1], [0, 0.302, 0.6, 1])).Form, 0);
        Assert.Equal([0, 77, 153, 255], Assert.Single(same.Knots));
        var own = Curves(Plan([s_unit], Grids([0, 0.302, 0.6, 1], [0, 0.102, 0.2, 1])).Form, 0);
        Assert.False(own.AreShared);
        Assert.Equal([0, 77, 153, 255], own.KnotsOf(0));
        Assert.Equal([0, 26, 51, 255], own.KnotsOf(1));
    }

    /// <summary>A sum of products of weights and values of 127 fits 16 bits for as many inputs as the kernels add there.</summary>
    [Fact]
    public void Weights_are_as_fine_as_codes_and_fit_16_bits()
    {
        foreach (int segments in new[] { 2, 3, 4, 5, 7, 8, 16, 39 })
        {
            foreach (int outputs in new[] { 1, 1400 })
            {
                double[] knots = [.. Enumerable.Range(0, segments + 1).Select(i => (double)i / segments)];
                var layer = Plan([s_unit], Grid(outputs, knots, [.. Enumerable.Range(0, (segments + 1) * outputs)
                    .Select(i => (((i / outputs * 5) + (i * i)) % 11) - 0.5)])).Form.Layers[0];
                var curves = layer.Curves ?? throw new InvalidOperationException("There are no curves.");
                int longest = curves.Knots[0].Skip(1).Zip(curves.Knots[0], static (next, knot) => next - knot).Max();
                int together = CurveLayout.Of(layer, 0).Together;
                Assert.InRange(curves.Whole, longest, 255);
                Assert.InRange(together * curves.Whole * 127, 1, short.MaxValue);
                if (outputs > 1) Assert.Equal(longest <= 64 ? 4 : longest <= 129 ? 2 : 1, together);

                // Neighbouring codes have other weights, which end where the next segment begins.
                for (int code = 1; code < 256; code++)
                {
                    var (segment, weight) = curves.Place(0, code);
                    var before = curves.Place(0, code - 1);
                    Assert.True(segment == before.Segment ? weight > before.Weight : weight == 0);
                    double share = (double)(code - curves.Knots[0][segment]) / (curves.Knots[0][segment + 1] - curves.Knots[0][segment]);
                    Assert.InRange(weight - (share * curves.Whole), -0.5, 0.5);
                }
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Values_are_the_nearest_integers_around_the_middle_of_an_edge(int seed)
    {
        var random = new Random(seed);
        const int Inputs = 3, Outputs = 4, Segments = 5;
        double[] knots = [.. Enumerable.Range(0, Segments + 1).Select(static i => i / (double)Segments)];
        double[] values = [.. Enumerable.Range(0, Inputs * (Segments + 1) * Outputs).Select(_ => (random.NextDouble() - 0.3) * 5)];
        var description = Description(Outputs, [knots, knots, knots], values);
        var form = Plan([s_unit], description).Form;
        var layer = description.ToLayer();
        var curves = Curves(form, 0);
        for (int q = 0; q < Outputs; q++)
        {
            double step = (double)form.Layers[0].Units[q] * curves.Whole, middles = 0.1;
            int largest = 0;
            for (int p = 0; p < Inputs; p++)
            {
                var function = layer.Edges.Single(edge => edge.Input == p && edge.Output == q).Function;
                double[] exact = [.. curves.Knots[0].Select(knot => function.Evaluate((double)form.Inputs[0].Scale * knot))];
                double middle = (exact.Min() + exact.Max()) / 2;
                middles += middle;
                for (int k = 0; k < exact.Length; k++)
                {
                    int value = curves.Values[(((p * exact.Length) + k) * Outputs) + q];
                    largest = Math.Max(largest, Math.Abs(value));
                    Assert.InRange((exact[k] - middle) / step, value - 0.5001, value + 0.5001);
                }
            }

            Assert.Equal(127, largest);
            Assert.InRange(middles / form.Layers[0].Units[q], form.Layers[0].Biases[q] - 0.51, form.Layers[0].Biases[q] + 0.51);
        }
    }

    /// <summary>
    /// Values 64, 0 and -20 at the codes 0, 128 and 255. Code 64 is half way; code 160 is 32 of 127 codes further, 32.25 of 128, so 32.
    /// </summary>
    [Theory]
    [InlineData(-1f, (64 * 128) + 5)]
    [InlineData(-0.5f, (64 * 64) + 5)]
    [InlineData(0f, 5)]
    [InlineData(0.25f, (-20 * 32) + 5)]
    [InlineData(float.PositiveInfinity, (-20 * 128) + 5)]
    [InlineData(float.NegativeInfinity, (64 * 128) + 5)]
    public void Values_are_weighted_by_codes(float input, int expected)
    {
        var form = new IntegerForm([new CodeRange(1f / 128, 128)],
            [new IntegerLayerForm(1, 1, [], [5], [0.5f], default) { Curves = new IntegerCurves([[0, 128, 255]], 128, [64, 0, -20]) }]);
        Assert.Equal(expected * 0.5f, Assert.Single(new IntegerEvaluator(form).Evaluate([input])));
        Assert.True(float.IsNaN(Assert.Single(new IntegerEvaluator(form).Evaluate([float.NaN]))));
        Assert.False(form.Layers[0].FitsPairs);
    }

    [Fact]
    public void Codes_are_for_what_varies()
    {
        var half = Rational.Create(1, 2);
        var cut = PiecewiseLinearFunction.FromKnots([0, half, 1], [0, 1, half], Rational.Zero, Rational.Zero);
        var form = Plan([new InputRange(-5, 9)], new ActivationDescription(2, [cut])).Form;
        Assert.Equal(0, form.Inputs[0].Zero);
        Assert.InRange(form.Inputs[0].Scale, 1.0 / 255 * 0.999999, 1.0 / 255 * 1.0011);
    }

    /// <summary>
    /// Read back as the kernels do: the number of segments and the knots, a row for each input and segment with pairs of values, in which
    /// outputs i and 8 + i are neighbours, biases and multipliers.
    /// </summary>
    [Theory]
    [InlineData(true, 5)]
    [InlineData(false, 5)]
    [InlineData(true, 40)]
    public void Tables_are_packed_in_the_order_of_the_kernels(bool isShared, int outputs)
    {
        var random = new Random(4);
        const int Inputs = 7;
        double[][] knots = [.. Enumerable.Range(0, Inputs).Select(p => isShared ? [0, 0.2, 0.7, 1] : new[] { 0, 0.05 + (p * 0.1), 1 })];
        var plan = Plan([s_unit], Description(outputs, knots, [.. Enumerable.Range(0, knots.Sum(static own => own.Length) * outputs)
            .Select(_ => random.NextDouble())]));
        var layer = plan.Form.Layers[0];
        var curves = Curves(plan.Form, 0);
        int at = plan.Starts[0], panels = (outputs + 15) / 16;
        var lists = new List<int[]>();
        for (int grid = 0; grid < curves.Knots.Length; grid++)
        {
            int segments = plan.Table[at];
            lists.Add([.. plan.Table.Skip(at + 1).Take(segments + 1)]);
            Assert.Equal(curves.Knots[grid].Select(static knot => (int)knot), lists[grid]);
            at += segments + 2;
        }

        at = (at + 15) / 16 * 16;
        Assert.Equal(CurveLayout.Of(layer, plan.Starts[0]).Rows, at);
        int value = 0;
        for (int p = 0; p < Inputs; p++, value += outputs)
        {
            for (int s = 0; s + 1 < lists[isShared ? 0 : p].Length; s++, value += outputs)
            {
                byte[] row = [.. plan.Table.Skip(at).Take(panels * 8).SelectMany(BitConverter.GetBytes)];
                for (int q = 0; q < outputs; q++)
                {
                    int lane = (q / 16 * 16) + (q % 16 < 8 ? q % 16 * 2 : (((q % 16) - 8) * 2) + 1);
                    Assert.Equal((curves.Values[value + q], curves.Values[value + outputs + q]),
                        ((sbyte)row[lane * 2], (sbyte)row[(lane * 2) + 1]));
                }

                at += panels * 8;
            }
        }

        at = (at + 15) / 16 * 16;
        Assert.Equal(layer.Biases, plan.Table.Skip(at).Take(outputs));
        Assert.Equal(layer.Units, plan.Table.Skip(at + (panels * 16)).Take(outputs).Select(BitConverter.Int32BitsToSingle));
        Assert.Equal(plan.Table.Length, at + (panels * 32));
        Assert.Equal((plan.Table.Length - plan.Starts[0]) * 4, plan.LayerBytes(0));
        Assert.True(plan.HasCurves && !plan.IsModel && plan.DifferencesStart < 0);
    }

    [Fact]
    public void What_has_no_integers_says_why()
    {
        Refused("no ranges of its inputs are known: declare them, or give samples to calibrate with", [], Grid(1, [0, 0.5, 1], 0, 1, 0));
        Refused("the functions of layer 0, of 4000 inputs and 4000 outputs, have too many values for a table", [new InputRange(-1, 1)],
            new ActivationDescription(4000, [PiecewiseLinearFunction.Relu]));
        Refused("a sum of layer 0 might leave 32 bits: it has 70000 inputs", [new InputRange(-1, 1)], new EdgesDescription(70_000, 1,
            [.. Enumerable.Range(0, 70_000).Select(static p => new KanEdge(p, 0,
                (Rational)(1 - (p % 2 * 2)) * PiecewiseLinearFunction.Relu))], []));

        static void Refused(string message, ImmutableArray<InputRange> ranges, LayerDescription layer) =>
            Assert.Equal(message, Assert.Throws<NoIntegerFormException>(() => Plan(ranges, layer)).Message);
    }

    private static IntegerCurves Curves(IntegerForm form, int layer) =>
        form.Layers[layer].Curves ?? throw new InvalidOperationException("There are no curves.");

    private static GridDescription Grids(params double[][] knots) =>
        Description(1, knots, [.. Enumerable.Range(0, knots.Sum(static own => own.Length)).Select(static i => (double)(i * i % 5))]);

    private static GridDescription Grid(int outputs, double[] knots, params double[] values) => Description(outputs, [knots], values);

    private static GridDescription Description(int outputs, double[][] knots, double[] values) => new(outputs,
        [.. knots.Select(static own => own.Select(Rational.FromDouble).ToImmutableArray())],
        [.. values.Select(Rational.FromDouble)], [.. Enumerable.Repeat(Rational.Create(1, 10), outputs)]);

    private static IntegerPlan Plan(ImmutableArray<InputRange> ranges, params LayerDescription[] layers) =>
        Plans.Document(Precision.Int8, Lowering.Auto, layers, [.. ranges]).Integers!;
}
