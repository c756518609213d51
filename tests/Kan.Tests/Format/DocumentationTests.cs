using System;
using Kan.Tests.Support;
using Xunit;

namespace Kan.Tests.Format;

/// <summary>The page about the format shows what the writer writes.</summary>
public sealed class DocumentationTests
{
    [Fact]
    public void The_example_is_as_the_writer_writes_it()
    {
        string page = RepositoryFiles.Page("format.md");
        const string Fence = "```json\n";
        int start = page.IndexOf(Fence, StringComparison.Ordinal) + Fence.Length;
        string example = page[start..page.IndexOf("```", start, StringComparison.Ordinal)];
        Assert.Equal(example, KanDocumentWriter.Write(KanDocumentReader.Read(example)));
    }
}
