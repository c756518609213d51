using System;
using Kan.Interchange.Onnx.Graph;
using Kan.Interchange.Symbolic;

namespace Kan.Interchange.Onnx.Operators;

/// <summary>
/// Comparisons and what is picked by them. A truth value is a number that is 1 or 0 and may jump; what is made of it must be continuous in
/// the end.
/// </summary>
internal static class ConditionOperators
{
    /// <summary>A comparison of two values.</summary>
    public static OnnxOperator Compare(Comparison comparison) => (node, context) =>
    {
        OnnxValue left = node.Input(0), right = node.Input(1);
        return ElementwiseOperators.Combine(node, context, (n, c, a, b) => c.Curves.Compare(n, comparison, a, b), left, right,
            isFloat: false);
    };

    public static OnnxValue And(OnnxNode node, OnnxContext context) =>
        ElementwiseOperators.Combine(node, context, static (n, c, a, b) => Product(n, c, a, b), node.Input(0), node.Input(1),
            isFloat: false);

    /// <summary>a + b - ab.</summary>
    public static OnnxValue Or(OnnxNode node, OnnxContext context) =>
        ElementwiseOperators.Combine(node, context, static (n, c, a, b) => c.Curves.Collapse(n, a + b - Product(n, c, a, b)), node.Input(0),
            node.Input(1), isFloat: false);

    public static OnnxValue Not(OnnxNode node, OnnxContext context) =>
        ActivationOperators.Each(node, context, node.Input(0), static (form, _) => form.Scale(-1).Shift(1));

    /// <summary>1 where a value is positive, -1 where it is negative, 0 at 0.</summary>
    public static OnnxValue Sign(OnnxNode node, OnnxContext context)
    {
        var zero = AffineCombination.OfConstant(Rational.Zero);
        return ActivationOperators.Each(node, context, node.Input(0), (form, _) => context.Curves.Collapse(
            node, context.Curves.Compare(node, Comparison.Above, form, zero) - context.Curves.Compare(node, Comparison.Below, form, zero)));
    }

    /// <summary>One value where a condition holds, another elsewhere.</summary>
    public static OnnxValue Where(OnnxNode node, OnnxContext context)
    {
        OnnxValue condition = node.Input(0, "condition"), whenTrue = node.Input(1), whenFalse = node.Input(2);
        if (condition.IsFloat) throw node.Malformed("has a condition that is not of type bool");
        if (HasInfinity(whenTrue) || HasInfinity(whenFalse))
            throw node.Unsupported("picks infinity in some places, as a mask before a Softmax does", "Only finite numbers are supported: "
                + "remove attention, or the mask.");
        if (whenTrue.IsFloat != whenFalse.IsFloat) throw node.Malformed("picks between values of different types");
        var (shape, batchAxis) = ElementwiseOperators.Spread(node, whenTrue, whenFalse);
        (shape, batchAxis) = ElementwiseOperators.Spread(node, OnnxValue.Computed(node.Result, shape, [], batchAxis, mayFold: false),
            condition);
        bool isConstant = condition.IsConstant && whenTrue.IsConstant && whenFalse.IsConstant;
        int count = context.CountOf(node, shape, isConstant);
        int[] conditions = TensorShape.BroadcastMap(condition.Shape, shape), trues = TensorShape.BroadcastMap(whenTrue.Shape, shape),
            falses = TensorShape.BroadcastMap(whenFalse.Shape, shape);
        if (isConstant)
        {
            var numbers = new Rational[count];
            for (int i = 0; i < count; i++)
                numbers[i] = condition.Numbers[conditions[i]].IsZero ? whenFalse.Numbers[falses[i]] : whenTrue.Numbers[trues[i]];
            return OnnxValue.Constant(node.Result, shape, numbers, whenTrue.IsFloat);
        }

        var forms = new AffineCombination[count];
        for (int i = 0; i < count; i++)
        {
            var holds = condition.Form(conditions[i]);
            forms[i] = holds.IsConstant ? holds.Constant.IsZero ? whenFalse.Form(falses[i]) : whenTrue.Form(trues[i])
                : context.Curves.Select(node, holds, whenTrue.Form(trues[i]), whenFalse.Form(falses[i]));
        }

        return OnnxValue.Computed(node.Result, shape, forms, batchAxis, isFloat: whenTrue.IsFloat);
    }

    private static bool HasInfinity(OnnxValue value)
    {
        if (!value.IsConstant) return false;
        for (int i = 0; i < value.Count; i++)
        {
            if (double.IsInfinity(value.Raw(i))) return true;
        }

        return false;
    }

    private static AffineCombination Product(OnnxNode node, OnnxContext context, AffineCombination left, AffineCombination right)
    {
        if (left.IsConstant) return right.Scale(left.Constant);
        return right.IsConstant ? left.Scale(right.Constant) : context.Curves.Multiply(node, left, right);
    }
}
