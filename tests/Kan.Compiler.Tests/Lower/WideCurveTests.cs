using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Kan.Compiler.Integers;
using Kan.Compiler.Lower;
using Kan.Testing;
using Xunit;

namespace Kan.Compiler.Tests.Lower;

/// <summary>
/// Curves with codes of 16 bits: where they are chosen, knots, weights and values against what each of them is to hold, sums that stay
/// within 32 bits, and the table read back.
/// </summary>
public sealed class WideCurveTests
{
    private static readonly InputRange s_unit = new(0, 1);

    private static readonly int[] s_ends = [0, 1, 20_000, 21_844, 21_845, 21_846, 40_000, 65_534, 65_535];

    [Fact]
    public void Codes_have_16_bits_where_8_are_not_certified_to_keep_the_tolerance()
    {
        var layer = Grid(3, [0, 0.25, 0.6, 1], [.. Enumerable.Range(0, 12).Select(static i => (double)(i * 5 % 7))]);
        double narrow = Plan(null, layer).Certificate.Bound, wide = Plan(1e-12, layer).Certificate.Bound;
        Assert.False(Plan(null, layer).Form.IsWide);
        Assert.False(Plan(narrow, layer).Form.IsWide);
        Assert.True(Plan(narrow * 0.999, layer).Form.IsWide);
        var form = Plan(1e-12, layer).Form;
        Assert.True(form.IsWide && form.Layers[0].HasCurves && !form.Layers[0].FitsPairs);
        Assert.Null(form.Layers[0].Curves);
        Assert.True(wide < narrow / 100, $"{wide} is not far below {narrow}.");
    }

    [Fact]
    public void Knots_are_the_codes_next_to_breakpoints_and_both_ends()
    {
        Check([0, 0.25, 0.6, 1], [0.25, 0.6], 0, 1, 0, 1);
        Check([-3, -1, 0.501, 0.502, 1, 2], [0.501, 0.502, 1], 0, 1, 0, 1, 3, 0);

        static void Check(double[] bends, double[] inside, params double[] values)
        {
            var form = Plan(1e-9, Grid(1, bends, values)).Form;
            var curves = Curves(form, 0);
            Assert.True(curves.AreShared);
            Assert.InRange(form.Inputs[0].Scale, 1.0 / 65_535, 1.0011 / 65_535);
            Assert.Equal([0, .. inside.Select(x => (ushort)Math.Round(x / form.Inputs[0].Scale)), 65_535], curves.Knots[0]);
        }
    }

    /// <summary>400 edges bend at codes that are 100 apart: knots of a large layer are so far apart as codes of 8 bits are.</summary>
    [Fact]
    public void Knots_are_no_closer_than_the_table_allows()
    {
        const int Outputs = 400;
        var layer = new EdgesDescription(1, Outputs, [.. Enumerable.Range(0, Outputs).Select(static q => new KanEdge(0, q,
            PiecewiseLinearFunction.FromKnots([0, Rational.Create(20_000 + (100 * q), 65_535), 1], [0, 1, 0])))], []);
        var form = CurveLayer.Of(new KanNetwork([layer.ToLayer()]), TestContext.Current.CancellationToken);
        var curves = Curves(WideCurveLowering.Lower(form, [s_unit], [], TestContext.Current.CancellationToken)!, 0);

        // Three bends lie within 257 codes, and the one in the middle has the knot; the last ones may be fewer.
        Assert.InRange(curves.Knots[0].Length, 130, 140);
        Assert.All(curves.Knots[0].Skip(1).SkipLast(2).Zip(curves.Knots[0].Skip(2)),
            static pair => Assert.InRange(pair.Second - pair.First, 129, 320));
    }

