using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Onnx.Graph;
using Kan.Interchange.Symbolic;

namespace Kan.Interchange.Onnx.Operators;

/// <summary>Images whose numbers are placed anew: blocks of pixels as channels, crops, and patches put together.</summary>
internal static class PixelOperators
{
    // Blocks beyond it would have more numbers than a layer has nodes.
    private const int LargestBlock = 1 << 10;

    public static OnnxValue DepthToSpace(OnnxNode node, OnnxContext context)
    {
        var (value, block) = Blocks(node);
        string mode = node.Text("mode", "DCR");
        if (mode is not ("DCR" or "CRD")) throw node.Malformed($"has the mode '{mode}'");
        int channels = value.Shape[1] / (block * block);
        if (channels * block * block != value.Shape[1])
            throw node.Malformed($"makes blocks of {block} by {block} of {value.Shape[1]} channels");
        int[] shape = [value.Shape[0], channels, Times(node, value.Shape[2], block), Times(node, value.Shape[3], block)];
        context.CountOf(node, shape, value.IsConstant);
        var strides = TensorShape.Strides(value.Shape);
        return value.Select(node.Result, shape, TensorShape.Map(shape, place =>
        {
            int inBlock = (place[2] % block * block) + (place[3] % block);
            int channel = mode == "DCR" ? (inBlock * channels) + place[1] : (place[1] * block * block) + inBlock;
            return (place[0] * strides[0]) + (channel * strides[1]) + (place[2] / block * strides[2]) + (place[3] / block);
        }), value.BatchAxis);
    }

    public static OnnxValue SpaceToDepth(OnnxNode node, OnnxContext context)
    {
        var (value, block) = Blocks(node);
        int channels = value.Shape[1];
        if (value.Shape[2] % block != 0 || value.Shape[3] % block != 0)
            throw node.Malformed($"makes blocks of {block} by {block} of {value.Shape[2]} rows and {value.Shape[3]} columns");
        int[] shape =
            [value.Shape[0], Times(node, Times(node, channels, block), block), value.Shape[2] / block, value.Shape[3] / block];
        context.CountOf(node, shape, value.IsConstant);
        var strides = TensorShape.Strides(value.Shape);
        return value.Select(node.Result, shape, TensorShape.Map(shape, place =>
        {
            int inBlock = place[1] / channels;
            return (place[0] * strides[0]) + (place[1] % channels * strides[1])
                + (((place[2] * block) + (inBlock / block)) * strides[2]) + (place[3] * block) + (inBlock % block);
        }), value.BatchAxis);
    }

    /// <summary>The middle of each axis, or zeros around it.</summary>
    public static OnnxValue CenterCropPad(OnnxNode node, OnnxContext context)
    {
        var value = node.Input(0);
        int[] sizes = node.Integers(1, "shape");
        int[] axes = node.Integers("axes") is { } given
            ? Array.ConvertAll(given, axis => node.Axis(axis, value.Rank))
            : [.. Enumerable.Range(0, value.Rank)];
        if (axes.Length != sizes.Length || axes.Distinct().Count() != axes.Length || sizes.Any(static size => size < 0))
            throw node.Malformed($"has the shape [{string.Join(", ", sizes)}] for {axes.Length} axes");
        int[] shape = [.. value.Shape], starts = new int[value.Rank], strides = TensorShape.Strides(value.Shape);
        for (int i = 0; i < axes.Length; i++)
        {
            int size = value.Shape[axes[i]];
            if (axes[i] == value.BatchAxis && sizes[i] != size && sizes[i] != context.DeclaredBatch) throw node.Mixes("picks samples");
            if (axes[i] == value.BatchAxis) continue;
            shape[axes[i]] = sizes[i];
            starts[axes[i]] = sizes[i] <= size ? (size - sizes[i]) / 2 : -((sizes[i] - size) / 2);
        }

        context.CountOf(node, shape, value.IsConstant);
        return ShapeOperators.SelectOrZero(node, value, shape, TensorShape.Map(shape, place =>
        {
            int index = 0;
            for (int axis = 0; axis < place.Length; axis++)
            {
                int inside = place[axis] + starts[axis];
                if (inside < 0 || inside >= value.Shape[axis]) return -1;
                index += inside * strides[axis];
            }

            return index;
        }));
    }

    /// <summary>The sum of patches, each at the place where a kernel would read it.</summary>
    public static OnnxValue Col2Im(OnnxNode node, OnnxContext context)
    {
        var value = node.Input(0);
        int[] image = node.Integers(1, "image shape"), block = node.Integers(2, "block shape");
        if (value.BatchAxis > 0) throw node.Mixes("runs along the axis of the samples");
        if (image.Any(static size => size is < 1 or > ModelLimits.Width)) throw node.Malformed("has an image shape out of range");
        var window = KernelWindow.Read(node, context, image, block, roundsUp: false);
        int taps = window.KernelCount, places = window.OutputCount;
        if (value.Rank != 3 || value.Shape[1] % taps != 0 || value.Shape[2] != places)
            throw node.Malformed(
                $"puts patches of shape {TensorShape.Text(value.Shape)} into {places} places of a kernel of {taps} numbers");
        int channels = value.Shape[1] / taps, area = window.InputCount, planes = value.Shape[0] * channels;
        int[] shape = [value.Shape[0], channels, .. image];
        int count = context.CountOf(node, shape, value.IsConstant);
        context.Spend(node, value.Count);
        var under = new List<int>[area];
        for (int at = 0; at < area; at++) under[at] = [];
        for (int place = 0; place < places; place++)
        {
            foreach (var (tap, at) in window.At(place))
            {
                if (at >= 0) under[at].Add((tap * places) + place);
            }
        }

        var forms = new AffineCombination[count];
        for (int i = 0; i < planes * area; i++)
        {
            foreach (int from in under[i % area])
            {
                var form = value.Form((i / area * taps * places) + from);
                context.Spend(node, form.Units.Length);
                context.Sum.Add(form, Rational.One);
            }

            forms[i] = context.Sum.Take();
        }

        return OnnxValue.Computed(node.Result, shape, forms, value.BatchAxis);
    }

    private static (OnnxValue Value, int Block) Blocks(OnnxNode node)
    {
        var value = node.Input(0);
        long block = node.Integer("blocksize", 0);
        if (value.Rank != 4 || block is < 1 or > LargestBlock)
            throw node.Malformed($"has the block size {block} for a value of shape {TensorShape.Text(value.Shape)}");
        if (value.BatchAxis > 0) throw node.Mixes("runs along the axis of the samples");
        return (value, (int)block);
    }

    private static int Times(OnnxNode node, int size, int block) => (long)size * block <= ModelLimits.Width
        ? size * block
        : throw node.Unsupported($"makes an axis of {(long)size * block} values", $"At most {ModelLimits.Width} are supported.");
}
