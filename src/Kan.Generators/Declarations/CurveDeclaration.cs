using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Kan.Generators.Attributes;
using Microsoft.CodeAnalysis;

namespace Kan.Generators.Declarations;

/// <summary>What a method says of the curve that it is: by numbers, or by the name of another method.</summary>
internal static class CurveDeclaration
{
    /// <summary>The property that names the code of a curve.</summary>
    public const string Function = nameof(Function);

    /// <summary>The attribute of a curve; null if a method is none.</summary>
    public static AttributeData? Of(IMethodSymbol method) =>
        AttributeReader.First(method.PartialDefinitionPart ?? method, AttributeNames.PiecewiseLinear);

    /// <summary>The curve that an attribute gives by numbers; null if it names a function, or has a mistake.</summary>
    public static PiecewiseLinearFunction? NumbersOf(IMethodSymbol method, AttributeData attribute) =>
        AttributeReader.IsComplete(attribute) && !AttributeReader.Has(attribute, Function)
            ? FunctionParser.Parse(attribute, method.Name, Precision.Double, [])?.ToFunction()
            : null;

    /// <summary>The method whose code is compiled into a curve; null if there is none.</summary>
    public static IMethodSymbol? ImplementationOf(IMethodSymbol method, AttributeData attribute) =>
        AttributeReader.NamedText(attribute, Function) is { } name
            ? Candidates(method, name).FirstOrDefault(candidate => IsCode(candidate, method))
            : null;

    /// <summary>The methods of the curve's type that have the name of the code.</summary>
    public static IEnumerable<IMethodSymbol> Candidates(IMethodSymbol method, string name) =>
        name.Length == 0 ? [] : method.ContainingType.GetMembers(name).OfType<IMethodSymbol>();

    private static bool IsCode(IMethodSymbol candidate, IMethodSymbol curve) =>
        Of(candidate) is null && EdgeMethod.FaultOf(candidate, 1, CancellationToken.None) is null
        && SymbolEqualityComparer.Default.Equals(candidate.ReturnType, curve.ReturnType);
}
