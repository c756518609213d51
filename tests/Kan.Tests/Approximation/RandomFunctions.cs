using System;
using CsCheck;

namespace Kan.Tests.Approximation;

/// <summary>A function for enclosures, and the same in doubles.</summary>
internal readonly record struct FunctionPair(RealFunction Function, Func<double, double> Exact);

/// <summary>Random compositions.</summary>
internal static class RandomFunctions
{
    public static Gen<FunctionPair> Gen(int depth)
    {
        var constant = CsCheck.Gen.Double[-2, 2].Select(static c => new FunctionPair(c, _ => c));
        var variable = CsCheck.Gen.Const(new FunctionPair(RealFunction.X, static x => x));
        if (depth == 0) return CsCheck.Gen.Frequency((3, variable), (1, constant));
        var inner = Gen(depth - 1);
        return CsCheck.Gen.Select(CsCheck.Gen.Int[0, 14], inner, inner, CsCheck.Gen.Double[-1.5, 1.5])
            .Select(static t => Combine(t.Item1, t.Item2, t.Item3, t.Item4));
    }

    private static FunctionPair Combine(int kind, FunctionPair a, FunctionPair b, double c) => kind switch
    {
        0 => new(a.Function + b.Function, x => a.Exact(x) + b.Exact(x)),
        1 => new(a.Function - b.Function, x => a.Exact(x) - b.Exact(x)),
        2 => new(a.Function * b.Function, x => a.Exact(x) * b.Exact(x)),
        3 => new(a.Function / (2.0 + RealFunction.Cos(b.Function)), x => a.Exact(x) / (2 + Math.Cos(b.Exact(x)))),
        4 => new(RealFunction.Exp(RealFunction.Tanh(a.Function)), x => Math.Exp(Math.Tanh(a.Exact(x)))),
        5 => new(RealFunction.Sin(a.Function), x => Math.Sin(a.Exact(x))),
        6 => new(RealFunction.Cos((c * a.Function) + b.Function), x => Math.Cos((c * a.Exact(x)) + b.Exact(x))),
        7 => new(RealFunction.Tanh(a.Function), x => Math.Tanh(a.Exact(x))),
        8 => new(RealFunction.Silu(a.Function), x => a.Exact(x) / (1 + Math.Exp(-a.Exact(x)))),
        9 => new(RealFunction.Sqrt(1.0 + (a.Function * a.Function)), x => Math.Sqrt(1 + (a.Exact(x) * a.Exact(x)))),
        10 => new(RealFunction.Max(a.Function, c), x => Math.Max(a.Exact(x), c)),
        11 => new(RealFunction.Abs(a.Function), x => Math.Abs(a.Exact(x))),
        12 => new(RealFunction.Log(1.5 + RealFunction.Sigmoid(a.Function)), x => Math.Log(1.5 + (1 / (1 + Math.Exp(-a.Exact(x)))))),
        13 => new(RealFunction.Softplus(a.Function), x => Math.Max(a.Exact(x), 0) + Math.Log(1 + Math.Exp(-Math.Abs(a.Exact(x))))),
        _ => new(RealFunction.Atan(a.Function * b.Function), x => Math.Atan(a.Exact(x) * b.Exact(x))),
    };
}
