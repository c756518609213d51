using System;
using System.Collections.Immutable;
using System.Linq;
using Kan.Compiler.Certify;
using Kan.Compiler.Integers;
using Kan.Testing;
using Xunit;

namespace Kan.Compiler.Tests.Certify;

/// <summary>Bounds of curves with codes of 16 bits: of all codes of an edge, and never below what exact rationals show.</summary>
public sealed class WideCurveBoundTests
{
    private static readonly CodeRange s_codes = new(1f / 32_768, 32_768) { IsWide = true };

    private static readonly ImmutableArray<InputRange> s_inside = [new InputRange(-1, Rational.Create(32_767, 32_768))];

    /// <summary>
    /// All 65,536 codes of edges with random values, knots near the bends and away from them: none is outside, and the interval is no
    /// wider than rounded weights and terms make it.
    /// </summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 9)]
    [InlineData(4, 14)]
    [InlineData(5, 0)]
    [InlineData(6, 12)]
    public void Deviations_hold_for_all_codes(int seed, int shift)
    {
        var random = new Random(seed);
        double[] bends = [.. Enumerable.Range(0, 4).Select(_ => (random.NextDouble() * 2) - 1).Order()];
        var function = PiecewiseLinearFunction.FromKnots([.. bends.Select(Rational.FromDouble)],
            [.. bends.Select(_ => Rational.FromDouble(random.NextDouble()))]);
        var curve = DoubleCurve.Of(function)!;
        ushort[] knots = [0, .. bends.Select(x => (ushort)Math.Clamp(
            Math.Round((x + 1) * 32_768) + (seed % 3 == 0 ? random.Next(-90, 90) : 0), 1, 65_534)).Distinct(), 65_535];
        Array.Sort(knots);
        float unit = (float)(1.0 / 30_000 / WideCurves.Whole * (1 << shift));
        short[] values = [.. knots.Select(knot => (short)(30_000 * Math.Clamp(curve.Evaluate((knot - 32_768) / 32_768.0), -1, 1)))];
        var curves = new WideCurves([[.. knots]], shift, [.. values]);
        var layer = new IntegerLayerForm(1, 1, [], [0], [unit], default) { WideCurves = curves };
        var (least, most, slack) = new ReachedSegments(curves, 0, s_codes, new CodedRange(-1, 1), 0).Deviations(curve, layer, 0);
        double lowest = double.PositiveInfinity, highest = double.NegativeInfinity, step = 0;
        for (int code = 0; code <= 65_535; code++)
        {
            var (segment, weight) = curves.Place(0, code);
            step = Math.Max(step, Math.Abs(values[segment + 1] - values[segment]) / 30_000.0);
            double found = unit * (double)curves.Term(weight, values[segment], values[segment + 1]);
            found -= curve.Evaluate((code - 32_768) / 32_768.0);
            (lowest, highest) = (Math.Min(lowest, found), Math.Max(highest, found));
        }

        double wider = (2 * step / WideCurves.Whole) + unit;
        Assert.InRange(least, lowest - wider - 1e-9, lowest + slack);
        Assert.InRange(most, highest - slack, highest + wider + 1e-9);
        Assert.InRange(slack, 0, 1e-9);
    }

    /// <summary>|x|, from end to end: what is lost is half a step, and what rounded weights add, one of 32,767.</summary>
    [Fact]
    public void One_edge_is_off_by_its_codes_and_its_integers()
    {
        var form = new IntegerForm([s_codes], [Layer([0, 32_768, 65_535], [32_767, 0, 32_766], (float)(1.0 / 32_767 / 32_767))]);
        var layers = Layers(new ActivationDescription(1, [PiecewiseLinearFunction.FromKnots([-1, 0, 1], [1, 0, 1])]));
        var certificate = Certify(layers, form, s_inside);
        Assert.Equal("", certificate.Reason);
        Assert.InRange(certificate.Bound, 1.0 / 32_768, 3.5 / 32_768);

        // A value that is wrong counts with what it is off.
        form = new IntegerForm([s_codes], [Layer([0, 32_768, 65_535], [32_767, 1000, 32_766], (float)(1.0 / 32_767 / 32_767))]);
        Assert.Equal(1000.0 / 32_767, Certify(layers, form, s_inside).Bound - certificate.Bound, 5e-5);

        // So does what is beyond the codes.
        Assert.InRange(Certify(layers, form, [new InputRange(-1, 3)]).Bound, 2, 2.1);
    }

    [Fact]
    public void What_a_double_does_not_hold_has_no_bound()
    {
        var huge = Rational.FromDouble(3e38);
        var form = new IntegerForm([s_codes with { Scale = 3e33f }], [Layer([0, 65_535], [-32_767, 32_767], 3e28f)]);
        var layers = Layers(new AffineDescription(1, 1, [huge], [0]));
        Assert.Equal(double.PositiveInfinity, Certify(layers, form, [new InputRange(-huge, huge)]).Bound);
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
                IntegerTolerance = 1e-12,
            };
            var plan = NetworkCompiler.Plan(document, Precision.Int8, Lowering.Auto, TestContext.Current.CancellationToken);
            var form = plan.Integers!.Form;
            Assert.True(form.IsWide && plan.Integers.HasCurves);
            var evaluator = new IntegerEvaluator(form);
            var layers = descriptions.Select(static description => description.ToLayer()).ToArray();
            Rational worst = 0;
            float[] sample = new float[2];
            for (int i = 0; i < 3000; i++)
            {
                for (int p = 0; p < 2; p++)
                {
                    // Half of them between two codes, where they are furthest from both; some of them at the ends.
                    var range = document.InputRanges[p];
                    double share = i % 7 == 0 ? random.Next(2) : random.NextDouble();
                    double x = range.Low.ToDouble() + (share * (range.High - range.Low).ToDouble());
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

    private static GridDescription Random(Random random, int n, int m)
    {
        ImmutableArray<Rational> knots = [-1, Rational.Create(-1, 3), Rational.Create(1, 7), Rational.Create(3, 4), 1];
        return new GridDescription(m, [.. Enumerable.Repeat(knots, n)],
            [.. Enumerable.Range(0, n * knots.Length * m).Select(_ => Rational.FromSingle((float)(random.NextDouble() - 0.5)))],
            [.. Enumerable.Range(0, m).Select(_ => Rational.FromSingle((float)random.NextDouble()))]);
    }

    private static CurveLayer[] Layers(LayerDescription description) =>
        CurveLayer.Of(new KanNetwork([description.ToLayer()]), TestContext.Current.CancellationToken);

    private static IntegerLayerForm Layer(ushort[] knots, short[] values, float unit) =>
        new(1, 1, [], [0], [unit], default) { WideCurves = new WideCurves([[.. knots]], 0, [.. values]) };

    private static ErrorCertificate Certify(CurveLayer[] layers, IntegerForm form, ImmutableArray<InputRange> ranges) =>
        new WideCurveBound(layers, form).Certify(CurveBound.Ranges(layers, ranges), ranges, TestContext.Current.CancellationToken);
}
