using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Onnx.Graph;

namespace Kan.Interchange.Onnx.Operators;

/// <summary>Operators that put the same values into another shape.</summary>
internal static class ShapeOperators
{
    public static OnnxValue Identity(OnnxNode node, OnnxContext context) => node.Input(0);

    public static OnnxValue Dropout(OnnxNode node, OnnxContext context)
    {
        node.Ignore("ratio", "seed", "is_test");
        bool dropsNone = node.HasInput(1) && node.Input(1) is { IsConstant: true, Count: 1 } ratio && ratio.Raw(0) == 0;
        if (node.HasInput(2) && !dropsNone && (node.Constant(2, "training mode") is not { Count: 1 } mode || mode.Raw(0) != 0))
            throw node.Unsupported("is in training mode", "Export the model for inference (model.eval()).");
        return node.Input(0);
    }

    /// <summary>Between floating-point types; rounding belongs to the number format, not to the function.</summary>
    public static OnnxValue Cast(OnnxNode node, OnnxContext context)
    {
        int type = (int)node.Integer("to", 0);
        node.Ignore("saturate", "round_mode");
        var value = node.Input(0);
        if (value.IsConstant)
        {
            return OnnxTensor.IsFloatType(type)
                ? OnnxValue.Constant(node.Result, value.Shape, value.Numbers)
                : OnnxValue.Constant(node.Result, value.Shape,
                    Array.ConvertAll(value.Numbers,
                    static number => (Rational)System.Numerics.BigInteger.Divide(number.Numerator, number.Denominator)), isFloat: false);
        }

        // Truth values and what is made of them are 0 and 1 in every type.
        if (!value.IsFloat) return value.As(node.Result, OnnxTensor.IsFloatType(type));
        if (!OnnxTensor.IsFloatType(type))
            throw node.Unsupported($"turns values into type {OnnxTensor.TypeName(type)}, which rounds and is not continuous",
                "Only casts between floating-point types are supported: remove it, or export the model without quantization.");
        context.Note($"{node.Title}: the cast to {OnnxTensor.TypeName(type)} rounds to that format in the original; here the value "
            + $"passes through exactly.");
        return value;
    }

    public static OnnxValue Flatten(OnnxNode node, OnnxContext context)
    {
        var value = node.Input(0);
        long given = node.Integer("axis", 1);
        int axis = given == value.Rank ? value.Rank : node.Axis(given, Math.Max(1, value.Rank));
        int[] front = value.Shape[..axis], back = value.Shape[axis..];
        if (value.BatchAxis >= 0 && (value.BatchAxis != 0 || axis == 0 || TensorShape.Count(front) != 1))
            throw node.Mixes("flattens different samples together");
        return value.Reshape(node.Result, [(int)TensorShape.Count(front), (int)TensorShape.Count(back)], value.BatchAxis);
    }

    public static OnnxValue Reshape(OnnxNode node, OnnxContext context)
    {
        var value = node.Input(0);
        var target = node.Integers("shape") ?? node.Integers(1, "shape");
        bool keepsZeros = node.Integer("allowzero", 0) != 0;
        bool isTagged = value.BatchAxis >= 0;
        string title = $"reshapes '{value.Name}' of shape {TensorShape.Text(value.Shape)} to [{string.Join(", ", target)}]";
        if (isTagged)
        {
            bool keepsSamples = value.BatchAxis == 0 && target.Length > 1
                && (target[0] is -1 or 0 || target[0] == context.DeclaredBatch || (target[0] == 1 && context.DeclaredBatch == 0));
            if (!keepsSamples) throw node.Mixes(title);
        }

        var shape = new int[target.Length];
        int open = -1;
        for (int i = 0; i < shape.Length; i++)
        {
            if (i == 0 && isTagged) shape[0] = 1;
            else if (target[i] == 0 && !keepsZeros) shape[i] = i < value.Rank ? value.Shape[i] : throw node.Malformed(title);
            else if (target[i] >= 0) shape[i] = target[i];
            else if (target[i] == -1 && open < 0) open = i;
            else throw node.Malformed(title);
        }

        if (open >= 0)
        {
            shape[open] = 1;
            long known = TensorShape.Count(shape);
            shape[open] = known > 0 && known <= value.Count && value.Count % known == 0 && (!isTagged || target[0] != -1)
                ? (int)(value.Count / known)
                : throw node.Malformed(title);
        }

        if (TensorShape.Count(shape) == value.Count) return value.Reshape(node.Result, shape, isTagged ? 0 : -1);
        throw isTagged && target[0] == -1 ? node.Mixes(title) : node.Malformed(title);
    }

