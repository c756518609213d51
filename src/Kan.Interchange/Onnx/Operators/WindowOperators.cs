using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Kan.Interchange.Onnx.Graph;
using Kan.Interchange.Symbolic;

namespace Kan.Interchange.Onnx.Operators;

/// <summary>Convolutions and pools over data of fixed sizes: sparse affine maps, and maxima.</summary>
internal static class WindowOperators
{
    public static OnnxValue Conv(OnnxNode node, OnnxContext context)
    {
        var data = Data(node);
        var kernels = node.Constant(1, "weights");
        if (!kernels.IsFloat)
            throw node.Unsupported("has weights of an integer type", "Export the model in float32 (it must not be quantized).");
        long groups = node.Integer("group", 1);
        int channels = data.Shape[1];
        if (kernels.Rank != data.Rank || groups < 1 || kernels.Shape[0] % groups != 0 || kernels.Shape[1] * groups != channels)
            throw node.Malformed($"has weights of shape {TensorShape.Text(kernels.Shape)} in {groups} groups for data of shape "
                + $"{TensorShape.Text(data.Shape)}");
        if (node.Integers("kernel_shape") is { } stated && !stated.AsSpan().SequenceEqual(kernels.Shape.AsSpan(2)))
            throw node.Malformed(
                $"states the kernel [{string.Join(", ", stated)}], but has weights of shape {TensorShape.Text(kernels.Shape)}");
        var window = KernelWindow.Read(node, context, data.Shape[2..], kernels.Shape[2..], roundsUp: false);
        int filters = kernels.Shape[0], inner = kernels.Shape[1], perGroup = filters / (int)groups;
        var biases = node.HasInput(2) ? node.Constant(2, "bias") : null;
        if (biases is not null && (biases.Rank != 1 || biases.Count != filters))
            throw node.Malformed($"has a bias of shape {TensorShape.Text(biases.Shape)} for {filters} filters");

        int[] shape = [data.Shape[0], filters, .. window.Output];
        int count = context.CountOf(node, shape, data.IsConstant);
        long products = (long)count * inner * window.KernelCount;
        if (ImageOperators.Geometry(context, data, window, filters, products) is { } geometry)
        {
            var layer = new ConvolutionDescription(geometry, filters, (int)groups, ImmutableArray.Create(kernels.Numbers),
                biases is null ? [] : ImmutableArray.Create(biases.Numbers));
            return ImageOperators.Apply(node, context, layer, data, shape);
        }

        if (!data.IsConstant) OnnxContext.RequireEdges(node, products);
        context.Spend(node, products);
        data = context.Fold(node, data, products, count);
        if (data.Count > 0) context.Spend(node, products * (data.TermCount / data.Count));

        var forms = new AffineCombination[count];
        for (int place = 0; place < window.OutputCount; place++)
        {
            var under = window.At(place);
            for (int i = place; i < count; i += window.OutputCount)
            {
                int sample = i / window.OutputCount / filters, filter = i / window.OutputCount % filters, first = filter / perGroup * inner;
                for (int channel = 0; channel < inner; channel++)
                {
                    int plane = ((sample * channels) + first + channel) * window.InputCount,
                        weights = ((filter * inner) + channel) * window.KernelCount;
                    foreach (var (k, index) in under)
                    {
                        if (index >= 0) context.Sum.Add(data.Form(plane + index), kernels.Numbers[weights + k]);
                    }
                }

                if (biases is not null) context.Sum.Add(biases.Numbers[filter]);
                forms[i] = context.Sum.Take();
            }
        }

        return OnnxValue.Computed(node.Result, shape, forms, data.BatchAxis);
    }

    public static OnnxValue AveragePool(OnnxNode node, OnnxContext context)
    {
        bool countsPadding = node.Integer("count_include_pad", 0) != 0;
        return Pool(node, context, geometry => ImageOperators.Average(geometry, countsPadding && node.Integer("ceil_mode", 0) == 0),
            (forms, places) =>
        {
            int size = countsPadding ? places : forms.Count;
            return size == 0 ? AffineCombination.OfConstant(Rational.Zero)
                : ReductionOperators.Total(node, context, forms).Scale(Rational.Create(1, size));
        });
    }

