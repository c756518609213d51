using System;
using System.Linq;
using Kan.Interchange.Curves;
using Kan.Interchange.Onnx.Graph;
using Kan.Interchange.Symbolic;

namespace Kan.Interchange.Onnx.Operators;

/// <summary>Operators that combine two or more values element by element, spreading the smaller ones.</summary>
internal static class ElementwiseOperators
{
    /// <summary>The operator set since which slopes spread like operands of any operator.</summary>
    private const int SpreadsSlopes = 7;

    // So many operands are added two by two; each sum of more copies what is before it.
    private const int MostPairs = 16;

    public static OnnxValue Add(OnnxNode node, OnnxContext context) => Combine(node, context, Plus);

    public static OnnxValue Sub(OnnxNode node, OnnxContext context) => Combine(node, context, Minus);

    public static OnnxValue Mul(OnnxNode node, OnnxContext context) => Combine(node, context, Times);

    public static OnnxValue Div(OnnxNode node, OnnxContext context)
    {
        var divisor = node.Input(1);
        if (!divisor.IsConstant) return Combine(node, context, Quotient);
        bool isWhole = !divisor.IsFloat;
        return Combine(node, context, (n, c, a, b) =>
        {
            if (b.Constant.IsZero) throw n.Malformed("divides by 0");
            var quotient = a.Scale(Rational.One / b.Constant);
            return isWhole
                ? AffineCombination.OfConstant(
                    System.Numerics.BigInteger.Divide(quotient.Constant.Numerator, quotient.Constant.Denominator))
                : quotient;
        });
    }

    public static OnnxValue Sum(OnnxNode node, OnnxContext context) =>
        node.InputCount > MostPairs ? SumOfMany(node, context) : Fold(node, context, Plus);

    public static OnnxValue Mean(OnnxNode node, OnnxContext context)
    {
        var sum = Sum(node, context);
        var share = Rational.Create(1, node.InputCount);
        return ActivationOperators.Each(node, context, sum, (form, _) => form.Scale(share));
    }

    public static OnnxValue Max(OnnxNode node, OnnxContext context) => Fold(node, context, Larger);

    public static OnnxValue Min(OnnxNode node, OnnxContext context) => Fold(node, context, Smaller);

    /// <summary>x where it is positive, slope x elsewhere; the slope spreads over x, never x over the slope.</summary>
    public static OnnxValue PRelu(OnnxNode node, OnnxContext context)
    {
        node.Ignore("consumed_inputs");
        OnnxValue value = node.Input(0), slope = node.Constant(1, "slope");

        // Sets before 7 have one slope for each channel, which later ones write with axes behind it.
        if (context.OperatorSet < SpreadsSlopes && slope.Rank == 1 && slope.Count > 1)
            slope = slope.Reshape(slope.Name, [slope.Count, .. Enumerable.Repeat(1, Math.Max(0, value.Rank - 2))], -1);
        return Combine(node, context, (n, c, a, b) => c.Apply(n, TrainedFunctions.Leaky(b.Constant), a), value, slope);
    }

    /// <summary>max(a, b) = b + relu(a - b): a unit, and the operand that is the simpler of the two.</summary>
    public static AffineCombination Larger(OnnxNode node, OnnxContext context, AffineCombination left, AffineCombination right)
    {
        if (left.IsConstant) (left, right) = (right, left);
        if (right.IsConstant) return context.Apply(node, ActivationOperators.Between(right.Constant, null), left);
        if (left.Units.Length < right.Units.Length) (left, right) = (right, left);
        var difference = left - right;
        context.Spend(node, left.Units.Length + right.Units.Length);
        if (difference.IsConstant) return difference.Constant.Sign >= 0 ? left : right;
        return context.Materialise(node, right) + context.Apply(node, PiecewiseLinearFunction.Relu, difference);
    }

