using System;
using System.Collections.Immutable;
using System.Linq;
using Kan.Compiler.Certify;
using Kan.Compiler.Integers;
using Kan.Compiler.Tests.Support;
using Kan.Testing;
using Xunit;

namespace Kan.Compiler.Tests.Certify;

/// <summary>Bounds of curves in integers: by hand for one edge, and never below what exact rationals show.</summary>
public sealed class CurveBoundTests
{
    private const double HalfStep = 0.5 + (260 * 3.6e-7), OutputRounding = 1.8e-7;

    private static readonly CodeRange s_codes = new(1f / 128, 128);

    private static readonly ImmutableArray<InputRange> s_inside = [new InputRange(-1, Rational.Create(127, 128))];

    /// <summary>
    /// |x| at the codes 0, 128 and 255: 64, 0 and 63.5 of 2^-6, of which the last is 64, so that the end is 2^-7 too high; the slopes are
    /// 1, and half a step is lost.
    /// </summary>
    [Fact]
    public void One_edge_is_off_by_its_codes_and_its_integers()
    {
        var form = new IntegerForm([s_codes], [Layer([0, 128, 255], 128, [64, 0, 64], 1f / 8192)]);
        var layers = Layers(new ActivationDescription(1, [PiecewiseLinearFunction.FromKnots([-1, 0, 1], [1, 0, 1])]));
        double expected = (HalfStep / 128) + (1.0 / 128);
        Check((1 + expected) * OutputRounding + expected, layers, form, s_inside);

        // Inputs of at most 0 never have the codes that are off.
        expected = HalfStep / 128;
        Check((1 + expected) * OutputRounding + expected, layers, form, [new InputRange(-1, 0)]);
    }

    /// <summary>What is beyond the codes counts so far as the edge varies there: up to 2, in a range up to 3.</summary>
    [Fact]
    public void Saturation_counts_where_an_edge_varies()
    {
        var form = new IntegerForm([s_codes], [Layer([0, 128, 255], 128, [64, 0, 64], 1f / 8192)]);
        var layers = Layers(new ActivationDescription(1,
            [PiecewiseLinearFunction.FromKnots([-1, 0, 2], [1, 0, 2], Rational.Zero, Rational.Zero)]));
        double beyond = 2 - (127.0 / 128), expected = (HalfStep / 128) + beyond + (1.0 / 128);
        Check((2 + expected) * OutputRounding + expected, layers, form, [new InputRange(-5, 3)]);
    }

