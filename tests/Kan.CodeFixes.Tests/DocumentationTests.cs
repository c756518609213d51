extern alias fixes;
extern alias generators;

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using fixes::Kan.CodeFixes.Plans;
using generators::Kan.Generators;
using Kan.CodeFixes.Tests.Harness;
using Kan.Testing;
using Xunit;

namespace Kan.CodeFixes.Tests;

/// <summary>Every fix is on the page of its diagnostic, and what the pages show is what the fixes do.</summary>
public sealed partial class DocumentationTests
{
    private static readonly PlannedFixProvider[] s_fixes =
        [.. typeof(PlannedFixProvider).Assembly.GetTypes().Where(static type => type.IsSubclassOf(typeof(PlannedFixProvider)))
        .Select(static type => (PlannedFixProvider)Activator.CreateInstance(type)!)];

    private static IEnumerable<string> Fixable =>
        s_fixes.SelectMany(static fix => fix.FixableDiagnosticIds).Distinct().Order(StringComparer.Ordinal);

    /// <summary>The pages with a fix, and docs/code-fixes.md.</summary>
    public static TheoryData<string> Pages() => [.. Fixable.Select(static id => "diagnostics/" + id), "code-fixes"];

    [Fact]
    public void Every_fix_is_for_a_diagnostic_that_there_is() =>
        Assert.Empty(Fixable.Except(new KanAnalyzer().SupportedDiagnostics.Select(static descriptor => descriptor.Id)));

    [Fact]
    public void The_pages_with_a_fix_are_those_of_the_fixes() => Assert.Equal(
        Fixable,
        Directory.GetFiles(Repository.PathOf("docs/diagnostics"), "KAN*.md")
        .Where(static page => File.ReadAllText(page).Contains("\n## Fix in the editor\n", StringComparison.Ordinal))
            .Select(static page => Path.GetFileNameWithoutExtension(page)).Order(StringComparer.Ordinal));

    [Fact]
    public void The_list_of_fixes_names_each_diagnostic() => Assert.Equal(
        Fixable, Identifier().Matches(Repository.Read("docs/code-fixes.md")).Select(static match => match.Value).Distinct()
        .Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task The_examples_are_what_the_fixes_do(string page)
    {
        string text = Repository.Read("docs/" + page + ".md");
        var examples = Example().Matches(text);
        Assert.NotEmpty(examples);
        foreach (Match example in examples)
        {
            string title = example.Groups["title"].Value.Replace("\n", " ", StringComparison.Ordinal);
            var fix = s_fixes.Single(fix => page == "code-fixes"
                ? fix.GetType().Name == "SmoothFunctionFix"
                : fix.FixableDiagnosticIds.Contains(Path.GetFileName(page)));
            string after = await Fixing.Apply(fix, example.Groups["before"].Value, title);
            Assert.True(after == example.Groups["after"].Value, page + " should show\n" + after);
        }
    }

    [GeneratedRegex(@"\*\*(?<title>[^*]+)\*\*[^`]*```cs\n(?<before>.*?)```\s*```cs\n(?<after>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex("KAN[0-9]{4}")]
    private static partial Regex Identifier();
}
