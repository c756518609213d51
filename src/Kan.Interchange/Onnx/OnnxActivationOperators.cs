using System;
using System.Linq;

namespace Kan.Interchange.Onnx;

/// <summary>Operators that bend each value by itself.</summary>
internal static class OnnxActivationOperators
{
    public static void Relu(OnnxNode node, OnnxChain chain) => chain.Activation(node, PiecewiseLinearFunction.Relu);

    public static void Abs(OnnxNode node, OnnxChain chain) => chain.Activation(node, Leaky(-1));

    public static void LeakyRelu(OnnxNode node, OnnxChain chain) =>
        chain.Activation(node, Leaky(Rational.FromSingle(node.Float("alpha", 0.01f))));

    public static void PRelu(OnnxNode node, OnnxChain chain)
    {
        node.RequireDataFirst("slope");
        chain.Activation(node, Array.ConvertAll(chain.Broadcast(node, node.Constant(1, "slope")), Leaky));
    }

    /// <summary>max(0, min(1, alpha x + beta)).</summary>
    public static void HardSigmoid(OnnxNode node, OnnxChain chain)
    {
        var line = PiecewiseLinearFunction.Linear(Rational.FromSingle(node.Float("alpha", 0.2f)), Rational.FromSingle(node.Float("beta", 0.5f)));
        chain.Activation(node, Between(Rational.Zero, Rational.One).Compose(line));
    }

    public static void Clip(OnnxNode node, OnnxChain chain)
    {
        node.RequireDataFirst("bound");
        double low = node.HasInput(1) ? Bound(1, "minimum") : node.Float("min", float.MinValue);
        double high = node.HasInput(2) ? Bound(2, "maximum") : node.Float("max", float.MaxValue);

        // The largest float, the operator's own default, means no bound.
        bool hasLow = low > float.MinValue, hasHigh = high < float.MaxValue;
        if (double.IsNaN(low) || double.IsNaN(high) || double.IsPositiveInfinity(low) || double.IsNegativeInfinity(high))
            throw node.Malformed("has a bound that no number meets");
        if (hasLow && hasHigh) chain.Activation(node, Between(Rational.FromDouble(low), Rational.FromDouble(high)));
        else if (hasLow) chain.Activation(node, Between(Rational.FromDouble(low), null));
        else if (hasHigh) chain.Activation(node, Between(null, Rational.FromDouble(high)));

        double Bound(int input, string role)
        {
            var tensor = node.Constant(input, role);
            return tensor.Values.Length == 1 && tensor.IsFloat
                ? tensor.Values[0]
                : throw node.Malformed($"has a {role} of shape {tensor.Shape} where one number is expected");
        }
    }

    /// <summary>The larger (or smaller) of the data and one constant.</summary>
    public static void Extremum(OnnxNode node, OnnxChain chain)
    {
        if (node.InputCount != 2) throw node.Unsupported($"has {node.InputCount} inputs", "Two are supported: the data and a constant.");
        bool isMaximum = node.Operator == "Max";
        var bounds = chain.Broadcast(node, node.Constant(node.IsConstant(0) ? 0 : 1, "operand"));
        chain.Activation(node, [.. bounds.Select(bound => isMaximum ? Between(bound, null) : Between(null, bound))]);
    }

    private static PiecewiseLinearFunction Leaky(Rational slope) =>
        PiecewiseLinearFunction.FromSlopes([Rational.Zero], [slope, Rational.One], Rational.Zero, Rational.Zero);

    /// <summary>min(max(x, low), high), as the operator defines it where the bounds cross.</summary>
    private static PiecewiseLinearFunction Between(Rational? low, Rational? high) => (low, high) switch
    {
        ({ } a, { } b) when a >= b => PiecewiseLinearFunction.Constant(b),
        ({ } a, { } b) => PiecewiseLinearFunction.FromSlopes([a, b], [Rational.Zero, Rational.One, Rational.Zero], a, a),
        ({ } a, null) => PiecewiseLinearFunction.FromSlopes([a], [Rational.Zero, Rational.One], a, a),
        (null, { } b) => PiecewiseLinearFunction.FromSlopes([b], [Rational.One, Rational.Zero], b, b),
        _ => PiecewiseLinearFunction.Identity,
    };
}
