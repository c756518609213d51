using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Onnx.Graph;
using Kan.Interchange.Onnx.Proto;
using Kan.Interchange.Symbolic;

namespace Kan.Interchange.Onnx.Operators;

/// <summary>Operators that make images larger or smaller, each axis by itself: nearest, linear and cubic, all linear maps.</summary>
internal static class ResizeOperators
{
    private const string Newer = "Export the model in opset 13 or later.";

    /// <summary>Operator sets before 10: by scales that are given.</summary>
    public static OnnxValue Upsample(OnnxNode node, OnnxContext context)
    {
        var scales = node.Attribute("scales", AttributeProto.Types.AttributeType.Floats)?.Floats
            .Select(static scale => float.IsFinite(scale) ? Rational.FromSingle(scale) : Rational.Zero).ToArray()
            ?? node.Constant(1, "scales").Numbers;
        return OfOldSet(node, context, scales);
    }

    public static OnnxValue Resize(OnnxNode node, OnnxContext context)
    {
        if (node.InputCount == 2) return OfOldSet(node, context, node.Constant(1, "scales").Numbers);
        var data = node.Input(0);
        string mode = Mode(node), coordinates = node.Text("coordinate_transformation_mode", "half_pixel"),
            policy = node.Text("keep_aspect_ratio_policy", "stretch");
        var weights = new AxisWeights(mode, coordinates, node.Text("nearest_mode", "round_prefer_floor"))
        {
            Cubic = Rational.FromSingle(node.Float("cubic_coeff_a", -0.75f)),
            ExcludesOutside = node.Integer("exclude_outside", 0) != 0,
            IsAntialiased = node.Integer("antialias", 0) != 0,
        };
        var outside = Rational.FromSingle(node.Float("extrapolation_value", 0));
        int[] axes = node.Integers("axes") is { } named
            ? Array.ConvertAll(named, axis => node.Axis(axis, data.Rank))
            : [.. Enumerable.Range(0, data.Rank)];
        if (axes.Distinct().Count() != axes.Length) throw node.Malformed("names an axis twice");
        bool hasSizes = node.HasInput(3);
        if (hasSizes == (node.HasInput(2) && node.Input(2).Count > 0)) throw node.Malformed("has not one of scales and sizes");
        int[] shape = [.. data.Shape], sizes = hasSizes ? node.Integers(3, "sizes") : [];
        var given = hasSizes ? [] : node.Constant(2, "scales").Numbers;
        if ((hasSizes ? sizes.Length : given.Length) != axes.Length) throw node.Malformed("does not say the size of each axis");
        var scales = new Rational[data.Rank];
        Array.Fill(scales, Rational.One);
        for (int i = 0; i < axes.Length; i++)
        {
            int axis = axes[i];
            if (axis == data.BatchAxis && hasSizes && (sizes[i] == context.DeclaredBatch || sizes[i] == 1)) continue;
            if (!hasSizes) SetSize(node, data, shape, scales, axis, given[i]);
            else if (sizes[i] < 1 || data.Shape[axis] < 1 || sizes[i] > ModelLimits.Width)
                throw node.Malformed($"resizes an axis of {data.Shape[axis]} values to {sizes[i]}");
            else (shape[axis], scales[axis]) = (sizes[i], Rational.Create(sizes[i], data.Shape[axis]));
        }

        if (hasSizes && policy != "stretch") KeepRatio(node, data, shape, scales, axes, policy);
        if (data.BatchAxis >= 0 && shape[data.BatchAxis] != data.Shape[data.BatchAxis]) throw node.Mixes("adds or drops samples");
        return Resized(node, context, data, shape, scales, weights, coordinates == "tf_crop_and_resize" ? Region(node, axes) : null,
            outside);
    }

    /// <summary>By scales, as sets before 11 have it: places are those before, divided by the scale.</summary>
    private static OnnxValue OfOldSet(OnnxNode node, OnnxContext context, Rational[] scales)
    {
        var data = node.Input(0);
        string mode = Mode(node);
        if (scales.Length != data.Rank) throw node.Malformed($"has {scales.Length} scales for a value of {data.Rank} axes");
        if (scales.Any(static scale => scale < Rational.One))
            throw node.Unsupported("makes an image smaller, in an old operator set", Newer);
        int[] shape = [.. data.Shape];
        for (int axis = 0; axis < shape.Length; axis++) SetSize(node, data, shape, scales, axis, scales[axis]);
        if (data.BatchAxis >= 0 && shape[data.BatchAxis] != data.Shape[data.BatchAxis]) throw node.Mixes("adds samples");
        return Resized(node, context, data, shape, scales, new AxisWeights(mode, "asymmetric", "floor"), null, Rational.Zero);
    }

