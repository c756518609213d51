using System.Collections.Immutable;
using System.Linq;
using Kan.CodeFixes.Plans;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kan.CodeFixes.Smooth;

/// <summary>A curve that named a method gets numbers; the method goes where nothing else names it.</summary>
/// <param name="method">The method.</param>
/// <param name="curve">The partial method of the curve.</param>
/// <param name="attribute">Its attribute.</param>
/// <param name="isKept">Whether the method stays.</param>
internal sealed class CurveRewriter(MethodDeclarationSyntax method, MethodDeclarationSyntax curve, AttributeSyntax attribute, bool isKept)
    : FunctionRewriter(method, method, curve)
{
    public override ImmutableArray<NodeEdit> Edits(CertifiedNumbers numbers)
    {
        string indentation = Layout.Indentation(curve), end = NewLine + indentation;
        string text = string.Join(end, Attribute("C(", numbers));
        var arguments = SyntaxFactory.ParseAttributeArgumentList(text.Substring(2, text.Length - 3))!;
        var comments =
            SyntaxFactory.ParseLeadingTrivia(
            string.Concat((isKept ? [] : OwnComments()).Concat(Comments(numbers)).Select(line => line + end)));
        var list = (AttributeListSyntax)attribute.Parent!;
        var edits = ImmutableArray.Create(
            new NodeEdit(attribute, node => ((AttributeSyntax)node).WithArgumentList(arguments)),
            new NodeEdit(list, node => ((AttributeListSyntax)node).WithLeadingTrivia(node.GetLeadingTrivia().AddRange(comments))));
        return isKept ? edits : edits.Add(NodeEdit.Remove(Method));
    }
}
