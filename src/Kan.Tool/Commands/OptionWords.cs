using System.Text.RegularExpressions;

namespace Kan.Tool;

/// <summary>The advice of readers, which name their options as metadata of a project does, in the words of the command line.</summary>
internal static partial class OptionWords
{
    private const string Names = "(Range|Head|Activation|Order|Prefix|Tolerance|Domain|Inputs|Outputs)";

    /// <summary>The message with options for metadata: <c>Domain = -1,1</c> is <c>--domain -1,1</c>. Names in quotes are others' and stay.</summary>
    public static string Say(string message)
    {
        message = Assigned().Replace(message, static match => "--" + match.Groups[1].Value.ToLowerInvariant() + " ");
        message = Subject().Replace(message, static match => "--" + match.Groups[1].Value.ToLowerInvariant());
        return Advised().Replace(message, static match => match.Groups[1].Value + "--" + match.Groups[2].Value.ToLowerInvariant());
    }

    [GeneratedRegex(@"(?<!['\w])" + Names + " = ")]
    private static partial Regex Assigned();

    [GeneratedRegex(@"(?<!['\w])" + Names + @"(?= (?:names|has|does not name) )")]
    private static partial Regex Subject();

    [GeneratedRegex(@"((?:\b[Ss]pecify|\b[Oo]mit|\bbut|\bsmaller|\blarger|\bwith) (?:the |a )?)" + Names + @"\b(?!')")]
    private static partial Regex Advised();
}
