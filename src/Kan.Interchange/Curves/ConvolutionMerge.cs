using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Interchange.Curves;

/// <summary>Convolutions that are made of others, with the same exact results.</summary>
internal static class ConvolutionMerge
{
    /// <summary>Weights up to which convolutions become one; most of them may be 0.</summary>
    private const int MostWeights = 1 << 22;

    /// <summary>A convolution over some channels of an image.</summary>
    /// <param name="Layer">The convolution.</param>
    /// <param name="Channels">For each of its channels the channel of the image.</param>
    public sealed record Part(ConvolutionDescription Layer, int[] Channels);

    /// <summary>What passes channels on: a kernel of one tap, 1.</summary>
    /// <param name="height">Rows of the image.</param>
    /// <param name="width">Columns of the image.</param>
    /// <param name="channels">The channels of the image.</param>
    public static Part Pass(int height, int width, int[] channels)
    {
        var geometry = new WindowGeometry { Channels = channels.Length, Height = height, Width = width, KernelHeight = 1, KernelWidth = 1 };
        return new Part(new ConvolutionDescription(geometry, channels.Length, channels.Length,
            [.. Enumerable.Repeat(Rational.One, channels.Length)], []), channels);
    }

    /// <summary>
    /// One convolution with the filters of all parts, in their order; null if their places are not the same, or it would be too large.
    /// </summary>
    /// <param name="channels">Channels of the image.</param>
    /// <param name="channelsFirst">The order of the inputs.</param>
    /// <param name="parts">The parts, one at least.</param>
    public static ConvolutionDescription? Of(int channels, bool channelsFirst, IReadOnlyList<Part> parts)
    {
        var first = parts[0].Layer.Geometry;
        if (parts.Any(part => (part.Layer.Geometry.OutputHeight, part.Layer.Geometry.OutputWidth)
            != (first.OutputHeight, first.OutputWidth))) return null;
        if (Axis.Of(first.Height, first.OutputHeight, parts.Select(static part => part.Layer.Geometry)
            .Select(static g => (g.StrideY, g.DilationY, g.KernelHeight, g.PadTop))) is not { } y
            || Axis.Of(first.Width, first.OutputWidth, parts.Select(static part => part.Layer.Geometry)
                .Select(static g => (g.StrideX, g.DilationX, g.KernelWidth, g.PadLeft))) is not { } x)
        {
            return null;
        }

        int filters = parts.Sum(static part => part.Layer.Filters), read = 0;
        bool isByChannel = filters == channels
            && parts.All(part => part.Layer.Groups == part.Layer.Filters && part.Layer.GroupChannels == 1
                && part.Channels.All(channel => channel == read++));
        int inner = isByChannel ? 1 : channels;
        if ((long)filters * inner * y.Kernel * x.Kernel > MostWeights) return null;
        var merged = new ConvolutionDescription(
            first with
            {
                Channels = channels,
                ChannelsFirst = channelsFirst,
                KernelHeight = y.Kernel,
                KernelWidth = x.Kernel,
                StrideY = y.Stride,
                StrideX = x.Stride,
                DilationY = y.Dilation,
                DilationX = x.Dilation,
                PadTop = y.Before,
                PadBottom = y.After,
                PadLeft = x.Before,
                PadRight = x.After,
            },
            filters,
            isByChannel ? channels : 1,
            Weights(parts, inner, y, x),
            parts.All(static part => part.Layer.Biases.IsEmpty)
            ? []
            : [.. parts.SelectMany(static part => part.Layer.Biases.IsEmpty
                ? Enumerable.Repeat(Rational.Zero, part.Layer.Filters)
                : part.Layer.Biases)]);
        return merged.Problem() is null
            && (merged.Geometry.OutputHeight, merged.Geometry.OutputWidth) == (first.OutputHeight, first.OutputWidth) ? merged : null;
    }

    /// <summary>A convolution and what is made of its channels at each place.</summary>
    /// <param name="layer">The convolution, of one group.</param>
    /// <param name="factors">The factors, by new channel, then filter.</param>
    /// <param name="constants">What is added to each new channel.</param>
    public static ConvolutionDescription Then(ConvolutionDescription layer, Rational[,] factors, Rational[] constants)
    {
        int count = layer.Weights.Length / layer.Filters;
        var weights = new Rational[constants.Length * count];
        var biases = new Rational[constants.Length];
        for (int i = 0; i < constants.Length; i++)
        {
            biases[i] = constants[i];
            for (int filter = 0; filter < layer.Filters; filter++)
            {
                var factor = factors[i, filter];
                if (factor.IsZero) continue;
                if (!layer.Biases.IsEmpty) biases[i] += factor * layer.Biases[filter];
                for (int k = 0; k < count; k++) weights[(i * count) + k] += factor * layer.Weights[(filter * count) + k];
            }
        }

        return layer with
        {
            Filters = constants.Length,
            Weights = ImmutableArray.Create(weights),
            Biases = Array.TrueForAll(biases, static bias => bias.IsZero) ? [] : ImmutableArray.Create(biases)
        };
    }

    private static ImmutableArray<Rational> Weights(IReadOnlyList<Part> parts, int inner, Axis y, Axis x)
    {
        int filters = parts.Sum(static part => part.Layer.Filters), start = 0, taps = y.Kernel * x.Kernel;
        var weights = new Rational[filters * inner * taps];
        for (int i = 0; i < parts.Count; i++)
        {
            var (layer, channels) = (parts[i].Layer, parts[i].Channels);
            int own = layer.Geometry.KernelHeight * layer.Geometry.KernelWidth, perGroup = layer.Filters / layer.Groups;
            for (int k = 0; k < layer.Weights.Length; k++)
            {
                int filter = k / own / layer.GroupChannels,
                    channel = channels[(filter / perGroup * layer.GroupChannels) + (k / own % layer.GroupChannels)];
                int row = y.Offsets[i] + (k % own / layer.Geometry.KernelWidth),
                    column = x.Offsets[i] + (k % own % layer.Geometry.KernelWidth);
                weights[((((start + filter) * inner) + (inner == 1 ? 0 : channel)) * taps) + (row * x.Kernel) + column] += layer.Weights[k];
            }

            start += layer.Filters;
        }

        return ImmutableArray.Create(weights);
    }

    /// <summary>One axis of a kernel that has the taps of several.</summary>
    private sealed record Axis(int Stride, int Dilation, int Kernel, int Before, int After, int[] Offsets)
    {
        public static Axis? Of(int size, int places, IEnumerable<(int Stride, int Dilation, int Kernel, int Before)> parts)
        {
            var all = parts.ToList();
            int[] dilations = [.. all.Where(static part => part.Kernel > 1).Select(static part => part.Dilation).Distinct()];
            int dilation = dilations.Length == 0 ? 1 : dilations[0], before = all.Max(static part => part.Before);
            if (dilations.Length > 1 || (places > 1 && all.Exists(part => part.Stride != all[0].Stride))
                || all.Exists(part => (before - part.Before) % dilation != 0)) return null;
            int[] offsets = [.. all.Select(part => (before - part.Before) / dilation)];
            int kernel = all.Select((part, i) => offsets[i] + part.Kernel).Max();
            long after = ((long)(places - 1) * all[0].Stride) + ((long)(kernel - 1) * dilation) + 1 - size - before;
            return after > int.MaxValue ? null : new Axis(all[0].Stride, dilation, kernel, before, (int)Math.Max(0, after), offsets);
        }
    }
}
