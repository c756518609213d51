using System.Text;
using Microsoft.CodeAnalysis;

namespace Kan.Generators.Symbolic.Evaluation;

/// <summary>Code in a message: one line, and not a long one.</summary>
internal static class Excerpt
{
    private const int Most = 60;

    /// <summary>The text of a piece of code.</summary>
    public static string Of(SyntaxNode node)
    {
        var text = new StringBuilder();
        foreach (char c in node.ToString())
        {
            if (!char.IsWhiteSpace(c)) text.Append(c);
            else if (text.Length > 0 && text[text.Length - 1] != ' ') text.Append(' ');
            if (text.Length > Most) return text.ToString(0, Most - 3) + "...";
        }

        return text.ToString();
    }
}
