using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kan.CodeFixes.Plans;

/// <summary>Takes marked nodes out of a tree, with their lines, but without losing a comment.</summary>
internal static class Removal
{
    private static readonly SyntaxAnnotation s_mark = new("Kan.Removal");

    /// <summary>Marks a node that is to go.</summary>
    public static SyntaxNode Mark(SyntaxNode node) => node.WithAdditionalAnnotations(s_mark);

    /// <summary>The tree without the marked nodes.</summary>
    public static SyntaxNode Apply(SyntaxNode root)
    {
        while (root.GetAnnotatedNodes(s_mark).FirstOrDefault() is { } node) root = Remove(root, node);
        return root;
    }

    private static SyntaxNode Remove(SyntaxNode root, SyntaxNode node)
    {
        if (node is AttributeSyntax { Parent: AttributeListSyntax { Attributes.Count: 1 } list }) return RemoveList(root, list);
        if (node is not MemberDeclarationSyntax { Parent: TypeDeclarationSyntax type } member)
            return root.RemoveNode(node, SyntaxRemoveOptions.KeepUnbalancedDirectives)!;

        // The blank line above the second member would otherwise end up above the first.
        int index = type.Members.IndexOf(member);
        if (index == 0 && type.Members.Count > 1)
        {
            var next = type.Members[1];
            var leading = next.GetLeadingTrivia();
            var members = type.Members.Replace(next,
                next.WithLeadingTrivia(leading.SkipWhile(static trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia)))).RemoveAt(0);
            return root.ReplaceNode(type, type.WithMembers(members));
        }

        return root.ReplaceNode(type, type.WithMembers(type.Members.RemoveAt(index)));
    }

    private static SyntaxNode RemoveList(SyntaxNode root, AttributeListSyntax list)
    {
        // What precedes the list moves to what follows it, except for an indentation that is already there.
        var next = list.CloseBracketToken.GetNextToken();
        var leading = list.GetLeadingTrivia();
        var trailing = SyntaxFactory.TriviaList(list.GetTrailingTrivia().SkipWhile(IsSpace));
        var indentation = leading.Reverse().TakeWhile(IsSpace);
        if (HasText(trailing)) next = next.WithLeadingTrivia(trailing.AddRange(next.LeadingTrivia));
        else if (next.LeadingTrivia.Count > 0) leading = SyntaxFactory.TriviaList(leading.Take(leading.Count - indentation.Count()));
        root = root.ReplaceToken(list.CloseBracketToken.GetNextToken(), next.WithLeadingTrivia(leading.AddRange(next.LeadingTrivia)));
        return root.RemoveNode(root.GetAnnotatedNodes(s_mark).First().Parent!, SyntaxRemoveOptions.KeepNoTrivia)!;
    }

    private static bool IsSpace(SyntaxTrivia trivia) => trivia.IsKind(SyntaxKind.WhitespaceTrivia);

    private static bool HasText(SyntaxTriviaList trivia) =>
        trivia.Any(static item => !item.IsKind(SyntaxKind.WhitespaceTrivia) && !item.IsKind(SyntaxKind.EndOfLineTrivia));
}
