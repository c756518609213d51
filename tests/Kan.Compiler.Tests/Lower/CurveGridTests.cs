using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Compiler.Lower;
using Kan.Compiler.Tests.Support;
using Kan.Testing;
using Xunit;

namespace Kan.Compiler.Tests.Lower;

/// <summary>Rows of a curve that are found by arithmetic, against comparisons with every knot.</summary>
public sealed class CurveGridTests
{
    [Theory]
    [InlineData(-40, 3, 1, 16)]
    [InlineData(-7, 1, 5, 8)]
    [InlineData(1, 2, 7, 1024)]
    [InlineData(-3000, 7, 13, 4096)]
    [InlineData(1_000_000, 1, 15, 1 << 20)]
    public void Arithmetic_finds_the_row_of_every_number(int first, int gap, int step, int unit)
    {
        // Some multiples are left out; the first two are neighbours, so that no longer step is common to all.
        var random = new Random(first);
        List<int> counts = [first, first + 1];
        while (counts.Count < 50) counts.Add(counts[^1] + 1 + random.Next(gap));
        var knots = counts.Select(count => Rational.Create(count * (long)step, unit)).ToArray();
        var activation = Activation(knots);
        var grid = Assert.NotNull(CurveGrid.TryCreate(activation, Precision.Single));
        Assert.Equal(((double)step / unit, first, counts[^1]), (grid.Step, grid.First, grid.Last));
        Assert.Equal(counts[^1] - first + 2, grid.Rows);
        float[] numbers = [.. activation.Segments[0].Knots.Select(static knot => (float)knot)];
        float low = (float)((first - 1) * grid.Step), high = (float)(grid.Last * grid.Step);
        foreach (float knot in numbers) foreach (float x in (float[])[knot, MathF.BitIncrement(knot), MathF.BitDecrement(knot)]) Check(x);
        foreach (float x in (float[])[0, -0f, float.Epsilon, -float.Epsilon, float.MaxValue, float.NegativeInfinity, float.NaN]) Check(x);
        for (int i = 0; i < 3000; i++) Check(low + ((float)random.NextDouble() * 1.2f * (high - low)));

        void Check(float x)
        {
            // As the kernels compute it, number for number.
            float v = x > low ? x : low;
            v = v > high ? high : v;
            float steps = MathF.FusedMultiplyAdd(v, grid.Scale, 3 << 22), multiple = steps - (3 << 22);
            if (!(v >= multiple * (float)grid.Step)) steps -= 1;
            int row = BitConverter.SingleToInt32Bits(steps) - (0x4B400000 + grid.First - 1);
            Require.That(row >= 0 && row < grid.Rows, $"{x:R} is in row {row} of {grid.Rows}.");

            // No number of the row is on the other side of a knot.
            float from = row == 0 ? float.NegativeInfinity : (grid.First + row - 1) * (float)grid.Step;
            int found = numbers.Count(knot => from >= knot), expected = numbers.Count(knot => x >= knot);
            Require.That(found == expected, $"{x:R} is in segment {expected}, not {found}.");
        }
    }

    [Fact]
    public void Knots_without_a_step_have_no_grid()
    {
        Assert.NotNull(Of(static i => i));
        Assert.NotNull(Of(static i => i + 5000));
        Assert.Null(Of(static i => i == 0 ? Rational.Create(-1, 1000) : i));
        Assert.Null(Of(static i => i + Rational.Create(1, 1L << 20)));
        Assert.NotNull(Of(static i => i == 49 ? 16382 : i));
        Assert.Null(Of(static i => i == 49 ? 16383 : i));
        Assert.NotNull(Of(static i => i + (1 << 20) - 49));
        Assert.Null(Of(static i => i + (1 << 20) - 48));
        Assert.Null(Of(static i => Rational.Create(i + (1 << 19), 1) * 33));
    }

    [Fact]
    public void Doubles_and_few_knots_have_no_grid()
    {
        var activation = Activation([.. Enumerable.Range(0, 50).Select(static i => (Rational)i)]);
        Assert.NotNull(CurveGrid.TryCreate(activation, Precision.Single));
        Assert.Null(CurveGrid.TryCreate(activation, Precision.Double));
        Assert.Null(CurveGrid.TryCreate(Activation([.. Enumerable.Range(0, 32).Select(static i => (Rational)i)]), Precision.Single));
        Assert.Null(CurveGrid.TryCreate(new ActivationForm(3, IsRelu: true, [], default), Precision.Single));
    }

    /// <summary>Rows stand behind the packed tables, layer by layer; what the caller hands over is looked up one by one.</summary>
    [Fact]
    public void Hidden_layers_have_rows_behind_the_tables()
    {
        var curve = Plans.Curve(40);
        var layers = Plans.Of(Precision.Single, Lowering.Auto, KanLayer.Activation(16, curve), Plans.Affine(16, 20, Plans.Weight),
            KanLayer.Activation(20, curve), Plans.Affine(20, 3, Plans.Weight), KanLayer.Activation(3, curve));
        Assert.Equal([false, false, true, false, true], layers.Select(static layer => layer.Stage.Grid is not null));
        int end = layers.Sum(static layer => layer.Table.Length);
        Assert.Equal([end, end + (4 * 41)],
            layers.Where(static layer => layer.Stage.Grid is not null).Select(static layer => layer.CurveStart));
        Assert.True(layers[2].PredictedNanoseconds < layers[0].PredictedNanoseconds);
    }

    private static CurveGrid? Of(Func<int, Rational> knot) =>
        CurveGrid.TryCreate(Activation([.. Enumerable.Range(0, 50).Select(knot)]), Precision.Single);

    private static ActivationForm Activation(Rational[] knots) => ((ElementwiseForm)Plans.One(KanLayer.Activation(5,
        PiecewiseLinearFunction.FromSlopes(knots, [.. Enumerable.Range(0, knots.Length + 1).Select(static k => (Rational)(1 + (k % 2)))],
            0, 0))).Form).Activation;
}
