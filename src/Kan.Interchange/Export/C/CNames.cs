using System.Text;

namespace Kan.Interchange;

/// <summary>Names and comments of C.</summary>
internal static class CNames
{
    /// <summary>The nearest identifier, in lower case.</summary>
    public static string Identifier(string name)
    {
        var text = new StringBuilder();
        foreach (char c in name)
        {
            if (char.IsAsciiLetterOrDigit(c)) text.Append(char.ToLowerInvariant(c));
            else if (text.Length > 0 && text[^1] != '_') text.Append('_');
        }

        string identifier = text.ToString().TrimEnd('_');
        return identifier.Length == 0 || char.IsAsciiDigit(identifier[0]) ? "network_" + identifier : identifier;
    }

    /// <summary>A line that neither ends its comment nor begins one, in ASCII.</summary>
    public static string Comment(string line)
    {
        var text = new StringBuilder();
        foreach (char c in MessageText.Cut(line, MessageText.LongestMessage))
        {
            char plain = c is >= ' ' and <= '~' ? c : '?';
            if (text.Length > 0 && ((plain == '/' && text[^1] is '*' or '?') || (plain == '*' && text[^1] == '/'))) text.Append(' ');
            text.Append(plain);
        }

        return text.ToString();
    }
}
