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
        if (ImageOperators.Geometry(context, data, window, filters, products, count) is { } geometry)
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
        return Pool(node, context, new PoolKind(ImageOperators.Average,
            (forms, places) => Divided(ReductionOperators.Total(node, context, forms), countsPadding ? places : forms.Count))
        {
            Count = (inside, places) => countsPadding ? places : inside
        });
    }

    public static OnnxValue MaxPool(OnnxNode node, OnnxContext context)
    {
        // The order in which the second result, which nobody reads, numbers the places.
        node.Ignore("storage_order");
        return Pool(node, context,
            new PoolKind(ImageOperators.Maximum, (forms, _) => ReductionOperators.Largest(node, context, forms)));
    }

    public static OnnxValue GlobalAveragePool(OnnxNode node, OnnxContext context) =>
        Global(node, context, ImageOperators.Average,
            forms => ReductionOperators.Total(node, context, forms).Scale(Rational.Create(1, forms.Count)));

    public static OnnxValue GlobalMaxPool(OnnxNode node, OnnxContext context) =>
        Global(node, context, ImageOperators.Maximum, forms => ReductionOperators.Largest(node, context, forms));

    private static AffineCombination Divided(AffineCombination sum, int count) =>
        count == 0 ? AffineCombination.OfConstant(Rational.Zero) : sum.Scale(Rational.Create(1, count));

    /// <summary>What a pool makes of the values under a window.</summary>
    /// <param name="Layer">The layer that does it over an image, where there is one.</param>
    /// <param name="Reduce">The same of forms: those on the data, and how many places there are with those on padding.</param>
    private sealed record PoolKind(Func<WindowGeometry, WindowDescription?> Layer,
        Func<IReadOnlyList<AffineCombination>, int, AffineCombination> Reduce)
    {
        /// <summary>What an average divides by, of the places on the data and of all; the layer divides by all taps.</summary>
        public Func<int, int, int>? Count { get; init; }
    }

    private static OnnxValue Pool(OnnxNode node, OnnxContext context, PoolKind kind)
    {
        var data = Data(node);
        var kernel = node.Integers("kernel_shape") ?? throw node.Malformed("has no kernel_shape");
        var window = KernelWindow.Read(node, context, data.Shape[2..], kernel, node.Integer("ceil_mode", 0) != 0);
        window.RequirePadsWithinKernel(node);
        int[] shape = [data.Shape[0], data.Shape[1], .. window.Output];
        int count = context.CountOf(node, shape, data.IsConstant);
        long edges = (long)count * window.KernelCount;
        if (ImageOperators.Geometry(context, data, window, data.Shape[1], edges, kind.Count is null ? edges : count) is { } geometry
            && kind.Layer(geometry) is { } kept)
            return Divided(ImageOperators.Apply(node, context, kept, data, shape), window, kind);
        if (window.Rank == 3 && OfThreeAxes(node, context, data, window, kind, edges) is { } pooled)
            return Divided(pooled.Reshape(node.Result, shape, data.BatchAxis), window, kind);
        if (!data.IsConstant) OnnxContext.RequireEdges(node, edges);
        context.Spend(node, edges);
        var forms = new AffineCombination[count];
        for (int place = 0; place < window.OutputCount; place++)
        {
            var under = window.At(place);
            for (int i = place; i < count; i += window.OutputCount)
            {
                int plane = i / window.OutputCount * window.InputCount;
                forms[i] = kind.Reduce([.. under.Where(static at => at.Data >= 0).Select(at => data.Form(plane + at.Data))], under.Count);
            }
        }

        return OnnxValue.Computed(node.Result, shape, forms, data.BatchAxis);
    }

    /// <summary>
    /// Over three axes: over the last two, with the first among the channels, and then over the first. Null if layers are not kept.
    /// </summary>
    private static OnnxValue? OfThreeAxes(OnnxNode node, OnnxContext context, OnnxValue data, KernelWindow window, PoolKind kind,
        long edges)
    {
        int channels = data.Shape[1], depth = data.Shape[2];
        KernelWindow plane = window.Over(1..);
        int area = plane.OutputCount;
        var across = window.Over(..1, area);
        var image = data.Reshape(data.Name, [data.Shape[0], channels * depth, .. data.Shape[3..]], data.BatchAxis);
        if (ImageOperators.Geometry(context, image, plane, channels * depth, edges, edges) is not { } first
            || kind.Layer(first) is not { } inner || across.Geometry(channels, channels) is not { } second
            || kind.Layer(second) is not { } outer) return null;
        int[] shape = [data.Shape[0], channels * depth, .. plane.Output];
        context.CountOf(node, shape);
        var middle = ImageOperators.Apply(node, context, inner, image, shape)
            .Reshape(node.Result, [data.Shape[0], channels, depth, area], data.BatchAxis);
        return ImageOperators.Apply(node, context, outer, middle, [data.Shape[0], channels, .. across.Output]);
    }

    /// <summary>Averages of windows of which not all places count, from those that divide by all of their taps.</summary>
    private static OnnxValue Divided(OnnxValue averages, KernelWindow window, PoolKind kind)
    {
        if (kind.Count is not { } counts) return averages;
        var factors = new Rational[window.OutputCount];
        for (int place = 0; place < factors.Length; place++)
        {
            var under = window.At(place);
            factors[place] = Rational.Create(window.KernelCount,
                Math.Max(1, counts(under.Count(static at => at.Data >= 0), under.Count)));
        }

        if (Array.TrueForAll(factors, static factor => factor == Rational.One)) return averages;
        return OnnxValue.Computed(averages.Name, averages.Shape,
            [.. averages.Forms!.Select((form, i) => form.Scale(factors[i % factors.Length]))], averages.BatchAxis);
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
