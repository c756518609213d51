using System;
using System.Collections.Immutable;
using System.Linq;
using Kan.Compiler.Lower;
using Kan.Compiler.Tests.Support;
using Kan.Testing;
using Xunit;

namespace Kan.Compiler.Tests.Lower;

/// <summary>Networks in integers: scales, rounded weights and tables against what each of them is to hold.</summary>
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
                    if (Math.Sign(scaled[p]) == Math.Sign(scaled[p + 1])) least = Math.Max(least, Math.Abs(scaled[p] + scaled[p + 1]) / 128);
                }

                double unit = layer.Units[q];
                Assert.InRange(unit, least * (1 - 1e-6), least * 1.02);
                for (int p = 0; p < 5; p++)
                    Assert.InRange(Math.Abs((scaled[p] / unit) - layer.Weight(p, q)), 0, 0.5 + 1e-4);
                Assert.InRange(layer.Biases[q] - (0.1 / unit), -0.5001, 0.5001);
            }
        }
    }

    /// <summary>63.5 and 64.5 steps are 64 and 64; where the step is rounded down to a float they would be 64 and 65, which is one too many.</summary>
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

    /// <summary>
    /// Inputs: scales, codes of 0, ends of the ranges, each in whole panels. A layer: weights by block of four panels, group of four inputs
    /// and panel; biases less the weights times the codes of 0; multipliers.
    /// </summary>
    [Theory]
    [InlineData(3, 2, true)]
    [InlineData(9, 70, false)]
    [InlineData(4, 130, true)]
    public void Tables_are_packed_in_the_order_of_the_kernels(int inputs, int outputs, bool isShared)
    {
        var random = new Random(5);
        ImmutableArray<InputRange> ranges =
            isShared ? [new InputRange(Rational.Create(-1, 3), 1)] : [.. Enumerable.Range(1, inputs).Select(static i => new InputRange(-i, 1))];
        var plan = Plan(ranges,
            Affine(inputs, outputs, [.. Enumerable.Range(0, inputs * outputs).Select(_ => random.NextDouble() - 0.5)]),
            new ActivationDescription(outputs, [PiecewiseLinearFunction.Relu]),
            Affine(outputs, 2, [.. Enumerable.Range(0, 2 * outputs).Select(_ => random.NextDouble() - 0.5)]));
        var form = plan.Form;
        int count = isShared ? 1 : inputs;
        Assert.Equal(count, plan.InputRanges);
        for (int p = 0; p < count; p++)
        {
            Assert.Equal(form.Input(p).Scale, Float(plan.Table[p]));
            Assert.Equal(form.Input(p).Zero, plan.Table[16 + p]);
            var (low, high) = (Float(plan.Table[32 + p]), Float(plan.Table[48 + p]));
            var range = ranges[p];
            Assert.True(Rational.FromSingle(low) >= range.Low && Rational.FromSingle(MathF.BitDecrement(low)) < range.Low);
            Assert.True(Rational.FromSingle(high) <= range.High && Rational.FromSingle(MathF.BitIncrement(high)) > range.High);
        }

        int at = 64;
        for (int l = 0; l < 2; l++)
        {
            Assert.Equal(at, plan.Starts[l]);
            var layer = form.Layers[l];
            int n = layer.InputCount, m = layer.OutputCount, panels = (m + 15) / 16, groups = (n + 3) / 4, start = at;
            for (int block = 0; block < panels; block += 4)
            {
                for (int group = 0; group < groups; group++)
                {
                    for (int q = block * 16; q < Math.Min(panels, block + 4) * 16; q++, at++)
                    {
                        byte[] four = BitConverter.GetBytes(plan.Table[at]);
                        for (int i = 0; i < 4; i++)
                        {
                            int p = (group * 4) + i, expected = p < n && q < m ? layer.Weight(p, q) : 0;
                            Require.That((sbyte)four[i] == expected, $"The weight ({p}, {q}) is {(sbyte)four[i]}, not {expected}.");
                        }
                    }
                }
            }

            for (int q = 0; q < panels * 16; q++, at++) Assert.Equal(q < m ? form.SumBias(l, q) : 0, plan.Table[at]);
            for (int q = 0; q < panels * 16; q++, at++)
            {
                float expected = q >= m ? 0 : l == 1 ? layer.Units[q] : layer.Units[q] / layer.Codes.Scale;
                Assert.Equal(expected, Float(plan.Table[at]));
            }

            Assert.Equal((at - start) * 4, plan.LayerBytes(l));
        }

        Assert.Equal(plan.LayerBytes(0) + plan.LayerBytes(1), plan.Bytes);

        // Then, for two outputs and two layers, 2 * 2 * 5 numbers of 64 bits; the diagonal says nothing.
        Assert.Equal(at, plan.DifferencesStart);
        Assert.Equal(at + 40, plan.Table.Length);
        double[] differences = [.. Enumerable.Range(0, 20).Select(i =>
            BitConverter.Int64BitsToDouble(((long)plan.Table[at + (2 * i) + 1] << 32) | (uint)plan.Table[at + (2 * i)]))];
        Assert.All(differences.Take(5), static number => Assert.Equal(0, number));
        Assert.All(differences.Skip(15), static number => Assert.Equal(0, number));
        Assert.All(differences.Skip(5).Take(10), static number => Assert.InRange(number, double.Epsilon, 100));
        Assert.False(plan.IsModel);
    }

    [Theory]
    [InlineData(32, 1, true)]
    [InlineData(33, 1, false)]
    [InlineData(2, 1e-16, false)]
    [InlineData(2, 1e18, false)]
    [InlineData(2, 1e-10, true)]
    [InlineData(2, 1e16, true)]
    public void Integers_decide_for_few_outputs_and_ordinary_ranges(int outputs, double end, bool expected)
    {
        var plan = Plan([new InputRange(-Rational.FromDouble(end), Rational.FromDouble(end))],
            new AffineDescription(1, outputs, [.. Enumerable.Range(1, outputs).Select(static i => (Rational)i)], []));
        Assert.Equal(expected, plan.DifferencesStart >= 0);
        Assert.InRange(plan.FloatBound, 0, 1e-5 * end * outputs);
    }

    /// <summary>Ends between floats move inward: the float next to 0 where there is none nearer, the last one where there is none beyond.</summary>
    [Fact]
    public void Ends_of_ranges_are_floats_within_them()
    {
        var tiny = Rational.FromDouble(1e-50);
        Assert.Equal((-0f, float.Epsilon), Ends(-tiny, Rational.FromSingle(float.Epsilon)));
        Assert.Equal((float.Epsilon, 1f), Ends(tiny, 1));
        Assert.Equal((-1f, -float.Epsilon), Ends(-1, -tiny));
        Assert.Equal((-MathF.BitDecrement(0.1f + 0f), 0.3f), Ends(Rational.Create(-1, 10), Rational.FromSingle(0.3f)));
        Assert.Equal((MathF.BitDecrement(1), MathF.BitDecrement(2)),
            Ends(Rational.FromSingle(MathF.BitDecrement(1)), 2 - Rational.Create(1, 1 << 30)));
        Assert.Equal((-2f + 1.1920929E-07f, -1f - 1.1920929E-07f),
            Ends(-2 + Rational.Create(1, 1 << 30), -1 - Rational.Create(1, 1 << 30)));

        static (float Low, float High) Ends(Rational low, Rational high)
        {
            var plan = Plan([new InputRange(low, high)], Affine(1, 1, 1));
            return (Float(plan.Table[32]), Float(plan.Table[48]));
        }
    }

    [Fact]
    public void Bytes_of_integers_are_those_of_their_layers()
    {
        var plan = Plans.Document(Precision.Int8, Lowering.Auto,
            [Affine(5, 3, [.. Enumerable.Range(1, 15).Select(static i => (double)i)]),
                new ActivationDescription(3, [PiecewiseLinearFunction.Relu]), Affine(3, 2, 1, 2, 3, 4, 5, 6)], s_unit);
        Assert.Equal((Precision.Single, Precision.Int8), (plan.Precision, plan.ComputedPrecision));
        Assert.True(plan.DecidesInFloats);

        // Two groups of inputs, or one, and two panels of biases and multipliers.
        Assert.Equal([4 * 16 * 4, 3 * 16 * 4], plan.Layers.Select(plan.BytesOf));
    }

    private static AffineDescription Alternating(int inputs) =>
        new(inputs, 1, [.. Enumerable.Range(0, inputs).Select(static p => (Rational)(1 - (2 * (p % 2))))], []);

    private static float Float(int bits) => BitConverter.Int32BitsToSingle(bits);

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
