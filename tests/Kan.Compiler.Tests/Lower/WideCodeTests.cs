using System;
using System.Linq;
using Kan.Compiler.Integers;
using Kan.Compiler.Lower;
using Xunit;

namespace Kan.Compiler.Tests.Lower;

/// <summary>Codes of 16 bits: where they are chosen, what they stand for, and sums that stay within 32 bits.</summary>
public sealed class WideCodeTests
{
    private static readonly InputRange s_unit = new(0, 1);

    [Fact]
    public void Codes_have_16_bits_where_8_are_not_certified_to_keep_the_tolerance()
    {
        var layer = Affine(6, 3, static (p, q) => (p - (2 * q) + 0.3) / 7);
        double narrow = Plan(null, layer).Certificate.Bound, wide = Plan(1e-12, layer).Certificate.Bound;
        Assert.False(Plan(null, layer).Form.IsWide);
        Assert.False(Plan(narrow, layer).Form.IsWide);
        Assert.True(Plan(narrow * 0.999, layer).Form.IsWide);
        Assert.True(Plan(1e-12, layer).Form.IsWide);
        Assert.True(wide < narrow, $"{wide} is not below {narrow}.");
    }

    /// <summary>One input, one weight: only codes are rounded, and 16 bits make 257 times as many of them.</summary>
    [Fact]
    public void Codes_are_257_times_as_fine()
    {
        var layer = Affine(1, 1, static (_, _) => 1);
        CodeRange narrow = Assert.Single(Plan(null, layer).Form.Inputs), wide = Assert.Single(Plan(1e-4, layer).Form.Inputs);
        Assert.InRange(narrow.Scale / wide.Scale, 256.5, 257.5);
        Assert.Equal((false, 255, true, 65_535), (narrow.IsWide, narrow.Most, wide.IsWide, wide.Most));
        Assert.InRange(Plan(1e-4, layer).Certificate.Bound, 0.5 / 65_535, 0.6 / 65_535);
    }

    /// <summary>2,000 weights of 127 would add up to 16.6e9 with the highest codes; of 16, to 2.1e9; every other one may be 32.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Weights_are_coarser_where_sums_would_leave_32_bits(int sign)
    {
        double[] weights = [.. Enumerable.Range(0, 4000).Select(i => sign * (i % 2 == 0 ? 1.0 : i / 2 % 2))];
        var form = IntegerLowering.Lower([new LinearLayer(2000, 2, weights, [0, 0], IsRelu: false)], [s_unit], [], isWide: true,
            TestContext.Current.CancellationToken);
        Assert.All(form.Layers[0].Weights.Where(static (_, i) => i % 2 == 0), weight => Assert.Equal(sign * 16, weight));
        Assert.All(form.Layers[0].Weights.Where(static (_, i) => i % 4 == 3), weight => Assert.Equal(sign * 32, weight));

        // The sums of the highest codes, 16 * 2000 * 65,535, are among the 32 bits; the evaluator checks that they are.
        float[] highest = [.. Enumerable.Repeat(2f, 2000)];
        Assert.Equal([sign * 32_000L * 65_535 * (double)form.Layers[0].Units[0], sign * 32_000L * 65_535 * (double)form.Layers[0].Units[1]],
            new IntegerEvaluator(form).Evaluate(highest).Select(static y => (double)y), (a, b) => Math.Abs(a - b) < 0.001);
    }

    [Fact]
    public void A_bias_beyond_the_sums_widens_the_step()
    {
        var layer = new AffineDescription(1, 1, [Rational.Create(1, 1000)], [1_000_000]);
        var form = Plan(1e-12, layer).Form;
        Assert.InRange(form.Layers[0].Biases[0], 1 << 28, 1 << 29);
        Assert.Equal(1_000_000, new IntegerEvaluator(form).Evaluate([0f])[0], 1.0);
    }

    /// <summary>Pairs of weights, which stand next to each other, and biases for codes less 2^15; the starts are at panels.</summary>
    [Fact]
    public void The_table_has_pairs_of_weights()
    {
        var plan = Plan(1e-9, Affine(3, 2, static (p, q) => 1 - (0.25 * p) - (0.5 * q)));
        var layer = plan.Form.Layers[0];
        int start = plan.Starts[0];
        Assert.Equal(0, start % 16);
        Assert.Equal((byte)layer.Weight(0, 0) | ((byte)layer.Weight(1, 0) << 8) | ((byte)layer.Weight(0, 1) << 16)
            | ((byte)layer.Weight(1, 1) << 24), plan.Table[start]);
        Assert.Equal((byte)layer.Weight(2, 0) | ((byte)layer.Weight(2, 1) << 16), plan.Table[start + 8]);
        int weights = layer.Weight(0, 1) + layer.Weight(1, 1) + layer.Weight(2, 1);
        Assert.Equal(layer.Biases[1] + (weights * 32_768), plan.Table[start + 16 + 1]);
        Assert.Equal(BitConverter.SingleToInt32Bits(layer.Units[1]), plan.Table[start + 32 + 1]);
        Assert.Equal(4 * 48, plan.LayerBytes(0));
    }

    private static AffineDescription Affine(int inputs, int outputs, Func<int, int, double> weight) => new(inputs, outputs,
        [.. from q in Enumerable.Range(0, outputs) from p in Enumerable.Range(0, inputs) select Rational.FromDouble(weight(p, q))],
        [.. Enumerable.Repeat(Rational.Zero, outputs)]);

    private static IntegerPlan Plan(double? tolerance, params LayerDescription[] layers) => NetworkCompiler.Plan(
        new KanDocument { Name = "n", Layers = [.. layers], InputRanges = [s_unit], IntegerTolerance = tolerance },
        Precision.Int8, Lowering.Auto, TestContext.Current.CancellationToken).Integers!;
}
