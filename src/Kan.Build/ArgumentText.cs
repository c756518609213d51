using System.Text;

namespace Kan.Build;

/// <summary>
/// Arguments of a process in one text, by the rules that .NET takes it apart by on every system: no shell sees it. (The list of arguments
/// that newer versions of .NET take is not there on .NET Framework.)
/// </summary>
internal static class ArgumentText
{
    /// <summary>One argument, in quotes; backslashes count only before a quote.</summary>
    public static string Quote(string argument)
    {
        var text = new StringBuilder("\"");
        int backslashes = 0;
        foreach (char c in argument)
        {
            if (c == '\\')
            {
                backslashes++;
                continue;
            }

            text.Append('\\', c == '"' ? (2 * backslashes) + 1 : backslashes).Append(c);
            backslashes = 0;
        }

        return text.Append('\\', 2 * backslashes).Append('"').ToString();
    }
}
