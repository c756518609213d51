using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Kan.Interchange.Tests.Support;
using Kan.Testing;
using Xunit;

namespace Kan.Package.Tests.Support;

/// <summary>
/// A page whose blocks are carried out from top to bottom, as a reader does. A block titled <c>title="NAME"</c> is a file; a block in <c>sh</c> is run; a
/// block in <c>text</c> after it is what it prints, where a line <c>...</c> stands for any lines. A comment <c>copy A to B</c> brings a file of the
/// repository that the reader has. Blocks without a title in other languages only show something.
/// </summary>
internal sealed partial class Walkthrough
{
    private readonly string _page;

    public Walkthrough(string page)
    {
        _page = page;
        Steps = Block().Matches(Repository.Read(page));
    }

    private IReadOnlyList<Match> Steps { get; }

    /// <summary>The C# that is in no file and so is not compiled.</summary>
    public IEnumerable<string> LooseCode => Steps.Where(static step => step.Groups["language"].Value == "csharp" && !step.Groups["file"].Success).Select(static step => step.Groups["text"].Value);

    /// <summary>Carries the page out.</summary>
    /// <param name="folder">Where the reader begins.</param>
    /// <param name="environmentOf">What to set for a command.</param>
    public async Task Run(string folder, Func<string, IReadOnlyDictionary<string, string>> environmentOf)
    {
        string? printed = null, command = null;
        foreach (var step in Steps)
        {
            string text = step.Groups["text"].Value;
            if (step.Groups["from"].Success)
            {
                Copy(step.Groups["from"].Value, Path.Combine(folder, step.Groups["to"].Value));
            }
            else if (step.Groups["file"].Success)
            {
                string file = Path.Combine(folder, step.Groups["file"].Value);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
            }
            else if (step.Groups["language"].Value == "sh")
            {
                (printed, command) = (await Shell(folder, text, environmentOf(text)), text);
                folder = printed[(printed.LastIndexOf(FolderMark, StringComparison.Ordinal) + FolderMark.Length)..].Trim();
                printed = printed[..printed.LastIndexOf(FolderMark, StringComparison.Ordinal)];
            }
            else if (step.Groups["language"].Value == "text")
            {
                Assert.True(printed is not null, $"{_page}: output stands before any command");
                Assert.True(Pattern(text).IsMatch(printed), $"{_page}: after\n{command}the page says\n{text}but it is\n{printed}");
            }
        }
    }

    private const string FolderMark = "\0folder ";

    /// <summary>Runs the lines of one block; the next block begins in the folder where it ends.</summary>
    private async Task<string> Shell(string folder, string script, IReadOnlyDictionary<string, string> environment)
    {
        var (code, output) = await Command.Run("bash", folder, environment, "-e", "-o", "pipefail", "-c", script + "\nprintf '\\0folder '; pwd");
        Assert.True(code == 0, $"{_page}: {script}{output}");
        return output.ReplaceLineEndings("\n");
    }

    private static void Copy(string source, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(Repository.PathOf(source), target, overwrite: true);
    }

    private static Regex Pattern(string text)
    {
        var pattern = new StringBuilder();
        foreach (string line in text.TrimEnd('\n').Split('\n')) pattern.Append(line == "..." ? @"(.*\n)*?" : Regex.Escape(line) + @"\s*?\n");
        return new Regex(@"\A\s*" + pattern + @"\s*\z");
    }

    [GeneratedRegex("""^<!-- copy (?<from>\S+) to (?<to>\S+) -->$|^```(?<language>\w*)(?: title="(?<file>[^"]+)")?\n(?<text>.*?)^```$""", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
