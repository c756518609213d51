using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Kan.Generators.Tests.Engines;

/// <summary>Networks over images, of every kind of window, with random weights; and inputs for them.</summary>
internal static class ImageNetworks
{
    public static IReadOnlyList<KanDocument> All { get; } =
    [
        Network("padded", Image(1, 9, 9, 3, 3) with { PadTop = 1, PadLeft = 1, PadBottom = 1, PadRight = 1 }, 8, 1),
        Network("strided and dilated",
            Image(3, 11, 13, 3, 2) with { StrideY = 2, StrideX = 3, DilationY = 2, DilationX = 2, PadLeft = 1, ChannelsFirst = true }, 5,
            1),
        Network("many filters", Image(2, 6, 7, 2, 2), 37, 1),
        Network("grouped", Image(4, 6, 6, 3, 3) with { PadTop = 2 }, 6, 2),
        Network("by channel", Image(19, 5, 5, 3, 3) with { PadRight = 2, ChannelsFirst = true }, 19, 19),
        Network("by channel from the caller", Image(3, 5, 9, 2, 3), 3, 3),
        Network("wide groups", Image(6, 4, 4, 2, 2) with { DilationX = 2 }, 40, 2),
        Network("one axis", Image(2, 1, 30, 1, 5) with { StrideX = 2, PadLeft = 2, PadRight = 2 }, 16, 1),
        Network("with zeros", Image(2, 6, 6, 3, 3) with { PadTop = 1 }, 4, 1, zeros: true),
        new() { Name = "a maximum first", InputRanges = [new(-4, 4)],
            Layers = [new MaximumDescription(Image(3, 5, 6, 2, 3) with { PadTop = 1, StrideX = 2, ChannelsFirst = true })] },
        Network("two panels of filters", Image(3, 7, 8, 3, 3) with { PadTop = 1, PadLeft = 1, PadBottom = 1, PadRight = 1 }, 27, 1),
        Network("padded rows between rows", Image(2, 9, 5, 3, 2) with { PadTop = 2, PadBottom = 1, DilationY = 2, StrideY = 2 }, 18, 1),
        Network("a short row", Image(2, 9, 4, 3, 2) with { PadTop = 1 }, 7, 1),
        Residual(),
        Block("a block", 20),
        Block("a narrow block", 6),
        Curved("a curve on steps", 16, passing: 0, step: 16),
        Curved("a curve that channels pass", 7, passing: 3, step: 16),
        Curved("a curve with other knots that channels pass", 21, passing: 5, step: 17),
    ];

