using System.Collections.Generic;
using Kan.Generators.Symbolic.Values;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kan.Generators.Symbolic.Evaluation;

/// <content>Generic methods: compiled once for the types they are called with, and the operators and constants of
/// <c>System.Numerics</c>.</content>
internal sealed partial class Evaluator
{
    /// <summary>The type that a type stands for in this call.</summary>
    private ITypeSymbol? Resolve(ITypeSymbol? type)
    {
        for (var frame = _frame; type is ITypeParameterSymbol && frame is not null; frame = frame.Outer)
        {
            if (frame.Types is { } types && types.TryGetValue(type, out var resolved)) return resolved;
        }

        return type;
    }

    private Dictionary<ISymbol, ITypeSymbol>? TypesOf(IMethodSymbol method, IMethodSymbol definition)
    {
        if (method.TypeParameters.Length == 0) return null;
        var types = new Dictionary<ISymbol, ITypeSymbol>(SymbolEqualityComparer.Default);
        for (int i = 0; i < method.TypeParameters.Length; i++)
            types[definition.TypeParameters[i]] = Resolve(method.TypeArguments[i])!;
        return types;
    }

    private static bool IsPlainOperator(IMethodSymbol? method) => method is null || MathFunctions.IsOfNumerics(method);

    private Number? NumericConstant(IPropertyReferenceOperation operation)
    {
        var property = operation.Property;
        if (!MathFunctions.IsOfNumerics(property)) return null;
        var type = Resolve(operation.ConstrainedToType);
        return property.Name switch
        {
            "Zero" or "AdditiveIdentity" => Constant(Rational.Zero),
            "One" or "MultiplicativeIdentity" => Constant(Rational.One),
            "NegativeOne" => Constant(-Rational.One),
            "Pi" => Real(System.Math.PI),
            "E" => Real(System.Math.E),
            "Tau" => Real(2 * System.Math.PI),
            _ => null,
        };

        Number Real(double value) => Constant(Rational.FromDouble(type?.SpecialType == SpecialType.System_Single ? (float)value : value));
    }
}
