using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kan.CodeFixes.Smooth;

/// <summary>Lines, indentation and comments.</summary>
internal static class Layout
{
    /// <summary>The end of a line in a file.</summary>
    public static string NewLine(SyntaxNode root) => root.GetText().ToString().Contains("\r\n") ? "\r\n" : "\n";

    /// <summary>The spaces in front of a node on its line.</summary>
    public static string Indentation(SyntaxNode node)
    {
        var text = node.SyntaxTree.GetText();
        string line = text.Lines.GetLineFromPosition(node.SpanStart).ToString();
        return line.Substring(0, line.Length - line.TrimStart().Length);
    }

    /// <summary>The lines of a piece of code, moved to the left.</summary>
    public static IEnumerable<string> Lines(SyntaxNode node)
    {
        string indentation = Indentation(node);
        return node.ToString().Split('\n').Select(line =>
        {
            string text = line.TrimEnd();
            return text.StartsWith(indentation, System.StringComparison.Ordinal) ? text.Substring(indentation.Length) : text.TrimStart();
        });
    }

    /// <summary>Comments, a line each; those of documentation as ordinary ones.</summary>
    public static IEnumerable<string> Comments(IEnumerable<SyntaxTrivia> trivias)
    {
        foreach (var trivia in trivias.Where(static trivia => !trivia.IsKind(SyntaxKind.WhitespaceTrivia)
            && !trivia.IsKind(SyntaxKind.EndOfLineTrivia)))
        {
            foreach (string line in trivia.ToFullString().Split('\n').Select(static line => line.Trim())
                .Where(static line => line.Length > 0))
            {
                bool isPlain = line.StartsWith("//", System.StringComparison.Ordinal)
                    && !line.StartsWith("///", System.StringComparison.Ordinal);
                yield return isPlain || !trivia.HasStructure ? line : "//" + line.TrimStart('/');
            }
        }
    }

    /// <summary>The type with a list of attributes behind those it has.</summary>
    /// <param name="type">The type.</param>
    /// <param name="lines">Comments, then the list, without indentation.</param>
    /// <param name="indentation">That of the type.</param>
    /// <param name="newLine">The end of a line.</param>
    public static T WithAttributes<T>(T type, IEnumerable<string> lines, string indentation, string newLine)
        where T : MemberDeclarationSyntax
    {
        string text = string.Join(newLine + indentation, lines) + newLine;
        var added = ((TypeDeclarationSyntax)SyntaxFactory.ParseMemberDeclaration(text + "class C { }")!).AttributeLists;
        var old = type.AttributeLists;
        var indent = SyntaxFactory.TriviaList(SyntaxFactory.Whitespace(indentation));
        if (old.Count == 0)
        {
            // Documentation and blank lines stay in front of the whole.
            var leading = type.GetLeadingTrivia();
            added = added.Replace(added[0], added[0].WithLeadingTrivia(leading.AddRange(added[0].GetLeadingTrivia())));
            type = type.WithLeadingTrivia(indent);
            return (T)type.WithAttributeLists(added);
        }

        var last = old.Last();
        var next = last.CloseBracketToken.GetNextToken();
        if (!last.GetTrailingTrivia().Any(SyntaxKind.EndOfLineTrivia))
        {
            type = type.ReplaceToken(next, next.WithLeadingTrivia(indent));
            old = type.AttributeLists;
            old = old.Replace(old.Last(), old.Last().WithTrailingTrivia(SyntaxFactory.EndOfLine(newLine)));
        }

        added = added.Replace(added[0], added[0].WithLeadingTrivia(indent.AddRange(added[0].GetLeadingTrivia())));
        return (T)type.WithAttributeLists(old.AddRange(added));
    }
}
