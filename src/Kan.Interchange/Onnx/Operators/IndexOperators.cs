using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Onnx.Graph;
using Kan.Interchange.Symbolic;

namespace Kan.Interchange.Onnx.Operators;

/// <summary>Values that are picked, or put somewhere, by constant indices: each is one of those there are.</summary>
internal static class IndexOperators
{
    /// <summary>For each place of the indices the value there, but along one axis at the index.</summary>
    public static OnnxValue GatherElements(OnnxNode node, OnnxContext context)
    {
        OnnxValue value = node.Input(0), indices = node.Constant(1, "indices");
        int axis = Along(node, value, indices);
        context.CountOf(node, indices.Shape, value.IsConstant);
        int[] picks = Within(node, node.Integers(1, "indices"), value.Shape[axis]), strides = TensorShape.Strides(value.Shape);
        int next = 0;
        return value.Select(node.Result, indices.Shape,
            TensorShape.Map(indices.Shape, place => At(place, axis, picks[next++], strides, value.Shape, node)), value.BatchAxis);
    }

    /// <summary>Slices of the value, each by an index for the first axes.</summary>
    public static OnnxValue GatherND(OnnxNode node, OnnxContext context)
    {
        OnnxValue value = node.Input(0), indices = node.Constant(1, "indices");
        int batch = (int)Math.Clamp(node.Integer("batch_dims", 0), -1, ModelLimits.Axes);
        int depth = indices.Rank == 0 ? 0 : indices.Shape[^1];
        if (batch < 0 || batch >= indices.Rank || depth < 1 || batch + depth > value.Rank
            || Enumerable.Range(0, batch).Any(axis => indices.Shape[axis] != value.Shape[axis]))
            throw node.Malformed(
                $"has indices of shape {TensorShape.Text(indices.Shape)} for a value of shape {TensorShape.Text(value.Shape)}");
        if (value.BatchAxis >= batch && value.BatchAxis < batch + depth) throw node.Mixes("picks samples");
        int[] front = indices.Shape[..^1], shape = [.. front, .. value.Shape[(batch + depth)..]];
        context.CountOf(node, shape, value.IsConstant);
        int[] numbers = node.Integers(1, "indices"), strides = TensorShape.Strides(value.Shape), steps = TensorShape.Strides(front);
        return value.Select(node.Result, shape, TensorShape.Map(shape, place =>
        {
            int index = 0, row = 0;
            for (int i = 0; i < front.Length; i++) row += place[i] * steps[i];
            for (int i = 0; i < batch; i++) index += place[i] * strides[i];
            for (int i = 0; i < depth; i++)
                index += Within(node, numbers[(row * depth) + i], value.Shape[batch + i]) * strides[batch + i];
            for (int i = batch + depth; i < value.Rank; i++) index += place[front.Length + i - batch - depth] * strides[i];
            return index;
        }), value.BatchAxis < batch ? value.BatchAxis : value.BatchAxis - batch - depth + front.Length);
    }

    /// <summary>The slices along an axis, or the values, for which a constant condition holds.</summary>
    public static OnnxValue Compress(OnnxNode node, OnnxContext context)
    {
        OnnxValue value = node.Input(0), condition = node.Constant(1, "condition");
        bool isFlat = node.Attribute("axis", Proto.AttributeProto.Types.AttributeType.Int) is null;
        if (isFlat && value.BatchAxis >= 0) throw node.Mixes("picks values of different samples");
        if (isFlat) value = value.Reshape(value.Name, [value.Count], -1);
        int axis = isFlat ? 0 : node.Axis(node.Integer("axis", 0), value.Rank);
        if (axis == value.BatchAxis) throw node.Mixes("picks samples");
        return ShapeOperators.Pick(node, context, value, axis,
            [.. Enumerable.Range(0, Math.Min(condition.Count, value.Shape[axis])).Where(i => !condition.Numbers[i].IsZero)]);
    }

    /// <summary>The first values of each sequence in the opposite order.</summary>
    public static OnnxValue ReverseSequence(OnnxNode node, OnnxContext context)
    {
        var value = node.Input(0);
        int time = node.Axis(node.Integer("time_axis", 0), value.Rank), batch = node.Axis(node.Integer("batch_axis", 1), value.Rank);
        if (time == value.BatchAxis) throw node.Mixes("reverses the samples");
        int[] lengths = node.Integers(1, "lengths of sequences");
        if (batch == value.BatchAxis && lengths.Distinct().Count() == 1) lengths = lengths[..1];
        if (lengths.Length != value.Shape[batch])
            throw batch == value.BatchAxis ? node.Mixes("has a separate length for each sample")
                : node.Malformed($"has {lengths.Length} lengths for {value.Shape[batch]} sequences");
        context.CountOf(node, value.Shape, value.IsConstant);
        var strides = TensorShape.Strides(value.Shape);
        return value.Select(node.Result, value.Shape, TensorShape.Map(value.Shape, place =>
        {
            int length = Math.Clamp(lengths[place[batch]], 0, value.Shape[time]);
            return At(place, time, place[time] < length ? length - 1 - place[time] : place[time], strides, value.Shape, node);
        }), value.BatchAxis);
    }

