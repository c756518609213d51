using System;
using System.Linq;
using Kan.Interchange.Onnx.Graph;
using Kan.Interchange.Onnx.Operators;

namespace Kan.Interchange.Onnx.Quantized;

/// <summary>Where the kernels of nodes stand over the image of a sample.</summary>
internal static class ImageWindows
{
    /// <summary>Where a kernel stands, and the sizes of what it gives: channels, then those of the image.</summary>
    /// <param name="node">A convolution or a pool.</param>
    /// <param name="layout">The image.</param>
    /// <param name="kernel">The sizes of the kernel.</param>
    /// <param name="filters">Channels of the outputs.</param>
    /// <param name="roundsUp">Whether a last window may reach past the padding.</param>
    public static (WindowGeometry Geometry, int[] Sizes) Geometry(OnnxNode node, SampleLayout layout, int[] kernel, int filters,
        bool roundsUp)
    {
        RequireImage(node, layout);
        var window = KernelWindow.Read(node, context: null, layout.Sizes[1..], kernel, roundsUp);
        if (window.Geometry(layout.Sizes[0], filters) is not { } geometry)
            throw node.Unsupported($"has a kernel of {TensorShape.Text(kernel)} over samples of shape {TensorShape.Text(layout.Sizes)}, "
                + $"for which no layer exists", "Integer networks are read with kernels over one or two axes of images of at most "
                + $"{ModelLimits.Width} numbers, and pads smaller than the kernel.");
        bool isLast = layout.HasChannelsLast;
        if (!isLast && layout.Nodes is not null) throw node.Unsupported("takes an image whose values were put into another order before",
            "Integer networks are read where images keep their axes from one kernel to the next.");
        return (geometry with { ChannelsFirst = !isLast }, [filters, .. window.Output]);
    }

    /// <summary>A window over the whole image.</summary>
    public static (WindowGeometry Geometry, int[] Sizes) Whole(OnnxNode node, SampleLayout layout)
    {
        RequireImage(node, layout);
        var (geometry, sizes) = Geometry(node, layout, layout.Sizes[1..], layout.Sizes[0], roundsUp: false);
        return (geometry, sizes);
    }

    /// <summary>The window of a pool.</summary>
    /// <param name="node">The pool.</param>
    /// <param name="layout">The image.</param>
    public static (WindowGeometry Geometry, int[] Sizes) Pool(OnnxNode node, SampleLayout layout)
    {
        var kernel = node.Integers("kernel_shape") ?? throw node.Malformed("has no kernel_shape");
        return Geometry(node, layout, kernel, layout.Sizes[0], node.Integer("ceil_mode", 0) != 0);
    }

    /// <summary>Whether a window has taps on padding, or past it.</summary>
    public static bool HasPadding(WindowGeometry geometry) =>
        geometry.PadTop > 0 || geometry.PadLeft > 0
        || Reaches(geometry.OutputHeight, geometry.StrideY, geometry.DilationY, geometry.KernelHeight) > geometry.Height
        || Reaches(geometry.OutputWidth, geometry.StrideX, geometry.DilationX, geometry.KernelWidth) > geometry.Width;

    private static int Reaches(int places, int stride, int dilation, int kernel) => ((places - 1) * stride) + (dilation * (kernel - 1)) + 1;

    private static void RequireImage(OnnxNode node, SampleLayout layout)
    {
        if (layout.Sizes.Length < 2) throw node.Unsupported(
            $"takes samples of shape {TensorShape.Text(layout.Sizes)}, where channels and an image are expected",
            "Give the input of the model the shape [batch, channels, height, width], or reshape it to that before the node.");
    }
}
