using System;
using System.Collections.Immutable;
using System.Linq;
using Xunit;

namespace Kan.Tests.Model;

/// <summary>Layers over images in integers: the reference gives what exact convolutions and maxima of codes give.</summary>
public sealed class IntegerWindowTests
{
    [Fact]
    public void The_reference_rounds_exact_sums_and_hands_on_exact_maxima()
    {
        for (int seed = 0; seed < 80; seed++)
        {
            var random = new Random(seed);
            var form = Form(random);
            float[] inputs = [.. Enumerable.Range(0, form.InputCount).Select(_ => (float)((random.NextDouble() * 6) - 3))];
            Assert.Equal(Expected(form, inputs), new IntegerEvaluator(form).Evaluate(inputs));
        }
    }

    [Fact]
    public void An_input_that_is_no_number_makes_all_outputs_NaN_and_infinities_have_the_last_codes()
    {
        var form = Form(new Random(1));
        float[] inputs = new float[form.InputCount], ends = [.. inputs.Select(static (_, i) => i % 2 == 0 ? 3f : -3f)];
        Assert.Equal(new IntegerEvaluator(form).Evaluate(ends),
            new IntegerEvaluator(form).Evaluate(Array.ConvertAll(ends, static end => end * float.PositiveInfinity)));
        inputs[^1] = float.NaN;
        Assert.All(new IntegerEvaluator(form).Evaluate(inputs), static output => Assert.True(float.IsNaN(output)));
    }

    [Fact]
    public void What_does_not_fit_a_window_is_refused()
    {
        var geometry = new WindowGeometry { Channels = 2, Height = 3, Width = 3, KernelHeight = 2, KernelWidth = 2 };
        var codes = new CodeRange(1, 0);
        Assert.Throws<ArgumentException>(() => IntegerLayerForm.Convolution(new(geometry, 2, 1), new sbyte[15].ToImmutableArray(), [0, 0],
            [1, 1], codes));
        Assert.Throws<ArgumentException>(() => IntegerLayerForm.Convolution(new(geometry, 3, 2), new sbyte[12].ToImmutableArray(),
            [0, 0, 0], [1, 1, 1], codes));
        Assert.Throws<ArgumentException>(() => IntegerLayerForm.Maximum(geometry with { KernelHeight = 4 }, codes, 0));
    }

    /// <summary>A convolution, then a maximum of its codes.</summary>
    private static IntegerForm Form(Random random)
    {
        int groups = random.Next(1, 3), channels = groups * random.Next(1, 3), filters = groups * random.Next(1, 4);
        var geometry = new WindowGeometry
        {
            Channels = channels,
            Height = random.Next(4, 7),
            Width = random.Next(4, 7),
            KernelHeight = random.Next(1, 3),
            KernelWidth = random.Next(1, 4),
            StrideX = random.Next(1, 3),
            DilationY = random.Next(1, 3),
            PadTop = random.Next(2),
            PadRight = random.Next(2),
            ChannelsFirst = random.Next(2) == 0,
        };
        if (geometry.KernelHeight == 1) geometry = geometry with { PadTop = 0 };
        if (geometry.KernelWidth == 1) geometry = geometry with { PadRight = 0 };
        var window = new IntegerWindow(geometry, filters, groups);
        var codes = new CodeRange(0.5f, random.Next(60, 180));
        var first = IntegerLayerForm.Convolution(window,
            [.. Enumerable.Range(0, filters * window.FilterWeights).Select(_ => (sbyte)random.Next(-128, 128))],
            [.. Enumerable.Range(0, filters).Select(_ => random.Next(-9000, 9000))],
            [.. Enumerable.Range(0, filters).Select(_ => (float)random.NextDouble() / 64)], codes) with
        { Lowest = random.Next(2) * codes.Zero };
        var pool = new WindowGeometry
        {
            Channels = filters,
            Height = geometry.OutputHeight,
            Width = geometry.OutputWidth,
            KernelHeight = Math.Min(2, geometry.OutputHeight),
            KernelWidth = Math.Min(2, geometry.OutputWidth),
            StrideY = 2,
            PadLeft = geometry.OutputWidth > 1 ? 1 : 0,
        };
        return new IntegerForm([new CodeRange(1 / 64f, random.Next(256))],
            [first, IntegerLayerForm.Maximum(pool, codes, first.Lowest)])
        { LowestInput = 0 };
    }

    private static float[] Expected(IntegerForm form, float[] inputs)
    {
        var codes = form.Inputs[0];
        var first = form.Layers[0];
        Rational[] steps = [.. inputs.Select(x => (Rational)(Code(x / codes.Scale, codes, 0) - codes.Zero))];
        var convolution = new ConvolutionDescription(first.Window!.Geometry, first.Window.Filters, first.Window.Groups,
            [.. first.Weights.Select(static weight => (Rational)(int)weight)], [.. first.Biases.Select(static bias => (Rational)bias)]);
        int[] sums = [.. convolution.ToLayer().Evaluate(steps).Select(static sum => (int)sum.ToDouble())];
        Rational[] behind = [.. sums.Select((sum, q) => (Rational)(Code(sum * (first.Units[q % first.Units.Length] / first.Codes.Scale),
            first.Codes, first.Lowest) - first.Codes.Zero))];
        foreach (var layer in new MaximumDescription(form.Layers[1].Window!.Geometry).ExpandAll(TestContext.Current.CancellationToken))
            behind = layer.Evaluate(behind);
        return [.. behind.Select(step => (float)step.ToDouble() * first.Codes.Scale)];
    }

    private static int Code(float steps, CodeRange codes, int lowest) =>
        Math.Clamp((int)Math.Round((double)steps, MidpointRounding.ToEven) + codes.Zero, lowest, CodeRange.Highest);
}
