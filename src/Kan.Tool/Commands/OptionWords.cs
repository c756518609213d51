using System.Text.RegularExpressions;

namespace Kan.Tool;

/// <summary>The advice of readers, which name their options as metadata of a project does, in the words of the command line.</summary>
internal static partial class OptionWords
{
    private const string Names = "(Simplify|Range|Head|Activation|Order|Prefix|Tolerance|Domain|Inputs|Outputs)";

    /// <summary>
    /// The message with options for metadata: <c>Domain = -1,1</c> is <c>--domain -1,1</c>, and "the Domain" is "the --domain". What stands
    /// in quotes is from files and stays.
    /// </summary>
    public static string Say(string message) => Option().Replace(message, static match => match.Value switch
    {
        ['\'', ..] => match.Value,
        [.. var name, ' ', '=', ' '] => $"--{name.ToLowerInvariant()} ",
        var name => "--" + name.ToLowerInvariant(),
    });

    // Quoted text; a name before "=" or a verb of which it is the subject; a name behind a word in lower case; a name in parentheses that
    // is no operator's.
    [GeneratedRegex(@"(?<!\w)'.*?'(?!\w)|(?<!\w)" + Names + @" = |(?<!\w)" + Names + @"(?= (?:names|has|specifies|does not (?:name|include)) )|(?<=[a-z],? )" + Names + @"\b|(?<=\()Outputs(?=\))")]
    private static partial Regex Option();
}