    public static OnnxValue Squeeze(OnnxNode node, OnnxContext context)
    {
        var value = node.Input(0);
        var given = node.IntegersFromAttributeOrInput("axes", 1);
        var axes = given is null
            ? Enumerable.Range(0, value.Rank).Where(axis => value.Shape[axis] == 1 && axis != value.BatchAxis).ToHashSet()
            : given.Select(axis => node.Axis(axis, value.Rank)).ToHashSet();
        if (axes.Contains(value.BatchAxis)) throw node.Mixes("removes the axis of the samples");
        if (axes.Any(axis => value.Shape[axis] != 1)) throw node.Malformed($"removes an axis of '{value.Name}' of shape "
            + $"{TensorShape.Text(value.Shape)} that has more than one value");
        var kept = Enumerable.Range(0, value.Rank).Where(axis => !axes.Contains(axis)).ToList();
        return value.Reshape(node.Result, [.. kept.Select(axis => value.Shape[axis])], kept.IndexOf(value.BatchAxis));
    }

    public static OnnxValue Unsqueeze(OnnxNode node, OnnxContext context)
    {
        var value = node.Input(0);
        var given = node.IntegersFromAttributeOrInput("axes", 1) ?? throw node.Malformed("has no axes");
        if (given.Length > 32) throw node.Malformed($"adds {given.Length} axes");
        int rank = value.Rank + given.Length;
        var added = given.Select(axis => node.Axis(axis, rank)).ToHashSet();
        if (added.Count != given.Length) throw node.Malformed("adds an axis twice");
        var kept = Enumerable.Range(0, rank).Where(axis => !added.Contains(axis)).ToList();
        var shape = new int[rank];
        Array.Fill(shape, 1);
        for (int i = 0; i < kept.Count; i++) shape[kept[i]] = value.Shape[i];
        return value.Reshape(node.Result, shape, value.BatchAxis < 0 ? -1 : kept[value.BatchAxis]);
    }

    public static OnnxValue Transpose(OnnxNode node, OnnxContext context)
    {
        var value = node.Input(0);
        int[] order = node.Integers("perm") ?? [.. Enumerable.Range(0, value.Rank).Reverse()];
        if (!order.Order().SequenceEqual(Enumerable.Range(0, value.Rank)))
            throw node.Malformed($"has the order [{string.Join(", ", order)}] for a value of {value.Rank} axes");
        return Transpose(node, context, value, order, node.Result);
    }

    public static OnnxValue Transpose(OnnxNode node, OnnxContext context, OnnxValue value, int[] order, string name)
    {
        int[] shape = [.. order.Select(axis => value.Shape[axis])];
        context.CountOf(node, shape, value.IsConstant);
        var strides = TensorShape.Strides(value.Shape);
        var map = TensorShape.Map(shape, place =>
        {
            int index = 0;
            for (int i = 0; i < place.Length; i++) index += place[i] * strides[order[i]];
            return index;
        });
        return value.Select(name, shape, map, Array.IndexOf(order, value.BatchAxis));
    }

