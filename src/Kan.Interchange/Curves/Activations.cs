using System;
using Kan.Interchange.Symbolic;

namespace Kan.Interchange.Curves;

/// <summary>Curved activations that are made of others.</summary>
internal static class Activations
{
    private static readonly RealFunction s_x = RealFunction.X;

    /// <summary>1 / sqrt 2, and sqrt(2 / pi), as narrow intervals.</summary>
    private static readonly RealFunction s_rootOfHalf = RealFunction.Within(1.0 / IntervalFunctions.Sqrt(2.0));
    private static readonly RealFunction s_gauss = RealFunction.Within(IntervalFunctions.Sqrt(2.0 / Interval.Outward(Math.PI, Math.PI)));

    /// <summary>x Phi(x), Phi the normal distribution.</summary>
    public static RealFunction Gelu(RealFunction x) => 0.5 * x * (1.0 + RealFunction.Erf(s_rootOfHalf * x));

    /// <summary>The same by an approximation with tanh.</summary>
    public static RealFunction GeluByTanh(RealFunction x) =>
        0.5 * x * (1.0 + RealFunction.Tanh(s_gauss
            * (x + (ScalarPiece.Number(Rational.Create(44715, 1_000_000)) * RealFunction.Power(x, 3)))));

    /// <summary>x where it is positive, alpha (exp(x) - 1) elsewhere.</summary>
    public static RealFunction Elu(RealFunction x, double alpha) =>
        RealFunction.Compose(RealFunction.Join(0, alpha * (RealFunction.Exp(s_x) - 1.0), s_x), x);

    /// <summary>x where it is positive, alpha (exp(x / alpha) - 1) elsewhere.</summary>
    public static RealFunction Celu(RealFunction x, double alpha) =>
        RealFunction.Compose(RealFunction.Join(0, alpha * (RealFunction.Exp(s_x / alpha) - 1.0), s_x), x);

    /// <summary>gamma x where x is positive, gamma alpha (exp(x) - 1) elsewhere.</summary>
    public static RealFunction Selu(RealFunction x, double alpha = 1.67326319217681884765625, double gamma = 1.05070102214813232421875) =>
        RealFunction.Compose(RealFunction.Join(0, (RealFunction)gamma * (alpha * (RealFunction.Exp(s_x) - 1.0)), gamma * s_x), x);

    /// <summary>x / (1 + |x|).</summary>
    public static RealFunction Softsign(RealFunction x) =>
        RealFunction.Compose(RealFunction.Join(0, s_x / (1.0 - s_x), s_x / (1.0 + s_x)), x);

    /// <summary>x tanh(softplus(x)).</summary>
    public static RealFunction Mish(RealFunction x) => x * RealFunction.Tanh(RealFunction.Softplus(x));

    /// <summary>The arc sine, inside of [-1, 1], at whose ends it is vertical.</summary>
    public static RealFunction Asin(RealFunction x) => RealFunction.Atan(x / RealFunction.Sqrt(1.0 - RealFunction.Power(x, 2)));

    /// <summary>The arc cosine, by half of its angle.</summary>
    public static RealFunction Acos(RealFunction x) => 2.0 * RealFunction.Atan(RealFunction.Sqrt(1.0 - x) / RealFunction.Sqrt(1.0 + x));

    /// <summary>The inverse of sinh; on each side as a logarithm of what is above 1 there.</summary>
    public static RealFunction Asinh(RealFunction x)
    {
        var root = RealFunction.Sqrt(RealFunction.Power(s_x, 2) + 1.0);
        return RealFunction.Compose(RealFunction.Join(0, -RealFunction.Log(root - s_x), RealFunction.Log(root + s_x)), x);
    }

    /// <summary>The inverse of cosh, above 1, where it is vertical.</summary>
    public static RealFunction Acosh(RealFunction x) => RealFunction.Log(x + RealFunction.Sqrt(RealFunction.Power(x, 2) - 1.0));

    /// <summary>The inverse of tanh, inside of (-1, 1).</summary>
    public static RealFunction Atanh(RealFunction x) => 0.5 * (RealFunction.Log(1.0 + x) - RealFunction.Log(1.0 - x));

    /// <summary>x max(0, min(1, x / 6 + 1 / 2)).</summary>
    public static RealFunction HardSwish(RealFunction x)
    {
        var bent = RealFunction.Join(-3, 0.0, RealFunction.Join(3, s_x * (s_x + 3.0) / 6.0, s_x));
        return RealFunction.Compose(bent, x);
    }
}
