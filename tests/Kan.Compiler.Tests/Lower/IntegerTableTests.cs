using System;
using System.Collections.Immutable;
using System.Linq;
using System.Numerics;
using Kan.Compiler.Lower;
using Kan.Compiler.Tests.Support;
using Kan.Testing;
using Xunit;

namespace Kan.Compiler.Tests.Lower;

/// <summary>Tables of networks in integers, read back, and when integers decide.</summary>
public sealed class IntegerTableTests
{
    private static readonly InputRange s_unit = new(-1, 1);

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
            isShared ? [new InputRange(Rational.Create(-1, 3), 1)]
                : [.. Enumerable.Range(1, inputs).Select(static i => new InputRange(-i, 1 + (i * i)))];
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

        // Then, for each of two outputs, five terms for each other one, in whole panels; the diagonal says nothing.
        Assert.Equal(at, plan.DifferencesStart);
        for (int k = 0; k < 2; k++)
        {
            for (int term = 0; term < 5; term++, at += 16)
            {
                for (int j = 0; j < 16; j++)
                {
                    if (j < 2 && j != k) Assert.InRange(Float(plan.Table[at + j]), float.Epsilon, 100);
                    else Assert.Equal(0, plan.Table[at + j]);
                }
            }
        }

        Assert.Equal(at, plan.ActiveStart);
        Assert.False(plan.IsModel);
    }

    /// <summary>Codes include 0, so ranges that begin at 0 and at 1/2 share them; the ranges themselves do not.</summary>
    [Fact]
    public void Inputs_of_the_same_codes_may_have_other_ranges()
    {
        var plan = Plan([new InputRange(0, 1), new InputRange(Rational.Create(1, 2), 1)], Affine(2, 1, 1, 2));
        Assert.Single(plan.Form.Inputs);
        Assert.Equal(2, plan.InputRanges);
        Assert.Equal(plan.Table[0], plan.Table[1]);
        Assert.Equal((0f, 0.5f), (Float(plan.Table[32]), Float(plan.Table[33])));
        Assert.Equal((1f, 1f), (Float(plan.Table[48]), Float(plan.Table[49])));
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

    /// <summary>
    /// Ends between floats move inward: the float next to 0 where there is none nearer, the last one where there is none beyond.
    /// </summary>
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

        // Beyond float there is no end within the range, or the last float.
        var beyond = (Rational)BigInteger.Pow(10, 39);
        Assert.Equal((float.MinValue, float.MaxValue), Ends(-beyond, beyond));
        Assert.Equal((float.PositiveInfinity, float.MaxValue), Ends(beyond, beyond));
        Assert.Equal((float.MinValue, float.NegativeInfinity), Ends(-beyond, -beyond));

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
