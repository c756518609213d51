using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Curves;
using Kan.Interchange.Onnx.Graph;
using Kan.Interchange.Symbolic;

namespace Kan.Interchange.Onnx.Operators;

/// <summary>Sums, means, maxima and minima over axes.</summary>
internal static class ReductionOperators
{
    public static OnnxValue ReduceSum(OnnxNode node, OnnxContext context) => Reduce(node, context, group => Total(node, context, group));

    public static OnnxValue ReduceMean(OnnxNode node, OnnxContext context) =>
        Reduce(node, context, group => Total(node, context, group).Scale(Rational.Create(1, Math.Max(1, group.Count))));

    public static OnnxValue ReduceMax(OnnxNode node, OnnxContext context) => Reduce(node, context, group => Largest(node, context, group));

    public static OnnxValue ReduceMin(OnnxNode node, OnnxContext context) =>
        Reduce(node, context, group => Largest(node, context, [.. group.Select(static form => form.Scale(-1))]).Scale(-1));

    /// <summary>The sum of absolute values.</summary>
    public static OnnxValue ReduceL1(OnnxNode node, OnnxContext context) =>
        Reduce(node, context, group =>
            Total(node, context, [.. group.Select(form => context.Apply(node, TrainedFunctions.Leaky(-1), form))]));

    public static OnnxValue ReduceSumSquare(OnnxNode node, OnnxContext context) =>
        Reduce(node, context, group => Squares(node, context, group));

    /// <summary>The root of the sum of squares; both are curves.</summary>
    public static OnnxValue ReduceL2(OnnxNode node, OnnxContext context) =>
        Reduce(node, context, group =>
            context.Curves.Apply(node, static x => RealFunction.Sqrt(RealFunction.Max(x, 0.0)), Squares(node, context, group)));

    public static OnnxValue ReduceLogSum(OnnxNode node, OnnxContext context) =>
        Reduce(node, context, group => context.Curves.Apply(node, RealFunction.Log, Total(node, context, group)));

    /// <summary>
    /// m + log(sum of exp(x - m)), m the largest: each exp is of a number of at most 0, and the sum is at least 1, which is said to what
    /// bounds them.
    /// </summary>
    public static OnnxValue ReduceLogSumExp(OnnxNode node, OnnxContext context) => Reduce(node, context, group =>
    {
        var largest = context.Materialise(node, Largest(node, context, group));
        var decays =
            group.Select(form => context.Curves.Apply(node, static x => RealFunction.Exp(RealFunction.Min(x, 0.0)), form - largest))
            .ToList();
        return largest + context.Curves.Apply(node, static x => RealFunction.Log(RealFunction.Max(x, 1.0)), Total(node, context, decays));
    });

    private static AffineCombination Squares(OnnxNode node, OnnxContext context, IReadOnlyList<AffineCombination> group) =>
        Total(node, context, [.. group.Select(form => context.Curves.Apply(node, static x => RealFunction.Power(x, 2), form))]);

    public static AffineCombination Total(OnnxNode node, OnnxContext context, IReadOnlyList<AffineCombination> group)
    {
        foreach (var form in group)
        {
            context.Spend(node, form.Units.Length);
            context.Sum.Add(form, Rational.One);
        }

        return context.Sum.Take();
    }

    /// <summary>The largest, by comparing pairs and then pairs of the results: few levels.</summary>
    public static AffineCombination Largest(OnnxNode node, OnnxContext context, IReadOnlyList<AffineCombination> group)
    {
        if (group.Count == 0) throw node.Malformed("takes the largest of no values");
        while (group.Count > 1)
        {
            var winners = new List<AffineCombination>((group.Count + 1) / 2);
            for (int i = 0; i + 1 < group.Count; i += 2) winners.Add(ElementwiseOperators.Larger(node, context, group[i], group[i + 1]));
            if (group.Count % 2 != 0) winners.Add(group[^1]);
            group = winners;
        }

        return group[0];
    }

    private static OnnxValue Reduce(OnnxNode node, OnnxContext context, Func<IReadOnlyList<AffineCombination>, AffineCombination> reduce)
    {
        var value = node.Input(0);
        bool keepsAxes = node.Integer("keepdims", 1) != 0, mayDoNothing = node.Integer("noop_with_empty_axes", 0) != 0;
        var given = node.IntegersFromAttributeOrInput("axes", 1);
        if (!value.IsFloat) throw node.Unsupported("reduces integers", "Fold constants when exporting (onnxsim does).");
        if (given is null or [] && mayDoNothing) return value;
        var axes = given is null or []
            ? Enumerable.Range(0, value.Rank).ToHashSet()
            : given.Select(axis => node.Axis(axis, value.Rank)).ToHashSet();
        if (axes.Contains(value.BatchAxis)) throw node.Mixes("reduces over the samples");

        int[] shape = [.. value.Shape.Select((size, axis) => axes.Contains(axis) ? 1 : size)];
        int count = context.CountOf(node, shape, value.IsConstant);
        context.CountOf(node, value.Shape, value.IsConstant);
        var strides = TensorShape.Strides(shape);
        var owners = TensorShape.Map(value.Shape, place =>
        {
            int index = 0;
            for (int axis = 0; axis < place.Length; axis++) index += axes.Contains(axis) ? 0 : place[axis] * strides[axis];
            return index;
        });
        var groups = new List<AffineCombination>[count];
        for (int i = 0; i < count; i++) groups[i] = [];
        for (int i = 0; i < owners.Length; i++) groups[owners[i]].Add(value.Form(i));
        var forms = Array.ConvertAll(groups, group => reduce(group));

        var kept = Enumerable.Range(0, value.Rank).Where(axis => keepsAxes || !axes.Contains(axis)).ToList();
        return OnnxValue.Computed(node.Result, [.. kept.Select(axis => shape[axis])], forms, kept.IndexOf(value.BatchAxis));
    }
}