    public static OnnxValue Concat(OnnxNode node, OnnxContext context)
    {
        var values = node.Inputs.ToList();
        if (values.Count == 0) throw node.Malformed("has no inputs");
        var first = values[0];
        int axis = node.Axis(node.Integer("axis", 1), first.Rank);
        int batchAxis = values.Max(static value => value.BatchAxis);
        long size = 0;
        foreach (var value in values)
        {
            bool fits = value.Rank == first.Rank && value.IsFloat == first.IsFloat;
            for (int i = 0; fits && i < first.Rank; i++) fits = i == axis || value.Shape[i] == first.Shape[i];
            if (!fits) throw node.Malformed($"joins '{first.Name}' of shape {TensorShape.Text(first.Shape)} and '{value.Name}' of shape "
                + $"{TensorShape.Text(value.Shape)}");
            if (batchAxis >= 0 && (axis == batchAxis || (value.BatchAxis >= 0 && value.BatchAxis != batchAxis)))
                throw node.Mixes("joins values along the samples");
            size += value.Shape[axis];
        }

        int[] shape = [.. first.Shape];
        shape[axis] = size <= ModelLimits.Parameters
            ? (int)size
            : throw node.Unsupported($"joins {size} values", $"At most {ModelLimits.Parameters} are supported.");
        bool isConstant = values.TrueForAll(static value => value.IsConstant);
        context.CountOf(node, shape, isConstant);
        var starts = new int[values.Count];
        for (int i = 1; i < starts.Length; i++) starts[i] = starts[i - 1] + values[i - 1].Shape[axis];
        int[] owners = [.. values.SelectMany((value, i) => Enumerable.Repeat(i, value.Shape[axis]))];
        int inner = (int)TensorShape.Count(shape[(axis + 1)..]);
        var picks = TensorShape.Map(shape, place => place[axis]);
        var forms = new Symbolic.AffineCombination[isConstant ? 0 : picks.Length];
        var numbers = new Rational[isConstant ? picks.Length : 0];
        for (int i = 0; i < picks.Length; i++)
        {
            int owner = owners[picks[i]];
            int outer = i / inner / shape[axis];
            int index = (((outer * values[owner].Shape[axis]) + picks[i] - starts[owner]) * inner) + (i % inner);
            if (isConstant) numbers[i] = values[owner].Numbers[index];
            else forms[i] = values[owner].Form(index);
        }

        return isConstant ? OnnxValue.Constant(node.Result, shape, numbers, first.IsFloat)
            : OnnxValue.Computed(node.Result, shape, forms, batchAxis);
    }

    public static IReadOnlyList<OnnxValue> Split(OnnxNode node, OnnxContext context)
    {
        var value = node.Input(0);
        int axis = node.Axis(node.Integer("axis", 0), value.Rank);
        if (axis == value.BatchAxis) throw node.Mixes("splits the samples apart");
        int total = value.Shape[axis], parts = (int)Math.Clamp(node.Integer("num_outputs", node.OutputCount), 1, 1 << 16);
        int share = (total + parts - 1) / parts;
        int[] sizes = node.IntegersFromAttributeOrInput("split", 1)
            ?? [.. Enumerable.Range(0, parts).Select(i => Math.Clamp(total - (i * share), 0, share))];
        if (sizes.Any(static size => size < 0) || sizes.Sum(static size => (long)size) != total || sizes.Length < node.OutputCount)
            throw node.Malformed($"splits {total} values into parts of [{string.Join(", ", sizes)}] for {node.OutputCount} outputs");
        var results = new List<OnnxValue>();
        int start = 0;
        foreach (int size in sizes)
        {
            results.Add(Pick(node, context, value, axis, [.. Enumerable.Range(start, size)]));
            start += size;
        }

        return results;
    }

