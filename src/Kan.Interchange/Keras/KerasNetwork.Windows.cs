using System;
using System.Collections.Immutable;
using System.Linq;
using Kan.Interchange.Curves;
using Kan.Interchange.Tensors;

namespace Kan.Interchange.Keras;

/// <summary>Convolutions and pools, over images whose channels are last.</summary>
internal sealed partial class KerasNetwork
{
    private void Convolve(KerasLayer layer, int axes, bool isDepthwise)
    {
        RequireImage(layer, axes);
        var tensors = weights.Of(layer);
        bool hasBias = HasBias(layer);
        RequireCount(layer, tensors, hasBias ? 2 : 1, hasBias ? "a kernel and a bias" : "a kernel");
        Convolve(layer, axes, isDepthwise, tensors[0], hasBias ? tensors[1] : null, Steps(layer, axes));
    }

    /// <summary>A convolution of each channel by itself, and one of the channels of each place.</summary>
    private void ConvolveApart(KerasLayer layer)
    {
        int axes = layer.Kind == "SeparableConv1D" ? 1 : 2;
        RequireImage(layer, axes);
        var tensors = weights.Of(layer);
        bool hasBias = HasBias(layer);
        RequireCount(layer, tensors, hasBias ? 3 : 2, hasBias ? "two kernels and a bias" : "two kernels");
        Convolve(layer, axes, isDepthwise: true, tensors[0], null, Steps(layer, axes));
        int[] one = [.. Enumerable.Repeat(1, axes)];
        Convolve(layer, axes, isDepthwise: false, tensors[1], hasBias ? tensors[2] : null, (one, one));
    }

    private static (int[] Strides, int[] Dilations) Steps(KerasLayer layer, int axes) =>
        (layer.Sizes("strides", axes, 1), layer.Sizes("dilation_rate", axes, 1));

    private void Convolve(KerasLayer layer, int axes, bool isDepthwise, StoredTensor kernel, StoredTensor? bias,
        (int[] Strides, int[] Dilations) steps)
    {
        int groups = isDepthwise ? Channels : layer.Sizes("groups", 1, 1)[0];
        if (kernel.Rank != axes + 2 || kernel.Dimensions.Contains(0) || Channels % groups != 0
            || kernel.Dimensions[axes] != (isDepthwise ? Channels : Channels / groups))
            throw file.Malformed($"{layer.Title} has a kernel of shape {kernel.Shape} for {Channels} channels. The file is damaged.");

        // A depthwise kernel has the filters of each channel where others have all filters.
        int last = kernel.Dimensions[axes + 1], filters = isDepthwise ? Channels * last : last, inner = isDepthwise ? 1 : Channels / groups;
        if (bias is not null) RequireShape(layer, bias, "bias", [filters]);
        int[] size = kernel.Dimensions[..axes];
        var geometry = Geometry(layer, size, steps.Strides, steps.Dilations, filters);
        var numbers = kernel.ToRationals(file);
        int taps = size.Aggregate(1, static (product, next) => product * next), stored = kernel.Dimensions[axes];
        var matrix = new Rational[numbers.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            int output = i % last, input = i / last % stored, tap = i / last / stored;
            if (isDepthwise) (output, input) = ((input * last) + output, 0);
            matrix[(((output * inner) + input) * taps) + tap] = numbers[i];
        }

        Add(layer, new ConvolutionDescription(geometry, filters, groups, ImmutableArray.Create(matrix),
            bias is null ? [] : ImmutableArray.Create(bias.ToRationals(file))), axes);
    }

    private void Pool(KerasLayer layer)
    {
        int axes = layer.Kind.EndsWith("1D", StringComparison.Ordinal) ? 1 : 2;
        bool isGlobal = layer.Kind.StartsWith("Global", StringComparison.Ordinal);
        RequireImage(layer, axes);
        int[] size = isGlobal ? _shape[..axes] : layer.Find("pool_length") is null
            ? layer.Sizes("pool_size", axes, 2)
            : layer.Sizes("pool_length", axes, 2);
        int[] strides = isGlobal || (layer.Find("strides") ?? layer.Find("stride")) is null
            ? size
            : layer.Sizes(layer.Find("strides") is null ? "stride" : "strides", axes, 1);
        var geometry = Geometry(layer, size, strides, [.. Enumerable.Repeat(1, axes)], Channels);
        bool isAverage = layer.Kind.Contains("Average", StringComparison.Ordinal);
        int taps = geometry.KernelHeight * geometry.KernelWidth;
        Add(layer, isAverage
            ? new ConvolutionDescription(geometry, Channels, Channels,
                [.. Enumerable.Repeat(Rational.Create(1, taps), taps * Channels)], [])
            : new MaximumDescription(geometry), axes);
        if (isAverage && geometry.PadTop + geometry.PadLeft + geometry.PadBottom + geometry.PadRight > 0) DivideByCounts(geometry);
        if (isGlobal && !layer.Flag("keepdims", false)) _shape = [Channels];
    }