    /// <summary>min(a, b) = -max(-a, -b).</summary>
    public static AffineCombination Smaller(OnnxNode node, OnnxContext context, AffineCombination left, AffineCombination right)
    {
        if (left.IsConstant) (left, right) = (right, left);
        if (right.IsConstant) return context.Apply(node, ActivationOperators.Between(null, right.Constant), left);
        return Larger(node, context, left.Scale(-1), right.Scale(-1)).Scale(-1);
    }

    /// <summary>Values of one type, spread over each other: shape and axis of samples of the result.</summary>
    public static (int[] Shape, int BatchAxis) Spread(OnnxNode node, OnnxValue left, OnnxValue right)
    {
        var shape = TensorShape.Broadcast(left.Shape, right.Shape);
        int batch = Aligned(left, shape?.Length ?? 0), other = Aligned(right, shape?.Length ?? 0);
        if (shape is not null && ((batch >= 0 && shape[batch] != 1) || (other >= 0 && shape[other] != 1)))
            throw node.Mixes($"combines '{left.Name}' with '{right.Name}' along the samples");
        if (shape is null)
        {
            throw node.Unsupported(
                $"combines '{left.Name}' of shape {TensorShape.Text(left.Shape)} with '{right.Name}' of shape "
                + $"{TensorShape.Text(right.Shape)}",
                "Each axis must have the same size in both, or 1 in one of them.");
        }

        if (batch >= 0 && other >= 0 && batch != other)
            throw node.Mixes($"combines '{left.Name}' with '{right.Name}', whose samples are along different axes");
        return (shape, Math.Max(batch, other));
    }

    private static int Aligned(OnnxValue value, int rank) => value.BatchAxis < 0 ? -1 : value.BatchAxis + rank - value.Rank;

    /// <summary>What becomes of an element of each operand.</summary>
    public delegate AffineCombination Combination(OnnxNode node, OnnxContext context, AffineCombination left, AffineCombination right);

    private static AffineCombination Plus(OnnxNode node, OnnxContext context, AffineCombination left, AffineCombination right)
    {
        context.Spend(node, left.Units.Length + right.Units.Length);
        return context.Curves.Collapse(node, left + right);
    }

    private static AffineCombination Minus(OnnxNode node, OnnxContext context, AffineCombination left, AffineCombination right)
    {
        context.Spend(node, left.Units.Length + right.Units.Length);
        return context.Curves.Collapse(node, left - right);
    }

    private static AffineCombination Times(OnnxNode node, OnnxContext context, AffineCombination left, AffineCombination right)
    {
        context.Spend(node, left.Units.Length + right.Units.Length);
        if (left.IsConstant) return right.Scale(left.Constant);
        return right.IsConstant ? left.Scale(right.Constant) : context.Curves.Multiply(node, left, right);
    }

    private static AffineCombination Quotient(OnnxNode node, OnnxContext context, AffineCombination left, AffineCombination right)
    {
        context.Spend(node, left.Units.Length + right.Units.Length);
        if (right.IsConstant)
            return right.Constant.IsZero ? throw node.Malformed("divides by 0") : left.Scale(Rational.One / right.Constant);
        return context.Curves.Divide(node, left, right);
    }

    /// <summary>The sum of any number of values, each term added once.</summary>
    private static OnnxValue SumOfMany(OnnxNode node, OnnxContext context)
    {
        var first = node.Input(0);
        var (shape, batchAxis) = (first.Shape, first.BatchAxis);
        bool isConstant = first.IsConstant;
        for (int i = 1; i < node.InputCount; i++)
        {
            var value = node.Input(i);
            if (value.IsFloat != first.IsFloat) throw Mixed(node, first, value);
            (shape, batchAxis) = Spread(node, OnnxValue.Computed(node.Result, shape, [], batchAxis, mayFold: false), value);
            isConstant &= value.IsConstant;
        }

        var values = node.Inputs.ToList();
        int count = context.CountOf(node, shape, isConstant);
        context.Spend(node, (long)count * values.Count);
        var maps = values.ConvertAll(value => value.Shape.AsSpan().SequenceEqual(shape)
            ? null
            : TensorShape.BroadcastMap(value.Shape, shape));
        var forms = new AffineCombination[count];
        for (int i = 0; i < count; i++)
        {
            for (int operand = 0; operand < values.Count; operand++)
            {
                var form = values[operand].Form(maps[operand]?[i] ?? i);
                context.Spend(node, form.Units.Length);
                context.Sum.Add(form, Rational.One);
            }

            forms[i] = context.Sum.Take();
        }

        return isConstant
            ? OnnxValue.Constant(node.Result, shape, Array.ConvertAll(forms, static form => form.Constant), first.IsFloat)
            : OnnxValue.Computed(node.Result, shape, forms, batchAxis);
    }

