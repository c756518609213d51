using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Kan.Compiler.Certify;
using Kan.Compiler.Integers;
using Kan.Testing;
using Xunit;

namespace Kan.Compiler.Tests.Certify;

/// <summary>
/// Bounds of integers lie above the exact numbers, by what doubles may have rounded on the way: 2.3e-16 for each addition, and each other
/// term by hand. Numbers are dyadic, so that exact bounds are rationals.
/// </summary>
public sealed class IntegerSlackTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // A unit of rounding; a weight is the nearest double of an exact one.
    private const double Unit = 2.3e-16, Nearest = 1.2e-16;

    private const int Inputs = 400;

    private static readonly CodeRange s_codes = new(1f / 128, 128);

    private static readonly ImmutableArray<InputRange> s_inside = [new InputRange(-1, Rational.Create(127, 128))];

    /// <summary>400 times x / 2: a sum of 400 terms, from -200 to 198.4.</summary>
    [Fact]
    public void A_range_is_wider_by_what_its_sum_rounds()
    {
        var range = IntegerBound.Ranges([Same(0.5)], s_inside)[0][0];
        Excess(404 * Unit, Rational.FromDouble(-range.Low), 200, 0.01);
        Excess(404 * Unit * 200 / 198.4375, Rational.FromDouble(range.High), Rational.Create(400 * 127, 256), 0.01);

        // The larger end decides.
        Excess(404 * Unit, Rational.FromDouble(IntegerBound.Ranges([Same(0.5)], [new InputRange(0, 1)])[0][0].High), 200, 0.01);
    }

    /// <summary>
    /// Weights that are exact in integers: 400 halves of half a step. Each deviation of 0 may be off by four units of the weight's share,
    /// for
    /// 255 steps; then the sum rounds 400 + 8 times, and the output is off by 1.8e-7.
    /// </summary>
    [Fact]
    public void An_error_is_larger_by_what_its_sum_rounds()
    {
        var layer = Same(0.5);
        var form = new IntegerForm([s_codes], [Form(64)]);
        double bound = new IntegerBound([layer], form).Certify([[new CodedRange(0, 0)]], s_inside, Token).Bound;
        double half = 0.5 + (260 * 3.6e-7), deviation = 0.5 * 4 * Unit * 255 / 128, error = 200 * half / 128;
        Assert.Equal(Inputs * deviation / error, 4 * Unit * 255 / half, 1e-18);
        var exact = (Rational)200 * Rational.FromDouble(half) * Rational.Create(1, 128) * (1 + Rational.FromDouble(1.8e-7));
        Excess((4 * Unit * 255 / half) + (408 * Unit), Rational.FromDouble(bound), exact, 0.03);
    }

    /// <summary>A bias of a half is 8,192 of 2^-14: both may be two units off.</summary>
    [Fact]
    public void A_bias_rounds()
    {
        var layer = new LinearLayer(1, 1, [0], [0.5], false);
        var form = new IntegerForm([s_codes], [new IntegerLayerForm(1, 1, [0], [8192], [1f / 16384], default)]);
        Assert.Equal(2 * Unit, new IntegerBound([layer], form).Certify([[new CodedRange(0, 0)]], s_inside, Token).Bound, 1e-20);
    }

    /// <summary>
    /// Deviations of 2^-14 each, 400 of them, times 128 steps: the numbers on the way, 255 steps each, are another 400 roundings.
    /// </summary>
    [Fact]
    public void Deviations_round_too()
    {
        var layer = Same(0);
        var form = new IntegerForm([s_codes], [Form(1)]);
        double bound = new IntegerBound([layer], form).Certify([[new CodedRange(0, 0)]], s_inside, Token).Bound;
        var exact = (Rational)400 * Rational.Create(128, 16384) * (1 + Rational.FromDouble(1.8e-7));
        Excess((408 * Unit) + (400 * Unit * 255 / 128), Rational.FromDouble(bound), exact, 0.01);
    }

    /// <summary>
    /// Outputs of weights 100.25 and 100, 63 and 62 of 2^-14 too little: the difference of 400 of them is a vector of length 20 / 4, off
    /// by twice
    /// 1.2e-16 of each weight; that of the deviations one of 20 * 2^-14, off by four units of each share, twice.
    /// </summary>
    [Fact]
    public void Differences_of_outputs_round()
    {
        double[] numbers = [.. Enumerable.Repeat(new[] { 100.25, 100 }, Inputs).SelectMany(static pair => pair)];
        var layer = new LinearLayer(Inputs, 2, numbers, [0, 0], false);
        float unit = 1f / 64;
        sbyte[] weights = [.. Enumerable.Repeat(new sbyte[] { 50, 50 }, Inputs).SelectMany(static pair => pair)];
        var form = new IntegerForm([s_codes], [new IntegerLayerForm(Inputs, 2, [.. weights], [0, 0], [unit, unit], default)]);
        double[] table = new IntegerBound([layer], form).Differences(TestContext.Current.CancellationToken);
        Excess((200.25 * 2 * Nearest / 0.25) + (408 * Unit) + (8 * Unit), Rational.FromDouble(table[5]), 5, 0.02);

        // 100.25 / 128 less 50 / 64, and 100 / 128 less the same: 1 / 512 apart.
        Excess((2 * 4 * Unit * 200.25 / 128 * 512) + (416 * Unit), Rational.FromDouble(table[4]), Rational.Create(20, 512), 0.02);

        // 400 inputs of a step of 1 / 128, measured to 1.3e-7 of 255 steps.
        double input = 20 * 255 / 128.0 * 1.3e-7;
        Assert.Equal(5 * input, table[3], 5 * input * 1e-12);
    }

    [Fact]
    public void One_output_rounds_as_well()
    {
        var form = new IntegerForm([s_codes], [Form(64)]);
        double[] table = new IntegerBound([Same(0.5)], form).Differences(TestContext.Current.CancellationToken);
        Excess((2 * Nearest) + (416 * Unit), Rational.FromDouble(table[2]), 10, 0.02);

        // A deviation of 0 may be four units of 1 / 256; one of 2^-14 as well.
        Assert.Equal(20 * 4 * Unit / 256, table[1], 1e-19);
        table = new IntegerBound([Same(0.5)], new IntegerForm([s_codes], [Form(63)])).Differences(TestContext.Current.CancellationToken);
        Excess((4 * Unit * 64) + (416 * Unit), Rational.FromDouble(table[1]), Rational.Create(20, 16384), 0.02);
    }

    /// <summary>
    /// Through a hidden node of 400 inputs, of weight 1 behind it: the largest singular value of a row is its length, 10, and the nearest
    /// double
    /// of each weight is off by 1.2e-16 of it.
    /// </summary>
    [Fact]
    public void Hidden_layers_round_too()
    {
        var codes = new CodeRange(1f / 256, 0);
        var form = new IntegerForm([s_codes],
            [Form(64) with { Codes = codes }, new IntegerLayerForm(1, 1, [64], [0], [1f / 16384], default)]);
        double[] table = new IntegerBound([Same(0.5), new LinearLayer(1, 1, [1], [0], true)], form)
            .Differences(TestContext.Current.CancellationToken);

        // The length of the row, rounded, with the nearest doubles; then eight units, nine of a length of one number, and eight.
        Excess((404 * Unit) + Nearest + (8 * Unit) + (2 * Nearest) + (9 * Unit) + (8 * Unit), Rational.FromDouble(table[2]), 10, 0.02);
        Assert.Equal(20 * 4 * Unit / 256, table[1], 3e-18);
        Assert.Equal(1.0 / 256, table[4], 1e-12);
    }

    /// <summary>
    /// Two inputs and two outputs, all deviations 2^-14 of one sign: a matrix of ones has 2. The weights of the next layer are read by
    /// node and
    /// output.
    /// </summary>
    [Fact]
    public void Deviations_of_a_layer_are_a_matrix()
    {
        var codes = new CodeRange(1f / 256, 0);
        var form = new IntegerForm([s_codes],
            [new IntegerLayerForm(2, 2, [63, 63, 63, 63], [0, 0], [1f / 16384, 1f / 16384], codes),
                new IntegerLayerForm(2, 2, [64, 0, 0, 0], [0, 0], [1f / 16384, 1f / 16384], default)]);
        double[] table = new IntegerBound(
            [new LinearLayer(2, 2, [0.5, 0.5, 0.5, 0.5], [0, 0], false), new LinearLayer(2, 2, [1, 4, 7, 3], [0, 0], true)], form)
            .Differences(TestContext.Current.CancellationToken);

        // Differences of weights: 1 - 4 and 7 - 3, a length of 5.
        Assert.InRange(table[5 + 1], 5 * 2.0 / 16384, 5 * 2.0 / 16384 * 1.006);
        Assert.InRange(table[5 + 2], 5 * (1 - 1e-12), 5 * 1.006);

        // Their integers are 1 / 256, 0, 0 and 0: (0 - 4) / 256 of the first node, (7 - 3) / 256 of the second.
        Assert.Equal(4 * Math.Sqrt(2) / 256, table[5 + 3], 1e-12);
        Assert.Equal(table[5..10], table[10..15]);
    }

    /// <summary>
    /// Codes from 0 at 200: 200 steps below it and 55 above. Deviations of both signs add up by their ends: 200 + 55 on either side.
    /// </summary>
    [Fact]
    public void Deviations_of_both_signs_add_up_by_their_ends()
    {
        var codes = new CodeRange(1f / 128, 200);
        var layer = new LinearLayer(2, 1, [0, 0], [0], false);
        var form = new IntegerForm([codes], [new IntegerLayerForm(2, 1, [1, -1], [0], [1f / 16384], default)]);
        Assert.Equal(255.0 / 16384 * (1 + 1.8e-7), Bound(new InputRange(Rational.Create(-200, 128), Rational.Create(55, 128))), 1e-12);

        // From -128 to 0, and one code further at each end.
        Assert.Equal(130.0 / 16384 * (1 + 1.8e-7), Bound(new InputRange(-1, 0)), 1e-12);

        double Bound(InputRange range) => new IntegerBound([layer], form).Certify([[new CodedRange(0, 0)]], [range], Token).Bound;
    }

    [Fact]
    public void Each_input_is_compared_with_its_own_range()
    {
        var layer = new LinearLayer(2, 1, [0.5, 0.5], [0], false);
        var form = new IntegerForm([s_codes], [new IntegerLayerForm(2, 1, [64, 64], [0], [1f / 16384], default)]);
        ImmutableArray<InputRange> ranges = [s_inside[0], new InputRange(-2, 0)];
        double bound = new IntegerBound([layer], form).Certify([[new CodedRange(0, 0)]], ranges, Token).Bound;
        Assert.Equal(((0.5 * 2 * (0.5 + (260 * 3.6e-7)) / 128) + 0.5) * (1 + 1.8e-7), bound, 1e-12);
    }

    [Fact]
    public void Differences_can_be_cancelled() => Assert.Throws<OperationCanceledException>(static () =>
        new IntegerBound([Same(0.5)], new IntegerForm([s_codes], [Form(64)])).Differences(new CancellationToken(canceled: true)));

    /// <summary>Requires a bound above an exact number, relative to it by about what is expected.</summary>
    private static void Excess(double expected, Rational bound, Rational exact, double tolerance)
    {
        double excess = ((bound - exact) / exact).ToDouble();
        Require.That(Math.Abs(excess - expected) <= (expected * tolerance) + 3e-16,
            $"The bound is above by {excess:E3} of {exact}, not {expected:E3}.");
    }

    private static LinearLayer Same(double weight) => new(Inputs, 1, [.. Enumerable.Repeat(weight, Inputs)], [0], false);

    private static IntegerLayerForm Form(sbyte weight) =>
        new(Inputs, 1, [.. Enumerable.Repeat(weight, Inputs)], [0], [1f / 16384], default);
}
