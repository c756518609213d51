using System;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Kan.Generators.Symbolic.Evaluation;

/// <summary>Code in a message: one line, and not a long one.</summary>
internal static class Excerpt
{
    private const int Most = 60;

    // White space counts for one character, and of a long piece of code only the start is shown.
    private const int MostRead = 4096;

    /// <summary>The text of a piece of code.</summary>
    public static string Of(SyntaxNode node)
    {
        var text = new StringBuilder();
        var span = node.Span;
        foreach (char c in node.SyntaxTree.GetText().ToString(new TextSpan(span.Start, Math.Min(span.Length, MostRead))))
        {
            if (!char.IsWhiteSpace(c)) text.Append(c);
            else if (text[text.Length - 1] != ' ') text.Append(' ');
            if (text.Length > Most) return text.ToString(0, Most - 3) + "...";
        }

        return text.ToString();
    }
}