    public static OnnxValue Slice(OnnxNode node, OnnxContext context)
    {
        var value = node.Input(0);
        int[] starts = node.IntegersFromAttributeOrInput("starts", 1) ?? throw node.Malformed("has no starts");
        int[] ends = node.IntegersFromAttributeOrInput("ends", 2) ?? throw node.Malformed("has no ends");
        int[] axes = node.IntegersFromAttributeOrInput("axes", 3) ?? [.. Enumerable.Range(0, starts.Length)];
        int[] steps = node.HasInput(4) ? node.Integers(4, "steps") : [.. Enumerable.Repeat(1, starts.Length)];
        if (ends.Length != starts.Length || axes.Length != starts.Length || steps.Length != starts.Length || starts.Length > value.Rank)
            throw node.Malformed("has starts, ends, axes and steps of different lengths");
        for (int i = 0; i < starts.Length; i++)
        {
            int axis = node.Axis(axes[i], value.Rank), size = value.Shape[axis], step = steps[i];
            if (step == 0) throw node.Malformed("has a step of 0");
            long start = Bound(starts[i], size, step), end = Bound(ends[i], size, step);
            var picks = new List<int>();
            for (long place = start; step > 0 ? place < end : place > end; place += step) picks.Add((int)place);
            if (axis == value.BatchAxis)
            {
                if (picks is not [0] || starts[i] != 0 || (ends[i] < int.MaxValue && ends[i] != context.DeclaredBatch))
                    throw node.Mixes("picks samples");
                continue;
            }

            value = Pick(node, context, value, axis, [.. picks]);
        }

        return value;

        static long Bound(long given, int size, int step)
        {
            if (given < 0) given += size;
            return step > 0 ? Math.Clamp(given, 0, size) : Math.Clamp(given, -1, size - 1);
        }
    }

    public static OnnxValue Gather(OnnxNode node, OnnxContext context)
    {
        var value = node.Input(0);
        int axis = node.Axis(node.Integer("axis", 0), value.Rank);
        if (axis == value.BatchAxis) throw node.Mixes("picks samples");
        var indices = node.Constant(1, "indices");
        int size = value.Shape[axis];
        int[] picks = Array.ConvertAll(node.Integers(1, "indices"), index => index >= -size && index < size
            ? index < 0 ? index + size : index
            : throw node.Malformed($"picks value {index} of {size}"));
        var picked = Pick(node, context, value, axis, picks);
        int[] shape = [.. value.Shape[..axis], .. indices.Shape, .. value.Shape[(axis + 1)..]];
        return picked.Reshape(node.Result, shape, value.BatchAxis > axis ? value.BatchAxis + indices.Rank - 1 : value.BatchAxis);
    }

    public static OnnxValue Expand(OnnxNode node, OnnxContext context)
    {
        var value = node.Input(0);
        var target = node.Integers(1, "shape");
        int batch = value.BatchAxis < 0 ? -1 : value.BatchAxis + Math.Max(0, target.Length - value.Rank);
        int inTarget = batch < 0 ? -1 : batch - Math.Max(0, value.Rank - target.Length);
        if (inTarget >= 0 && (target[inTarget] == context.DeclaredBatch || target[inTarget] == -1)) target[inTarget] = 1;
        if (target.Any(static size => size < 0)) throw node.Malformed("has a negative dimension");
        var shape = TensorShape.Broadcast(value.Shape, target)
            ?? throw node.Malformed($"spreads shape {TensorShape.Text(value.Shape)} to {TensorShape.Text(target)}");
        if (batch >= 0 && shape[batch] != 1) throw node.Mixes("repeats samples");
        context.CountOf(node, shape, value.IsConstant);
        return value.Select(node.Result, shape, TensorShape.BroadcastMap(value.Shape, shape), batch);
    }

