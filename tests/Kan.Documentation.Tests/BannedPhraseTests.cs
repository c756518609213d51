using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Kan.Testing;
using Xunit;

namespace Kan.Documentation.Tests;

/// <summary>
/// Pages and sources are written in English that a native reader would write: none of the phrases in <see cref="BannedPhrases"/>.
/// </summary>
public sealed class BannedPhraseTests
{
    private static readonly string[] s_folders = ["src", "sample-app"];
    private static readonly string[] s_passedOver = ["bin", "obj", "node_modules"];

    /// <summary>Pages that are written by programs from texts that are searched themselves, and the record of past versions.</summary>
    private static readonly string[] s_derived = ["docs/api/", "CHANGELOG.md"];

    private static IReadOnlyList<string> Files { get; } =
    [
        .. Sources.Pages.Where(static page => !s_derived.Any(derived => page.StartsWith(derived, StringComparison.Ordinal))),
        .. s_folders.SelectMany(static folder => Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories))
            .Select(static path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(static path => !path.Split('/').Intersect(s_passedOver).Any())
            .Order(StringComparer.Ordinal),
    ];

    [Fact]
    public void No_page_and_no_source_has_a_banned_phrase()
    {
        var found = Files.SelectMany(static file => Found(file))
            .Where(static hit => !BannedPhrases.Exclusions.Any(exclusion => exclusion.Covers(hit.File, hit.Phrase)));
        string report = string.Join('\n', found.Select(static hit => $"{hit.File}({hit.Line}): '{hit.Text}': write: {hit.Phrase.Instead}"));
        Assert.True(report.Length == 0, "\n" + report);
    }

    [Fact]
    public void Exclusions_name_phrases_of_the_table_and_a_reason() => Assert.All(BannedPhrases.Exclusions, static exclusion =>
    {
        Assert.NotEmpty(exclusion.Reason);
        Assert.Empty(exclusion.Patterns.Except(BannedPhrases.All.Select(static phrase => phrase.Pattern)));
    });

    [Theory]
    [InlineData("The value of the edge at 0; 0 when silent.", "when silent")]
    [InlineData("Lead edges to it, or leave it out.", "Lead edges to")]
    [InlineData("A guide is Carried  Out by a test.", "Carried  Out")]
    public void Phrases_are_found_in_any_case_and_spacing(string line, string expected) =>
        Assert.Contains(expected, BannedPhrases.All.SelectMany(phrase => phrase.In(line)));

    [Fact]
    public void Parts_of_words_are_not_phrases() =>
        Assert.Empty(BannedPhrases.All.SelectMany(static phrase => phrase.In("misread once, threaded onto a bread online")));

    private static IEnumerable<(string File, int Line, BannedPhrase Phrase, string Text)> Found(string file)
    {
        string[] lines = Repository.Read(file).Split('\n');
        return lines.SelectMany((line, index) =>
            BannedPhrases.All.SelectMany(phrase => phrase.In(line).Select(text => (file, index + 1, phrase, text))));
    }
}
