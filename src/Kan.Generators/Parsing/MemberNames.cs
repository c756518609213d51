using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Kan.Compiler.Lower;
using Kan.Generators.Declarations;
using Kan.Generators.Diagnostics;
using Kan.Generators.Reports;
using Kan.Generators.Specs;
using Microsoft.CodeAnalysis;

namespace Kan.Generators.Parsing;

/// <summary>The names of the members that a network adds to its type, which nothing else there may have.</summary>
internal static class MemberNames
{
    private static readonly HashSet<string> s_values = ["InputCount", "OutputCount", "Info", "EvaluateOne"];

    private static readonly HashSet<string> s_methods = ["Evaluate", "EvaluateBatch", "Explain"];

    /// <summary>Whether the names are free.</summary>
    /// <param name="type">The type.</param>
    /// <param name="precision">The number type of the network.</param>
    /// <param name="scalars">The parameters of the overload of plain numbers; 0 where there is none, null if that is not known.</param>
    /// <param name="facts">What decides on the members that names add; null if that is not known, and reported apart.</param>
    /// <param name="problems">Takes the mistakes.</param>
    /// <param name="cancellation">Cancels.</param>
    public static bool AreFree(
        INamedTypeSymbol type, Precision precision, int? scalars, NetworkFacts? facts, List<Problem> problems,
        CancellationToken cancellation)
    {
        int before = problems.Count;
        if (s_values.Contains(type.Name) || s_methods.Contains(type.Name))
            problems.Add(new Problem(Descriptors.NameIsTaken, new Place.Identifier(type), type.Name, type.Name));
        foreach (var member in type.GetMembers())
        {
            cancellation.ThrowIfCancellationRequested();
            if (!IsTaken(member, precision, scalars)
                || member.DeclaringSyntaxReferences.FirstOrDefault(static reference => !GeneratedFiles.Contains(reference))
                    is not { } reference) continue;
            problems.Add(new Problem(Descriptors.NameIsTaken, new Place.Identifier(member, reference), member.Name, type.Name));
        }

        if (facts is not null) problems.AddRange(OfNames(type, facts));
        return problems.Count == before;
    }

    /// <summary>The mistakes with the names of the members that a network has because of its names.</summary>
    public static IEnumerable<Problem> OfNames(INamedTypeSymbol type, NetworkFacts facts) =>
        Taken(type, [.. Added(facts)]).Select(symbol => new Problem(
            Descriptors.NameIsTaken,
            new Place.Identifier(symbol,
                symbol.DeclaringSyntaxReferences.FirstOrDefault(static reference => !GeneratedFiles.Contains(reference))),
            symbol.Name,
            type.Name));

    /// <summary>The names of the members that a network has because of its names.</summary>
    public static IEnumerable<string> Added(NetworkFacts facts) =>
        NamedMembers.Added(facts.HasInputNames, facts.HasOutputNames, facts.HasClasses, facts.HasRanges, facts.Head, facts.Inputs,
            facts.Outputs);

    /// <summary>The type and its members, those that were generated apart, that have one of some names.</summary>
    public static IEnumerable<ISymbol> Taken(INamedTypeSymbol type, ImmutableArray<string> names)
    {
        if (names.Contains(type.Name)) yield return type;
        foreach (string name in names)
        {
            foreach (var member in type.GetMembers(name))
            {
                if (member.DeclaringSyntaxReferences.Any(static reference => !GeneratedFiles.Contains(reference))) yield return member;
            }
        }
    }

    private static bool IsTaken(ISymbol member, Precision precision, int? scalars) =>
        s_values.Contains(member.Name)
            || (s_methods.Contains(member.Name) && (member is not IMethodSymbol method || HasParameters(method, precision, scalars)));

    private static bool HasParameters(IMethodSymbol method, Precision precision, int? scalars)
    {
        if (method.TypeParameters.Length > 0) return false;
        var number = precision == Precision.Double ? SpecialType.System_Double : SpecialType.System_Single;
        if (method.Name == "Evaluate" && method.Parameters.Length > 0 && method.Parameters.Length == (scalars ?? method.Parameters.Length)
            && method.Parameters.All(parameter => parameter.Type.SpecialType == number)) return true;
        string[] spans = method.Name == "Explain" ? ["ReadOnlySpan", "Span", "Span"] : ["ReadOnlySpan", "Span"];
        return method.Parameters.Length == spans.Length && method.Parameters.Zip(spans, (parameter, span) =>
            parameter.Type is INamedTypeSymbol { TypeArguments: [var element] } type && type.Name == span && element.SpecialType == number)
                .All(static same => same);
    }
}