    /// <summary>All codes of segments of all kinds of lengths.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(257)]
    [InlineData(16_384)]
    [InlineData(32_767)]
    [InlineData(32_768)]
    [InlineData(40_001)]
    [InlineData(65_535)]
    public void Weights_are_next_to_the_share_of_a_code(int length)
    {
        ImmutableArray<ushort> knots = length == 65_535 ? [0, 65_535] : [0, (ushort)length, 65_535];
        var curves = new WideCurves([knots], 0, []);
        int before = -1;
        for (int code = 0; code < length; code++)
        {
            var (segment, weight) = curves.Place(0, code);
            Require.That(segment == 0 && weight >= before && weight is >= 0 and <= WideCurves.Whole, $"The weight of {code} is {weight}.");
            Require.That(Math.Abs(weight - ((double)code * WideCurves.Whole / length)) <= 0.75, $"The weight of {code} is {weight}.");
            before = weight;
        }

        Assert.Equal(length == 65_535 ? (0, WideCurves.Whole) : (1, 0), curves.Place(0, length));
        Assert.Equal((knots.Length - 2, WideCurves.Whole), curves.Place(0, 65_535));
    }

    /// <summary>
    /// Values 640, 0 and -201 at the codes 0, 32,768 and 65,535. Code 49,152 is 16,384 of 32,767 codes further, which is its weight; what
    /// is added is divided by 2^3, and rounded down.
    /// </summary>
    [Theory]
    [InlineData(-1f, (640 * 32_767 / 8) + 5)]
    [InlineData(0f, 5)]
    [InlineData(0.5f, -411_648 + 5)]
    [InlineData(float.PositiveInfinity, -823_271 + 5)]
    [InlineData(float.NegativeInfinity, (640 * 32_767 / 8) + 5)]
    public void Values_are_weighted_by_codes(float input, int expected)
    {
        var form = new IntegerForm([new CodeRange(1f / 32_768, 32_768) { IsWide = true }],
            [new IntegerLayerForm(1, 1, [], [5], [0.5f], default)
            {
                WideCurves = new WideCurves([[0, 32_768, 65_535]], 3, [640, 0, -201]),
            }]);
        Assert.Equal(expected * 0.5f, Assert.Single(new IntegerEvaluator(form).Evaluate([input])));
        Assert.True(float.IsNaN(Assert.Single(new IntegerEvaluator(form).Evaluate([float.NaN]))));
    }

    /// <summary>
    /// The codes with the largest and the least sums, input by input: both are 32 bits, and near their ends where inputs are many, so that
    /// terms keep as many bits as they can.
    /// </summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1e7)]
    [InlineData(700, 0)]
    [InlineData(700, 1e7)]
    [InlineData(700, -1e4)]
    [InlineData(5000, 3)]
    public void No_codes_make_a_sum_leave_32_bits(int inputs, double bias)
    {
        var random = new Random(inputs);
        const int Outputs = 3;
        double[] values = [.. Enumerable.Range(0, inputs * 3 * Outputs).Select(i => i % 2 == 0 ? random.Next(2) : random.NextDouble())];
        ImmutableArray<Rational> knots = [0, Rational.Create(1, 3), 1];
        var description = new GridDescription(Outputs, [.. Enumerable.Repeat(knots, inputs)],
            [.. values.Select(Rational.FromDouble)], [.. Enumerable.Repeat(Rational.FromDouble(bias), Outputs)]);
        var layers = CurveLayer.Of(new KanNetwork([description.ToLayer()]), TestContext.Current.CancellationToken);
        var form = WideCurveLowering.Lower(layers, [s_unit], [], TestContext.Current.CancellationToken)!.Layers[0];
        var curves = form.WideCurves!;
        long furthest = 0;
        for (int q = 0; q < Outputs; q++)
        {
            long most = form.Biases[q], least = most;
            for (int p = 0; p < inputs; p++)
            {
                int at = (p * 3 * Outputs) + q;
                int[] terms = [.. s_ends.Select(code =>
                {
                    var (segment, weight) = curves.Place(p, code);
                    return curves.Term(weight, curves.Values[at + (segment * Outputs)], curves.Values[at + ((segment + 1) * Outputs)]);
                })];
                most += terms.Max();
                least += terms.Min();
            }

            Assert.InRange(most, int.MinValue, int.MaxValue);
            Assert.InRange(least, int.MinValue, int.MaxValue);
            furthest = Math.Max(furthest, Math.Max(most, -least));
        }

        Assert.True(furthest > int.MaxValue / 5, $"The furthest sum is {furthest}.");
        Assert.Equal(inputs < 3 && bias == 0 ? 0 : curves.Shift, curves.Shift);
    }

