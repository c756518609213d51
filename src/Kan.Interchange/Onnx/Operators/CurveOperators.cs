using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Curves;
using Kan.Interchange.Onnx.Graph;
using Kan.Interchange.Symbolic;

namespace Kan.Interchange.Onnx.Operators;

/// <summary>
/// Curved functions of each value: exact in meaning, approximated once the whole network is known; of constants, rounded to double.
/// </summary>
internal static class CurveOperators
{
    private static readonly RealFunction s_x = RealFunction.X;

    /// <summary>An operator without attributes.</summary>
    /// <param name="function">The function.</param>
    /// <param name="number">The same for numbers, where constants are folded; null if they are not.</param>
    public static OnnxOperator Of(Func<RealFunction, RealFunction> function, Func<double, double>? number = null) => (node, context) =>
        Each(node, context, node.Input(0), function, number);

    /// <summary>x Phi(x), by the error function or by its approximation with tanh.</summary>
    public static OnnxValue Gelu(OnnxNode node, OnnxContext context)
    {
        string form = node.Text("approximate", "none");
        if (form is not ("none" or "tanh")) throw node.Unsupported($"has approximate = '{form}'", "'none' and 'tanh' are supported.");
        return Each(node, context, node.Input(0), form == "tanh" ? Activations.GeluByTanh : Activations.Gelu);
    }

    public static OnnxValue Elu(OnnxNode node, OnnxContext context)
    {
        node.Ignore("consumed_inputs");
        float alpha = node.Float("alpha", 1);
        return Each(node, context, node.Input(0), x => Activations.Elu(x, alpha));
    }

    public static OnnxValue Selu(OnnxNode node, OnnxContext context)
    {
        node.Ignore("consumed_inputs");
        float alpha = node.Float("alpha", 1.67326319217681884765625f), gamma = node.Float("gamma", 1.05070102214813232421875f);
        return Each(node, context, node.Input(0), x => Activations.Selu(x, alpha, gamma));
    }

    public static OnnxValue Celu(OnnxNode node, OnnxContext context)
    {
        float alpha = node.Float("alpha", 1);
        if (alpha == 0) throw node.Malformed("has alpha = 0");
        return Each(node, context, node.Input(0), x => Activations.Celu(x, alpha));
    }

    /// <summary>x Sigmoid(alpha x).</summary>
    public static OnnxValue Swish(OnnxNode node, OnnxContext context)
    {
        float alpha = node.Float("alpha", 1);
        return Each(node, context, node.Input(0), alpha == 1 ? RealFunction.Silu : x => x * RealFunction.Sigmoid(alpha * x));
    }

    /// <summary>A constant power.</summary>
    public static OnnxValue Pow(OnnxNode node, OnnxContext context)
    {
        var value = node.Input(0);
        var exponent = node.Constant(1, "exponent");
        node.Ignore("broadcast");
        double power = exponent.Count > 0 ? exponent.Raw(0) : throw node.Malformed("has no exponent");
        if (exponent.Count > 1) return PowOfEach(node, context, value, exponent);
        if (power == 1) return value;
        if (!double.IsFinite(power)) throw node.Malformed("has an exponent that is not finite");
        if (power == 0.5) return Each(node, context, value, RealFunction.Sqrt, Math.Sqrt);
        return Each(node, context, value, x => RealFunction.Power(x, power), x => Math.Pow(x, power));
    }

    /// <summary>An exponent for each value, or each value for exponents.</summary>
    private static OnnxValue PowOfEach(OnnxNode node, OnnxContext context, OnnxValue value, OnnxValue exponent)
    {
        if (value.IsConstant) context.Note($"{node.Title}: the constant result is rounded to double.");
        return ElementwiseOperators.Combine(node, context, (n, c, a, b) =>
        {
            double power = b.Constant.ToDouble();
            if (a.IsConstant) return AffineCombination.OfConstant(Finite(n, Math.Pow(a.Constant.ToDouble(), power)));
            return power == 1 ? a : power == 0 ? AffineCombination.OfConstant(Rational.One)
                : c.Curves.Apply(n, power == 0.5 ? RealFunction.Sqrt : x => RealFunction.Power(x, power), a);
        }, value, exponent.As(exponent.Name, value.IsFloat));
    }

    private static OnnxValue Each(OnnxNode node, OnnxContext context, OnnxValue value, Func<RealFunction, RealFunction> function,
        Func<double, double>? number = null)
    {
        if (!value.IsConstant)
            return ActivationOperators.Each(node, context, value,
                (form, _) => form.IsConstant ? AffineCombination.OfConstant(OfConstant(node, function, number, form.Constant))
                : context.Curves.Apply(node, function, form));
        context.Note($"{node.Title}: the constant result is rounded to double.");
        context.CountOf(node, value.Shape, isConstant: true);
        return OnnxValue.Constant(node.Result, value.Shape,
            [.. Enumerable.Range(0, value.Count)
            .Select(i => number is null ? OfConstant(node, function, number, value.Numbers[i]) : Finite(node, number(value.Raw(i))))]);
    }

    private static Rational OfConstant(OnnxNode node, Func<RealFunction, RealFunction> function, Func<double, double>? number,
        Rational constant)
    {
        double at = constant.ToDouble();
        var enclosed = number is null ? function(s_x).At(at) : default;
        return Finite(node, number is null ? enclosed.IsBounded ? enclosed.Middle : double.NaN : number(at));
    }

    private static Rational Finite(OnnxNode node, double value) =>
        double.IsFinite(value) ? Rational.FromDouble(value) : throw node.Malformed("gives a constant that is not finite");
}
