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

/// <summary>Makes a file-local type one of the project, unless the project has another of that name.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveFileModifierFix)), Shared]
public sealed class RemoveFileModifierFix : PlannedFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [DiagnosticIds.TypeIsFileLocal];

    internal override async Task<ImmutableArray<FixPlan>> PlanAsync(Document document, SyntaxNode root, Diagnostic diagnostic, string? key,
        CancellationToken cancellation)
    {
        if (root.FindToken(diagnostic.Location.SourceSpan.Start).Parent is not TypeDeclarationSyntax syntax) return [];
        var model = await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false);
        if (model?.GetDeclaredSymbol(syntax, cancellation) is not { IsFileLocal: true } type) return [];
        if (type.ContainingNamespace.GetTypeMembers(type.Name, type.Arity)
            .Any(other => !SymbolEqualityComparer.Default.Equals(other, type))) return [];
        var edits = type.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(cancellation)).OfType<TypeDeclarationSyntax>()
            .Where(static part => part.Has(SyntaxKind.FileKeyword))
            .Select(static part => new NodeEdit(part, static node => ((TypeDeclarationSyntax)node).Without(SyntaxKind.FileKeyword)));
        return [new FixPlan("Remove the file modifier of '" + type.Name + "'", nameof(RemoveFileModifierFix), document, syntax,
            [.. edits])];
    }
}
