using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Kan.Package.Tests.Support;
using Kan.Testing;
using Xunit;

namespace Kan.Package.Tests;

/// <summary>
/// README.md and the guides do what they say: their files are written, their commands run, and what they say is printed is compared.
/// </summary>
public sealed class WalkthroughTests(SourceCopy copy) : IClassFixture<SourceCopy>
{
    public static IEnumerable<TheoryDataRow<string>> Guides() => Directory.GetFiles(Repository.PathOf("docs/guides"), "*.md")
        .Select(static path => new TheoryDataRow<string>("docs/guides/" + Path.GetFileName(path)))
        .OrderBy(static row => row.Data, System.StringComparer.Ordinal);

    [Fact]
    public void The_readme_works_as_written()
    {
        if (copy.Failure is { } failure) Assert.Fail(failure.Message);
    }

    [Theory]
    [MemberData(nameof(Guides))]
    public async Task A_guide_works_as_written(string page)
    {
        Assert.True(copy.Failure is null, "README.md, with which the guides begin, does not work as written.");
        var guide = new Walkthrough(page);
        Assert.Empty(guide.LooseCode);
        await guide.Run(copy.Clone, copy.EnvironmentOf);

        // What a reader sees in the browser is all that this guide leads to.
        if (!page.EndsWith("/blazor.md", System.StringComparison.Ordinal)) return;
        await using var service = await UserService.Start(Path.Combine(copy.Clone, "../Shop"), "Shop");
        string html = await service.Get("");
        Assert.Contains("Risk: <strong>8.75 %</strong>", html, System.StringComparison.Ordinal);
        Assert.Contains("grows by 0.50 a year, and by 0.25 for each mmHg", html, System.StringComparison.Ordinal);
    }

    /// <summary>A step that only the source of a page has would be missing for its readers.</summary>
    [Theory]
    [InlineData("README.md")]
    [MemberData(nameof(Guides))]
    public void A_page_has_no_steps_that_are_not_shown(string page) => Assert.Empty(new Walkthrough(page).Hidden);

    [Fact]
    public void The_code_in_the_readme_is_in_files() => Assert.Empty(new Walkthrough("README.md").LooseCode);
}