    private static ModelFileException Mixed(OnnxNode node, OnnxValue left, OnnxValue right) =>
        node.Unsupported($"combines '{left.Name}' with '{right.Name}', one of which holds integers",
            "Numbers of one floating-point type are expected.");

    private static OnnxValue Combine(OnnxNode node, OnnxContext context, Combination combine)
    {
        if (node.InputCount != 2) throw node.Malformed($"has {node.InputCount} inputs where 2 are expected");
        return Combine(node, context, combine, node.Input(0), Aligned(node, node.Input(0), node.Input(1)));
    }

    /// <summary>
    /// The second operand as operator sets before 7 align it, by <c>broadcast</c> and <c>axis</c>; later ones have no such attributes.
    /// </summary>
    private static OnnxValue Aligned(OnnxNode node, OnnxValue left, OnnxValue right)
    {
        node.Ignore("consumed_inputs");
        bool spreads = node.Integer("broadcast", 0) != 0;
        long axis = node.Integer("axis", -1);
        if (!spreads || axis < 0) return right;
        int behind = left.Rank - (int)Math.Min(axis, left.Rank) - right.Rank;
        if (behind < 0 || right.BatchAxis >= 0) throw node.Malformed($"aligns '{right.Name}' of shape {TensorShape.Text(right.Shape)} "
            + $"with axis {axis} of '{left.Name}' of shape {TensorShape.Text(left.Shape)}");
        return right.Reshape(right.Name, [.. right.Shape, .. Enumerable.Repeat(1, behind)], -1);
    }

    private static OnnxValue Fold(OnnxNode node, OnnxContext context, Combination combine)
    {
        if (node.InputCount == 0) throw node.Malformed("has no inputs");
        var value = node.Input(0);
        for (int i = 1; i < node.InputCount; i++) value = Combine(node, context, combine, value, node.Input(i));
        return value;
    }

    /// <summary>An operation on each pair of elements.</summary>
    /// <param name="node">The node.</param>
    /// <param name="context">What the operators share.</param>
    /// <param name="combine">The operation.</param>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand, of the same type.</param>
    /// <param name="isFloat">Whether the result is of a floating-point type; null for that of the operands.</param>
    public static OnnxValue Combine(OnnxNode node, OnnxContext context, Combination combine, OnnxValue left, OnnxValue right,
        bool? isFloat = null)
    {
        if (left.IsFloat != right.IsFloat) throw Mixed(node, left, right);
        var (shape, batchAxis) = Spread(node, left, right);
        int count = context.CountOf(node, shape, left.IsConstant && right.IsConstant);
        if (combine == (Combination)Plus || combine == (Combination)Minus)
        {
            var before = left;
            left = context.Carry(node, left, right);
            right = context.Carry(node, right, before);
        }

        int[] leftMap = TensorShape.BroadcastMap(left.Shape, shape), rightMap = TensorShape.BroadcastMap(right.Shape, shape);
        var forms = new AffineCombination[count];
        for (int i = 0; i < count; i++) forms[i] = combine(node, context, left.Form(leftMap[i]), right.Form(rightMap[i]));
        return left.IsConstant && right.IsConstant
            ? OnnxValue.Constant(node.Result, shape, Array.ConvertAll(forms, static form => form.Constant), isFloat ?? left.IsFloat)
            : OnnxValue.Computed(node.Result, shape, forms, batchAxis, isFloat: isFloat ?? left.IsFloat);
    }
}
