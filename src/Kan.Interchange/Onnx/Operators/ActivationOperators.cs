using System;
using Kan.Interchange.Curves;
using Kan.Interchange.Onnx.Graph;
using Kan.Interchange.Symbolic;

namespace Kan.Interchange.Onnx.Operators;

/// <summary>Operators that bend each value by itself.</summary>
internal static class ActivationOperators
{
    public static OnnxValue Relu(OnnxNode node, OnnxContext context) => Bend(node, context, PiecewiseLinearFunction.Relu);

    public static OnnxValue Abs(OnnxNode node, OnnxContext context) => Bend(node, context, TrainedFunctions.Leaky(-1));

    public static OnnxValue Neg(OnnxNode node, OnnxContext context) => Bend(node, context, PiecewiseLinearFunction.Linear(-1, 0));

    public static OnnxValue LeakyRelu(OnnxNode node, OnnxContext context) =>
        Bend(node, context, TrainedFunctions.Leaky(Rational.FromSingle(node.Float("alpha", 0.01f))));

    /// <summary>max(0, min(1, alpha x + beta)).</summary>
    public static OnnxValue HardSigmoid(OnnxNode node, OnnxContext context)
    {
        var line = PiecewiseLinearFunction.Linear(Rational.FromSingle(node.Float("alpha", 0.2f)),
            Rational.FromSingle(node.Float("beta", 0.5f)));
        return Bend(node, context, Between(Rational.Zero, Rational.One).Compose(line));
    }

    /// <summary>x above alpha and 0 elsewhere: a jump unless alpha is 0.</summary>
    public static OnnxValue ThresholdedRelu(OnnxNode node, OnnxContext context)
    {
        float alpha = node.Float("alpha", 1);
        if (alpha != 0)
            throw node.Unsupported($"has alpha = {alpha:R}, so it jumps from 0 to {alpha:R} there and is not continuous",
                "Only alpha = 0, which is Relu, is continuous; train with Relu and a bias.");
        return Bend(node, context, PiecewiseLinearFunction.Relu);
    }

    /// <summary>0 within lambd of 0; beyond it x moved towards 0 by bias: a jump unless they are equal.</summary>
    public static OnnxValue Shrink(OnnxNode node, OnnxContext context)
    {
        float threshold = node.Float("lambd", 0.5f), bias = node.Float("bias", 0);
        if (threshold != bias || threshold < 0)
            throw node.Unsupported($"has lambd = {threshold:R} and bias = {bias:R}, so it jumps and is not continuous",
                "Only equal values (soft shrinkage) are supported.");
        var edge = Rational.FromSingle(threshold);
        return Bend(node, context, PiecewiseLinearFunction.Relu.Compose(PiecewiseLinearFunction.Linear(1, -edge))
            - PiecewiseLinearFunction.Relu.Compose(PiecewiseLinearFunction.Linear(-1, -edge)));
    }

    public static OnnxValue Clip(OnnxNode node, OnnxContext context)
    {
        double low = node.HasInput(1) ? Bound(1, "minimum") : node.Float("min", float.MinValue);
        double high = node.HasInput(2) ? Bound(2, "maximum") : node.Float("max", float.MaxValue);

        // The largest float, the operator's own default, means no bound.
        bool hasLow = low > float.MinValue, hasHigh = high < float.MaxValue;
        if (double.IsNaN(low) || double.IsNaN(high) || double.IsPositiveInfinity(low) || double.IsNegativeInfinity(high))
            throw node.Malformed("has bounds that no number satisfies");
        return Bend(node, context, Between(hasLow ? Rational.FromDouble(low) : null, hasHigh ? Rational.FromDouble(high) : null));

        double Bound(int input, string role)
        {
            var bound = node.Constant(input, role);
            return bound.Count == 1 && bound.IsFloat
                ? bound.Raw(0)
                : throw node.Malformed($"has a {role} of shape {TensorShape.Text(bound.Shape)} where one number is expected");
        }
    }

    /// <summary>Applies a function to each value.</summary>
    public static OnnxValue Bend(OnnxNode node, OnnxContext context, PiecewiseLinearFunction function) =>
        Each(node, context, node.Input(0), (form, _) => context.Apply(node, function, form));

    /// <summary>Maps each value by itself.</summary>
    public static OnnxValue Each(OnnxNode node, OnnxContext context, OnnxValue value, Func<AffineCombination, int, AffineCombination> map)
    {
        context.CountOf(node, value.Shape, value.IsConstant);
        context.Spend(node, value.TermCount);
        var forms = new AffineCombination[value.Count];
        for (int i = 0; i < forms.Length; i++) forms[i] = map(value.Form(i), i);
        return value.IsConstant
            ? OnnxValue.Constant(node.Result, value.Shape, Array.ConvertAll(forms, static form => form.Constant), value.IsFloat)
            : OnnxValue.Computed(node.Result, value.Shape, forms, value.BatchAxis, isFloat: value.IsFloat);
    }

    /// <summary>min(max(x, low), high), as Clip defines it where the bounds cross.</summary>
    public static PiecewiseLinearFunction Between(Rational? low, Rational? high) => (low, high) switch
    {
        ({ } a, { } b) when a >= b => PiecewiseLinearFunction.Constant(b),
        ({ } a, { } b) => PiecewiseLinearFunction.FromSlopes([a, b], [Rational.Zero, Rational.One, Rational.Zero], a, a),
        ({ } a, null) => PiecewiseLinearFunction.FromSlopes([a], [Rational.Zero, Rational.One], a, a),
        (null, { } b) => PiecewiseLinearFunction.FromSlopes([b], [Rational.One, Rational.Zero], b, b),
        _ => PiecewiseLinearFunction.Identity,
    };
}
