using System;
using System.Collections.Immutable;
using System.Linq;
using Kan.Compiler.Lower;
using Kan.Compiler.Tests.Support;
using Xunit;

namespace Kan.Compiler.Tests.Lower;

/// <summary>Networks in integers: scales and rounded weights against what each of them is to hold.</summary>
public sealed class IntegerTests
{
    private static readonly InputRange s_unit = new(-1, 1);

    [Theory]
    [InlineData(-1, 1, 2.0 / 254)]
    [InlineData(0, 1, 1.0 / 255)]
    [InlineData(3, 5, 5.0 / 255)]
    [InlineData(-7, -6, 7.0 / 255)]
    [InlineData(-1, 1000, 1001.0 / 254)]
    public void Codes_reach_from_end_to_end_and_include_0(int low, int high, double scale)
    {
        var codes = Assert.Single(Plan([new InputRange(low, high)], Affine(1, 1, 1)).Form.Inputs);
        Assert.InRange(codes.Scale, scale * 0.999999, scale * 1.0011);
        Assert.InRange(codes.Zero, 0, 255);
        Assert.True(-codes.Zero * (double)codes.Scale <= Math.Min(low, 0));
        Assert.True((255 - codes.Zero) * (double)codes.Scale >= Math.Max(high, 0));
    }

    [Fact]
    public void A_range_of_0_alone_has_codes_too() =>
        Assert.Equal(new CodeRange(1, 0), Assert.Single(Plan([new InputRange(0, 0)], Affine(1, 1, 1)).Form.Inputs));

    [Fact]
    public void Inputs_of_one_range_share_their_codes()
    {
        Assert.Single(Plan([s_unit, s_unit], Affine(2, 1, 1, 2)).Form.Inputs);
        Assert.Equal(2, Plan([s_unit, new InputRange(0, 3)], Affine(2, 1, 1, 2)).Form.Inputs.Length);
    }

    /// <summary>A weight is the nearest integer at a step that is hardly larger than what fits: 127, and 128 for two of one sign.</summary>
    [Theory]
    [InlineData(1, 0.5, 0.3, 0.2)]
    [InlineData(1, 0.5, 0.3, -0.2)]
    [InlineData(2, 1, 1, 1)]
    [InlineData(3, -1, -1, 0.5)]
    [InlineData(4, 0.001, 0.5, 0.25)]
    [InlineData(5, 1e-3, 1e-4, 1e-3)]
    [InlineData(6, 0.25, 0.75, 1)]
    public void Weights_are_the_nearest_integers_of_a_step(int seed, double first, double second, double third)
    {
        double[] weights = [first, second, third, -first, third * 0.7];
        foreach (bool isShared in new[] { true, false })
        {
            ImmutableArray<InputRange> ranges = isShared ? [s_unit] : [.. Enumerable.Range(1, 5).Select(i => new InputRange(-i, i + seed))];
            // A second output has them in another order, at half the size.
            var form = Plan(ranges, Affine(5, 2, [.. weights.Zip(weights.Reverse(), static (a, b) => new[] { a, b / 2 })
                .SelectMany(static pair => pair)])).Form;
            var layer = form.Layers[0];

            Check(0, weights);
            Check(1, [.. weights.Reverse().Select(static w => w / 2)]);
            Assert.True(layer.FitsPairs);

            // What each weight is of a step of its input, and the least step at which all fit.
            void Check(int q, double[] weights)
            {
                double[] scaled = [.. weights.Select((w, p) => w * form.Input(p).Scale)];
                double least = scaled.Max(Math.Abs) / 127;
                for (int p = 0; p + 1 < 5; p += 2)
                {
                    if (Math.Sign(scaled[p]) == Math.Sign(scaled[p + 1]))
                        least = Math.Max(least, Math.Abs(scaled[p] + scaled[p + 1]) / 128);
                }

                double unit = layer.Units[q];
                Assert.InRange(unit, least * (1 - 1e-6), least * 1.02);
                for (int p = 0; p < 5; p++)
                    Assert.InRange(Math.Abs((scaled[p] / unit) - layer.Weight(p, q)), 0, 0.5 + 1e-4);
                Assert.InRange(layer.Biases[q] - (0.1 / unit), -0.5001, 0.5001);
            }
        }
    }

    /// <summary>
    /// 63.5 and 64.5 steps are 64 and 64; where the step is rounded down to a float they would be 64 and 65, which is one too many.
    /// </summary>
    [Fact]
    public void A_step_that_is_rounded_down_is_widened()
    {
        for (int i = 3; i < 60; i++)
        {
            foreach (int sign in new[] { 1, -1 })
            {
                var layer = Plan([s_unit], new AffineDescription(2, 1,
                    [Rational.Create(127 * sign, 2 * i), Rational.Create(129 * sign, 2 * i)], [])).Form.Layers[0];
                Assert.True(layer.FitsPairs);
                Assert.InRange(Math.Abs(layer.Weight(0, 0) + layer.Weight(1, 0)), 126, 128);
            }
        }
    }

