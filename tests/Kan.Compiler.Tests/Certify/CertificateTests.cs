using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Kan.Compiler.Certify;
using Kan.Compiler.Lower;
using Kan.Compiler.Tests.Support;
using Xunit;

namespace Kan.Compiler.Tests.Certify;

/// <summary>Certificates of small networks, whose bounds are counted by hand in units of float, u = 2^-24.</summary>
public sealed class CertificateTests
{
    private const double Unit = 1.0 / (1 << 24);

    /// <summary>
    /// Weights and biases that floats hold are exact: only the additions round, by u for sums from 1 to 2, 2 u from 2 to 4.
    /// </summary>
    [Theory]
    [InlineData("2", 3, 4)]
    [InlineData("1", 1, 1)]
    [InlineData("1 1", 1.5, 1 + 1 + 2)]
    [InlineData("1 4", 1.5, 1 + 4 + 4)]
    [InlineData("1 4 2", 1.5, 1 + 4 + 4 + 8)]
    [InlineData("1 1 1 1 1", 1.5, 1 + 2 + 1 + 1 + 1 + 4 + 2 + 4)]
    public void Additions_round(string weights, double end, double units)
    {
        Rational[] numbers = [.. weights.Split(' ').Select(static w => (Rational)int.Parse(w, null))];
        var layer = KanLayer.Affine(numbers.Length, 1, (_, p) => numbers[p]);
        Check(units, [layer], Range(-end, end));
        Check(units, [layer], [.. Enumerable.Repeat(new InputRange(Exact(-end), Exact(end)), numbers.Length)]);
    }

    [Fact]
    public void Each_input_has_its_range()
    {
        var layer = KanLayer.Affine(2, 1, static (_, _) => 1);
        Check(1 + 4 + 4, [layer], new InputRange(-1, 1), new InputRange(-4, 4));
        Check(4 + 1 + 4, [layer], new InputRange(0, 4), new InputRange(0, 1));
        Check(1 + 1 + 2, [layer], new InputRange(-1, 1));
    }

    /// <summary>A third of 3 is off by three times what the weight is, and its sum with a bias by u; the bias by u / 4.</summary>
    [Fact]
    public void Numbers_that_floats_lack_round_too()
    {
        double third = Math.Abs((double)(1f / 3) - (1.0 / 3)) / Unit;
        Check((3 * third) + 1, [KanLayer.Affine(1, 1, static (_, _) => Rational.Create(1, 3))], Range(-3, 3));
        Check(0.25 + 1, [KanLayer.Affine(1, 1, static (_, _) => 1, [Rational.Create(1, 3)])], Range(-1, 1));
    }

    /// <summary>
    /// Rays of slope 1 and 2 at 4 on [0, 8] are off by 36 u and reach 12 on the way; the addition in between rounds by 8 u, the last one
    /// by 8
    /// u. A constant of 100 is the bias: it rounds by 64 u, and both additions with it.
    /// </summary>
    [Theory]
    [InlineData(0, 36 + 8 + 8)]
    [InlineData(100, 64 + 36 + 64 + 64)]
    public void Units_are_added_one_by_one(int value, double units) =>
        Check(units, Lowering.Clamp, [Bent(value)], Range(0, 8));

    /// <summary>A row of 24 u, as TermTests counts, and 16 u for the sum.</summary>
    [Fact]
    public void A_row_is_added_once() => Check(24 + 16, Lowering.Rows, [Bent(8)], Range(0, 8));

    [Fact]
    public void A_relu_is_exact() => Check(4, [new KanLayer(1, 1, [new KanEdge(0, 0, 2 * PiecewiseLinearFunction.Relu)])], Range(-9, 3));

    /// <summary>The error of a layer counts times the weights behind it: 4 u times 5, and 16 u for a sum of 30.</summary>
    [Fact]
    public void Errors_are_carried_on()
    {
        Check((5 * 4) + 16, [Linear(2), Linear(5)], Range(-3, 3));
        Check((5 * 4) + 16, [Linear(2), Linear(-5)], Range(-3, 3));
    }

    /// <summary>
    /// y = h - h by two nodes. Forward, each node is off by 4 u of its own and 4 u of h, and the last layer by 16 u: 32 u. Weighed by
    /// what is
    /// behind it, the error of h cancels: 24 u.
    /// </summary>
    [Fact]
    public void Paths_that_cancel_cancel_in_the_bound() => Check(4 + 4 + 16,
        [Linear(2), KanLayer.Affine(1, 2, static (_, _) => 1), KanLayer.Affine(2, 1, static (_, p) => 1 - (2 * p))], Range(-3, 3));

