using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Kan.Generators.Attributes;
using Kan.Generators.Diagnostics;
using Kan.Generators.Parsing;
using Microsoft.CodeAnalysis;

namespace Kan.Generators.Declarations;

/// <summary>
/// Mistakes in types around networks and curves. They are reported by the analysis of the type that has them: an editor offers fixes only
/// for what the analysis of a declaration reports within it.
/// </summary>
internal static class EnclosingTypes
{
    /// <summary>Whether a mistake is in a type around the one, or the method, that was read.</summary>
    public static bool IsAround(Problem problem, ISymbol subject)
    {
        if (problem.Place is not Place.Identifier { Symbol: INamedTypeSymbol place }) return false;
        for (var type = subject.ContainingType; type is not null; type = type.ContainingType)
        {
            if (SymbolEqualityComparer.Default.Equals(type, place)) return true;
        }

        return false;
    }

    /// <summary>The mistakes of a type because of the networks and curves in it.</summary>
    public static IEnumerable<Problem> Validate(INamedTypeSymbol type, CancellationToken cancellation)
    {
        foreach (var subject in SubjectsIn(type, cancellation))
        {
            var problems = new List<Problem>();
            DeclarationParser.Parse(subject as INamedTypeSymbol ?? subject.ContainingType, subject, problems, cancellation);
            foreach (var problem in problems.Where(problem => problem.Place is Place.Identifier place
                && SymbolEqualityComparer.Default.Equals(place.Symbol, type)))
                yield return problem;
        }
    }

    private static IEnumerable<ISymbol> SubjectsIn(INamedTypeSymbol type, CancellationToken cancellation)
    {
        foreach (var member in type.GetMembers())
        {
            cancellation.ThrowIfCancellationRequested();
            switch (member)
            {
                case IMethodSymbol { PartialDefinitionPart: null } method when Has(method, AttributeNames.PiecewiseLinear):
                    yield return method;
                    break;
                case INamedTypeSymbol nested:
                    if (Has(nested, AttributeNames.KanNetwork) || Has(nested, AttributeNames.KanModel)) yield return nested;
                    foreach (var subject in SubjectsIn(nested, cancellation)) yield return subject;
                    break;
            }
        }

        bool Has(ISymbol symbol, string attribute) =>
            AttributeDepth.Fits(symbol, cancellation) && AttributeReader.First(symbol, attribute) is not null;
    }
}
