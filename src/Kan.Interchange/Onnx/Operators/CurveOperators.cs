using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Onnx.Graph;
using Kan.Interchange.Symbolic;

namespace Kan.Interchange.Onnx.Operators;

/// <summary>Curved functions of each value: exact in meaning, approximated once the whole network is known; of constants, rounded to double.</summary>
internal static class CurveOperators
{
    private static readonly RealFunction s_x = RealFunction.X;

    /// <summary>1 / sqrt 2, and sqrt(2 / pi), as narrow intervals.</summary>
    private static readonly RealFunction s_rootOfHalf = RealFunction.Within(1.0 / IntervalFunctions.Sqrt(2.0));
    private static readonly RealFunction s_gauss = RealFunction.Within(IntervalFunctions.Sqrt(2.0 / Interval.Outward(Math.PI, Math.PI)));

    /// <summary>An operator without attributes.</summary>
    /// <param name="function">The function.</param>
    /// <param name="number">The same for numbers, where constants are folded; null where they are not.</param>
    public static OnnxOperator Of(Func<RealFunction, RealFunction> function, Func<double, double>? number = null) => (node, context) => Each(node, context, node.Input(0), function, number);

    /// <summary>x Phi(x), by the error function or by its approximation with tanh.</summary>
    public static OnnxValue Gelu(OnnxNode node, OnnxContext context)
    {
        string form = node.Text("approximate", "none");
        if (form is not ("none" or "tanh")) throw node.Unsupported($"has approximate = '{form}'", "'none' and 'tanh' are supported.");
        return Each(node, context, node.Input(0), form == "tanh" ? GeluByTanh : Gelu);
    }

    public static RealFunction Gelu(RealFunction x) => 0.5 * x * (1.0 + RealFunction.Erf(s_rootOfHalf * x));

    public static RealFunction GeluByTanh(RealFunction x) =>
        0.5 * x * (1.0 + RealFunction.Tanh(s_gauss * (x + (ScalarPiece.Number(Rational.Create(44715, 1_000_000)) * RealFunction.Power(x, 3)))));

    /// <summary>x where it is positive, alpha (exp(x) - 1) elsewhere.</summary>
    public static RealFunction Elu(RealFunction x, double alpha, double rate = 1, double scale = 1)
    {
        var negative = alpha * scale * (RealFunction.Exp(rate == 1 ? s_x : s_x / rate) - 1.0);
        return RealFunction.Compose(RealFunction.Join(0, negative, scale * s_x), x);
    }

    public static OnnxValue Elu(OnnxNode node, OnnxContext context)
    {
        node.Ignore("consumed_inputs");
        float alpha = node.Float("alpha", 1);
        return Each(node, context, node.Input(0), x => Elu(x, alpha));
    }

    public static OnnxValue Selu(OnnxNode node, OnnxContext context)
    {
        node.Ignore("consumed_inputs");
        float alpha = node.Float("alpha", 1.67326319217681884765625f), gamma = node.Float("gamma", 1.05070102214813232421875f);
        return Each(node, context, node.Input(0), x => Selu(x, alpha, gamma));
    }

    public static RealFunction Selu(RealFunction x, double alpha = 1.67326319217681884765625, double gamma = 1.05070102214813232421875) =>
        RealFunction.Compose(RealFunction.Join(0, (RealFunction)gamma * (alpha * (RealFunction.Exp(s_x) - 1.0)), gamma * s_x), x);

    public static OnnxValue Celu(OnnxNode node, OnnxContext context)
    {
        float alpha = node.Float("alpha", 1);
        if (alpha == 0) throw node.Malformed("has alpha = 0");
        return Each(node, context, node.Input(0), x => Elu(x, alpha, alpha));
    }

    /// <summary>x / (1 + |x|).</summary>
    public static RealFunction Softsign(RealFunction x) => RealFunction.Compose(RealFunction.Join(0, s_x / (1.0 - s_x), s_x / (1.0 + s_x)), x);

    /// <summary>x tanh(softplus(x)).</summary>
    public static RealFunction Mish(RealFunction x) => x * RealFunction.Tanh(RealFunction.Softplus(x));

    /// <summary>x max(0, min(1, x / 6 + 1 / 2)).</summary>
    public static RealFunction HardSwish(RealFunction x)
    {
        var bent = RealFunction.Join(-3, 0.0, RealFunction.Join(3, s_x * (s_x + 3.0) / 6.0, s_x));
        return RealFunction.Compose(bent, x);
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
        double power = exponent.Count > 0 ? exponent.Raw(0) : throw node.Malformed("has no exponent");
        if (Enumerable.Range(1, exponent.Count - 1).Any(i => exponent.Raw(i) != power)) throw node.Unsupported($"has different exponents, of shape {TensorShape.Text(exponent.Shape)}", "One exponent is supported.");
        if (power == 1) return value;
        if (!double.IsFinite(power)) throw node.Malformed("has an exponent that is not finite");
        if (power == 0.5) return Each(node, context, value, RealFunction.Sqrt, Math.Sqrt);
        return Each(node, context, value, x => RealFunction.Power(x, power), x => Math.Pow(x, power));
    }

    private static OnnxValue Each(OnnxNode node, OnnxContext context, OnnxValue value, Func<RealFunction, RealFunction> function, Func<double, double>? number = null)
    {
        if (!value.IsConstant) return ActivationOperators.Each(node, context, value, (form, _) => form.IsConstant ? AffineCombination.OfConstant(OfConstant(node, function, number, form.Constant)) : context.Curves.Apply(node, function, form));
        context.Note($"{node.Title}: the constant result is rounded to double.");
        context.CountOf(node, value.Shape, isConstant: true);
        return OnnxValue.Constant(node.Result, value.Shape, [.. Enumerable.Range(0, value.Count).Select(i => number is null ? OfConstant(node, function, number, value.Numbers[i]) : Finite(node, number(value.Raw(i))))]);
    }

    private static Rational OfConstant(OnnxNode node, Func<RealFunction, RealFunction> function, Func<double, double>? number, Rational constant)
    {
        double at = constant.ToDouble();
        var enclosed = number is null ? function(s_x).At(at) : default;
        return Finite(node, number is null ? enclosed.IsBounded ? enclosed.Middle : double.NaN : number(at));
    }

    private static Rational Finite(OnnxNode node, double value) => double.IsFinite(value) ? Rational.FromDouble(value) : throw node.Malformed("gives a constant that is not finite");
}
