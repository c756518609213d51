using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Kan.Testing;
using Xunit;

namespace Kan.Package.Tests.Support;

/// <summary>
/// A page whose blocks are carried out from top to bottom, by a reader who sees only what is rendered. A block below a paragraph that
/// begins with the name of a file, or ends with it and a colon, is that file; a block in <c>sh</c> is run; a block in <c>text</c> after it
/// is what it prints, where a line <c>...</c> stands for any lines. Other blocks only show something.
/// </summary>
internal sealed partial class Walkthrough
{
    private const string FolderMark = "\0folder ";

    private readonly string _page;
    private readonly Step[] _steps;

    public Walkthrough(string page)
    {
        _page = page;
        string text = Repository.Read(page);
        _steps = [.. Block().Matches(text).Select(static match => new Step(
            match.Groups["language"].Value, match.Groups["first"].Success ? match.Groups["first"].Value : match.Groups["last"].Value,
            match.Groups["text"].Value))];
        Hidden = [.. Comment().Matches(Fenced().Replace(text, "")).Select(static match => match.Value),
            .. Words().Matches(text).Select(static match => match.Value)];
    }

    /// <summary>What the page says that is not rendered: comments, and words after the language of a block.</summary>
    public IReadOnlyList<string> Hidden { get; }

    /// <summary>The C# that is in no file and so is not compiled.</summary>
    public IEnumerable<string> LooseCode =>
        _steps.Where(static step => step is { Language: "csharp", File: "" }).Select(static step => step.Text);

    /// <summary>Carries the page out.</summary>
    /// <param name="folder">Where the reader begins.</param>
    /// <param name="environmentOf">What to set for a command.</param>
    public async Task Run(string folder, Func<string, IReadOnlyDictionary<string, string>> environmentOf)
    {
        string? printed = null, command = null;
        foreach (var step in _steps)
        {
            if (step.Language == "sh")
            {
                (printed, command) = (await Shell(folder, step.Text, environmentOf(step.Text)), step.Text);
                folder = printed[(printed.LastIndexOf(FolderMark, StringComparison.Ordinal) + FolderMark.Length)..].Trim();
                printed = printed[..printed.LastIndexOf(FolderMark, StringComparison.Ordinal)];
            }
            else if (step.Language == "text")
            {
                Assert.True(printed is not null, $"{_page}: output stands before any command");
                Assert.True(Pattern(step.Text).IsMatch(printed),
                    $"{_page}: after\n{command}the page says\n{step.Text}but it is\n{printed}");
            }
            else if (step.File.Length > 0)
            {
                string file = Path.Combine(folder, step.File);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                await File.WriteAllTextAsync(file, step.Text, TestContext.Current.CancellationToken);
            }
        }
    }

    /// <summary>Runs the lines of one block; the next block begins in the folder where it ends.</summary>
    private async Task<string> Shell(string folder, string script, IReadOnlyDictionary<string, string> environment)
    {
        var (code, output) = await Command.Run("bash", folder, environment, "-e", "-o", "pipefail", "-c",
            script + "\nprintf '\\0folder '; pwd");
        Assert.True(code == 0, $"{_page}: {script}{output}");
        return output.ReplaceLineEndings("\n");
    }

    private static Regex Pattern(string text)
    {
        var pattern = new StringBuilder();
        foreach (string line in text.TrimEnd('\n').Split('\n')) pattern.Append(line == "..." ? @"(.*\n)*?" : Regex.Escape(line) + @"\s*?\n");
        return new Regex(@"\A\s*" + pattern + @"\s*\z");
    }

    // The paragraph above a block is the lines between it and the empty line before.
    [GeneratedRegex("""(?:(?<=\n\n)(?:`(?<first>[\w./-]+\.\w+)`[^\n]*(?:\n[^\n]+)*|(?:[^`\n][^\n]*\n)*?[^`\n][^\n]*`(?<last>[\w./-]+\.\w+)`:)\n\n)?^```(?<language>\w*)[^\n]*\n(?<text>.*?)^```$""", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("^```.*?^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fenced();

    [GeneratedRegex("<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^```\w*[^\w\n][^\n]*$", RegexOptions.Multiline)]
    private static partial Regex Words();

    private sealed record Step(string Language, string File, string Text);
}