    /// <summary>The value, with others in some places of an axis.</summary>
    public static OnnxValue ScatterElements(OnnxNode node, OnnxContext context)
    {
        OnnxValue value = node.Input(0), indices = node.Constant(1, "indices");
        int axis = Along(node, value, indices);
        int[] picks = Within(node, node.Integers(1, "indices"), value.Shape[axis]), strides = TensorShape.Strides(value.Shape);
        int next = 0;
        return Scatter(node, context, value, indices.Shape,
            TensorShape.Map(indices.Shape, place => At(place, axis, picks[next++], strides, value.Shape, node)));
    }

    /// <summary>The value, with other slices at some indices of its first axes.</summary>
    public static OnnxValue ScatterND(OnnxNode node, OnnxContext context)
    {
        OnnxValue value = node.Input(0), indices = node.Constant(1, "indices");
        int depth = indices.Rank == 0 ? 0 : indices.Shape[^1];
        if (depth < 1 || depth > value.Rank)
            throw node.Malformed(
                $"has indices of shape {TensorShape.Text(indices.Shape)} for a value of shape {TensorShape.Text(value.Shape)}");
        if (value.BatchAxis >= 0 && value.BatchAxis < depth) throw node.Mixes("puts values into samples");
        int[] shape = [.. indices.Shape[..^1], .. value.Shape[depth..]], numbers = node.Integers(1, "indices"),
            strides = TensorShape.Strides(value.Shape);
        int slice = (int)TensorShape.Count(value.Shape[depth..]), row = 0;
        context.CountOf(node, shape, value.IsConstant);
        return Scatter(node, context, value, shape, TensorShape.Map(shape, _ =>
        {
            int index = row % Math.Max(1, slice), start = row++ / Math.Max(1, slice) * depth;
            for (int i = 0; i < depth; i++) index += Within(node, numbers[start + i], value.Shape[i]) * strides[i];
            return index;
        }));
    }

    private static OnnxValue Scatter(OnnxNode node, OnnxContext context, OnnxValue value, int[] shape, int[] places)
    {
        var updates = node.Input(2, "updates");
        string reduction = node.Text("reduction", "none");
        if (!updates.Shape.AsSpan().SequenceEqual(shape) || updates.IsFloat != value.IsFloat)
            throw node.Malformed($"puts updates of shape {TensorShape.Text(updates.Shape)} into places of shape {TensorShape.Text(shape)}");
        context.CountOf(node, value.Shape, value.IsConstant && updates.IsConstant);
        var forms = Enumerable.Range(0, value.Count).Select(value.Form).ToArray();
        for (int i = 0; i < places.Length; i++)
        {
            AffineCombination before = forms[places[i]], update = updates.Form(i);
            context.Spend(node, before.Units.Length + update.Units.Length);
            forms[places[i]] = reduction switch
            {
                "none" => update,
                "add" => context.Curves.Collapse(node, before + update),
                "mul" => update.IsConstant ? before.Scale(update.Constant)
                    : before.IsConstant ? update.Scale(before.Constant) : context.Curves.Multiply(node, before, update),
                "max" => ElementwiseOperators.Larger(node, context, before, update),
                "min" => ElementwiseOperators.Smaller(node, context, before, update),
                _ => throw node.Malformed($"has reduction = '{reduction}'"),
            };
        }

        return value.IsConstant && updates.IsConstant
            ? OnnxValue.Constant(node.Result, value.Shape, Array.ConvertAll(forms, static form => form.Constant), value.IsFloat)
            : OnnxValue.Computed(node.Result, value.Shape, forms, Math.Max(value.BatchAxis, updates.BatchAxis), isFloat: value.IsFloat);
    }

    /// <summary>The axis along which indices point, other axes being those of the value.</summary>
    private static int Along(OnnxNode node, OnnxValue value, OnnxValue indices)
    {
        int axis = node.Axis(node.Integer("axis", 0), value.Rank);
        if (axis == value.BatchAxis) throw node.Mixes("picks samples");
        if (indices.Rank != value.Rank)
            throw node.Malformed(
                $"has indices of shape {TensorShape.Text(indices.Shape)} for a value of shape {TensorShape.Text(value.Shape)}");
        if (value.BatchAxis >= 0 && indices.Shape[value.BatchAxis] != 1) throw node.Mixes("has separate indices for each sample");
        return axis;
    }

    private static int At(int[] place, int axis, int index, int[] strides, int[] shape, OnnxNode node)
    {
        int at = 0;
        for (int i = 0; i < place.Length; i++)
        {
            if (i != axis && place[i] >= shape[i]) throw node.Malformed("has more indices along an axis than the value has places");
            at += (i == axis ? index : place[i]) * strides[i];
        }

        return at;
    }

    private static int[] Within(OnnxNode node, int[] indices, int size) => Array.ConvertAll(indices, index => Within(node, index, size));

    private static int Within(OnnxNode node, int index, int size) => index >= -size && index < size
        ? index < 0 ? index + size : index
        : throw node.Malformed($"picks value {index} of {size}");
}