    /// <summary>Samples, one after the other. Later ones have infinities, NaN and zeros of both signs among their numbers.</summary>
    /// <param name="seed">What they depend on.</param>
    /// <param name="rows">The number of samples.</param>
    /// <param name="count">Numbers of a sample.</param>
    public static T[] Samples<T>(int seed, int rows, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows * count).Select(k => Input<T>(random, k / count))];
    }

    private static T Input<T>(Random random, int row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T number = T.CreateTruncating((random.NextDouble() * 8) - 4);
        return (row > 5 ? random.Next(40) : 40) switch
        {
            0 => T.PositiveInfinity,
            1 => T.NegativeInfinity,
            2 => row > 8 ? T.NaN : number,
            < 12 => T.NegativeZero,
            _ => number,
        };
    }

    /// <summary>A kernel over an image.</summary>
    public static WindowGeometry Image(int channels, int height, int width, int kernelHeight, int kernelWidth) =>
        new() { Channels = channels, Height = height, Width = width, KernelHeight = kernelHeight, KernelWidth = kernelWidth };

    /// <summary>A convolution, ReLU, a maximum with padding and a matrix.</summary>
    private static KanDocument Network(string name, WindowGeometry geometry, int filters, int groups, bool zeros = false)
    {
        var random = new Random(name.Length);
        int inner = geometry.Channels / groups;
        var layers = new List<LayerDescription>
        {
            new ConvolutionDescription(geometry, filters, groups,
                [.. Numbers(random, filters * inner * geometry.KernelHeight * geometry.KernelWidth, zeros)],
                [.. Numbers(random, filters, zeros: false)]),
        };
        int nodes = layers[0].OutputCount;
        layers.Add(new ActivationDescription(nodes, [PiecewiseLinearFunction.Relu]));
        var pool =
            new MaximumDescription(Image(filters, geometry.OutputHeight, geometry.OutputWidth, Math.Min(2, geometry.OutputHeight),
            2) with
            { StrideX = 2, PadRight = 1 });
        layers.Add(pool);
        layers.Add(new AffineDescription(pool.OutputCount, 3, [.. Numbers(random, pool.OutputCount * 3, zeros: false)], []));
        return new KanDocument { Name = name, Layers = [.. layers], InputRanges = [new InputRange(-4, 4)] };
    }

    /// <summary>Two channels pass a convolution, without the ReLU behind it, and are added by the next.</summary>
    private static KanDocument Residual()
    {
        var random = new Random(8);
        var first = Image(2, 5, 6, 3, 3) with { PadTop = 1, PadLeft = 1, PadBottom = 1, PadRight = 1, ChannelsFirst = true };
        Rational[] passed = [.. Enumerable.Range(0, 36).Select(static i => (Rational)(i is 4 or 31 ? 1 : 0))];
        var second = first with { Channels = 6, ChannelsFirst = false };
        return new KanDocument
        {
            Name = "residual",
            InputRanges = [new InputRange(-4, 4)],
            Layers =
            [
                new ConvolutionDescription(first, 6, 1, [.. Numbers(random, 72, zeros: false), .. passed], []),
                new ActivationDescription(180, [.. Enumerable.Range(0, 180)
                    .Select(static i => i % 6 < 4 ? PiecewiseLinearFunction.Relu : PiecewiseLinearFunction.Identity)]),
                new ConvolutionDescription(second, 2, 1, [.. Numbers(random, 108, zeros: true)], []),
                new ActivationDescription(60, [PiecewiseLinearFunction.Relu]),
                new AffineDescription(60, 3, [.. Numbers(random, 180, zeros: false)], []),
            ],
        };
    }

    /// <summary>
    /// A curve of many segments behind a convolution, which some of its channels pass; it is constant above its last knot.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="filters">Channels before it.</param>
    /// <param name="passing">How many of them pass it.</param>
    /// <param name="step">The inverse of the distance of knots; not a power of two, knots are rounded, and have no step.</param>
    private static KanDocument Curved(string name, int filters, int passing, int step)
    {
        var random = new Random(filters);
        var first = Image(2, 5, 6, 3, 3) with { PadTop = 1, PadLeft = 1, PadBottom = 1, PadRight = 1 };
        var curve = PiecewiseLinearFunction.FromSlopes([.. Enumerable.Range(-40, 80).Select(i => Rational.Create(i, step))],
            [.. Enumerable.Range(0, 81).Select(static i => Rational.Create(i == 80 ? 0 : (i * 37 % 23) - 11, 16))], Rational.Zero,
            Rational.Create(1, 4));
        return new KanDocument
        {
            Name = name,
            InputRanges = [new InputRange(-4, 4)],
            Layers =
            [
                new ConvolutionDescription(first, filters, 1, [.. Numbers(random, filters * 18, zeros: false)],
                    [.. Numbers(random, filters, zeros: false)]),
                new ActivationDescription(30 * filters, passing == 0 ? [curve] : [.. Enumerable.Range(0, 30 * filters)
                    .Select(i => i % filters < filters - passing ? curve : PiecewiseLinearFunction.Identity)]),
                new ConvolutionDescription(first with { Channels = filters, StrideX = 2 }, 3, 1,
                    [.. Numbers(random, 27 * filters, zeros: true)], []),
                new ActivationDescription(45, [curve]),
                new AffineDescription(45, 3, [.. Numbers(random, 135, zeros: false)], []),
            ],
        };
    }

    /// <summary>Many channels pass a convolution, and are added by the next: most terms of whole panels are zero.</summary>
    private static KanDocument Block(string name, int channels)
    {
        var random = new Random(channels);
        var first = Image(channels, 4, 8, 3, 3) with { PadTop = 1, PadLeft = 1, PadBottom = 1, PadRight = 1 };
        int taps = channels * 9;
        IEnumerable<Rational> passed = Enumerable.Range(0, channels * taps)
            .Select(i => (Rational)(i % taps == (i / taps * 9) + 4 ? 1 : 0));
        IEnumerable<Rational> added = Enumerable.Range(0, channels).SelectMany(filter => Small(taps)
            .Concat(Enumerable.Range(0, taps).Select(i => (Rational)(i == (filter * 9) + 4 ? 1 : 0))));
        return new KanDocument
        {
            Name = name,
            InputRanges = [new InputRange(-4, 4)],
            Layers =
            [
                new ConvolutionDescription(first, 2 * channels, 1, [.. Small(channels * taps), .. passed], []),
                new ActivationDescription(64 * channels, [PiecewiseLinearFunction.Relu]),
                new ConvolutionDescription(first with { Channels = 2 * channels }, channels, 1, [.. added], []),
                new AffineDescription(32 * channels, 3, [.. Small(96 * channels)], []),
            ],
        };

        IEnumerable<Rational> Small(int count) =>
            Numbers(random, count, zeros: false).Select(static weight => weight * Rational.Create(1, 16));
    }

    private static IEnumerable<Rational> Numbers(Random random, int count, bool zeros) =>
        Enumerable.Range(0, count).Select(i => zeros && i % 3 == 0
            ? Rational.Zero
            : Rational.FromSingle((float)((random.NextDouble() - 0.5) / 4)));
}
