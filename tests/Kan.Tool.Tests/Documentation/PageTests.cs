using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Tool.Tests.Documentation;

/// <summary>
/// The commands on the pages of the tool print what the pages say they print. A page that does not gets a <c>PAGE.received.md</c> beside
/// it, with what they print now; accept it by renaming.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class PageTests
{
    private const string Fence = "```", Start = "```console", Prompt = "$ ", Received = ".received.md";

    private static string Folder => TestFiles.Metadata("Pages");

    private static IEnumerable<string> All =>
        Directory.GetFiles(Folder, "*.md").Where(static path => !path.EndsWith(Received, StringComparison.Ordinal));

    public static TheoryData<string> Pages =>
        [.. All.Where(static path => File.ReadLines(path).Contains(Start)).Select(static path => Path.GetFileName(path))
            .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Examples_print_what_the_page_says(string page)
    {
        using var scratch = new Scratch();
        foreach (string file in (string[])[.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "models")),
            .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "data")), .. Directory.GetFiles(Path.Combine(Folder, "examples"))])
            File.Copy(file, scratch.PathOf(Path.GetFileName(file)));

        string path = Path.Combine(Folder, page), received = Path.ChangeExtension(path, Received);
        string[] lines = await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken);
        var actual = new List<string>();
        bool isExample = false;
        foreach (string line in lines)
        {
            bool isCommand = isExample && line.StartsWith(Prompt, StringComparison.Ordinal);
            isExample = line == Start || (isExample && line != Fence);
            if (!isExample || line == Start || isCommand) actual.Add(line);
            if (!isCommand) continue;
            string output = (await Execute(scratch, line[Prompt.Length..].Split(' '))).ReplaceLineEndings("\n").TrimEnd('\n');
            if (output.Length > 0) actual.AddRange(output.Split('\n'));
        }

        File.Delete(received);
        if (!actual.SequenceEqual(lines))
            await File.WriteAllTextAsync(received, string.Join('\n', actual) + "\n", TestContext.Current.CancellationToken);
        Assert.Equal(lines, actual);
    }

    /// <summary>Each command has a page, which the index links, and the other way round.</summary>
    [Fact]
    public void Every_command_has_a_page()
    {
        string index = File.ReadAllText(Path.Combine(Folder, "README.md"));
        string[] pages = [.. All.Select(static path => Path.GetFileNameWithoutExtension(path)).Where(static name => name != "README")
            .Order(StringComparer.Ordinal)];
        Assert.Equal(CommandList.Create().Subcommands.Where(static command => !command.Hidden).Select(static command => command.Name)
            .Order(StringComparer.Ordinal), pages);
        Assert.All(pages, page => Assert.Contains($"[`kan {page}`]({page}.md)", index, StringComparison.Ordinal));
    }

    private static async Task<string> Execute(Scratch scratch, string[] words)
    {
        switch (words[0])
        {
            case "kan":
                return (await DotNet.Run(scratch.Folder, ["exec", TestFiles.Metadata("KanTool"), .. words[1..]])).Output;
            case "cat":
                return await File.ReadAllTextAsync(scratch.PathOf(words[1]), TestContext.Current.CancellationToken);
            case "head":
                return string.Join('\n', File.ReadLines(scratch.PathOf(words[3]))
                    .Take(int.Parse(words[2], System.Globalization.CultureInfo.InvariantCulture)));
            case "tail":
                return string.Join('\n', File.ReadLines(scratch.PathOf(words[3]))
                    .TakeLast(int.Parse(words[2], System.Globalization.CultureInfo.InvariantCulture)));
            default:
                throw new ArgumentException($"The pages have no command '{words[0]}'.", nameof(words));
        }
    }
}
