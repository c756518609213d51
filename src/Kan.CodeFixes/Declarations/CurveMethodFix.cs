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

/// <summary>
/// Declares a curve as a static partial method of one type of numbers. A method with a body has none of this: its code would be lost.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CurveMethodFix)), Shared]
public sealed class CurveMethodFix : PlannedFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [DiagnosticIds.InvalidCurveMethod];

    internal override async Task<ImmutableArray<FixPlan>> PlanAsync(Document document, SyntaxNode root, Diagnostic diagnostic, string? key,
        CancellationToken cancellation)
    {
        if (root.FindToken(diagnostic.Location.SourceSpan.Start)
            .Parent is not MethodDeclarationSyntax { Body: null, ExpressionBody: null, Parent: not InterfaceDeclarationSyntax } syntax)
            return [];
        if (syntax.Modifiers.Any(static modifier => !IsKept(modifier.Kind()))) return [];
        var model = await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false);
        if (model?.GetDeclaredSymbol(syntax, cancellation) is not
            {
                PartialImplementationPart: null, TypeParameters.Length: 0,
                RefKind: RefKind.None, Parameters: [{ RefKind: RefKind.None, IsParams: false } parameter]
            } method)
            return [];
        if (NumberTypes.Common([method.ReturnType, parameter.Type]) is not { } type) return [];

        var changed = Declared(syntax, type);
        return [new FixPlan("Declare '" + method.Name + "' as '" + changed.Head() + "'", nameof(CurveMethodFix), document, syntax,
            [new NodeEdit(syntax, node => Declared((MethodDeclarationSyntax)node, type))])];
    }

    private static bool IsKept(SyntaxKind modifier) => SyntaxFacts.IsAccessibilityModifier(modifier)
        || modifier is SyntaxKind.StaticKeyword or SyntaxKind.PartialKeyword or SyntaxKind.UnsafeKeyword or SyntaxKind.NewKeyword;

    // A partial method that returns something must say who may use it.
    private static MethodDeclarationSyntax Declared(MethodDeclarationSyntax method, SyntaxKind type)
    {
        if (!method.HasAccess()) method = method.Insert(0, SyntaxKind.PrivateKeyword);
        if (!method.Has(SyntaxKind.StaticKeyword))
        {
            int partial = method.Modifiers.IndexOf(SyntaxKind.PartialKeyword);
            method = method.Insert(partial < 0 ? method.Modifiers.Count : partial, SyntaxKind.StaticKeyword);
        }

        return method.With(SyntaxKind.PartialKeyword).WithType(type);
    }
}
