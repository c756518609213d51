using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Kan.Interchange.Onnx.Graph;

namespace Kan.Interchange.Onnx.Operators;

/// <summary>Operators that jump, or make shapes, and are folded where all they read is constant.</summary>
internal static class FoldedOperators
{
    private static readonly Dictionary<string, OnnxOperator> s_operators = new()
    {
        ["Ceil"] = Each(static x => -AxisWeights.Floor(-x)),
        ["Floor"] = Each(static x => AxisWeights.Floor(x)),
        ["Mod"] = Mod,
        ["Range"] = Range,
        ["Round"] = Each(Round),
    };

    /// <summary>What a node makes of constants; null if it is none of these, or reads what depends on the inputs.</summary>
    public static OnnxValue? Compute(OnnxNode node, OnnxContext context) =>
        s_operators.TryGetValue(node.Operator, out var compute) && node.Inputs.All(static input => input.IsConstant)
            ? compute(node, context)
            : null;

    private static OnnxOperator Each(Func<Rational, Rational> function) => (node, context) =>
    {
        var value = node.Input(0);
        context.CountOf(node, value.Shape, isConstant: true);
        return OnnxValue.Constant(node.Result, value.Shape, Array.ConvertAll(value.Numbers, number => function(number)), value.IsFloat);
    };

    /// <summary>The nearest whole number, the even one of two.</summary>
    private static Rational Round(Rational x)
    {
        var below = AxisWeights.Floor(x);
        int half = (x - below).CompareTo(Rational.Create(1, 2));
        return half > 0 || (half == 0 && !below.IsEven) ? below + 1 : below;
    }

    /// <summary>The remainder: with the sign of the divisor, or of the dividend as C has it.</summary>
    private static OnnxValue Mod(OnnxNode node, OnnxContext context)
    {
        bool isTruncated = node.Integer("fmod", 0) != 0;
        return ElementwiseOperators.Combine(node, context, (n, _, a, b) =>
        {
            if (b.Constant.IsZero) throw n.Malformed("divides by 0");
            var quotient = a.Constant / b.Constant;
            var whole = isTruncated && quotient.Sign < 0 ? -AxisWeights.Floor(-quotient) : AxisWeights.Floor(quotient);
            return Symbolic.AffineCombination.OfConstant(a.Constant - (b.Constant * whole));
        }, node.Input(0), node.Input(1));
    }

    private static OnnxValue Range(OnnxNode node, OnnxContext context)
    {
        OnnxValue first = node.Input(0), limit = node.Input(1), step = node.Input(2);
        if (first.Count != 1 || limit.Count != 1 || step.Count != 1 || step.Numbers[0].IsZero)
            throw node.Malformed("has a start, limit or step that is not one number, or a step of 0");
        var length = -AxisWeights.Floor((first.Numbers[0] - limit.Numbers[0]) / step.Numbers[0]);
        int count = (int)BigInteger.Clamp(length, 0, int.MaxValue);
        context.CountOf(node, [count], isConstant: true);
        return OnnxValue.Constant(node.Result, [count],
            [.. Enumerable.Range(0, count).Select(i => first.Numbers[0] + (i * step.Numbers[0]))], first.IsFloat);
    }
}
