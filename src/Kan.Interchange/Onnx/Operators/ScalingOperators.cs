using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Kan.Interchange.Onnx.Graph;
using Kan.Interchange.Onnx.Proto;

namespace Kan.Interchange.Onnx.Operators;

/// <summary>Operators that make images larger or smaller, edge by edge: transposed convolutions, and the nearest number.</summary>
internal static class ScalingOperators
{
    private const string Newer = "Export the model in opset 13 or later.";

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

    /// <summary>The nearest number of each place, by the scales that are given.</summary>
    public static OnnxValue Upsample(OnnxNode node, OnnxContext context)
    {
        RequireNearest(node, "nearest");
        var scales = node.Attribute("scales", AttributeProto.Types.AttributeType.Floats)?.Floats
            .Select(static scale => float.IsFinite(scale) ? Rational.FromSingle(scale) : Rational.Zero).ToArray()
            ?? node.Constant(1, "scales").Numbers;
        return OfOldSet(node, context, scales);
    }

    public static OnnxValue Resize(OnnxNode node, OnnxContext context)
    {
        RequireNearest(node, "nearest");
        if (node.InputCount == 2) return OfOldSet(node, context, node.Constant(1, "scales").Numbers);
        var data = node.Input(0);
        string coordinates = node.Text("coordinate_transformation_mode", "half_pixel"),
            rounding = node.Text("nearest_mode", "round_prefer_floor");
        node.Ignore("antialias", "cubic_coeff_a", "exclude_outside", "extrapolation_value");
        if (node.Text("keep_aspect_ratio_policy", "stretch") is var policy && policy != "stretch")
            throw node.Unsupported($"has keep_aspect_ratio_policy = '{policy}'", "'stretch' is supported.");
        int[] axes = node.Integers("axes") is { } named
            ? Array.ConvertAll(named, axis => node.Axis(axis, data.Rank))
            : [.. Enumerable.Range(0, data.Rank)];
        if (axes.Distinct().Count() != axes.Length) throw node.Malformed("names an axis twice");
        bool hasSizes = node.HasInput(3);
        if (hasSizes == (node.HasInput(2) && node.Input(2).Count > 0)) throw node.Malformed("has not one of scales and sizes");
        int[] shape = [.. data.Shape];
        var scales = new Rational[data.Rank];
        Array.Fill(scales, Rational.One);
        int[] sizes = hasSizes ? node.Integers(3, "sizes") : [];
        var given = hasSizes ? [] : node.Constant(2, "scales").Numbers;
        if ((hasSizes ? sizes.Length : given.Length) != axes.Length) throw node.Malformed("does not say the size of each axis");
        for (int i = 0; i < axes.Length; i++)
        {
            int axis = axes[i];
            if (axis == data.BatchAxis && hasSizes && (sizes[i] == context.DeclaredBatch || sizes[i] == 1)) continue;
            if (!hasSizes) SetSize(node, data, shape, scales, axis, given[i]);
            else if (sizes[i] < 1 || data.Shape[axis] < 1 || sizes[i] > ModelLimits.Width)
                throw node.Malformed($"resizes an axis of {data.Shape[axis]} values to {sizes[i]}");
            else (shape[axis], scales[axis]) = (sizes[i], Rational.Create(sizes[i], data.Shape[axis]));
            if (axis == data.BatchAxis && shape[axis] != data.Shape[axis]) throw node.Mixes("adds or drops samples");
        }

        return Nearest(node, context, data, shape, (axis, place) => Round(Coordinate(axis, place)));

        Rational Coordinate(int axis, int place)
        {
            int size = data.Shape[axis], result = shape[axis];
            var half = Rational.Create(1, 2);
            switch (coordinates)
            {
                case "asymmetric": return place / scales[axis];
                case "align_corners": return result == 1 ? 0 : Rational.Create((BigInteger)place * (size - 1), result - 1);
                case "pytorch_half_pixel" when result == 1: return 0;
                case "half_pixel" or "pytorch_half_pixel": return ((place + half) / scales[axis]) - half;
                case "half_pixel_symmetric":
                    var covered = (Rational)result / scales[axis];
                    return ((size - covered) * half) + ((place + half) / scales[axis]) - half;
                default:
                    throw node.Unsupported($"has coordinate_transformation_mode = '{coordinates}'",
                        "'half_pixel', 'half_pixel_symmetric', 'pytorch_half_pixel', 'align_corners' and 'asymmetric' are supported.");
            }
        }

        BigInteger Round(Rational x) => rounding switch
        {
            "floor" => Floor(x),
            "ceil" => -Floor(-x),
            "round_prefer_floor" => -Floor(Rational.Create(1, 2) - x),
            "round_prefer_ceil" => Floor(x + Rational.Create(1, 2)),
            _ => throw node.Malformed($"has nearest_mode = '{rounding}'"),
        };
    }