    /// <summary>The constant values around the data that Conv and pools would otherwise assume.</summary>
    public static OnnxValue Pad(OnnxNode node, OnnxContext context)
    {
        var value = node.Input(0);
        string mode = node.Text("mode", "constant");
        if (mode is not ("constant" or "reflect" or "edge" or "wrap"))
            throw node.Unsupported($"has the mode '{mode}'", "'constant', 'reflect', 'edge' and 'wrap' are supported.");
        int[] pads = node.IntegersFromAttributeOrInput("pads", 1) ?? throw node.Malformed("has no pads");
        var fill = node.HasInput(2) ? node.Constant(2, "fill value").Numbers is [var number]
            ? number
            : throw node.Malformed("has a fill value that is not one number") : Rational.FromSingle(node.Float("value", 0));
        int[] axes = node.HasInput(3)
            ? Array.ConvertAll(node.Integers(3, "axes"), axis => node.Axis(axis, value.Rank))
            : [.. Enumerable.Range(0, value.Rank)];
        if (axes.Distinct().Count() != axes.Length) throw node.Malformed("names an axis twice");
        if (pads.Length != 2 * axes.Length || pads.Any(static pad => pad is < -ModelLimits.Width or > ModelLimits.Width))
            throw node.Malformed($"has the pads [{string.Join(", ", pads)}] for a value of {value.Rank} axes");
        var before = new int[value.Rank];
        int[] shape = [.. value.Shape];
        for (int i = 0; i < axes.Length; i++)
        {
            if (axes[i] == value.BatchAxis && (pads[i] != 0 || pads[i + axes.Length] != 0)) throw node.Mixes("adds samples");
            before[axes[i]] = pads[i];
            shape[axes[i]] += pads[i] + pads[i + axes.Length];
        }

        if (shape.Any(static size => size < 0)) throw node.Malformed("removes more than there is");
        context.CountOf(node, shape, value.IsConstant);
        var strides = TensorShape.Strides(value.Shape);
        var map = TensorShape.Map(shape, place =>
        {
            int index = 0;
            for (int axis = 0; axis < place.Length; axis++)
            {
                int inside = Inside(mode, place[axis] - before[axis], value.Shape[axis]);
                if (inside < 0 || inside >= value.Shape[axis]) return -1;
                index += inside * strides[axis];
            }

            return index;
        });
        return SelectOr(node, value, shape, map, fill);
    }

    /// <summary>The elements at some places, zero for those below 0.</summary>
    public static OnnxValue SelectOrZero(OnnxNode node, OnnxValue value, int[] shape, int[] map) =>
        SelectOr(node, value, shape, map, Rational.Zero);

    private static OnnxValue SelectOr(OnnxNode node, OnnxValue value, int[] shape, int[] map, Rational fill) => value.IsConstant
        ? OnnxValue.Constant(node.Result, shape, Array.ConvertAll(map, place => place < 0 ? fill : value.Numbers[place]), value.IsFloat)
        : OnnxValue.Computed(node.Result, shape,
            Array.ConvertAll(map, place => place < 0 ? Symbolic.AffineCombination.OfConstant(fill) : value.Forms![place]),
            value.BatchAxis, isFloat: value.IsFloat);

    /// <summary>The place that padding repeats; out of range where it is a constant.</summary>
    private static int Inside(string mode, int place, int size)
    {
        if (size == 0 || (place >= 0 && place < size)) return place;
        switch (mode)
        {
            case "edge": return Math.Clamp(place, 0, size - 1);
            case "wrap": return ((place % size) + size) % size;
            case "reflect" when size == 1: return 0;
            case "reflect":
                int period = 2 * (size - 1), folded = ((place % period) + period) % period;
                return folded < size ? folded : period - folded;
            default: return place;
        }
    }

    /// <summary>Some places along one axis.</summary>
    public static OnnxValue Pick(OnnxNode node, OnnxContext context, OnnxValue value, int axis, int[] picks)
    {
        int[] shape = [.. value.Shape];
        shape[axis] = picks.Length;
        context.CountOf(node, shape, value.IsConstant);
        var strides = TensorShape.Strides(value.Shape);
        var map = TensorShape.Map(shape, place =>
        {
            int index = 0;
            for (int i = 0; i < place.Length; i++) index += (i == axis ? picks[place[i]] : place[i]) * strides[i];
            return index;
        });
        return value.Select(node.Result, shape, map, value.BatchAxis);
    }
}
