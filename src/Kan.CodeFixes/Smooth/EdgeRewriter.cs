using System.Collections.Immutable;
using System.Linq;
using Kan.CodeFixes.Plans;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kan.CodeFixes.Smooth;

/// <summary>An edge function becomes <c>[Edge]</c> on its network; the method goes where nothing else names it.</summary>
/// <param name="method">The method.</param>
/// <param name="type">The network.</param>
/// <param name="attributes">The attributes of the method that make it an edge.</param>
/// <param name="isKept">Whether the method stays, as an ordinary one.</param>
internal sealed class EdgeRewriter(MethodDeclarationSyntax method, TypeDeclarationSyntax type, AttributeSyntax[] attributes, bool isKept)
    : FunctionRewriter(method, method)
{
    public override ImmutableArray<NodeEdit> Edits(CertifiedNumbers numbers)
    {
        var lines = (isKept ? [] : OwnComments()).Concat(Comments(numbers))
            .Concat(attributes.SelectMany(attribute => Attribute(HeadOf(attribute), numbers))).ToArray();
        string indentation = Layout.Indentation(type);
        var edits =
            ImmutableArray.Create(new NodeEdit(type,
            node => Layout.WithAttributes((TypeDeclarationSyntax)node, lines, indentation, NewLine)));
        return isKept ? [.. edits, .. attributes.Select(NodeEdit.Remove)] : [.. edits, NodeEdit.Remove(Method)];
    }

    // Kan.EdgeFunction(0, 0, 0) gives Kan.Edge(0, 0, 0, ...
    private static string HeadOf(AttributeSyntax attribute)
    {
        string name = attribute.Name.ToString();
        return name.Substring(0, name.LastIndexOf("EdgeFunction", System.StringComparison.Ordinal)) + "Edge("
            + string.Join(", ", attribute.ArgumentList!.Arguments) + ",";
    }
}