    /// <summary>Larger by scales, as sets before 11 have it: the place before.</summary>
    private static OnnxValue OfOldSet(OnnxNode node, OnnxContext context, Rational[] scales)
    {
        var data = node.Input(0);
        if (scales.Length != data.Rank) throw node.Malformed($"has {scales.Length} scales for a value of {data.Rank} axes");
        if (scales.Any(static scale => scale < Rational.One))
            throw node.Unsupported("makes an image smaller, in an old operator set", Newer);
        int[] shape = [.. data.Shape];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            SetSize(node, data, shape, scales, axis, scales[axis]);
            if (axis == data.BatchAxis && shape[axis] != data.Shape[axis]) throw node.Mixes("adds samples");
        }

        return Nearest(node, context, data, shape, (axis, place) => Floor(place / scales[axis]));
    }

    private static void SetSize(OnnxNode node, OnnxValue data, int[] shape, Rational[] scales, int axis, Rational scale)
    {
        var size = Floor(data.Shape[axis] * scale);
        if (scale <= Rational.Zero || size < 1 || size > ModelLimits.Width)
            throw node.Malformed($"resizes an axis of {data.Shape[axis]} values by {scale.ToDouble():R}");
        shape[axis] = (int)size;
        scales[axis] = scale;
    }

    private static OnnxValue Nearest(OnnxNode node, OnnxContext context, OnnxValue data, int[] shape, Func<int, int, BigInteger> nearest)
    {
        context.CountOf(node, shape, data.IsConstant);
        int[] strides = TensorShape.Strides(data.Shape);
        int[][] places = [.. shape.Select((size, axis) => Enumerable.Range(0, size)
            .Select(place => size == data.Shape[axis] ? place : (int)BigInteger.Clamp(nearest(axis, place), 0, data.Shape[axis] - 1))
            .ToArray())];
        int[] map = TensorShape.Map(shape, place =>
        {
            int index = 0;
            for (int axis = 0; axis < place.Length; axis++) index += places[axis][place[axis]] * strides[axis];
            return index;
        });
        return data.Select(node.Result, shape, map, data.BatchAxis);
    }

    private static void RequireNearest(OnnxNode node, string silent)
    {
        string mode = node.Text("mode", silent);
        if (mode != "nearest") throw node.Unsupported($"has the mode '{mode}'", "'nearest' is supported.");
    }

    private static BigInteger Floor(Rational x) =>
        x.Numerator.Sign >= 0 ? x.Numerator / x.Denominator : -((-x.Numerator + x.Denominator - 1) / x.Denominator);

    /// <summary>A spatial axis of a transposed convolution.</summary>
    private sealed record TransposedAxis(int Input, int Kernel, int Stride, int Dilation, int Before, int Output)
    {
        public static TransposedAxis[] Read(OnnxNode node, int[] input, int[] kernel)
        {
            int rank = input.Length;
            int[] strides = Sizes("strides", 1, 1), dilations = Sizes("dilations", 1, 1), more = Sizes("output_padding", 0, 0);
            int[] pads = node.Integers("pads") ?? new int[2 * rank];
            string automatic = node.Text("auto_pad", "NOTSET");
            if (automatic is not ("NOTSET" or "VALID" or ""))
                throw node.Unsupported($"has auto_pad = '{automatic}'", "Export the model with pads.");
            if (node.Integers("output_shape") is not null) throw node.Unsupported("has an output_shape", "Export the model with pads.");
            if (pads.Length != 2 * rank || pads.Any(static pad => pad is < 0 or > ModelLimits.Width))
                throw node.Malformed("has pads out of range");
            return [.. Enumerable.Range(0, rank).Select(axis =>
            {
                long output = ((input[axis] - 1L) * strides[axis]) + more[axis] + ((kernel[axis] - 1L) * dilations[axis]) + 1 - pads[axis]
                    - pads[axis + rank];
                if (output is < 1 or > ModelLimits.Width || kernel[axis] < 1 || input[axis] < 1)
                    throw node.Malformed($"has a result of {output} values along an axis");
                return new TransposedAxis(input[axis], kernel[axis], strides[axis], dilations[axis], pads[axis], (int)output);
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