    /// <summary>Averages of what is on the image, from those over all taps.</summary>
    private void DivideByCounts(WindowGeometry geometry)
    {
        int taps = geometry.KernelHeight * geometry.KernelWidth;
        int[] rows = Counts(geometry.OutputHeight, geometry.KernelHeight, geometry.Row, geometry.IsRow),
            columns = Counts(geometry.OutputWidth, geometry.KernelWidth, geometry.Column, geometry.IsColumn);
        Layers.Add(new CurvedLayer(new ActivationDescription(Width, [.. rows.SelectMany(row => columns.SelectMany(column =>
            Enumerable.Repeat(PiecewiseLinearFunction.Linear(Rational.Create(taps, row * column), Rational.Zero), Channels)))])));

        static int[] Counts(int places, int taps, Func<int, int, int> place, Func<int, bool> isInside) =>
            [.. Enumerable.Range(0, places).Select(at => Math.Max(1, Enumerable.Range(0, taps).Count(tap => isInside(place(at, tap)))))];
    }

    private void Add(KerasLayer layer, WindowDescription description, int axes)
    {
        string? problem = description is ConvolutionDescription convolution ? convolution.Problem()
            : ((MaximumDescription)description).Problem();
        if (problem is not null) throw file.Unsupported($"{layer.Title} cannot be computed: {problem}");
        Layers.Add(new CurvedLayer(description));
        var geometry = description.Geometry;
        _shape = axes == 1
            ? [geometry.OutputWidth, description.OutputChannels]
            : [geometry.OutputHeight, geometry.OutputWidth, description.OutputChannels];
    }

    private void RequireImage(KerasLayer layer, int axes)
    {
        if ((layer.Find("data_format") ?? layer.Find("dim_ordering"))?.Text() is "channels_first" or "th") throw ChannelsFirst(layer);
        if (_shape.Length != axes + 1)
            throw file.Malformed($"{layer.Title} reads {axes + 1} axes, but the values have the shape "
                + $"{Text(_shape)}. The file is damaged.");
    }

    private WindowGeometry Geometry(KerasLayer layer, int[] size, int[] strides, int[] dilations, int filters)
    {
        int axes = size.Length;
        string padding = (layer.Find("padding") ?? layer.Find("border_mode"))?.Text() ?? "valid";
        if (padding is not ("valid" or "same" or "causal"))
            throw file.Unsupported($"{layer.Title} has the padding '{MessageText.Name(padding)}'; supported are valid, same and causal.");
        var pads = Enumerable.Range(0, axes).Select(Pads).ToList();
        var geometry = new WindowGeometry
        {
            Channels = Channels,
            Height = axes == 1 ? 1 : _shape[0],
            Width = _shape[axes - 1],
            KernelHeight = axes == 1 ? 1 : size[0],
            KernelWidth = size[axes - 1],
            StrideY = axes == 1 ? 1 : strides[0],
            StrideX = strides[axes - 1],
            DilationY = axes == 1 ? 1 : dilations[0],
            DilationX = dilations[axes - 1],
            PadTop = axes == 1 ? 0 : pads[0].Before,
            PadLeft = pads[axes - 1].Before,
            PadBottom = axes == 1 ? 0 : pads[0].After,
            PadRight = pads[axes - 1].After,
        };
        return geometry.Problem(filters) is { } problem
            ? throw file.Unsupported($"{layer.Title} cannot be computed: {problem}")
            : geometry;

        (int Before, int After) Pads(int axis)
        {
            long extent = ((long)dilations[axis] * (size[axis] - 1)) + 1;
            if (padding == "valid") return (0, 0);
            if (padding == "causal") return ((int)Math.Min(extent - 1, ModelLimits.Width), 0);
            long places = (_shape[axis] + strides[axis] - 1L) / strides[axis];
            long total = Math.Min(Math.Max(0, ((places - 1) * strides[axis]) + extent - _shape[axis]), ModelLimits.Width);
            return ((int)(total / 2), (int)(total - (total / 2)));
        }
    }
}
