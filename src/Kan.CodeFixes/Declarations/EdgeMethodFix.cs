using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Kan.CodeFixes.Plans;
using Kan.Generators;
using Kan.Generators.Attributes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kan.CodeFixes.Declarations;

/// <summary>Declares an edge function as a static method of one type of numbers, where its code compiles as such.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(EdgeMethodFix)), Shared]
public sealed class EdgeMethodFix : PlannedFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [DiagnosticIds.InvalidEdgeMethod];

    internal override async Task<ImmutableArray<FixPlan>> PlanAsync(Document document, SyntaxNode root, Diagnostic diagnostic, string? key,
        CancellationToken cancellation)
    {
        if (root.FindToken(diagnostic.Location.SourceSpan.Start).Parent is not MethodDeclarationSyntax syntax
            || (syntax.Body is null && syntax.ExpressionBody is null)) return [];
        var model = await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false);
        if (model?.GetDeclaredSymbol(syntax, cancellation)
            is not { MethodKind: MethodKind.Ordinary, TypeParameters.Length: 0, RefKind: RefKind.None } method) return [];
        if (method.IsVirtual || method.IsOverride || method.IsAbstract || method.IsAsync) return [];
        if (method.Parameters.Any(static parameter => parameter.RefKind is not (RefKind.None or RefKind.In) || parameter.IsParams))
            return [];
        if (!method.GetAttributes().All(attribute => !AttributeReader.Is(attribute, AttributeNames.EdgeFunction)
            || InputsOf(attribute) == method.Parameters.Length)) return [];
        if (NumberTypes.Common(method.Parameters.Select(static parameter => parameter.Type).Append(method.ReturnType)) is not { } type)
            return [];

        var changed = Declared(syntax, type);
        var plan = new FixPlan("Declare '" + method.Name + "' as '" + changed.Head() + "'", nameof(EdgeMethodFix), document, syntax,
            [new NodeEdit(syntax, node => Declared((MethodDeclarationSyntax)node, type))]);
        return await AddsNoErrorAsync(plan, model, cancellation).ConfigureAwait(false) ? [plan] : [];
    }

    private static int InputsOf(AttributeData attribute) => !AttributeReader.IsComplete(attribute) ? -1
        : attribute.ConstructorArguments[1].Kind == TypedConstantKind.Array ? AttributeReader.Integers(attribute, 1).Length : 1;

    private static MethodDeclarationSyntax Declared(MethodDeclarationSyntax method, SyntaxKind type) =>
        method.Without(SyntaxKind.ReadOnlyKeyword).With(SyntaxKind.StaticKeyword).WithType(type);

    private static async Task<bool> AddsNoErrorAsync(FixPlan plan, SemanticModel before, CancellationToken cancellation)
    {
        var solution = await PlanWriter.ApplyAsync(plan.Document.Project.Solution, [plan], cancellation).ConfigureAwait(false);
        var after = await solution.GetDocument(plan.Document.Id)!.GetSemanticModelAsync(cancellation).ConfigureAwait(false);
        return after is not null && Errors(after) <= Errors(before);

        int Errors(SemanticModel model) =>
            model.GetDiagnostics(null, cancellation).Count(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }
}
