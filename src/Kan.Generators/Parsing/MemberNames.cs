using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Kan.Generators.Declarations;
using Kan.Generators.Diagnostics;
using Kan.Generators.Reports;
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
    /// <param name="problems">Takes the mistakes.</param>
    /// <param name="cancellation">Cancels.</param>
    public static bool AreFree(INamedTypeSymbol type, Precision precision, int? scalars, List<Problem> problems, CancellationToken cancellation)
    {
        int before = problems.Count;
        if (s_values.Contains(type.Name) || s_methods.Contains(type.Name)) problems.Add(new Problem(Descriptors.NameIsTaken, new Place.Identifier(type), type.Name, type.Name));
        foreach (var member in type.GetMembers())
        {
            cancellation.ThrowIfCancellationRequested();
            if (!IsTaken(member, precision, scalars) || member.DeclaringSyntaxReferences.FirstOrDefault(static reference => !GeneratedFiles.Contains(reference)) is not { } reference) continue;
            problems.Add(new Problem(Descriptors.NameIsTaken, new Place.Identifier(member, reference), member.Name, type.Name));
        }

        return problems.Count == before;
    }

    private static bool IsTaken(ISymbol member, Precision precision, int? scalars) =>
        s_values.Contains(member.Name) || (s_methods.Contains(member.Name) && (member is not IMethodSymbol method || HasParameters(method, precision, scalars)));

    private static bool HasParameters(IMethodSymbol method, Precision precision, int? scalars)
    {
        if (method.TypeParameters.Length > 0) return false;
        var number = precision == Precision.Single ? SpecialType.System_Single : SpecialType.System_Double;
        if (method.Name == "Evaluate" && method.Parameters.Length > 0 && method.Parameters.Length == (scalars ?? method.Parameters.Length)
            && method.Parameters.All(parameter => parameter.Type.SpecialType == number)) return true;
        string[] spans = method.Name == "Explain" ? ["ReadOnlySpan", "Span", "Span"] : ["ReadOnlySpan", "Span"];
        return method.Parameters.Length == spans.Length && method.Parameters.Zip(spans, (parameter, span) =>
            parameter.Type is INamedTypeSymbol { TypeArguments: [var element] } type && type.Name == span && element.SpecialType == number).All(static same => same);
    }
}
