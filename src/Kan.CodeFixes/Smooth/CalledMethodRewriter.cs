using System.Collections.Immutable;
using System.Linq;
using Kan.CodeFixes.Declarations;
using Kan.CodeFixes.Plans;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kan.CodeFixes.Smooth;

/// <summary>A method that an edge calls becomes a curve, in a type that is partial then.</summary>
/// <param name="method">The method.</param>
/// <param name="attribute">The name of the attribute as it is written there.</param>
internal sealed class CalledMethodRewriter(MethodDeclarationSyntax method, string attribute) : FunctionRewriter(method, method)
{
    public override ImmutableArray<NodeEdit> Edits(CertifiedNumbers numbers)
    {
        var lines = Comments(numbers).Concat(Attribute(attribute + "(", numbers)).ToArray();
        string indentation = Layout.Indentation(Method);
        return
        [
            new NodeEdit(Method, node => Layout.WithAttributes(Curve((MethodDeclarationSyntax)node), lines, indentation, NewLine)),
            .. Method.Ancestors().OfType<TypeDeclarationSyntax>()
                .Select(static type => new NodeEdit(type, static node => ((TypeDeclarationSyntax)node).With(SyntaxKind.PartialKeyword))),
        ];
    }

    private static MethodDeclarationSyntax Curve(MethodDeclarationSyntax method)
    {
        var end = SyntaxFactory.Token(SyntaxKind.SemicolonToken).WithTrailingTrivia(method.GetTrailingTrivia());
        method = method.WithParameterList(method.ParameterList.WithTrailingTrivia()).WithBody(null).WithExpressionBody(null)
            .WithSemicolonToken(end);
        if (!method.HasAccess()) method = method.Insert(0, SyntaxKind.PrivateKeyword);
        return method.With(SyntaxKind.PartialKeyword);
    }
}
