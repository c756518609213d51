using Microsoft.CodeAnalysis.Operations;

namespace Kan.CodeFixes.Smooth;

/// <content>Arithmetic and the functions of <c>Math</c>.</content>
internal sealed partial class SmoothFunctionReader
{
    private static readonly RealFunction s_one = 1.0;

    private static RealFunction? Arithmetic(BinaryOperatorKind kind, RealFunction left, RealFunction right) => kind switch
    {
        BinaryOperatorKind.Add => left + right,
        BinaryOperatorKind.Subtract => left + Scale(-1, right),
        BinaryOperatorKind.Multiply => Multiply(left, right),
        BinaryOperatorKind.Divide => Divide(left, right),
        _ => null,
    };

    /// <summary>A multiple; the sign is outermost, which is how the logistic function is recognized.</summary>
    private static RealFunction Scale(double factor, RealFunction function) => (factor, function) switch
    {
        (-1, ConstantFunction constant) => -constant.Value,
        (-1, ProductFunction { Left: ConstantFunction { Value: -1 } } negative) => negative.Right,
        (0, _) => 0.0,
        (1, _) => function,
        ( < 0, _) => -1.0 * Scale(-factor, function),
        _ => (RealFunction)factor * function,
    };

    private static RealFunction Multiply(RealFunction left, RealFunction right)
    {
        if (left is ConstantFunction a) return Scale(a.Value, right);
        if (right is ConstantFunction b) return Scale(b.Value, left);

        // Constants come out of products, so that 0.1 * x * x has a square.
        if (left is ProductFunction { Left: ConstantFunction c, Right: var inLeft }) return Scale(c.Value, Multiply(inLeft, right));
        if (right is ProductFunction { Left: ConstantFunction d, Right: var inRight }) return Scale(d.Value, Multiply(left, inRight));

        // x times the logistic function of x is the SiLU, whose own range is exact.
        if (IsSigmoidOf(right, left)) return RealFunction.Silu(left);
        return IsSigmoidOf(left, right) ? RealFunction.Silu(right) : left * right;
    }

    private static bool IsSigmoidOf(RealFunction function, RealFunction argument) =>
        function is ElementaryComposition composition && composition.Outer == ElementaryFunction.Sigmoid
            && composition.Inner.Equals(argument);

    private static RealFunction? Divide(RealFunction left, RealFunction right)
    {
        if (right is not ConstantFunction divisor) return left / right;
        if (divisor.Value == 0) return null;

        // The reciprocal of a power of two is exact.
        double reciprocal = 1 / divisor.Value;
        bool isExact = !double.IsInfinity(reciprocal)
            && Rational.FromDouble(reciprocal) * Rational.FromDouble(divisor.Value) == Rational.One;
        return isExact ? Scale(reciprocal, left) : left / right;
    }

    private static RealFunction? Apply(string name, RealFunction[] arguments) => (name, arguments) switch
    {
        ("Abs", [var x]) => RealFunction.Abs(x),
        ("Max", [var x, var y]) => RealFunction.Max(x, y),
        ("Min", [var x, var y]) => RealFunction.Min(x, y),
        ("Clamp", [var x, ConstantFunction low, ConstantFunction high]) when low.Value <= high.Value =>
            RealFunction.Min(RealFunction.Max(x, low), high),
        ("FusedMultiplyAdd", [var x, var y, var z]) => Multiply(x, y) + z,
        ("Lerp", [var x, var y, var t]) => x + Multiply(y + Scale(-1, x), t),
        ("Exp", [var x]) => RealFunction.Exp(x),
        ("Exp2", [var x]) => Power(2.0, x),
        ("Exp10", [var x]) => Power(10.0, x),
        ("ExpM1", [var x]) => RealFunction.Exp(x) + -1.0,
        ("Log", [var x]) => Log(x),
        ("Log", [var x, ConstantFunction { Value: > 0 and not 1 } radix]) => Log(x) / RealFunction.Log(radix),
        ("Log2", [var x]) => Log(x) / RealFunction.Log(2.0),
        ("Log10", [var x]) => Log(x) / RealFunction.Log(10.0),
        ("LogP1", [var x]) => Log(s_one + x),
        ("Sqrt", [var x]) => RealFunction.Sqrt(x),
        ("Pow", [var x, ConstantFunction exponent]) => exponent.Value == 0 ? s_one : RealFunction.Power(x, exponent.Value),
        ("Pow", [ConstantFunction { Value: > 0 } radix, var x]) => Power(radix.Value, x),
        ("Sin", [var x]) => RealFunction.Sin(x),
        ("Cos", [var x]) => RealFunction.Cos(x),
        ("Tan", [var x]) => RealFunction.Tan(x),
        ("Asin", [var x]) => RealFunction.Atan(x / RealFunction.Sqrt(s_one + Scale(-1, RealFunction.Power(x, 2)))),
        ("Atan", [var x]) => RealFunction.Atan(x),
        ("Sinh", [var x]) => RealFunction.Sinh(x),
        ("Cosh", [var x]) => RealFunction.Cosh(x),
        ("Tanh", [var x]) => RealFunction.Tanh(x),
        ("Asinh", [var x]) => Log(x + RealFunction.Sqrt(RealFunction.Power(x, 2) + s_one)),
        ("Acosh", [var x]) => Log(x + RealFunction.Sqrt(RealFunction.Power(x, 2) + -1.0)),
        ("Atanh", [var x]) => Scale(0.5, Log((s_one + x) / (s_one + Scale(-1, x)))),
        _ => null,
    };

    /// <summary>The logarithm; that of 1 + exp(u) is the softplus function, which is known on the whole axis.</summary>
    private static RealFunction Log(RealFunction function) => function switch
    {
        SumFunction { Left: ConstantFunction { Value: 1 }, Right: ElementaryComposition right }
            when right.Outer == ElementaryFunction.Exp => RealFunction.Softplus(right.Inner),
        SumFunction { Right: ConstantFunction { Value: 1 }, Left: ElementaryComposition left } when left.Outer == ElementaryFunction.Exp =>
            RealFunction.Softplus(left.Inner),
        _ => RealFunction.Log(function),
    };

    private static RealFunction Power(double radix, RealFunction exponent) => RealFunction.Exp(Multiply(exponent, RealFunction.Log(radix)));
}
