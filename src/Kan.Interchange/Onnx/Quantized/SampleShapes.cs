using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Onnx.Graph;
using Kan.Interchange.Onnx.Proto;

namespace Kan.Interchange.Onnx.Quantized;

/// <summary>What nodes that compute nothing make of the axes of a sample.</summary>
internal sealed class SampleShapes(OnnxGraph graph, FoldedConstants constants)
{
    /// <summary>Whether a node only arranges values.</summary>
    public static bool Arranges(string type) => type is "Identity" or "Flatten" or "Reshape" or "Squeeze" or "Unsqueeze" or "Transpose";

    /// <summary>The layout behind a node that only arranges values.</summary>
    /// <param name="node">The node.</param>
    /// <param name="proto">The same.</param>
    /// <param name="layout">The layout before it.</param>
    public SampleLayout Behind(OnnxNode node, NodeProto proto, SampleLayout layout)
    {
        switch (node.Operator)
        {
            case "Transpose":
                int rank = layout.Sizes.Length + 1;
                int[] order = node.Integers("perm") ?? [.. Enumerable.Range(0, rank).Reverse()];
                if (order.Length != rank || !order.Order().SequenceEqual(Enumerable.Range(0, rank)))
                    throw node.Malformed($"reorders {rank} axes by [{string.Join(", ", order)}]");
                if (order[0] != 0) throw node.Mixes("moves the axis of the samples").ToModelFileException();
                return layout.Transpose([.. order.Skip(1).Select(static axis => axis - 1)]);
            case "Flatten":
                if (layout.Sizes.Length > 1 && node.Axis(node.Integer("axis", 1), layout.Sizes.Length + 2) > 1)
                    throw node.Mixes("puts an axis of the sample beside that of the samples").ToModelFileException();
                return layout.Reshape([layout.Count]);
            case "Reshape":
                return Reshaped(node, proto, layout);
            case "Squeeze" or "Unsqueeze":
                return Stretched(node, proto, layout);
            default:
                return layout;
        }
    }

    private SampleLayout Reshaped(OnnxNode node, NodeProto proto, SampleLayout layout)
    {
        long[]? sizes = node.Integers("shape") is { } stated ? Array.ConvertAll(stated, static size => (long)size)
            : proto.Input.Count > 1 ? Sizes(proto.Input[1], 0)?.ToArray() : null;
        if (sizes is not { Length: > 1 }) return layout.Reshape([layout.Count]);

        // The first axis counts samples; a size of 0 is that of the value before, -1 what is left.
        long[] own = [.. sizes.Skip(1).Select((size, i) => size == 0 && i < layout.Sizes.Length ? layout.Sizes[i] : size)];
        long known = own.Where(static size => size != -1).Aggregate(1L, static (product, size) => product * Math.Clamp(size, 0, 1 << 20));
        int open = Array.IndexOf(own, -1);
        if (open >= 0 && known > 0 && layout.Count % known == 0) own[open] = layout.Count / known;
        if (own.Any(static size => size is < 1 or > ModelLimits.Width)
            || own.Aggregate(1L, static (product, size) => Math.Min(product * size, 1L << 40)) != layout.Count)
            throw node.Unsupported($"gives samples of {layout.Count} values the shape [{string.Join(", ", sizes.Skip(1))}]",
                "Integer networks are read where the first axis counts samples, and the others keep all values of a sample.");
        return layout.Reshape([.. own.Select(static size => (int)size)]);
    }

    private SampleLayout Stretched(OnnxNode node, NodeProto proto, SampleLayout layout)
    {
        int[]? axes = node.Integers("axes")
            ?? (proto.Input.Count > 1 && constants.Find(proto.Input[1]) is { } tensor
                ? Array.ConvertAll(tensor.Values, static axis => (int)axis) : null);
        List<int> sizes = [1, .. layout.Sizes];
        if (node.Operator == "Squeeze")
        {
            int[] all = [.. Enumerable.Range(1, layout.Sizes.Length).Where(axis => sizes[axis] == 1)];
            foreach (int axis in (axes ?? all).Select(axis => node.Axis(axis, sizes.Count)).OrderDescending().ToList())
            {
                if (axis == 0 || sizes[axis] != 1) throw node.Unsupported($"drops axis {axis} of samples of shape "
                    + TensorShape.Text(layout.Sizes), "Axes of size 1 can be dropped, but not that of the samples.");
                sizes.RemoveAt(axis);
            }
        }
        else
        {
            foreach (int axis in (axes ?? []).Select(axis => node.Axis(axis, sizes.Count + axes!.Length)).Order())
            {
                if (axis == 0 || axis > sizes.Count) throw node.Unsupported($"adds axis {axis} to samples of shape "
                    + TensorShape.Text(layout.Sizes), "Axes can be added behind that of the samples.");
                sizes.Insert(axis, 1);
            }
        }

        return layout.Reshape(sizes.Count == 1 ? [1] : [.. sizes.Skip(1)]);
    }

    /// <summary>The sizes that a value holds; -1 for the number of samples, which depends on the run. Null if they are not known.</summary>
    private List<long>? Sizes(string name, int depth)
    {
        if (constants.Find(name) is { } constant) return [.. constant.Values.Select(static size => (long)size)];
        if (depth > 8 || !graph.Writers.TryGetValue(name, out int writer)) return null;
        var proto = graph.Nodes[writer];
        switch (proto.OpType)
        {
            case "Concat":
                var sizes = new List<long>();
                foreach (string input in proto.Input)
                {
                    if (Sizes(input, depth + 1) is not { } part) return null;
                    sizes.AddRange(part);
                }

                return sizes;
            case "Unsqueeze" or "Cast" or "Identity":
                return Sizes(proto.Input[0], depth + 1);
            case "Gather" when proto.Input.Count > 1 && graph.Writers.TryGetValue(proto.Input[0], out int source)
                && graph.Nodes[source].OpType == "Shape" && constants.Find(proto.Input[1]) is { Values: [0] }:
                return [-1];
            default:
                return null;
        }
    }
}
