using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Kan.Compiler.Certify;
using Kan.Compiler.Integers;
using Xunit;

namespace Kan.Compiler.Tests.Certify;

/// <summary>Bounds of networks in integers, of numbers small enough to follow by hand.</summary>
public sealed class IntegerBoundTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Half a step, with what 260 steps of conversions may be off; a step is 1/128, and 0 is code 128.
    private const double HalfStep = 0.5 + (260 * 3.6e-7), Step = 1.0 / 128, Output = 1.8e-7;

    private static readonly CodeRange s_codes = new(1f / 128, 128);

    private static readonly InputRange s_inside = new(-1, Rational.Create(127, 128));

    /// <summary>Half of an input, exactly 64 steps of 2^-14: only its code is off, by half a step.</summary>
    [Fact]
    public void An_input_is_off_by_half_a_step()
    {
        double error = 0.5 * Step * HalfStep;
        Check(error + ((0.5 + error) * Output), Linear([0.5], [0]), [Form([64], [0], [1f / 16384])], s_inside);
    }

    /// <summary>An input beyond its codes is off by the distance: 1.25 below -1 by a quarter, 2 above 127/128 by more than 1.</summary>
    [Fact]
    public void An_input_beyond_its_codes_is_off_by_the_distance()
    {
        double beyond = 2 - (127.0 / 128), error = 0.5 * ((Step * HalfStep) + beyond);
        Check(error + ((1 + error) * Output), Linear([0.5], [0]), [Form([64], [0], [1f / 16384])],
            new InputRange(Rational.Create(-5, 4), 2));
        error = 0.5 * ((Step * HalfStep) + 0.25);
        Check(error + ((0.625 + error) * Output), Linear([0.5], [0]), [Form([64], [0], [1f / 16384])],
            new InputRange(Rational.Create(-5, 4), 0));
    }

    /// <summary>
    /// Weight 63 for 64 misses 2^-14 for each step from code 128, of which there are 128 to the lowest. The bias 0.3 is 4,915 steps of
    /// 2^-14
    /// and a rest.
    /// </summary>
    [Fact]
    public void Rounded_weights_and_biases_are_off()
    {
        double own = (128.0 / 16384) + Math.Abs(0.3 - (4915.0 / 16384)), error = own + (0.5 * Step * HalfStep);
        Check(error + ((0.8 - (0.5 / 128) + error) * Output), Linear([0.5], [0.3]), [Form([63], [4915], [1f / 16384])], s_inside);

        // Codes from 0 on are 255 steps away at most.
        own = 255.0 / 16384;
        error = own + (0.5 * Step * HalfStep);
        var codes = new CodeRange(1f / 128, 0);
        var bound = new IntegerBound([Linear([0.5], [0])], new IntegerForm([codes], [Form([63], [0], [1f / 16384])]));
        ImmutableArray<InputRange> ranges = [new InputRange(0, Rational.Create(255, 128))];
        var certificate = bound.Certify(IntegerBound.Ranges([Linear([0.5], [0])], ranges), ranges, Token);
        Assert.Equal(error + (((255.0 / 256) + error) * Output), certificate.Bound, 1e-12);
    }

    /// <summary>Two inputs, two outputs: the worse output counts, and signs do not cancel.</summary>
    [Fact]
    public void Inputs_add_up_and_the_worst_output_counts()
    {
        double error = (0.5 + 1) * Step * HalfStep;
        Check(error + (((127.0 / 256) + 1 + error) * Output), Linear([0.5, 0.25, -1, 0.125], [0, 0], outputs: 2),
            [Form([64, 32, -128, 16], [0, 0], [1f / 16384, 1f / 16384])], s_inside);
    }

    /// <summary>
    /// A hidden node with codes of a step of 1/256 up to 255/256: its sum, up to 127/256, is coded, and weighed by 2 behind it. Codes of a
    /// smaller range are exceeded by what is beyond them, and by the error so far.
    /// </summary>
    [Theory]
    [InlineData(256, true)]
    [InlineData(1024, true)]
    [InlineData(1024, false)]
    public void A_hidden_node_is_coded(int steps, bool isRelu)
    {
        double step = 1.0 / steps, before = 0.5 * Step * HalfStep, high = 127.0 / 256, lowest = isRelu ? 0 : -128 * step,
            highest = isRelu ? 255 * step : 127 * step,
            beyond = Math.Max(0, Math.Max(high + before - highest, isRelu ? 0 : lowest - (-0.5 - before)));
        var codes = new CodeRange((float)step, isRelu ? 0 : 128);

        // 2 is 128 steps of step / 64.
        LinearLayer[] layers = [Linear([0.5], [0]), Linear([2], [0]) with { IsRelu = isRelu }];
        double hidden = before + (step * HalfStep) + beyond, error = 2 * hidden;
        var form = new IntegerForm([s_codes], [Form([64], [0], [1f / 16384], codes), Form([64], [0], [(float)(step / 32)])]);
        ImmutableArray<InputRange> ranges = [s_inside];
        var certificate = new IntegerBound(layers, form).Certify(IntegerBound.Ranges(layers, ranges), ranges, Token);
        Assert.Equal(error + (((isRelu ? 2 * high : 1) + error) * Output), certificate.Bound, 1e-9);
        Assert.Equal("", certificate.Reason);
    }

    /// <summary>
    /// The lowest code 96 stands for -1/4, in an input and in a hidden node alike: what is below is off by the distance, also where the
    /// code 0 would reach it. The error is the one that the evaluator makes at the lower end, but for the allowance for rounding.
    /// </summary>
    [Fact]
    public void A_number_below_the_lowest_code_is_off_by_the_distance()
    {
        LinearLayer[] layers = [Linear([0.5], [0]), Linear([2], [0])];
        IntegerLayerForm[] forms = [Form([64], [0], [1f / 16384], s_codes), Form([64], [0], [1f / 4096])];
        ImmutableArray<InputRange> ranges = [new InputRange(-1, 0)];
        var form = new IntegerForm([s_codes], [.. forms]) { LowestInput = 96 };
        AssertBound(form, 0.75);
        AssertBound(new IntegerForm([s_codes], [forms[0] with { Lowest = 96 }, forms[1]]), 0.5);

        void AssertBound(IntegerForm of, double beyond)
        {
            double bound = new IntegerBound(layers, of).Certify(IntegerBound.Ranges(layers, ranges), ranges, Token).Bound,
                error = Math.Abs(new IntegerEvaluator(of).Evaluate([-1f])[0] + 1);
            Assert.Equal(beyond, error);
            Assert.InRange(bound, beyond + (1.5 * Step), beyond + (4 * Step));
        }
    }

    /// <summary>
    /// Two nodes of the same sum, one less the other: what their sums are off cancels where both are always active, and by half where a
    /// ReLU may pass one and not the other. What codes are off does not cancel.
    /// </summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 0.5)]
    [InlineData(-1, 0)]
    public void What_cancels_between_nodes_is_not_counted(int bias, double share)
    {
        // Weight 63 for 64 misses 2^-14 for each of 128 steps.
        double sum = (128.0 / 16384) + (0.5 * Step * HalfStep), error = (2 * share * sum) + (2 * HalfStep / 64),
            high = bias < 0 ? 0 : bias + (127.0 / 256), low = bias > 0 ? bias - 0.5 : 0;
        LinearLayer[] layers = [Linear([0.5, 0.5], [bias, bias], outputs: 2), Linear([1, -1], [0]) with { IsRelu = true }];
        var form = new IntegerForm([s_codes],
            [Form([63, 63], [bias * 16384, bias * 16384], [1f / 16384, 1f / 16384], new CodeRange(1f / 64, 0)),
            Form([64, -64], [0], [1f / 4096])]);
        ImmutableArray<InputRange> ranges = [s_inside];
        var certificate = new IntegerBound(layers, form).Certify(IntegerBound.Ranges(layers, ranges), ranges, Token);

        // Where both are always active the output is 0.
        Assert.Equal(error + (((bias > 0 ? 0 : high - low) + error) * Output), certificate.Bound, 1e-12);
    }

    [Fact]
    public void An_output_beyond_float_has_no_bound()
    {
        var form = new IntegerForm([s_codes], [Form([64], [0], [3e38f])]);
        LinearLayer[] layers = [Linear([3e38], [3e38])];
        ImmutableArray<InputRange> ranges = [s_inside];
        Assert.Equal(new ErrorCertificate(double.PositiveInfinity, "an output may be beyond float"),
            new IntegerBound(layers, form).Certify(IntegerBound.Ranges(layers, ranges), ranges, Token));
    }

    /// <summary>
    /// A sum of 2^24 + 3 becomes 2^24 + 4 as a float: the output is just below the largest float, and what is computed is infinite.
    /// </summary>
    [Fact]
    public void An_output_that_rounding_takes_beyond_float_has_no_bound()
    {
        const int Sum = (1 << 24) + 3;
        float unit = MathF.ScaleB(1 - (4 * MathF.ScaleB(1, -24)), 104);
        var form = new IntegerForm([s_codes], [Form([0], [Sum], [unit])]);
        LinearLayer[] layers = [Linear([0], [(double)Sum * unit])];
        ImmutableArray<InputRange> ranges = [s_inside];
        Assert.InRange((double)Sum * unit, float.MaxValue * (1 - 1e-9), float.MaxValue);
        Assert.Equal([float.PositiveInfinity], new IntegerEvaluator(form).Evaluate([0f]));
        var certificate = new IntegerBound(layers, form).Certify(IntegerBound.Ranges(layers, ranges), ranges, Token);
        Assert.Equal(double.PositiveInfinity, certificate.Bound);
    }

    /// <summary>Sums of ranges, by the signs of weights; a ReLU leaves what is above 0.</summary>
    [Fact]
    public void Ranges_are_those_of_the_sums()
    {
        LinearLayer[] layers = [Linear([2, -1, 3, 1], [1, -10], outputs: 2), Linear([1, -1], [0.5]) with { IsRelu = true }];
        var ranges = IntegerBound.Ranges(layers, [new InputRange(-1, 2), new InputRange(0, 1)]);

        // 1 + 2 [-1, 2] + 3 [0, 1]; -10 - [-1, 2] + [0, 1]; then the first one's ReLU alone is not 0.
        Near(-1, 8, ranges[0][0]);
        Near(-12, -8, ranges[0][1]);
        Near(0.5, 8.5, ranges[1][0]);
        var shared = IntegerBound.Ranges(layers, [new InputRange(-1, 2)]);
        Near(-4, 11, shared[0][0]);

        static void Near(double low, double high, CodedRange range)
        {
            Assert.InRange(range.Low, low - 1e-13, low);
            Assert.InRange(range.High, high, high + 1e-13);
            Assert.True(range.Low < low && range.High > high);
        }
    }

    /// <summary>
    /// One input, two outputs 0.5 x and 0.25 x with weights 63 and 33 of 2^-14: errors are 2^-14 too little and 2^-14 too much for each
    /// step,
    /// the difference of weights is a quarter, and a measured input may be off by 255 steps times 1.3e-7.
    /// </summary>
    [Fact]
    public void Differences_of_two_outputs_are_those_of_their_weights()
    {
        double[] table = new IntegerBound([Linear([0.5, 0.25], [0.3, 0], outputs: 2)],
                new IntegerForm([s_codes], [Form([63, 33], [4915, 0], [1f / 16384, 1f / 16384])]))
            .Differences(TestContext.Current.CancellationToken);
        Assert.Equal(2 * 2 * 3, table.Length);
        Assert.All(table.Take(3).Concat(table.Skip(9)), static number => Assert.Equal(0, number));
        foreach (int at in new[] { 3, 6 })
        {
            double bias = 0.3 - (4915.0 / 16384);
            Assert.Equal((0.25 * 255 * Step * 1.3e-7) + bias, table[at], 1e-12);
            Assert.Equal(2.0 / 16384, table[at + 1], 1e-12);
            Assert.Equal(0.25, table[at + 2], 1e-12);
        }
    }

    /// <summary>One output alone: its weight, and what its integer is off.</summary>
    [Fact]
    public void One_output_is_compared_with_nothing()
    {
        double[] table = new IntegerBound([Linear([0.5], [0.3])], new IntegerForm([s_codes], [Form([63], [4915], [1f / 16384])]))
            .Differences(TestContext.Current.CancellationToken);
        Assert.Equal(3, table.Length);
        Assert.Equal((0.5 * 255 * Step * 1.3e-7) + 0.3 - (4915.0 / 16384), table[0], 1e-12);
        Assert.Equal(1.0 / 16384, table[1], 1e-12);
        Assert.Equal(0.5, table[2], 1e-12);
    }

    /// <summary>
    /// Two layers: what is known before the second is multiplied by 0.5 in the first, which adds 2^-14 for each step, a bias of 0.3 and
    /// its own
    /// codes, of a step of 1/256; then by 3, the difference of 2 and -1, whose integers are 2^-15 and 2^-14 too little.
    /// </summary>
    [Fact]
    public void Differences_go_through_all_layers()
    {
        var codes = new CodeRange(1f / 256, 0);
        double[] table = new IntegerBound(
            [Linear([0.5], [0.3]), Linear([2, -1], [0, 0], outputs: 2) with { IsRelu = true }],
            new IntegerForm([s_codes],
                [Form([63], [4915], [1f / 16384], codes), Form([127, -127], [0, 0], [1f / 16384, 1f / 32768])]))
            .Differences(TestContext.Current.CancellationToken);
        Assert.Equal(2 * 2 * 5, table.Length);
        double bias = 0.3 - (4915.0 / 16384), hidden = (0.5 * 255 * Step * 1.3e-7) + bias + (260 * 3.6e-7 / 256);

        // 2 / 256 less 127 of 2^-14 is 2^-14; -1 / 256 and 127 of 2^-15 is -2^-15.
        double[] expected = [3 * hidden, 3.0 / 16384, 3 * 0.5, 1.5 / 16384, 3.0 / 256];
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(expected[i], table[5 + i], 1e-11);
            Assert.Equal(expected[i], table[10 + i], 1e-11);
        }
    }

    /// <summary>Two inputs and two hidden nodes: lengths of vectors and matrices, here of one row or column each.</summary>
    [Fact]
    public void Errors_of_several_nodes_are_a_vector()
    {
        var codes = new CodeRange(1f / 256, 0);
        double[] table = new IntegerBound(
            [Linear([0.5, 0, 0, 0.5], [0, 0], outputs: 2), Linear([3, 4], [0]) with { IsRelu = true }],
            new IntegerForm([s_codes], [Form([64, 0, 0, 64], [0, 0], [1f / 16384, 1f / 16384], codes),
                Form([96, 128 - 1], [0], [1f / 8192])]))
            .Differences(TestContext.Current.CancellationToken);

        // The input is off by the root of 2 times 255 steps; a matrix of 0.5 twice has a norm of 0.5, or up to half a percent more.
        double root = Math.Sqrt(2), input = root * 255 * Step * 1.3e-7, codesOff = root * 260 * 3.6e-7 / 256;
        Assert.InRange(table[0], 5 * ((0.5 * input) + codesOff), 5 * ((0.5 * 1.006 * input) + codesOff));
        Assert.InRange(table[2], 2.5, 2.5 * 1.006);
        Assert.Equal(0, table[1], 1e-12);

        // 3 / 256 is 96 of 2^-13, and 4 / 256 one more than 127.
        Assert.Equal(1.0 / 8192, table[3], 1e-12);
        Assert.Equal(5.0 / 256, table[4], 1e-12);
    }

    private static LinearLayer Linear(double[] weights, double[] biases, int outputs = 1) =>
        new(weights.Length / outputs, outputs, weights, biases, false);

    private static IntegerLayerForm Form(sbyte[] weights, int[] biases, float[] units, CodeRange codes = default) =>
        new(weights.Length / biases.Length, biases.Length, [.. weights], [.. biases], [.. units], codes);

    private static void Check(double expected, LinearLayer layer, IntegerLayerForm[] forms, InputRange range)
    {
        ImmutableArray<InputRange> ranges = [range];
        var form = new IntegerForm([s_codes], [.. forms]);
        var certificate = new IntegerBound([layer], form).Certify(IntegerBound.Ranges([layer], ranges), ranges, Token);
        Assert.Equal("", certificate.Reason);
        Assert.Equal(expected, certificate.Bound, 1e-12);

        // The same with one range and one set of codes for each input.
        ranges = [.. Enumerable.Repeat(range, layer.Inputs)];
        form = new IntegerForm([.. Enumerable.Repeat(s_codes, layer.Inputs)], form.Layers);
        Assert.Equal(certificate, new IntegerBound([layer], form).Certify(IntegerBound.Ranges([layer], ranges), ranges, Token));
    }
}
