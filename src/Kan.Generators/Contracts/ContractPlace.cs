using System;
using System.Collections.Immutable;
using System.Threading;
using Kan.Generators.Declarations;
using Kan.Generators.Equality;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Kan.Generators.Contracts;

/// <summary>Where a contract stands: what the prover's messages begin with.</summary>
/// <param name="Path">The file, relative to the folder of the project where it is inside.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
internal sealed record ContractPlace(string Path, int Line, int Column);

/// <summary>
/// The places of a type's contracts. They change with every line above them, so they are separate from what is compiled, and are read only
/// for a build.
/// </summary>
/// <param name="HintName">The name of the type's file.</param>
/// <param name="Places">One for each contract, in order.</param>
internal sealed record ContractPlaces(string HintName, EquatableArray<ContractPlace> Places)
{
    /// <summary>The places of a type; null if it has no contract.</summary>
    public static ContractPlaces? Read(GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        if (context.TargetSymbol is not INamedTypeSymbol type || ContractParser.AttributesOf(type) is not { IsEmpty: false } attributes)
            return null;
        var places = ImmutableArray.CreateBuilder<ContractPlace>();
        foreach (var attribute in attributes)
        {
            var span = attribute.ApplicationSyntaxReference?.GetSyntax(cancellation).GetLocation().GetLineSpan();
            places.Add(new ContractPlace(span?.Path ?? "", (span?.StartLinePosition.Line ?? -1) + 1,
                (span?.StartLinePosition.Character ?? -1) + 1));
        }

        return new ContractPlaces(Specs.HintName.Create(DeclarationParser.QualifiedName(type)), places.ToImmutable());
    }

    /// <summary>The places with paths that do not depend on where the project lies.</summary>
    public ImmutableArray<ContractPlace> RelativeTo(string projectFolder)
    {
        var relative = ImmutableArray.CreateBuilder<ContractPlace>(Places.Count);
        foreach (var place in Places)
        {
            bool isInside = projectFolder.Length > 0 && place.Path.StartsWith(projectFolder, StringComparison.Ordinal);
            relative.Add(isInside ? place with { Path = place.Path.Substring(projectFolder.Length).Replace('\\', '/') } : place);
        }

        return relative.MoveToImmutable();
    }

    /// <summary>The folder of the project, as the build names it; nothing where it does not.</summary>
    public static string ProjectFolder(AnalyzerConfigOptionsProvider options) =>
        options.GlobalOptions.TryGetValue("build_property.ProjectDir", out string? folder) ? folder : "";
}
