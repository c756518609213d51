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

/// <summary>Turns a static readonly field with a constant initializer into a constant, in whatever file it is.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ConstantFieldFix)), Shared]
public sealed class ConstantFieldFix : PlannedFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [DiagnosticIds.FieldIsReadAtCompileTime];

    internal override async Task<ImmutableArray<FixPlan>> PlanAsync(Document document, SyntaxNode root, Diagnostic diagnostic, string? key,
        CancellationToken cancellation)
    {
        var model = await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false);
        var node = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
        if (model?.GetSymbolInfo(node, cancellation)
            .Symbol is not IFieldSymbol { IsStatic: true, IsReadOnly: true, DeclaringSyntaxReferences: [var reference] } field) return [];
        if (reference.GetSyntax(cancellation)
            is not VariableDeclaratorSyntax
            {
                Parent: VariableDeclarationSyntax { Parent: FieldDeclarationSyntax declaration } variables
            }) return [];
        if (document.Project.Solution.GetDocument(reference.SyntaxTree) is not { } home || !MayBeConstant(field.Type)) return [];
        var homeModel = home.Id == document.Id ? model : await home.GetSemanticModelAsync(cancellation).ConfigureAwait(false);
        if (homeModel is null || !variables.Variables.All(variable => variable.Initializer is { Value: { } value }
            && homeModel.GetConstantValue(value, cancellation).HasValue)) return [];
        if (variables.Variables.Any(variable => IsSetOrReferenced(field.ContainingType, variable.Identifier.ValueText, cancellation)))
            return [];

        string names = string.Join(", ", variables.Variables.Select(static variable => "'" + variable.Identifier.ValueText + "'"));
        return [new FixPlan("Declare " + names + " as const", nameof(ConstantFieldFix), home, declaration,
            [new NodeEdit(declaration, static node => Constant((FieldDeclarationSyntax)node))])];
    }

    private static bool MayBeConstant(ITypeSymbol type) =>
        type.TypeKind == TypeKind.Enum || type.SpecialType is >= SpecialType.System_Boolean and <= SpecialType.System_String;

    /// <summary>Whether a static constructor sets the field, or a reference to it is taken: a constant has no address.</summary>
    private static bool IsSetOrReferenced(INamedTypeSymbol type, string name, CancellationToken cancellation) =>
        type.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(cancellation))
            .SelectMany(static part => part.DescendantNodes()).OfType<IdentifierNameSyntax>()
            .Where(identifier => identifier.Identifier.ValueText == name)
            .Any(static identifier => UseOf(identifier) is AssignmentExpressionSyntax or RefExpressionSyntax or PostfixUnaryExpressionSyntax
                or ArgumentSyntax { RefKindKeyword.RawKind: not (int)SyntaxKind.None }
                or PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.AddressOfExpression });

    private static SyntaxNode? UseOf(ExpressionSyntax expression) => expression.Parent switch
    {
        MemberAccessExpressionSyntax access when access.Name == expression => UseOf(access),
        ParenthesizedExpressionSyntax inner => UseOf(inner),
        AssignmentExpressionSyntax assignment when assignment.Left != expression => null,
        var parent => parent,
    };

    private static FieldDeclarationSyntax Constant(FieldDeclarationSyntax declaration)
    {
        int index = declaration.Modifiers.IndexOf(SyntaxKind.StaticKeyword);
        index = System.Math.Min(index, declaration.Modifiers.IndexOf(SyntaxKind.ReadOnlyKeyword));
        return declaration.Without(SyntaxKind.StaticKeyword).Without(SyntaxKind.ReadOnlyKeyword).Insert(index, SyntaxKind.ConstKeyword);
    }
}
