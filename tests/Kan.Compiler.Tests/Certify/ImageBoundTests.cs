using System;
using System.Collections.Immutable;
using System.Threading;
using Kan.Compiler.Certify;
using Kan.Compiler.Integers;
using Xunit;

namespace Kan.Compiler.Tests.Certify;

/// <summary>Bounds of networks over images in integers, of numbers small enough to follow by hand.</summary>
public sealed class ImageBoundTests
{
    // Half a step, with what 260 steps of conversions may be off; a step is 1/128, and 0 is code 128.
    private const double HalfStep = 0.5 + (260 * 3.6e-7), Step = 1.0 / 128, Output = 1.8e-7;

    private static readonly CodeRange s_codes = new(1f / 128, 128);

    private static readonly InputRange s_inside = new(-1, Rational.Create(127, 128));

    /// <summary>
    /// Three inputs and a kernel 1/2, 1/4, 1/2 with padding: in the middle it covers 5/4 of half a step, at the ends less. The outputs are
    /// at most 5/4.
    /// </summary>
    [Fact]
    public void A_place_counts_the_taps_on_the_image()
    {
        double error = 1.25 * Step * HalfStep;
        Assert.Equal(error + ((1.25 + error) * Output), Bound([64, 32, 64], 0), 1e-12);
    }

    /// <summary>Weight 63 for 64 misses 2^-14 for each of 128 steps at each place; the bias 0.3 is 4,915 steps of 2^-14 and a rest.</summary>
    [Fact]
    public void What_a_filter_rounds_counts_at_each_place()
    {
        double error = (1.25 * Step * HalfStep) + (128.0 / 16384) + Math.Abs(0.3 - (4915.0 / 16384));
        Assert.Equal(error + ((0.3 + (1.25 * 127 / 128) + error) * Output), Bound([63, 32, 64], 0.3), 1e-12);
    }

    /// <summary>
    /// A maximum of two sums up to 5/4, codes up to 1: what is beyond them is cut off once, behind the maximum, and counts half as much
    /// behind the weight 1/2.
    /// </summary>
    [Theory]
    [InlineData(256)]
    [InlineData(128)]
    public void Values_are_cut_off_behind_a_maximum(int steps)
    {
        var image = new WindowGeometry { Channels = 1, Height = 1, Width = 3, KernelHeight = 1, KernelWidth = 2 };
        var last = new ConvolutionDescription(image with { Width = 2, KernelWidth = 1 }, 1, 1, [Rational.Create(1, 2)], []);
        ImageLayer[] layers =
        [
            Exact(0) with { Passed = new CodedRange(0, double.PositiveInfinity) }, new(new MaximumDescription(image), 3, 2, [], []),
            new(last, 2, 2, [0.5], [0]),
        ];
        var codes = new CodeRange(1f / steps, 0);
        ImmutableArray<InputRange> ranges = [s_inside];
        var form = new IntegerForm([s_codes], [Integers([64, 32, 64], 0, codes), IntegerLayerForm.Maximum(image, codes, 0),
            IntegerLayerForm.Convolution(new IntegerWindow(last.Geometry, 1, 1), [64], [0], [1f / steps / 128], new CodeRange(1, 0))]);
        double high = (0.5 + 0.25 + 0.5) * 127 / 128, sum = 1.25 * Step * HalfStep, beyond = Math.Max(0, high - (255.0 / steps)),
            error = (sum + (HalfStep / steps) + beyond) / 2;
        double bound = new ImageBound(layers, form).Certify(ImageBound.Ranges(layers, ranges, CancellationToken.None), ranges,
            CancellationToken.None).Bound;
        Assert.Equal(error + (((high / 2) + error) * Output), bound, 1e-12);
    }

    private static double Bound(sbyte[] weights, double bias)
    {
        ImageLayer[] layers = [Exact(bias)];
        ImmutableArray<InputRange> ranges = [s_inside];
        var form = new IntegerForm([s_codes], [Integers(weights, (int)(bias * 16384), new CodeRange(1, 0))]);
        return new ImageBound(layers, form).Certify(ImageBound.Ranges(layers, ranges, CancellationToken.None), ranges,
            CancellationToken.None).Bound;
    }

    private static ImageLayer Exact(double bias) => new(Layer(bias), 3, 3, [0.5, 0.25, 0.5], [bias]);

    private static ConvolutionDescription Layer(double bias) => new(
        new WindowGeometry { Channels = 1, Height = 1, Width = 3, KernelHeight = 1, KernelWidth = 3, PadLeft = 1, PadRight = 1 }, 1, 1,
        [Rational.Create(1, 2), Rational.Create(1, 4), Rational.Create(1, 2)], [Rational.FromDouble(bias)]);

    private static IntegerLayerForm Integers(sbyte[] weights, int bias, CodeRange codes) => IntegerLayerForm.Convolution(
        new IntegerWindow(Layer(0).Geometry, 1, 1), [.. weights], [bias], [1f / 16384], codes);
}
