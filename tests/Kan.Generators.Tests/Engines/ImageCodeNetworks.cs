using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Generators.Tests.Engines;

/// <summary>Networks over images that integers compute: every kind of window, and the ends that kernels have.</summary>
internal static class ImageCodeNetworks
{
    /// <summary>Networks by seed.</summary>
    private const int Random = 16;

    public static IReadOnlyList<KanDocument> All { get; } =
    [
        .. ImageNetworks.All.Where(static document =>
            document.Name != "residual" && !document.Name.Contains("curve", StringComparison.Ordinal)),
        Create("many panels", 3, Image(16, 6, 7) with { PadTop = 1, PadLeft = 1, PadRight = 1 }, 112),
        Create("three panels", 4, Image(5, 5, 9) with { PadTop = 1, PadBottom = 1, PadLeft = 2, PadRight = 2 }, 41),
        Create("an image of one place", 5, Image(20, 1, 1) with { KernelHeight = 1, KernelWidth = 1 }, 24),
        Averages(),
        Outputs(),
        .. Enumerable.Range(0, Random).Select(Any),
    ];

    private static WindowGeometry Image(int channels, int height, int width) =>
        new() { Channels = channels, Height = height, Width = width, KernelHeight = 3, KernelWidth = 3 };

    /// <summary>A convolution, ReLU, and a matrix.</summary>
    private static KanDocument Create(string name, int seed, WindowGeometry geometry, int filters)
    {
        var random = new Random(seed);
        var first = Convolution(random, geometry, filters, 1);
        return Document(name, [first, Relu(first.OutputCount), Matrix(random, first.OutputCount, 6)]) with
        { Head = NetworkHead.Softmax };
    }

    /// <summary>Averages of windows and of the whole, clamps, and inputs of a range that samples gave.</summary>
    private static KanDocument Averages()
    {
        var random = new Random(9);
        var first = Convolution(random, Image(3, 9, 9) with { ChannelsFirst = true, PadTop = 1, PadLeft = 1, StrideX = 2 }, 18, 3);
        var clamp = PiecewiseLinearFunction.FromSlopes([0, 2], [0, 1, 0], Rational.Zero, Rational.Zero);
        var pool = Average(new WindowGeometry
        {
            Channels = 18,
            Height = first.Geometry.OutputHeight,
            Width = first.Geometry.OutputWidth,
            KernelHeight = 2,
            KernelWidth = 2,
            StrideY = 2
        });
        var all = Average(new WindowGeometry
        {
            Channels = 18,
            Height = pool.Geometry.OutputHeight,
            Width = pool.Geometry.OutputWidth,
            KernelHeight = pool.Geometry.OutputHeight,
            KernelWidth = pool.Geometry.OutputWidth
        });
        return Document("averages",
            [first, new ActivationDescription(first.OutputCount, [clamp]), pool, all, Matrix(random, 18, 5)]) with
        {
            HiddenRanges = [new(-3, 5), new(0, 2), new(0, Rational.Create(3, 2)), new(0, 1)],
            InputRanges = [new(-1, 3)],
        };
    }

    /// <summary>An image of outputs behind a ReLU, as in a segmentation.</summary>
    private static KanDocument Outputs()
    {
        var random = new Random(11);
        var first = Convolution(random, Image(2, 6, 6) with { PadTop = 1, PadBottom = 1 }, 9, 1);
        var second = Convolution(random, new WindowGeometry
        {
            Channels = 9,
            Height = first.Geometry.OutputHeight,
            Width = first.Geometry.OutputWidth,
            KernelHeight = 1,
            KernelWidth = 1
        }, 3, 1);
        return Document("outputs over an image", [first, Relu(first.OutputCount), second, Relu(second.OutputCount)]);
    }

    /// <summary>Some layers over an image, and perhaps a matrix before or behind them.</summary>
    internal static KanDocument Any(int seed)
    {
        var random = new Random(700 + seed);
        int channels = random.Next(1, 20), height = random.Next(4, 10), width = random.Next(4, 10);
        var layers = new List<LayerDescription>();
        if (random.Next(4) == 0)
        {
            int inputs = random.Next(2, 9);
            layers.Add(Matrix(random, inputs, channels * height * width));
            layers.Add(Relu(channels * height * width));
        }

        bool isFirst = true;
        for (int l = random.Next(1, 4); l > 0; l--)
        {
            bool isMaximum = random.Next(3) == 0;
            int kernelHeight = Math.Min(height, random.Next(1, 4)), kernelWidth = Math.Min(width, random.Next(1, 4)),
                groups = random.Next(3) == 0 ? channels : channels % 2 == 0 && random.Next(3) == 0 ? 2 : 1,
                filters = random.Next(3) > 0 && groups == channels ? channels : groups * random.Next(1, 40 / groups + 2);
            var geometry = new WindowGeometry
            {
                Channels = channels,
                Height = height,
                Width = width,
                KernelHeight = kernelHeight,
                KernelWidth = kernelWidth,
                StrideX = random.Next(1, 3),
                StrideY = random.Next(1, 3),
                DilationX = width >= (2 * kernelWidth) + 1 ? random.Next(1, 3) : 1,
                PadTop = random.Next(kernelHeight),
                PadBottom = random.Next(kernelHeight),
                PadLeft = random.Next(kernelWidth),
                PadRight = random.Next(kernelWidth),
                ChannelsFirst = isFirst && random.Next(2) == 0,
            };
            WindowDescription layer = isMaximum ? new MaximumDescription(geometry) : Convolution(random, geometry, filters, groups);
            layers.Add(layer);
            bool bends = random.Next(3) > 0;
            if (bends && layers.Exists(static own => own is ConvolutionDescription or AffineDescription))
                layers.Add(Relu(layer.OutputCount));
            (channels, height, width, isFirst) = (layer.OutputChannels, geometry.OutputHeight, geometry.OutputWidth, false);
        }

        if (random.Next(3) > 0) layers.Add(Matrix(random, layers[^1].OutputCount, random.Next(1, 20)));
        return Document("any " + seed, layers);
    }

    private static KanDocument Document(string name, IReadOnlyList<LayerDescription> layers) =>
        new() { Name = name, Layers = [.. layers], InputRanges = [new InputRange(-2, 2)] };

    private static ActivationDescription Relu(int nodes) => new(nodes, [PiecewiseLinearFunction.Relu]);

    private static AffineDescription Matrix(Random random, int inputs, int outputs) =>
        new(inputs, outputs, Numbers(random, inputs * outputs, inputs), Numbers(random, outputs, 4));

    private static ConvolutionDescription Convolution(Random random, WindowGeometry geometry, int filters, int groups)
    {
        int terms = geometry.Channels / groups * geometry.KernelHeight * geometry.KernelWidth;
        return new(geometry, filters, groups, Numbers(random, filters * terms, terms), Numbers(random, filters, 4));
    }

    private static ConvolutionDescription Average(WindowGeometry geometry)
    {
        int taps = geometry.KernelHeight * geometry.KernelWidth;
        return new(geometry, geometry.Channels, geometry.Channels,
            [.. Enumerable.Repeat(Rational.Create(1, taps), geometry.Channels * taps)], []);
    }

    private static ImmutableArray<Rational> Numbers(Random random, int count, int terms) =>
        [.. Enumerable.Range(0, count).Select(_ => Rational.FromSingle((float)((random.NextDouble() - 0.5) * 3 / Math.Sqrt(terms))))];
}
