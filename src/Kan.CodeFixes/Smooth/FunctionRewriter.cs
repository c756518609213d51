using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Kan.CodeFixes.Declarations;
using Kan.CodeFixes.Plans;
using Kan.Generators;
using Kan.Generators.Attributes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kan.CodeFixes.Smooth;

/// <summary>Writes numbers in the place of the code of a method.</summary>
/// <param name="method">The method whose code goes.</param>
/// <param name="marked">The declarations that a comment with a goal may precede.</param>
internal abstract class FunctionRewriter(MethodDeclarationSyntax method, params MethodDeclarationSyntax[] marked)
{
    private const string PiecewiseLinear = nameof(PiecewiseLinear);

    /// <summary>The goal that a comment names; null if none does.</summary>
    public ApproximationGoal? MarkedGoal => marked.Select(static declaration => ApproximationGoal.Read(declaration.GetLeadingTrivia()))
        .FirstOrDefault(static goal => goal is not null);

    /// <summary>The method.</summary>
    protected MethodDeclarationSyntax Method => method;

    /// <summary>The end of a line in its file.</summary>
    protected string NewLine { get; } = Layout.NewLine(method.SyntaxTree.GetRoot());

    /// <summary>The changes that put numbers in its place.</summary>
    public abstract ImmutableArray<NodeEdit> Edits(CertifiedNumbers numbers);

    /// <summary>How a method can be replaced; null if it cannot.</summary>
    public static FunctionRewriter? For(MethodDeclarationSyntax syntax, IMethodSymbol method, SemanticModel model,
        CancellationToken cancellation)
    {
        if (method.Parameters.Length != 1 || (syntax.Body is null && syntax.ExpressionBody is null) || syntax.ContainsDirectives)
            return null;
        if (syntax.Parent is not TypeDeclarationSyntax type) return null;
        var edges = method.GetAttributes().Where(static attribute => AttributeReader.Is(attribute, AttributeNames.EdgeFunction)).ToArray();
        if (edges.Length > 0)
        {
            bool isNeeded = !IsPrivate(method) || IsNamedElsewhere(method, syntax, cancellation);
            if (!edges.All(AttributeReader.IsComplete) || AttributeReader.First(method.ContainingType, AttributeNames.KanNetwork) is null)
                return null;
            var attributes = edges.Select(edge => edge.ApplicationSyntaxReference?.GetSyntax(cancellation)).OfType<AttributeSyntax>()
                .ToArray();
            return attributes.Length == edges.Length && attributes.All(syntax.Contains)
                ? new EdgeRewriter(syntax, type, attributes, isKept: isNeeded || method.GetAttributes().Length > edges.Length)
                : null;
        }

        var curve = method.ContainingType.GetMembers().OfType<IMethodSymbol>()
            .FirstOrDefault(member => member.IsPartialDefinition && FunctionOf(member) == method.Name);
        if (curve is not null)
        {
            var attribute = AttributeReader.First(curve,
                AttributeNames.PiecewiseLinear)!.ApplicationSyntaxReference?.GetSyntax(cancellation) as AttributeSyntax;
            return attribute?.FirstAncestorOrSelf<MethodDeclarationSyntax>() is { } declaration && attribute.SyntaxTree == syntax.SyntaxTree
                && attribute.ArgumentList?.Arguments.Count == 1
                ? new CurveRewriter(syntax, declaration, attribute,
                    isKept: !IsPrivate(method) || IsNamedElsewhere(method, attribute, cancellation) || !method.GetAttributes().IsEmpty)
                : null;
        }

        // A method that an edge calls becomes a curve, which an edge may call too.
        if (method is not { IsStatic: true, TypeParameters.Length: 0, MethodKind: MethodKind.Ordinary, PartialDefinitionPart: null })
            return null;
        for (var around = method.ContainingType; around is not null; around = around.ContainingType)
        {
            if (around.IsFileLocal || around.TypeParameters.Length > 0 || around.TypeKind is not (TypeKind.Class or TypeKind.Struct))
                return null;
        }

        if (NumberTypes.Common([method.ReturnType, method.Parameters[0].Type]) is not { } keyword
            || syntax.WithType(keyword).Head() != syntax.Head()) return null;
        bool isImported = model.LookupNamespacesAndTypes(syntax.SpanStart, name: nameof(PiecewiseLinear) + "Attribute").Length > 0;
        return new CalledMethodRewriter(syntax, isImported ? PiecewiseLinear : "Kan." + PiecewiseLinear);
    }

    /// <summary>What the numbers stand for, as comments.</summary>
    protected IEnumerable<string> Comments(CertifiedNumbers numbers)
    {
        string call = method.Identifier.Text + "(" + method.ParameterList.Parameters[0].Identifier.Text + ")";
        if (method.ExpressionBody is { Expression: { } expression } && !expression.ToString().Contains('\n'))
        {
            yield return "// " + call + " = " + expression;
        }
        else
        {
            yield return "// " + call + " =";
            foreach (string line in Layout.Lines((SyntaxNode?)method.Body ?? method.ExpressionBody!.Expression))
                yield return ("//     " + line).TrimEnd();
        }

        yield return "// " + numbers.Goal + ": " + numbers.Segments + (numbers.Segments == 1 ? " segment" : " segments")
            + ", certified maximum error " + numbers.BoundText()
            + (numbers.Goal.Domain == Interval.All ? "." : "; outside, the end segments extend.");
    }

    /// <summary>The comments of the method outside of its code, which go where its numbers go.</summary>
    protected IEnumerable<string> OwnComments()
    {
        var code = ((SyntaxNode?)method.Body ?? method.ExpressionBody!.Expression).FullSpan;
        return Layout.Comments(method.DescendantTrivia().Where(trivia => !code.Contains(trivia.Span)));
    }

    /// <summary>An attribute with numbers, line by line.</summary>
    protected static IEnumerable<string> Attribute(string head, CertifiedNumbers numbers) =>
        ("[" + head + "\n    " + numbers.Numbers.Arguments("    ", "\n") + ")]").Split('\n');

    private static string? FunctionOf(IMethodSymbol member) =>
        AttributeReader.First(member, AttributeNames.PiecewiseLinear) is { } attribute
            ? AttributeReader.NamedText(attribute, "Function")
            : null;

    private static bool IsPrivate(IMethodSymbol method) => method.DeclaredAccessibility == Accessibility.Private;

    private static bool IsNamedElsewhere(IMethodSymbol method, SyntaxNode inside, CancellationToken cancellation) =>
        method.ContainingType.DeclaringSyntaxReferences.SelectMany(reference => reference.GetSyntax(cancellation)
            .DescendantTokens(descendIntoTrivia: true))
            .Any(token => token.IsKind(SyntaxKind.IdentifierToken) && token.ValueText == method.Name && token.Parent is SimpleNameSyntax
                && !inside.Span.Contains(token.Span));
}
