using System.Collections.Immutable;
using System.Linq;
using Kan.Interchange.Onnx.Graph;
using Kan.Interchange.Symbolic;

namespace Kan.Interchange.Onnx.Operators;

/// <summary>Convolutions and pools that are kept as layers over images.</summary>
internal static class ImageOperators
{
    /// <summary>
    /// Edges up to which a layer is written out where no other is kept: what other layers fold into, and what is proved about, is small.
    /// </summary>
    private const int MostWrittenEdges = 1 << 13;

    /// <summary>
    /// Pairs of nodes up to which it is written out, however few of them have an edge: compiled networks hold a number for each.
    /// </summary>
    private const int MostWrittenPairs = 1 << 22;

    /// <summary>The geometry of a layer that is kept; null if it is written out.</summary>
    /// <param name="context">Says whether layers are kept.</param>
    /// <param name="data">The image.</param>
    /// <param name="window">Where the kernel stands.</param>
    /// <param name="filters">Channels of the outputs.</param>
    /// <param name="edges">The edges that the layer has when written out.</param>
    /// <param name="nodes">The nodes that it then has behind it.</param>
    public static WindowGeometry? Geometry(OnnxContext context, OnnxValue data, KernelWindow window, int filters, long edges, long nodes) =>
        context.KeepsImages && !data.IsConstant && data.Shape[0] == 1
        && (edges > MostWrittenEdges || nodes * data.Count > MostWrittenPairs || context.Units.HasBlocks)
            ? window.Geometry(data.Shape[1], filters) : null;

    /// <summary>The geometry of a window over all places of an image, where it is kept as a layer; null if it is written out.</summary>
    /// <param name="context">Says whether layers are kept.</param>
    /// <param name="data">The image.</param>
    public static WindowGeometry? Whole(OnnxContext context, OnnxValue data)
    {
        if (!context.KeepsImages || data.IsConstant || data.Shape[0] != 1 || data.Rank > 4 || !context.Units.HasBlocks) return null;
        int height = data.Rank == 4 ? data.Shape[2] : 1, width = data.Shape[data.Rank - 1];
        var geometry = new WindowGeometry
        {
            Channels = data.Shape[1],
            Height = height,
            Width = width,
            KernelHeight = height,
            KernelWidth = width,
        };
        return geometry.Problem(data.Shape[1]) is null ? geometry : null;
    }

    /// <summary>A maximum under a window; null if a window sees padding alone.</summary>
    public static WindowDescription? Maximum(WindowGeometry geometry)
    {
        var layer = new MaximumDescription(geometry);
        return layer.Problem() is null ? layer : null;
    }

    /// <summary>The average of full windows, as a convolution of as many groups as channels.</summary>
    /// <param name="geometry">Where the window stands.</param>
    public static WindowDescription Average(WindowGeometry geometry)
    {
        int taps = geometry.KernelHeight * geometry.KernelWidth;
        return new ConvolutionDescription(geometry, geometry.Channels, geometry.Channels,
            [.. Enumerable.Repeat(Rational.Create(1, taps), taps * geometry.Channels)], []);
    }

    /// <summary>The values of a layer that is kept.</summary>
    public static OnnxValue Apply(OnnxNode node, OnnxContext context, WindowDescription layer, OnnxValue data, int[] shape)
    {
        context.RequireUnits(node);
        int channels = layer.Geometry.Channels, places = layer.Geometry.Height * layer.Geometry.Width;
        var arguments = ImmutableArray.CreateBuilder<AffineCombination>(layer.InputCount);
        for (int i = 0; i < layer.InputCount; i++) arguments.Add(data.Form((i % channels * places) + (i / channels)));
        int first = context.Units.Add(layer, arguments.MoveToImmutable()), filters = layer.OutputChannels,
            count = layer.Geometry.PlaceCount;
        var forms = new AffineCombination[layer.OutputCount];
        for (int i = 0; i < forms.Length; i++) forms[i] = AffineCombination.OfUnit(first + (i % count * filters) + (i / count));
        return OnnxValue.Computed(node.Result, shape, forms, data.BatchAxis);
    }
}