    /// <summary>A steep edge cannot be further off than its values are apart.</summary>
    [Fact]
    public void A_spike_counts_with_its_height()
    {
        var form = new IntegerForm([s_codes], [Layer([0, 255], 255, [0, 0], 1f / 8192)]);
        var tiny = Rational.Create(1, 100_000);
        var layers = Layers(new ActivationDescription(1,
            [PiecewiseLinearFunction.FromKnots([tiny, 2 * tiny, 3 * tiny], [0, 3, 0], Rational.Zero, Rational.Zero)]));
        Check(3 + (6 * OutputRounding), layers, form, s_inside, 1e-8);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 3, 2)]
    [InlineData(3, 5, 3)]
    [InlineData(4, 2, 1)]
    public void No_sample_is_further_off_than_the_bound(int seed, int width, int depth)
    {
        var random = new Random(seed);
        LayerDescription[] descriptions = [.. Enumerable.Range(0, depth)
            .Select(l => Random(random, l == 0 ? 2 : width, l == depth - 1 ? 2 : width))];
        foreach (bool isCalibrated in new[] { false, true })
        {
            var document = new KanDocument
            {
                Name = "attacked",
                Layers = [.. descriptions],
                InputRanges = [new InputRange(Rational.Create(-3, 4), 1), new InputRange(-2, Rational.Create(1, 3))],
                HiddenRanges = isCalibrated ? [.. Enumerable.Repeat(new InputRange(-1, Rational.Create(1, 2)), depth - 1)] : [],
            };
            var plan = NetworkCompiler.Plan(document, Precision.Int8, Lowering.Auto, TestContext.Current.CancellationToken);
            var form = plan.Integers!.Form;
            Assert.NotNull(form.Layers[0].Curves);
            var evaluator = new IntegerEvaluator(form);
            var layers = descriptions.Select(static description => description.ToLayer()).ToArray();
            Rational worst = 0;
            float[] sample = new float[2];
            for (int i = 0; i < 3000; i++)
            {
                for (int p = 0; p < 2; p++)
                {
                    // Half of them between two codes, where they are furthest from both.
                    var range = document.InputRanges[p];
                    double x = range.Low.ToDouble() + (random.NextDouble() * (range.High - range.Low).ToDouble());
                    if (i % 2 == 0) x = (Math.Floor(x / form.Input(p).Scale) + 0.5) * form.Input(p).Scale;
                    sample[p] = (float)Math.Clamp(x, range.Low.ToDouble(), (float)range.High.ToDouble() - 1e-6);
                }

                Rational[] exact = [.. sample.Select(Rational.FromSingle)];
                foreach (var layer in layers) exact = layer.Evaluate(exact);
                float[] outputs = evaluator.Evaluate(sample);
                for (int q = 0; q < outputs.Length; q++)
                {
                    var error = Rational.FromSingle(outputs[q]) - exact[q];
                    if (error.Sign < 0) error = -error;
                    if (error > worst) worst = error;
                }
            }

            double most = worst.ToDouble();
            Require.That(worst <= Rational.FromDouble(plan.ErrorBound), $"An output is off by {most}, the bound is {plan.ErrorBound}.");
            Require.That(plan.ErrorBound < 30 * most, $"The bound is {plan.ErrorBound}, the worst error {most}.");
        }
    }

    /// <summary>An integer that is wrong makes the bound larger by what it is off.</summary>
    [Fact]
    public void Wrong_integers_have_a_larger_bound()
    {
        var layers = Layers(new ActivationDescription(1, [PiecewiseLinearFunction.FromKnots([-1, 0, 1], [1, 0, 1])]));

        // What the right ones are off at the other end, a 128th, no longer counts.
        Assert.Equal((10.0 / 64) - (1.0 / 128), Bound(74) - Bound(64), 1e-6);

        double Bound(sbyte value)
        {
            var form = new IntegerForm([s_codes], [Layer([0, 128, 255], 128, [value, 0, 64], 1f / 8192)]);
            return Certify(layers, form, s_inside).Bound;
        }
    }

    private static GridDescription Random(Random random, int n, int m)
    {
        ImmutableArray<Rational> knots = [-1, Rational.Create(-1, 3), Rational.Create(1, 7), Rational.Create(3, 4), 1];
        return new GridDescription(m, [.. Enumerable.Repeat(knots, n)],
            [.. Enumerable.Range(0, n * knots.Length * m).Select(_ => Rational.FromSingle((float)(random.NextDouble() - 0.5)))],
            [.. Enumerable.Range(0, m).Select(_ => Rational.FromSingle((float)random.NextDouble()))]);
    }

    private static CurveLayer[] Layers(LayerDescription description) =>
        CurveLayer.Of(new KanNetwork([description.ToLayer()]), TestContext.Current.CancellationToken);

    private static IntegerLayerForm Layer(byte[] knots, int whole, sbyte[] values, float unit) =>
        new(1, 1, [], [0], [unit], default) { Curves = new IntegerCurves([[.. knots]], whole, [.. values]) };

    private static ErrorCertificate Certify(CurveLayer[] layers, IntegerForm form, ImmutableArray<InputRange> ranges) =>
        new CurveBound(layers, form).Certify(CurveBound.Ranges(layers, ranges), ranges, TestContext.Current.CancellationToken);

    private static void Check(
        double expected, CurveLayer[] layers, IntegerForm form, ImmutableArray<InputRange> ranges, double slack = 1e-9)
    {
        var certificate = Certify(layers, form, ranges);
        Assert.Equal("", certificate.Reason);
        Assert.InRange(certificate.Bound, expected * (1 - 1e-12), expected + slack);
    }
}