    public static OnnxValue MaxPool(OnnxNode node, OnnxContext context)
    {
        if (node.Integer("storage_order", 0) != 0) throw node.Unsupported("has storage_order = 1", "Export it without the second output.");
        return Pool(node, context, ImageOperators.Maximum, (forms, _) => ReductionOperators.Largest(node, context, forms));
    }

    public static OnnxValue GlobalAveragePool(OnnxNode node, OnnxContext context) =>
        Global(node, context, static geometry => ImageOperators.Average(geometry, countsPadding: false),
            forms => ReductionOperators.Total(node, context, forms).Scale(Rational.Create(1, forms.Count)));

    public static OnnxValue GlobalMaxPool(OnnxNode node, OnnxContext context) =>
        Global(node, context, ImageOperators.Maximum, forms => ReductionOperators.Largest(node, context, forms));

    private static OnnxValue Pool(OnnxNode node, OnnxContext context, Func<WindowGeometry, WindowDescription?>? layer,
        Func<IReadOnlyList<AffineCombination>, int, AffineCombination> reduce)
    {
        var data = Data(node);
        var kernel = node.Integers("kernel_shape") ?? throw node.Malformed("has no kernel_shape");
        var window = KernelWindow.Read(node, context, data.Shape[2..], kernel, node.Integer("ceil_mode", 0) != 0);
        window.RequirePadsWithinKernel(node);
        int[] shape = [data.Shape[0], data.Shape[1], .. window.Output];
        int count = context.CountOf(node, shape, data.IsConstant);
        if (layer is not null && ImageOperators.Geometry(context, data, window, data.Shape[1], (long)count * window.KernelCount)
            is { } geometry && layer(geometry) is { } kept)
            return ImageOperators.Apply(node, context, kept, data, shape);
        if (!data.IsConstant) OnnxContext.RequireEdges(node, (long)count * window.KernelCount);
        context.Spend(node, (long)count * window.KernelCount);
        var forms = new AffineCombination[count];
        for (int place = 0; place < window.OutputCount; place++)
        {
            var under = window.At(place);
            for (int i = place; i < count; i += window.OutputCount)
            {
                int plane = i / window.OutputCount * window.InputCount;
                forms[i] = reduce([.. under.Where(static at => at.Data >= 0).Select(at => data.Form(plane + at.Data))], under.Count);
            }
        }

        return OnnxValue.Computed(node.Result, shape, forms, data.BatchAxis);
    }

    private static OnnxValue Global(OnnxNode node, OnnxContext context, Func<WindowGeometry, WindowDescription?> layer,
        Func<IReadOnlyList<AffineCombination>, AffineCombination> reduce)
    {
        var data = Data(node);
        int size = (int)TensorShape.Count(data.Shape[2..]);
        int[] shape = [data.Shape[0], data.Shape[1], .. Enumerable.Repeat(1, data.Rank - 2)];
        if (size == 0) throw node.Malformed("pools no values");
        if (ImageOperators.Whole(context, data) is { } geometry && layer(geometry) is { } kept)
            return ImageOperators.Apply(node, context, kept, data, shape);
        var forms = new AffineCombination[context.CountOf(node, shape)];
        for (int i = 0; i < forms.Length; i++) forms[i] = reduce([.. Enumerable.Range(i * size, size).Select(data.Form)]);
        return OnnxValue.Computed(node.Result, shape, forms, data.BatchAxis);
    }

    private static OnnxValue Data(OnnxNode node)
    {
        var data = node.Input(0);
        if (data.Rank < 3)
            throw node.Unsupported($"takes '{data.Name}' of shape {TensorShape.Text(data.Shape)}",
                "Expected samples, channels and at least one spatial axis of fixed size.");
        if (data.BatchAxis > 0) throw node.Mixes("runs along the axis of the samples");
        return data;
    }
}