    /// <summary>Slopes of the whole range count, also those of flat parts: through a ReLU that is never on nothing comes.</summary>
    [Fact]
    public void A_slope_of_0_stops_errors()
    {
        var relu = new KanLayer(1, 1, [new KanEdge(0, 0, PiecewiseLinearFunction.Relu)]);
        Check(0, [Linear(2), relu], Range(-3, -1));
        Check(4 + 4, [Linear(2), relu], Range(-3, 3));
    }

    [Fact]
    public void The_worst_output_counts()
    {
        Check(16, [KanLayer.Affine(1, 3, static (q, _) => q == 1 ? 8 : 1)], Range(-2.5, 2.5));

        // Sums of two parts each: 1 and 1, 1 and 4, 1 and 2.
        Rational[] second = [1, 4, 2];
        for (int worst = 0; worst < 3; worst++)
        {
            Check(1 + 4 + 4, [KanLayer.Affine(2, 3, (q, p) => p == 0 ? 1 : second[(q + worst) % 3])], Range(-1.5, 1.5));
            Check(1 + 4 + 4, [KanLayer.Affine(2, 3, (q, p) => p == 0 ? 1 : second[(q + worst) % 3], [1, 1, 1])], Range(-0.5, 0.5),
                Range(-1.5, 1.5));
        }
    }

    /// <summary>Terms of both signs: [0, 3] and [-3, 0], off by 2 u each, are [-3, 3], off by 2 u more.</summary>
    [Fact]
    public void Signs_are_kept() => Check(2 + 2 + 2, [KanLayer.Affine(2, 1, static (_, p) => 1 - (2 * p))], Range(0, 3));

    /// <summary>The bias 8 is exact, and the sum of 9 may be rounded by 8 u; so may 9 behind it.</summary>
    [Fact]
    public void A_bias_is_part_of_what_the_next_layer_reads() =>
        Check(8 + 8, [KanLayer.Affine(1, 1, static (_, _) => 1, [8]), Linear(1)], Range(-1, 1));

    /// <summary>A product is one number, and is not looked at before it is added: the last float but a few is no overflow.</summary>
    [Fact]
    public void A_number_close_to_the_largest_is_finite()
    {
        var end = Rational.FromSingle(float.MaxValue) * Rational.Create(99_999_995, 100_000_000);
        Check(Math.ScaleB(1, 127), [Linear(1)], new InputRange(-end, end));
    }

    [Fact]
    public void A_certificate_can_be_cancelled()
    {
        var cancelled = new CancellationToken(canceled: true);
        var form = new NetworkForm(Precision.Single, [Plans.One(Linear(2)).Form]);
        Assert.Throws<OperationCanceledException>(() => ErrorBound.Certify(new KanNetwork([Linear(2)]), form, [Range(-1, 1)], cancelled));
        var maximum = new MaximumDescription(new WindowGeometry { Channels = 1, Height = 1, Width = 1, KernelHeight = 1, KernelWidth = 1 });
        Assert.Throws<OperationCanceledException>(() => WindowRounding.OfMaximum(maximum, static _ => default, static _ => 0, cancelled));

        // A convolution looks every 65,536 terms.
        var image = new WindowGeometry { Channels = 1, Height = 1, Width = 65_536, KernelHeight = 1, KernelWidth = 1 };
        var convolution = new ConvolutionDescription(image, 1, 1, [2], []);
        var type = new NumberType(Precision.Single);
        Assert.Throws<OperationCanceledException>(() => WindowRounding.OfConvolution(
            convolution, new ConvolutionForm(image, 1, 1, [0], [2], default), static _ => default, static _ => 0, type,
            new OverflowWatch(type), cancelled));
    }

    /// <summary>Node by node nothing is added, but a bias is rounded: 5 by 4 u, 1/3 by u / 4.</summary>
    [Fact]
    public void A_node_without_an_edge_is_its_bias()
    {
        Check(4, [new KanLayer(2, 2, [], [Rational.Create(1, 3), 5])], Range(-1, 1));
        Check(0.25, [new KanLayer(2, 2, [], [Rational.Create(1, 3), 0])], Range(-1, 1));
        Check(24, [KanLayer.Activation(2, PiecewiseLinearFunction.FromSlopes([4], [1, 2], 4, 8))], Range(0, 8));
        Check(4, [Linear2(), Plans.Relu(2)], Range(-3, 3));
    }

