using System;
using System.IO;
using Xunit;

namespace Kan.Tests.Format;

/// <summary>The page about the format shows what the writer writes.</summary>
public sealed class DocumentationTests
{
    [Fact]
    public void The_example_is_as_the_writer_writes_it()
    {
        string page = File.ReadAllText(Path.Combine(Root(), "docs", "format.md")).Replace("\r\n", "\n", StringComparison.Ordinal);
        const string Fence = "```json\n";
        int start = page.IndexOf(Fence, StringComparison.Ordinal) + Fence.Length;
        string example = page[start..page.IndexOf("```", start, StringComparison.Ordinal)];
        Assert.Equal(example, KanDocumentWriter.Write(KanDocumentReader.Read(example)));
    }

    private static string Root()
    {
        // Not the path of this file: deterministic builds map it.
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Kan.Generators.sln"))) folder = folder.Parent ?? throw new DirectoryNotFoundException();
        return folder.FullName;
    }
}
