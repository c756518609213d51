using System;
using System.Collections.Immutable;
using System.Linq;
using Xunit;

namespace Kan.Tests.Forms;

/// <summary>Intervals that hold what is computed: attacked at ends, at breakpoints and at random, in every form.</summary>
public sealed class ComputedRangeTests
{
    public static TheoryData<LayerLowering, Precision> Forms()
    {
        var forms = new TheoryData<LayerLowering, Precision>();
        foreach (var lowering in (LayerLowering[])[LayerLowering.Rows, LayerLowering.Clamp, LayerLowering.Relu])
        {
            forms.Add(lowering, Precision.Single);
            forms.Add(lowering, Precision.Double);
        }

        return forms;
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Nothing_computed_leaves_its_range(LayerLowering lowering, Precision precision)
    {
        var random = new Random(7);
        for (int instance = 0; instance < 40; instance++)
        {
            int[] widths = [random.Next(1, 4), random.Next(1, 20), random.Next(1, 4)];
            var network = new KanNetwork(Enumerable.Range(1, 2).Select(l => new KanLayer(
                widths[l - 1],
                widths[l],
                from p in Enumerable.Range(0, widths[l - 1])
                from q in Enumerable.Range(0, widths[l])
                where random.Next(4) > 0
                select new KanEdge(p, q, Function(random)))));
            var form = new NetworkForm(precision, [.. network.Layers.Select(layer => FormBuilder.Build(layer, lowering, precision))]);
            ImmutableArray<InputRange> box = [.. Enumerable.Range(0, widths[0]).Select(_ => Range(random))];
            var ranges = ComputedRanges.Of(form, box);
            Assert.NotNull(ranges);
            for (int sample = 0; sample < 60; sample++)
            {
                double[] x =
                    [.. box.Select(range => random.Next(4) == 0
                    ? range.Low.ToDouble()
                    : range.Low.ToDouble() + (random.NextDouble() * (range.High - range.Low).ToDouble()))];
                double[] y = precision == Precision.Single
                    ? [.. new ReferenceEvaluator<float>(form).Evaluate([.. x.Select(static value => (float)value)])
                        .Select(static value => (double)value)]
                    : new ReferenceEvaluator<double>(form).Evaluate(x);
                for (int q = 0; q < y.Length; q++) Assert.InRange(y[q], ranges.Value[q].Low, ranges.Value[q].High);
            }
        }
    }

    [Fact]
    public void A_clamp_at_the_end_keeps_its_ends_to_the_bit()
    {
        // A clamp to 0 .. 0.1 behind a sum that rounds.
        var clamp = PiecewiseLinearFunction.FromSlopes([Rational.Zero, Rational.FromDouble(0.1f)],
            [Rational.Zero, Rational.One, Rational.Zero], Rational.Zero, Rational.Zero);
        var steep = PiecewiseLinearFunction.FromSlopes([], [Rational.Create(1, 3)], Rational.Zero, Rational.Create(1, 7));
        var network =
            new KanNetwork([new KanLayer(2, 1, [new KanEdge(0, 0, steep), new KanEdge(1, 0, steep)]),
            new KanLayer(1, 1, [new KanEdge(0, 0, clamp)])]);
        var form = new NetworkForm(Precision.Single, [
            FormBuilder.Build(network.Layers[0], LayerLowering.Affine, Precision.Single, TestContext.Current.CancellationToken),
                FormBuilder.Build(network.Layers[1], LayerLowering.Rows, Precision.Single, TestContext.Current.CancellationToken)]);
        ImmutableArray<InputRange> box = [new(-1, 1), new(-1, 1)];
        Assert.Equal([(0, 0.1f)], ComputedRanges.Of(form, box)!.Value.Select(static range => (range.Low, range.High)));
    }

    [Fact]
    public void What_may_overflow_has_no_range()
    {
        var steep = PiecewiseLinearFunction.FromSlopes([], [Rational.FromDouble(1e30)], Rational.Zero, Rational.Zero);
        var layer = new KanLayer(1, 1, [new KanEdge(0, 0, steep)]);
        var form = new NetworkForm(Precision.Single,
            [FormBuilder.Build(layer, LayerLowering.Affine, Precision.Single, TestContext.Current.CancellationToken)]);
        Assert.Null(ComputedRanges.Of(form, [new InputRange(0, Rational.FromDouble(1e20))]));
        Assert.NotNull(ComputedRanges.Of(form, [new InputRange(0, 1)]));
    }

    /// <summary>
    /// Two sums may overflow, one to each side, and their difference is then NaN, which no clamp brings back: whatever stands between.
    /// </summary>
    [Theory]
    [InlineData(LayerLowering.Rows)]
    [InlineData(LayerLowering.Clamp)]
    [InlineData(LayerLowering.Relu)]
    public void What_may_become_NaN_on_the_way_has_no_range(LayerLowering lowering)
    {
        var clamp = PiecewiseLinearFunction.FromSlopes([0, 1], [0, 1, 0], 0, 0);
        KanNetwork network = new([KanLayer.Affine(2, 1, static (_, p) => p == 0 ? Rational.FromDouble(1e30) : -Rational.FromDouble(1e30)),
            new KanLayer(1, 1, [new KanEdge(0, 0, clamp)])]);
        var form = new NetworkForm(Precision.Single, [
            FormBuilder.Build(network.Layers[0], LayerLowering.Affine, Precision.Single, TestContext.Current.CancellationToken),
            FormBuilder.Build(network.Layers[1], lowering, Precision.Single, TestContext.Current.CancellationToken)]);
        Assert.Equal(float.NaN, new ReferenceEvaluator<float>(form).Evaluate([1e20f, 1e20f])[0]);
        var wide = new InputRange(-Rational.FromDouble(1e20), Rational.FromDouble(1e20));
        Assert.Null(ComputedRanges.Of(form, [wide, wide]));
        Assert.NotNull(ComputedRanges.Of(form, [new InputRange(-1, 1), new InputRange(-1, 1)]));
    }

    private static InputRange Range(Random random)
    {
        int low = random.Next(-30, 30);
        return new InputRange(Rational.Create(low, 10), Rational.Create(low + random.Next(0, 30), 10));
    }

    private static PiecewiseLinearFunction Function(Random random)
    {
        int count = random.Next(0, 5);
        Rational[] breakpoints = [.. Enumerable.Range(0, count).Select(_ => Rational.Create(random.Next(-300, 300), 100)).Distinct()
            .Order()];
        return PiecewiseLinearFunction.FromSlopes(breakpoints,
            [.. Enumerable.Range(0, breakpoints.Length + 1).Select(_ => Rational.Create(random.Next(-30, 31), 7))], Rational.Zero,
            Rational.Create(random.Next(-9, 9), 3));
    }
}