    [Fact]
    public void Inputs_are_numbers_of_the_type()
    {
        // Half of the largest float is below 2^127, and rounds by 2^126 u.
        var layer = KanLayer.Affine(1, 1, static (_, _) => Rational.Create(1, 2));
        Check(Math.ScaleB(1, 126), [layer], new InputRange(-Exact(1e300), Exact(1e300)));
        Check(Math.ScaleB(1, 126), [layer], new InputRange(Exact(1e200), Exact(1e300)));
        Check(Math.ScaleB(1, 126), [layer], new InputRange(-Exact(1e300), -Exact(1e200)));
    }

    [Fact]
    public void Doubles_have_their_own_unit()
    {
        var network = new KanNetwork([Linear(2)]);
        var form = new NetworkForm(Precision.Double, [Plans.One(Linear(2), Precision.Double).Form]);
        var certificate = ErrorBound.Certify(network, form, [Range(-3, 3)], TestContext.Current.CancellationToken);
        Assert.Equal(4 * Math.ScaleB(1, -53), certificate.Bound, 1e-20);
        Assert.Equal("", certificate.Reason);
    }

    [Fact]
    public void Without_a_range_nothing_is_certified()
    {
        var network = new KanNetwork([Linear(2)]);
        var form = new NetworkForm(Precision.Single, [Plans.One(Linear(2)).Form]);
        foreach (var ranges in new[] { default, ImmutableArray<InputRange>.Empty })
        {
            Assert.Equal(new ErrorCertificate(double.PositiveInfinity, "no input range is declared"),
                ErrorBound.Certify(network, form, ranges, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public void What_may_overflow_is_named_with_its_layer()
    {
        var big = Rational.FromSingle(3e38f);
        Overflows("in layer 0 a partial sum can reach 6.0E+38, past the largest float, 3.4E+38", [KanLayer.Affine(1, 1, (_, _) => big)], 2);
        Overflows("in layer 1 a partial sum can reach 9.0E+38, past the largest float, 3.4E+38",
            [Linear(1), KanLayer.Affine(1, 1, (_, _) => big)], 3);
        Overflows("in layer 0 a partial sum can reach 4.0E+38, past the largest float, 3.4E+38",
            [new KanLayer(1, 1,
                [new KanEdge(0, 0, PiecewiseLinearFunction.FromSlopes([0], [-Exact(2e38), Exact(2e38)], 0, 0))])], 1, Lowering.Clamp);

        // Sums and nodes at the very end of the type.
        var end = Rational.FromSingle(float.MaxValue);
        Assert.StartsWith("in layer 0 an output can reach 3.4E+38", Certify(Lowering.Auto, [Plans.Relu(2)], new InputRange(0, end)).Reason,
            StringComparison.Ordinal);
        var maximum = Plans.Document(Precision.Single, Lowering.Auto,
            [new MaximumDescription(new WindowGeometry { Channels = 1, Height = 1, Width = 3, KernelHeight = 1, KernelWidth = 2 })],
            new InputRange(0, end));
        Assert.StartsWith("in layer 0 an output can reach 3.4E+38", maximum.Certificate.Reason, StringComparison.Ordinal);

        static void Overflows(string reason, KanLayer[] layers, int range, Lowering lowering = Lowering.Auto) =>
            Assert.Equal(new ErrorCertificate(double.PositiveInfinity, reason), Certify(lowering, layers, Range(-range, range)));
    }

    private static KanLayer Linear(int weight) => KanLayer.Affine(1, 1, (_, _) => weight);

    private static KanLayer Linear2() => KanLayer.Affine(1, 2, static (q, _) => 2 - q);

    private static KanLayer Bent(int value) =>
        new(1, 1, [new KanEdge(0, 0, PiecewiseLinearFunction.FromSlopes([4], [1, 2], 4, value))]);

    private static InputRange Range(double low, double high) => new(Exact(low), Exact(high));

    private static Rational Exact(double value) => Rational.FromDouble(value);

    private static ErrorCertificate Certify(Lowering lowering, IReadOnlyList<KanLayer> layers, params InputRange[] ranges) =>
        ErrorBound.Certify(new KanNetwork(layers),
            new NetworkForm(Precision.Single, [.. Plans.Of(Precision.Single, lowering, [.. layers]).Select(static layer => layer.Form)]),
            [.. ranges], TestContext.Current.CancellationToken);

    private static void Check(double units, IReadOnlyList<KanLayer> layers, params InputRange[] ranges) =>
        Check(units, Lowering.Auto, layers, ranges);

    private static void Check(double units, Lowering lowering, IReadOnlyList<KanLayer> layers, params InputRange[] ranges)
    {
        var certificate = Certify(lowering, layers, ranges);
        Assert.Equal("", certificate.Reason);
        Assert.Equal(units, certificate.Bound / Unit, Math.Max(1e-4, units * 1e-6));
    }
}
