using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Curves;
using Xunit;

namespace Kan.Interchange.Tests.Curves;

/// <summary>Convolutions that become one have the outputs of all, exactly.</summary>
public sealed class ConvolutionMergeTests
{
    [Fact]
    public void The_outputs_are_those_of_the_parts()
    {
        int merged = 0;
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            int channels = random.Next(1, 5), height = random.Next(4, 8), width = random.Next(4, 8), stride = random.Next(1, 3),
                dilation = random.Next(1, 3);
            var parts = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Part(random, channels, height, width, stride, dilation))
                .ToList();
            if (stride == 1 && random.Next(2) == 0) parts.Add(ConvolutionMerge.Pass(height, width, Some(random, channels)));
            bool channelsFirst = random.Next(2) == 0;
            if (ConvolutionMerge.Of(channels, channelsFirst, parts) is not { } one) continue;
            merged++;
            Rational[] image = [.. Enumerable.Range(0, channels * height * width).Select(_ => Rational.Create(random.Next(-9, 10), 4))];
            var inputs = channelsFirst ? [.. Enumerable.Range(0, image.Length)
                .Select(i => image[(i % (height * width) * channels) + (i / (height * width))])] : image;
            Rational[][] expected = [.. parts.Select(part => part.Layer.ToLayer().Evaluate(Read(image, channels, part.Channels)))];
            int places = one.Geometry.PlaceCount;
            Assert.Equal(
                Enumerable.Range(0, places)
                .SelectMany(place => expected.SelectMany(outputs => outputs.Skip(place * (outputs.Length / places))
                    .Take(outputs.Length / places))),
                one.ToLayer().Evaluate(inputs));
        }

        Assert.InRange(merged, 80, 200);
    }

    [Fact]
    public void Kernels_for_each_channel_stay_so()
    {
        var random = new Random(1);
        var depthwise = new ConvolutionMerge.Part(Layer(random, 3, 5, 5, 3, 1, 1, groups: 3, perGroup: 1), [0, 1, 2]);
        var one = ConvolutionMerge.Of(5, channelsFirst: false, [depthwise, ConvolutionMerge.Pass(5, 5, [3, 4])]);
        Assert.Equal(5, one!.Groups);
        Assert.Equal(1, ConvolutionMerge.Of(5, channelsFirst: false, [depthwise, ConvolutionMerge.Pass(5, 5, [4, 3])])!.Groups);
    }

    [Fact]
    public void What_is_made_of_channels_behind_a_convolution_becomes_a_part_of_it()
    {
        var random = new Random(2);
        var layer = Layer(random, 2, 5, 4, 3, 1, 1, groups: 1, perGroup: 3);
        var factors = new Rational[,] { { 1, -2, 0 }, { 0, Rational.Create(1, 3), 5 } };
        Rational[] inputs = [.. Enumerable.Range(0, 40).Select(_ => Rational.Create(random.Next(-9, 10), 4))],
            before = layer.ToLayer().Evaluate(inputs);
        var expected = Enumerable.Range(0, 40)
            .Select(i => Enumerable.Range(0, 3)
                .Aggregate((Rational)(7 + (i % 2)), (sum, f) => sum + (factors[i % 2, f] * before[(i / 2 * 3) + f])));
        Assert.Equal(expected, ConvolutionMerge.Then(layer, factors, [7, 8]).ToLayer().Evaluate(inputs));
    }

    [Fact]
    public void Places_that_differ_do_not_become_one()
    {
        var random = new Random(3);
        var halved = new ConvolutionMerge.Part(Layer(random, 2, 6, 6, 3, 2, 1, groups: 1, perGroup: 2), [0, 1]);
        Assert.Null(ConvolutionMerge.Of(2, channelsFirst: false, [halved, ConvolutionMerge.Pass(6, 6, [0])]));
        Assert.Null(ConvolutionMerge.Of(2, channelsFirst: false,
            [halved, new(Layer(random, 2, 6, 6, 3, 1, 1, groups: 1, perGroup: 2), [0, 1])]));
    }

    private static ConvolutionMerge.Part Part(Random random, int channels, int height, int width, int stride, int dilation)
    {
        int groups = random.Next(1, 3), inner = random.Next(1, 3), kernel = random.Next(2) == 0 ? 3 : 1;
        return new(Layer(random, groups * inner, height, width, kernel, stride, dilation, groups, random.Next(1, 3)),
            [.. Enumerable.Range(0, groups * inner).Select(_ => random.Next(channels))]);
    }

    private static ConvolutionDescription Layer(Random random, int channels, int height, int width, int kernel, int stride, int dilation,
        int groups, int perGroup)
    {
        int pad = kernel == 1 ? 0 : dilation;
        var geometry = new WindowGeometry
        {
            Channels = channels,
            Height = height,
            Width = width,
            KernelHeight = kernel,
            KernelWidth = kernel,
            StrideY = stride,
            StrideX = stride,
            DilationY = dilation,
            DilationX = dilation,
            PadTop = pad,
            PadBottom = pad,
            PadLeft = pad,
            PadRight = pad,
        };
        return new ConvolutionDescription(geometry, groups * perGroup, groups, [.. Numbers(random, perGroup * channels * kernel * kernel)],
            random.Next(2) == 0 ? [] : [.. Numbers(random, groups * perGroup)]);
    }

    private static int[] Some(Random random, int channels) =>
        [.. Enumerable.Range(0, channels).Where(_ => random.Next(2) == 0).DefaultIfEmpty(0)];

    private static IEnumerable<Rational> Numbers(Random random, int count) =>
        Enumerable.Range(0, count).Select(_ => Rational.Create(random.Next(-4, 5), 3));

    private static Rational[] Read(Rational[] image, int channels, int[] read) =>
        [.. Enumerable.Range(0, image.Length / channels).SelectMany(place => read.Select(channel => image[(place * channels) + channel]))];
}