    /// <summary>A bias is at most 2^29 steps: a large one makes the step larger.</summary>
    [Fact]
    public void A_large_bias_widens_the_step()
    {
        var form = Plan([s_unit], new AffineDescription(1, 1, [Rational.Create(1, 1_000_000_000)], [1000])).Form;
        Assert.InRange(form.Layers[0].Biases[0], 500_000_000, 536_870_913);
        Assert.Equal(1000, (double)form.Layers[0].Units[0] * form.Layers[0].Biases[0], 1e-3);
    }

    [Fact]
    public void Codes_behind_a_layer_are_for_what_the_next_one_reads()
    {
        var bent = Plan([s_unit], Affine(2, 2, 2, -1, 1, 3), new ActivationDescription(2, [PiecewiseLinearFunction.Relu]),
            Affine(2, 2, 1, 2, 3, 5)).Form;

        // -x + 3 y + 0.1 is at most 4.1, the other sum 3.1; ReLUs lie from 0 on.
        Assert.Equal(0, bent.Layers[0].Codes.Zero);
        Assert.InRange(bent.Layers[0].Codes.Scale, 4.1 / 255, 4.1 / 255 * 1.0011);
        Assert.Equal(new CodeRange(1, 0), bent.Layers[1].Codes);
    }

    /// <summary>Without a ReLU between them a sum keeps its lower end: -2.9 to 3.1, and the nodes of a layer share one range.</summary>
    [Fact]
    public void Codes_between_affine_layers_reach_below_0()
    {
        var codes = Plan([s_unit], Affine(3, 1, 1, 1, 1), Affine(1, 3, 1, 2, 3)).Form.Layers[0].Codes;
        Assert.InRange(codes.Scale, 6.0 / 254 * 0.999999, 6.0 / 254 * 1.0011);
        Assert.True(-codes.Zero * (double)codes.Scale <= -2.9 && (255 - codes.Zero) * (double)codes.Scale >= 3.1);
    }

    [Fact]
    public void Calibrated_ranges_replace_the_certified_ones()
    {
        LayerDescription[] layers =
            [Affine(2, 2, 2, -1, 1, 3), new ActivationDescription(2, [PiecewiseLinearFunction.Relu]), Affine(2, 2, 1, 2, 3, 5)];
        var document = new KanDocument
        {
            Name = "calibrated",
            Layers = [.. layers],
            InputRanges = [s_unit],
            HiddenRanges = [new InputRange(-1, Rational.Create(1, 2))]
        };
        var plan = NetworkCompiler.Plan(document, Precision.Int8, Lowering.Auto, TestContext.Current.CancellationToken);
        Assert.Equal(0.5 / 255, plan.Integers!.Form.Layers[0].Codes.Scale, 1e-6);
        document = document with { HiddenRanges = [s_unit, s_unit] };
        Assert.Equal("it was calibrated with 2 ranges of hidden values, and 1 are needed: convert it again",
            Assert.Throws<NoIntegerFormException>(() =>
                NetworkCompiler.Plan(document, Precision.Int8, Lowering.Auto, TestContext.Current.CancellationToken)).Message);
    }

    [Theory]
    [InlineData("range", "a range of its values is too wide for float")]
    [InlineData("sum", "a sum of layer 0 might leave 32 bits: it has 34000 inputs")]
    [InlineData("none", "no ranges of its inputs are known: declare them, or give samples to calibrate with")]
    [InlineData("weights", "the weights of layer 0 are too large for float")]
    public void What_has_no_integers_says_why(string name, string message)
    {
        var huge = Rational.FromSingle(3e38f);
        var (ranges, layer) = name switch
        {
            "range" => ([new InputRange(-huge * 1000, huge * 1000)], Affine(1, 1, 1e-30)),
            "sum" => ([new InputRange(-1, 0)], Alternating(34_000)),
            "none" => (ImmutableArray<InputRange>.Empty, Affine(1, 1, 1)),
            _ => (ImmutableArray.Create(new InputRange(-1000, 1000), new InputRange(-100_000, 1000)),
                new AffineDescription(2, 1, [huge, huge], [])),
        };
        Assert.Equal(message, Assert.Throws<NoIntegerFormException>(() => Plan(ranges, layer)).Message);
    }

    /// <summary>Each product is at most 127 * (255 + 255), and 33,156 of them more than 2^31 - 1.</summary>
    [Fact]
    public void Sums_may_use_all_32_bits() =>
        Assert.Equal(-127 * 255L * 16_500, Plan([new InputRange(-1, 0)], Alternating(33_000)).Form.Layers[0].Weights.Min() * 255L * 16_500);

    private static AffineDescription Alternating(int inputs) =>
        new(inputs, 1, [.. Enumerable.Range(0, inputs).Select(static p => (Rational)(1 - (2 * (p % 2))))], []);

    private static AffineDescription Affine(int inputs, int outputs, params double[] weights)
    {
        // Descriptions order weights by output.
        var byOutput = from q in Enumerable.Range(0, outputs)
                       from p in Enumerable.Range(0, inputs)
                       select Rational.FromDouble(weights[(p * outputs) + q]);
        return new AffineDescription(inputs, outputs, [.. byOutput], [.. Enumerable.Repeat(Rational.Create(1, 10), outputs)]);
    }

    private static IntegerPlan Plan(ImmutableArray<InputRange> ranges, params LayerDescription[] layers) =>
        Plans.Document(Precision.Int8, Lowering.Auto, layers, [.. ranges]).Integers!;
}