    private static string Mode(OnnxNode node) => node.Text("mode", "nearest") switch
    {
        "nearest" => "nearest",
        "linear" or "bilinear" => "linear",
        "cubic" => "cubic",
        var mode => throw node.Unsupported($"has the mode '{mode}'", "'nearest', 'linear' and 'cubic' are supported."),
    };

    private static void SetSize(OnnxNode node, OnnxValue data, int[] shape, Rational[] scales, int axis, Rational scale)
    {
        var size = AxisWeights.Floor(data.Shape[axis] * scale);
        if (scale <= Rational.Zero || size < 1 || size > ModelLimits.Width)
            throw node.Malformed($"resizes an axis of {data.Shape[axis]} values by {scale.ToDouble():R}");
        shape[axis] = (int)size;
        scales[axis] = scale;
    }

    /// <summary>One scale for all axes: the smallest or the largest of those that the sizes ask for.</summary>
    private static void KeepRatio(OnnxNode node, OnnxValue data, int[] shape, Rational[] scales, int[] axes, string policy)
    {
        if (policy is not ("not_larger" or "not_smaller")) throw node.Malformed($"has keep_aspect_ratio_policy = '{policy}'");
        var scale = policy == "not_larger" ? axes.Select(axis => scales[axis]).Min() : axes.Select(axis => scales[axis]).Max();
        foreach (int axis in axes)
        {
            scales[axis] = scale;
            shape[axis] = (int)AxisWeights.Floor((scale * data.Shape[axis]) + Rational.Create(1, 2));
            if (shape[axis] < 1) throw node.Malformed("has a result without values");
        }
    }

    /// <summary>Starts and ends of what is kept of the axes that are resized.</summary>
    private static Func<int, (Rational, Rational)> Region(OnnxNode node, int[] axes)
    {
        var region = node.Constant(1, "region");
        if (region.Count != 2 * axes.Length)
            throw node.Malformed($"has a region of {region.Count} numbers for {axes.Length} axes");
        return axis => Array.IndexOf(axes, axis) is var i and >= 0
            ? (region.Numbers[i], region.Numbers[i + axes.Length])
            : (Rational.Zero, Rational.One);
    }

    private static OnnxValue Resized(OnnxNode node, OnnxContext context, OnnxValue data, int[] shape, Rational[] scales,
        AxisWeights weights, Func<int, (Rational, Rational)>? region, Rational outside)
    {
        context.CountOf(node, shape, data.IsConstant);
        var axes = new List<(int Place, Rational Weight)>[]?[shape.Length];
        double terms = 1;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            var part = region?.Invoke(axis) ?? (Rational.Zero, Rational.One);
            if (data.Shape[axis] == 0 || (scales[axis] == Rational.One && part == (Rational.Zero, Rational.One))) continue;
            context.Spend(node, shape[axis] * 8L);
            axes[axis] = weights.Of(node, data.Shape[axis], shape[axis], scales[axis], part);
            context.Spend(node, axes[axis]!.Sum(static places => (long)places.Count));
            terms *= axes[axis]!.Max(static places => places.Count);
        }

        if (!data.IsConstant) OnnxContext.RequireEdges(node, (long)Math.Min(terms * TensorShape.Count(shape), long.MaxValue / 2));
        var forms = Enumerable.Range(0, data.Count).Select(data.Form).ToArray();
        int[] current = [.. data.Shape];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (axes[axis] is not { } places) continue;
            forms = Along(node, context, forms, current, axis, places, outside);
            current[axis] = shape[axis];
        }

        return data.IsConstant
            ? OnnxValue.Constant(node.Result, shape, Array.ConvertAll(forms, static form => form.Constant), data.IsFloat)
            : OnnxValue.Computed(node.Result, shape, forms, data.BatchAxis, isFloat: data.IsFloat);
    }

    private static AffineCombination[] Along(OnnxNode node, OnnxContext context, AffineCombination[] forms, int[] shape, int axis,
        List<(int Place, Rational Weight)>[] places, Rational outside)
    {
        int inner = TensorShape.Strides(shape)[axis], outer = forms.Length / (inner * shape[axis]);
        var result = new AffineCombination[context.CountOf(node, [outer, places.Length, inner])];
        for (int i = 0; i < result.Length; i++)
        {
            int start = (i / inner / places.Length * shape[axis] * inner) + (i % inner);
            var at = places[i / inner % places.Length];
            if (at is [var (only, weight)] && weight == Rational.One) result[i] = forms[start + (only * inner)];
            else if (at.Count == 0) result[i] = AffineCombination.OfConstant(outside);
            else
            {
                foreach (var (place, factor) in at)
                {
                    var form = forms[start + (place * inner)];
                    context.Spend(node, form.Units.Length);
                    context.Sum.Add(form, factor);
                }

                result[i] = context.Sum.Take();
            }
        }

        return result;
    }
}
