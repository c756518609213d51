using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Kan.CodeFixes.Plans;
using Kan.Generators;
using Kan.Generators.Attributes;
using Kan.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kan.CodeFixes.Numbers;

/// <summary>
/// Removes an edge that is declared already, or adds its function to the one that is there, where all numbers of the sum are doubles.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DuplicateEdgeFix)), Shared]
public sealed class DuplicateEdgeFix : PlannedFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [DiagnosticIds.EdgeIsDeclaredTwice];

    internal override async Task<ImmutableArray<FixPlan>> PlanAsync(Document document, SyntaxNode root, Diagnostic diagnostic, string? key,
        CancellationToken cancellation)
    {
        if (root.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<AttributeSyntax>() is not { } attribute) return [];
        if (DiagnosticProperties.Read(diagnostic.Properties, DiagnosticProperties.Edge) is not [var layer, var input, var output])
            return [];
        var model = await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false);
        if (attribute.Parent?.Parent is not MemberDeclarationSyntax declaration
            || model?.GetDeclaredSymbol(declaration, cancellation) is not { } symbol) return [];
        if (symbol.GetAttributes().FirstOrDefault(data => data.ApplicationSyntaxReference?.GetSyntax(cancellation) == attribute)
            is not { } data) return [];

        // An attribute for several inputs declares other edges too.
        var plans = ImmutableArray.CreateBuilder<FixPlan>();
        if (data.ConstructorArguments is [_, { Kind: not TypedConstantKind.Array }, _])
            plans.Add(new FixPlan($"Remove this edge ({layer}, {input}, {output})", nameof(DuplicateEdgeFix) + ".Remove", document,
                attribute, [NodeEdit.Remove(attribute)]));
        if (symbol is INamedTypeSymbol type && FirstOf(type, data) is { } first
            && first.ApplicationSyntaxReference?.GetSyntax(cancellation) is AttributeSyntax target
            && target.SyntaxTree == attribute.SyntaxTree && Sum(first, data) is { } sum && WithNumbers(target, sum) is not null
            && !HasComments(attribute))
        {
            plans.Add(new FixPlan($"Replace both edges ({layer}, {input}, {output}) with their sum", nameof(DuplicateEdgeFix) + ".Add",
                document, target,
                [NodeEdit.Remove(attribute), new NodeEdit(target, node => WithNumbers((AttributeSyntax)node, sum) ?? node)]));
        }

        return plans.ToImmutable();
    }

    private static AttributeData? FirstOf(INamedTypeSymbol type, AttributeData other)
    {
        var first = type.GetAttributes()
            .FirstOrDefault(data => AttributeReader.Is(data, AttributeNames.Edge) && AttributeReader.IsComplete(data)
            && Enumerable.Range(0, 3).All(i => AttributeReader.Integer(data, i) == AttributeReader.Integer(other, i)));
        return first == other ? null : first;
    }

    private static EdgeNumbers? Sum(AttributeData left, AttributeData right) =>
        NumbersOf(left).ToFunction() is { } a && NumbersOf(right).ToFunction() is { } b ? EdgeNumbers.Exact(a + b) : null;

    private static EdgeNumbers NumbersOf(AttributeData attribute) => new(
        AttributeReader.Numbers(attribute, "Breakpoints"), AttributeReader.Numbers(attribute, "Slopes"),
        AttributeReader.Number(attribute, "ValueAtZero"));

    /// <summary>An attribute with other numbers; null if a comment among the old ones would be lost.</summary>
    private static AttributeSyntax? WithNumbers(AttributeSyntax attribute, EdgeNumbers numbers)
    {
        if (attribute.ArgumentList is not { } list || HasComments(attribute)) return null;
        var places = list.Arguments.Where(static argument => argument.NameEquals is null).Select(static argument => argument.ToString());
        var parsed = SyntaxFactory.ParseAttributeArgumentList("(" + string.Join(", ", places) + ", " + numbers.Arguments(null, "\n") + ")");
        return parsed is null ? null : attribute.WithArgumentList(parsed.WithTriviaFrom(list));
    }

    private static bool HasComments(AttributeSyntax attribute) => attribute.ArgumentList?.DescendantTrivia()
        .Any(static trivia => !trivia.IsKind(SyntaxKind.WhitespaceTrivia) && !trivia.IsKind(SyntaxKind.EndOfLineTrivia)) == true;
}
