using System.Globalization;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kan.Generators.Declarations;

/// <summary>Which methods can be compiled into edges and curves.</summary>
internal static class EdgeMethod
{
    /// <summary>Why a method cannot be an edge; null if it can.</summary>
    /// <param name="method">The method.</param>
    /// <param name="inputs">The number of inputs that the attribute names.</param>
    /// <param name="cancellation">Cancels.</param>
    public static string? FaultOf(IMethodSymbol method, int inputs, CancellationToken cancellation)
    {
        if (method.MethodKind != MethodKind.Ordinary) return "is not an ordinary method";
        if (!method.IsStatic) return "is not static";
        if (method.TypeParameters.Length > 0) return "has type parameters";
        if (inputs == 0) return "names no input";
        if (method.Parameters.Length != inputs)
            return "has " + Count(method.Parameters.Length, "parameter") + " for " + Count(inputs, "input");
        if (method.RefKind != RefKind.None
            || method.Parameters.Any(static parameter => parameter.RefKind is not (RefKind.None or RefKind.In) || parameter.IsParams))
            return "passes its numbers by reference";
        if (method.ReturnType.SpecialType is not (SpecialType.System_Double or SpecialType.System_Single)
            || method.Parameters.Any(parameter => !SymbolEqualityComparer.Default.Equals(parameter.Type, method.ReturnType)))
            return "does not map double to double or float to float";
        return (method.PartialImplementationPart ?? method).DeclaringSyntaxReferences.Any(reference =>
            reference.GetSyntax(cancellation) is MethodDeclarationSyntax { Body: not null }
                or MethodDeclarationSyntax { ExpressionBody: not null })
            ? null
            : "has no body";
    }

    private static string Count(int count, string noun) =>
        count.ToString(CultureInfo.InvariantCulture) + " " + noun + (count == 1 ? "" : "s");
}
