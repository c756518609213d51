using System;
using System.Linq;

namespace Kan.Interchange.Onnx.Quantized;

/// <summary>How the values of a sample are arranged in the graph, and which node of the network is at each place.</summary>
/// <param name="Sizes">The sizes of the axes, without that of the samples.</param>
/// <param name="Nodes">The node at each place, row by row; null where places and nodes have the same numbers.</param>
internal sealed record SampleLayout(int[] Sizes, int[]? Nodes)
{
    /// <summary>The number of values.</summary>
    public int Count => Sizes.Aggregate(1, static (product, size) => product * size);

    /// <summary>The places of an image: all but the channels.</summary>
    private int Places => Count / Sizes[0];

    /// <summary>Values in a row, node by node.</summary>
    public static SampleLayout Row(int count) => new([count], null);

    /// <summary>What a layer over an image gives: channels first in the graph, and together at each place in the network.</summary>
    /// <param name="sizes">Channels, then the sizes of the image.</param>
    public static SampleLayout Image(int[] sizes)
    {
        var layout = new SampleLayout(sizes, null);
        int channels = sizes[0], places = layout.Places;
        return channels == 1 || places == 1
            ? layout
            : layout with { Nodes = [.. Enumerable.Range(0, layout.Count).Select(i => (i % places * channels) + (i / places))] };
    }

    /// <summary>Whether the channels of a place are next to each other in the network.</summary>
    public bool HasChannelsLast => Nodes is null
        ? Sizes[0] == 1 || Places == 1
        : Image(Sizes).Nodes is { } nodes && nodes.AsSpan().SequenceEqual(Nodes);

    /// <summary>The same values along other axes.</summary>
    public SampleLayout Reshape(int[] sizes) => this with { Sizes = sizes };

    /// <summary>The values with their axes in another order.</summary>
    /// <param name="order">The axis of this that each axis of the result is.</param>
    public SampleLayout Transpose(int[] order)
    {
        int[] sizes = [.. order.Select(axis => Sizes[axis])], strides = new int[Sizes.Length], nodes = new int[Count];
        for (int axis = Sizes.Length - 1, stride = 1; axis >= 0; stride *= Sizes[axis--]) strides[axis] = stride;
        for (int i = 0; i < nodes.Length; i++)
        {
            int place = 0, rest = i;
            for (int axis = sizes.Length - 1; axis >= 0; axis--)
            {
                place += rest % sizes[axis] * strides[order[axis]];
                rest /= sizes[axis];
            }

            nodes[i] = Nodes is null ? place : Nodes[place];
        }

        bool isPlain = true;
        for (int i = 0; i < nodes.Length && isPlain; i++) isPlain = nodes[i] == i;
        return new SampleLayout(sizes, isPlain ? null : nodes);
    }
}
