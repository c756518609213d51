using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kan.CodeFixes.Declarations;

/// <summary>Adds and removes modifiers; the comments in front of a declaration stay in front of it.</summary>
internal static class Modifiers
{
    /// <summary>Whether a declaration has a modifier.</summary>
    public static bool Has(this MemberDeclarationSyntax member, SyntaxKind kind) => member.Modifiers.Any(kind);

    /// <summary>Whether a declaration says who may use it.</summary>
    public static bool HasAccess(this MemberDeclarationSyntax member) =>
        member.Modifiers.Any(static modifier => SyntaxFacts.IsAccessibilityModifier(modifier.Kind()));

    /// <summary>The declaration with a modifier as the last, unless it has it.</summary>
    public static T With<T>(this T member, SyntaxKind kind)
        where T : MemberDeclarationSyntax => member.Has(kind) ? member : member.Insert(member.Modifiers.Count, kind);

    /// <summary>The declaration with a modifier at a place.</summary>
    public static T Insert<T>(this T member, int index, SyntaxKind kind)
        where T : MemberDeclarationSyntax
    {
        var token = SyntaxFactory.Token(kind).WithTrailingTrivia(SyntaxFactory.Space);
        if (index == 0)
        {
            var first = TokenAt(member, 0);
            token = token.WithLeadingTrivia(first.LeadingTrivia);
            member = member.ReplaceToken(first, first.WithLeadingTrivia());
        }

        return (T)member.WithModifiers(member.Modifiers.Insert(index, token));
    }

    /// <summary>The declaration without a modifier.</summary>
    public static T Without<T>(this T member, SyntaxKind kind)
        where T : MemberDeclarationSyntax
    {
        int index = member.Modifiers.IndexOf(kind);
        if (index < 0) return member;
        var removed = member.Modifiers[index];
        var leading =
            removed.LeadingTrivia.AddRange(removed.TrailingTrivia.SkipWhile(static trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)));
        member = (T)member.WithModifiers(member.Modifiers.RemoveAt(index));
        var next = TokenAt(member, index);
        return member.ReplaceToken(next, next.WithLeadingTrivia(leading.AddRange(next.LeadingTrivia)));
    }

    /// <summary>The modifier at a place, or what follows the last.</summary>
    private static SyntaxToken TokenAt(MemberDeclarationSyntax member, int index)
    {
        if (index < member.Modifiers.Count) return member.Modifiers[index];
        if (member.Modifiers.Count > 0) return member.Modifiers.Last().GetNextToken();
        return member.AttributeLists.Count > 0 ? member.AttributeLists.Last().CloseBracketToken.GetNextToken() : member.GetFirstToken();
    }
}
