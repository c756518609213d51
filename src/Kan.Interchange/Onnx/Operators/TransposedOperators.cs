using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Onnx.Graph;

namespace Kan.Interchange.Onnx.Operators;

/// <summary>Transposed convolutions, edge by edge.</summary>
internal static class TransposedOperators
{
    public static OnnxValue ConvTranspose(OnnxNode node, OnnxContext context)
    {
        var data = node.Input(0);
        var kernels = node.Constant(1, "weights");
        if (data.Rank < 3 || kernels.Rank != data.Rank)
            throw node.Malformed(
                $"has weights of shape {TensorShape.Text(kernels.Shape)} for data of shape {TensorShape.Text(data.Shape)}");
        if (data.BatchAxis > 0) throw node.Mixes("runs along the axis of the samples");
        if (!kernels.IsFloat) throw node.Unsupported("has weights of an integer type", "Export the model in float32.");
        int rank = data.Rank - 2, channels = data.Shape[1];
        long groups = node.Integer("group", 1);
        if (groups < 1 || channels % groups != 0 || kernels.Shape[0] != channels)
            throw node.Malformed($"has weights of shape {TensorShape.Text(kernels.Shape)} in {groups} groups for {channels} channels");
        int[] input = data.Shape[2..], kernel = kernels.Shape[2..];
        if (node.Integers("kernel_shape") is { } stated && !stated.AsSpan().SequenceEqual(kernel))
            throw node.Malformed($"states the kernel [{string.Join(", ", stated)}], but has weights of shape "
                + TensorShape.Text(kernels.Shape));
        var axes = TransposedAxis.Read(node, input, kernel);
        int perGroup = kernels.Shape[1], filters = perGroup * (int)groups, inner = channels / (int)groups;
        var biases = node.HasInput(2) ? node.Constant(2, "bias") : null;
        if (biases is not null && (biases.Rank != 1 || biases.Count != filters))
            throw node.Malformed($"has a bias of shape {TensorShape.Text(biases.Shape)} for {filters} filters");

        int[] output = [.. axes.Select(static axis => axis.Output)], shape = [data.Shape[0], filters, .. output];
        int count = context.CountOf(node, shape, data.IsConstant), places = (int)TensorShape.Count(output);
        int size = (int)TensorShape.Count(input), taps = (int)TensorShape.Count(kernel);
        long products = (long)data.Count * perGroup * taps;
        if (!data.IsConstant) OnnxContext.RequireEdges(node, products);
        context.Spend(node, products + ((long)places * taps));
        data = context.Fold(node, data, products, count);
        if (data.Count > 0) context.Spend(node, products * (data.TermCount / data.Count));

        var forms = new Symbolic.AffineCombination[count];
        for (int place = 0; place < places; place++)
        {
            List<(int Tap, int Data)> under = [(0, 0)];
            for (int axis = 0, rest = places, at = place; axis < rank; axis++)
            {
                rest /= output[axis];
                int own = at / rest;
                at %= rest;
                under = [.. under.SelectMany(_ => axes[axis].Under(own), (before, now) =>
                    ((before.Tap * kernel[axis]) + now.Tap, (before.Data * input[axis]) + now.Data))];
            }

            for (int i = place; i < count; i += places)
            {
                int sample = i / places / filters, filter = i / places % filters, first = filter / perGroup * inner;
                for (int c = first; c < first + inner; c++)
                {
                    foreach (var (tap, at) in under)
                        context.Sum.Add(data.Form((((sample * channels) + c) * size) + at),
                            kernels.Numbers[(((c * perGroup) + (filter % perGroup)) * taps) + tap]);
                }

                if (biases is not null) context.Sum.Add(biases.Numbers[filter]);
                forms[i] = context.Sum.Take();
            }
        }

        return OnnxValue.Computed(node.Result, shape, forms, data.BatchAxis);
    }

    /// <summary>A spatial axis of a transposed convolution.</summary>
    private sealed record TransposedAxis(int Input, int Kernel, int Stride, int Dilation, int Before, int Output)
    {
        public static TransposedAxis[] Read(OnnxNode node, int[] input, int[] kernel)
        {
            int rank = input.Length;
            int[] strides = Sizes("strides", 1, 1), dilations = Sizes("dilations", 1, 1), more = Sizes("output_padding", 0, 0);
            int[] pads = node.Integers("pads") ?? new int[2 * rank];
            string automatic = node.Text("auto_pad", "NOTSET");
            int[]? asked = node.Integers("output_shape");
            if (asked is not null && asked.Length == rank + 2) asked = asked[2..];
            if (asked is not null && (asked.Length != rank || asked.Any(static size => size is < 1 or > ModelLimits.Width)))
                throw node.Malformed("has an output_shape out of range");
            if (automatic is not ("NOTSET" or "VALID" or "SAME_UPPER" or "SAME_LOWER" or ""))
                throw node.Malformed($"has auto_pad = '{automatic}'");
            if (pads.Length != 2 * rank || pads.Any(static pad => pad is < 0 or > ModelLimits.Width))
                throw node.Malformed("has pads out of range");
            bool isSame = automatic is "SAME_UPPER" or "SAME_LOWER";
            return [.. Enumerable.Range(0, rank).Select(axis =>
            {
                long full = ((input[axis] - 1L) * strides[axis]) + more[axis] + ((kernel[axis] - 1L) * dilations[axis]) + 1;
                int before = automatic == "VALID" ? 0 : pads[axis];
                long output = full - before - (automatic == "VALID" ? 0 : pads[axis + rank]);
                if (asked is not null || isSame)
                {
                    // What is too much is cut off at both ends; what is too little is added behind.
                    output = asked is null ? (long)input[axis] * strides[axis] : asked[axis];
                    long cut = Math.Max(0, full - output);
                    before = (int)Math.Min(automatic == "SAME_UPPER" ? cut / 2 : cut - (cut / 2), ModelLimits.Width);
                }

                if (output is < 1 or > ModelLimits.Width || kernel[axis] < 1 || input[axis] < 1)
                    throw node.Malformed($"has a result of {output} values along an axis");
                return new TransposedAxis(input[axis], kernel[axis], strides[axis], dilations[axis], before, (int)output);
            })];

            int[] Sizes(string name, int silent, int least)
            {
                int[] sizes = node.Integers(name) ?? [.. Enumerable.Repeat(silent, rank)];
                return sizes.Length == rank && sizes.All(size => size >= least && size <= ModelLimits.Width)
                    ? sizes
                    : throw node.Malformed($"has {name} out of range");
            }
        }

        /// <summary>The taps that reach a place of the result, and from where.</summary>
        public IEnumerable<(int Tap, int Data)> Under(int place)
        {
            for (int tap = 0; tap < Kernel; tap++)
            {
                long from = (long)place + Before - ((long)tap * Dilation);
                if (from >= 0 && from % Stride == 0 && from / Stride < Input) yield return (tap, (int)(from / Stride));
            }
        }
    }
}
