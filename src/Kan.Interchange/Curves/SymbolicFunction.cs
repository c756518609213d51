using System;
using System.Collections.Generic;

namespace Kan.Interchange.Curves;

/// <summary>A function that pykan fits to an edge by name.</summary>
/// <param name="Name">Its name in pykan.</param>
/// <param name="Exact">The function, where it is piecewise linear.</param>
/// <param name="Of">The function of another.</param>
internal sealed record SymbolicFunction(string Name, PiecewiseLinearFunction? Exact, Func<RealFunction, RealFunction> Of)
{
    private static readonly Dictionary<string, SymbolicFunction> s_known = Create();

    /// <summary>The names that are known.</summary>
    public static string Names => string.Join(", ", s_known.Keys);

    /// <summary>The function of a name, or null.</summary>
    public static SymbolicFunction? Find(string name) => s_known.GetValueOrDefault(name);

    private static Dictionary<string, SymbolicFunction> Create()
    {
        var known = new Dictionary<string, SymbolicFunction>(StringComparer.Ordinal);
        Exactly("x", PiecewiseLinearFunction.Identity, static u => u);
        Exactly("abs", PiecewiseLinearFunction.Identity.Abs(), RealFunction.Abs);
        Exactly("0", PiecewiseLinearFunction.Zero, static _ => 0.0);
        for (int power = 2; power <= 5; power++)
        {
            int exponent = power;
            Curve($"x^{power}", u => RealFunction.Power(u, exponent));
        }

        Curve("1/x", static u => 1.0 / u);
        for (int power = 2; power <= 5; power++)
        {
            int exponent = power;
            Curve($"1/x^{power}", u => RealFunction.Power(u, -exponent));
        }

        Curve("sqrt", RealFunction.Sqrt);
        Curve("x^0.5", RealFunction.Sqrt);
        Curve("x^1.5", static u => RealFunction.Power(u, 1.5));
        Curve("1/sqrt(x)", static u => 1.0 / RealFunction.Sqrt(u));
        Curve("1/x^0.5", static u => 1.0 / RealFunction.Sqrt(u));
        Curve("exp", RealFunction.Exp);
        Curve("log", RealFunction.Log);
        Curve("sin", RealFunction.Sin);
        Curve("cos", RealFunction.Cos);
        Curve("tan", RealFunction.Tan);
        Curve("tanh", RealFunction.Tanh);
        Curve("arctan", RealFunction.Atan);
        Curve("gaussian", static u => RealFunction.Exp(-1.0 * RealFunction.Power(u, 2)));
        return known;

        void Exactly(string name, PiecewiseLinearFunction exact, Func<RealFunction, RealFunction> of) =>
            known.Add(name, new(name, exact, of));

        void Curve(string name, Func<RealFunction, RealFunction> of) => known.Add(name, new(name, null, of));
    }
}
