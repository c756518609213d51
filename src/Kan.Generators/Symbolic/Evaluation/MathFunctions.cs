using System;
using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace Kan.Generators.Symbolic.Evaluation;

/// <summary>What the mathematical functions of .NET do to constants.</summary>
internal static class MathFunctions
{
    private static readonly Dictionary<string, Func<double, double>> s_smooth = new()
    {
        ["Sqrt"] = Math.Sqrt,
        ["Exp"] = Math.Exp,
        ["Log"] = Math.Log,
        ["Log10"] = Math.Log10,
        ["Log2"] = static x => Math.Log(x, 2),
        ["Sin"] = Math.Sin,
        ["Cos"] = Math.Cos,
        ["Tan"] = Math.Tan,
        ["Asin"] = Math.Asin,
        ["Acos"] = Math.Acos,
        ["Atan"] = Math.Atan,
        ["Sinh"] = Math.Sinh,
        ["Cosh"] = Math.Cosh,
        ["Tanh"] = Math.Tanh,
    };

    private static readonly HashSet<string> s_otherSmooth =
    [
        "Pow", "Atan2", "Cbrt", "Exp2", "Exp10", "ExpM1", "Exp2M1", "Exp10M1", "LogP1", "Log2P1", "Log10P1", "Asinh", "Acosh", "Atanh",
            "SinCos", "Hypot", "RootN",
        "SinPi", "CosPi", "TanPi", "AsinPi", "AcosPi", "AtanPi", "Atan2Pi", "SinCosPi", "ReciprocalEstimate", "ReciprocalSqrtEstimate",
            "Tau",
    ];

    /// <summary>Whether a method is one of a type of numbers or of mathematics.</summary>
    public static bool IsMath(IMethodSymbol method) => method.IsStatic
        && (Constants.IsNumber(method.ContainingType) || IsOfNumerics(method)
        || (method.ContainingType.Name is "Math" or "MathF"
            && method.ContainingNamespace is { Name: "System", ContainingNamespace.IsGlobalNamespace: true }));

    /// <summary>Whether a member is one of the interfaces of numbers, such as <c>INumber</c>.</summary>
    public static bool IsOfNumerics(ISymbol member) =>
        member.ContainingType is
        {
            TypeKind: TypeKind.Interface,
            ContainingNamespace: { Name: "Numerics", ContainingNamespace.Name: "System" }
        };

    /// <summary>Whether a function bends everywhere.</summary>
    public static bool IsSmooth(string name) => s_smooth.ContainsKey(name) || s_otherSmooth.Contains(name);

    /// <summary>The value of a function of one number; null if it is none of these, NaN if it has none.</summary>
    public static double? Evaluate(string name, double argument) =>
        s_smooth.TryGetValue(name, out var function) ? function(argument) : null;
}
