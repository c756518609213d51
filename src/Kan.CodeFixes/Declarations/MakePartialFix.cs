using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Kan.CodeFixes.Plans;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kan.CodeFixes.Declarations;

/// <summary>Makes a type and the types around it partial.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakePartialFix)), Shared]
public sealed class MakePartialFix : PlannedFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [DiagnosticIds.TypeIsNotPartial];

    internal override async Task<ImmutableArray<FixPlan>> PlanAsync(Document document, SyntaxNode root, Diagnostic diagnostic, string? key,
        CancellationToken cancellation)
    {
        if (root.FindToken(diagnostic.Location.SourceSpan.Start).Parent is not TypeDeclarationSyntax syntax) return [];
        var model = await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false);
        var names = new List<string>();
        var edits = ImmutableArray.CreateBuilder<NodeEdit>();
        for (var type = model?.GetDeclaredSymbol(syntax, cancellation); type is not null; type = type.ContainingType)
        {
            var parts = type.DeclaringSyntaxReferences.Where(reference => reference.SyntaxTree == root.SyntaxTree)
                .Select(reference => reference.GetSyntax(cancellation)).OfType<TypeDeclarationSyntax>()
                .Where(static part => !part.Has(SyntaxKind.PartialKeyword)).ToArray();
            if (parts.Length > 0) names.Insert(0, "'" + type.Name + "'");
            edits.AddRange(parts.Select(static part =>
                new NodeEdit(part, static node => ((TypeDeclarationSyntax)node).With(SyntaxKind.PartialKeyword))));
        }

        if (edits.Count == 0) return [];
        string all = names.Count == 1 ? names[0] : string.Join(", ", names.Take(names.Count - 1)) + " and " + names[names.Count - 1];
        return [new FixPlan("Make " + all + " partial", nameof(MakePartialFix), document, syntax, edits.ToImmutable())];
    }
}