    /// <summary>
    /// Read back as the kernels do: knots and factors, by knot or by input, where rows begin, pairs of values, biases and multipliers.
    /// </summary>
    [Theory]
    [InlineData(true, 3)]
    [InlineData(false, 3)]
    [InlineData(true, 60)]
    [InlineData(false, 60)]
    public void Tables_are_packed_in_the_order_of_the_kernels(bool isShared, int segments)
    {
        var random = new Random(4);
        const int Inputs = 5, Outputs = 20;
        double[][] knots = [.. Enumerable.Range(0, Inputs).Select(p => Enumerable.Range(0, segments + 1 - (isShared ? 0 : p % 2))
            .Select(k => (k + (isShared || k == 0 ? 0 : p * 0.1)) / segments).ToArray())];
        var plan = Plan(1e-9, new GridDescription(Outputs,
            [.. knots.Select(static own => own.Select(Rational.FromDouble).ToImmutableArray())],
            [.. Enumerable.Range(0, knots.Sum(static own => own.Length) * Outputs).Select(_ => Rational.FromDouble(random.NextDouble()))],
            [.. Enumerable.Repeat(Rational.One, Outputs)]));
        var layer = plan.Form.Layers[0];
        var curves = Curves(plan.Form, 0);
        Assert.Equal(isShared, curves.AreShared);
        var layout = new WideCurveLayout(layer, plan.Starts[0]);
        Assert.Equal(segments <= 48, layout.AreCompared);
        int value = 0, row = 0;
        for (int p = 0; p < Inputs; p++, value += Outputs)
        {
            var own = curves.KnotsOf(p);
            for (int k = 0; k + 1 < own.Length; k++)
            {
                Assert.Equal(unchecked((int)WideCurves.Factor(own[k + 1] - own[k])), plan.Table[Find(layout.Factors, p, k)]);
                if (k > 0) Assert.Equal(own[k] - 32_768, plan.Table[Find(layout.Start, p, layout.AreCompared ? k - 1 : k)]);
            }

            // Where another input has more, no code reaches the knot.
            if (own.Length < layout.Knots + 2 && layout.AreCompared)
                Assert.True(plan.Table[Find(layout.Start, p, own.Length - 2)] > 65_535);
            Assert.Equal(row, plan.Table[layout.Bases + p]);
            for (int s = 0; s + 1 < own.Length; s++, value += Outputs, row += layout.RowBytes)
            {
                for (int q = 0; q < Outputs; q++)
                {
                    int pair = plan.Table[layout.Rows + (row / 4) + q];
                    Assert.Equal((curves.Values[value + q], curves.Values[value + Outputs + q]), ((short)pair, (short)(pair >> 16)));
                }
            }
        }

        Assert.Equal(layout.Biases, layout.Rows + (row / 4));
        Assert.Equal(layer.Biases, plan.Table.Skip(layout.Biases).Take(Outputs));
        Assert.Equal(layer.Units, plan.Table.Skip(layout.Multipliers).Take(Outputs).Select(BitConverter.Int32BitsToSingle));
        Assert.Equal(0, layout.Rows % 16);
        Assert.Equal((plan.Table.Length - plan.Starts[0]) * 4, plan.LayerBytes(0));

        int Find(int start, int p, int k) => layout.AreCompared
            ? start + (k * layout.KnotStep) + (isShared ? 0 : p)
            : start + (isShared ? 0 : p * 2 * layout.Searched) + k;
    }

    private static WideCurves Curves(IntegerForm form, int layer) =>
        form.Layers[layer].WideCurves ?? throw new InvalidOperationException("There are no curves.");

    private static GridDescription Grid(int outputs, double[] knots, params double[] values) => new(outputs,
        [[.. knots.Select(Rational.FromDouble)]], [.. values.Select(Rational.FromDouble)],
        [.. Enumerable.Repeat(Rational.Create(1, 10), outputs)]);

    private static IntegerPlan Plan(double? tolerance, params LayerDescription[] layers) => NetworkCompiler.Plan(
        new KanDocument { Name = "n", Layers = [.. layers], InputRanges = [s_unit], IntegerTolerance = tolerance },
        Precision.Int8, Lowering.Auto, TestContext.Current.CancellationToken).Integers!;
}
