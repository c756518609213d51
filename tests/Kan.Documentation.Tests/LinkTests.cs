using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Kan.Testing;
using Xunit;

namespace Kan.Documentation.Tests;

/// <summary>What pages refer to is there: other pages, their headings, pictures, and files named in the text.</summary>
public sealed partial class LinkTests
{
    /// <summary>What stands in paths for many files, for any, or for what a build makes.</summary>
    private static readonly string[] s_made = ["*", "xxxx", "/bin/", "/obj/"];

    public static IEnumerable<TheoryDataRow<string>> Pages() => Sources.Pages.Select(static page => new TheoryDataRow<string>(page));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_lead_somewhere(string page)
    {
        foreach (Match match in Link().Matches(WithoutCode(Repository.Read(page))))
        {
            string target = match.Groups["target"].Value;
            if (target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal)) continue;
            string[] parts = target.Split('#', 2);
            string file = Target(page, parts[0]);
            Assert.True(Repository.Exists(file), $"{page} links to {target}, but there is no {file}.");
            if (parts.Length == 2)
                Assert.True(Headings(file).Contains(parts[1]), $"{page} links to {target}, but {file} has no such heading.");
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Files_named_in_the_text_exist(string page)
    {
        foreach (Match match in RepositoryPath().Matches(Repository.Read(page)))
        {
            string path = match.Groups["path"].Value.TrimEnd('.', '/');
            if (!s_made.Any(part => path.Contains(part, StringComparison.Ordinal)))
                Assert.True(Repository.Exists(path), $"{page} names {path}, which does not exist.");
        }
    }

    [Fact]
    public void Every_page_of_the_documentation_is_reached_from_the_readme()
    {
        var reached = new HashSet<string>(StringComparer.Ordinal) { "README.md" };
        var ahead = new Queue<string>(reached);
        while (ahead.TryDequeue(out string? page))
        {
            foreach (string target in Link().Matches(WithoutCode(Repository.Read(page)))
                .Select(match => Target(page, match.Groups["target"].Value.Split('#')[0])))
                if (target.EndsWith(".md", StringComparison.Ordinal) && Repository.Exists(target) && reached.Add(target))
                    ahead.Enqueue(target);
        }

        Assert.Empty(Sources.Pages.Where(static page => page.StartsWith("docs/", StringComparison.Ordinal)).Except(reached));
    }

    /// <summary>What a link on a page names, from the root.</summary>
    private static string Target(string page, string link) => link.Length == 0
        ? page
        : Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, link)))
        .Replace('\\', '/');

    private static HashSet<string> Headings(string page) =>
        [.. Heading().Matches(Repository.Read(page)).Select(static match => Anchor(match.Groups["text"].Value))];

    /// <summary>The anchor that GitHub gives a heading.</summary>
    private static string Anchor(string heading)
    {
        var anchor = new StringBuilder();
        foreach (char c in heading.Trim().ToLowerInvariant())
        {
            if (char.IsLetterOrDigit(c) || c is '-' or '_') anchor.Append(c);
            else if (c == ' ') anchor.Append('-');
        }

        return anchor.ToString();
    }

    private static string WithoutCode(string page) => Code().Replace(page, "");

    [GeneratedRegex(@"(?<!\\)\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^```.*?^```|`[^`\n]*`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"(?<![\w/.-])(?<path>(src|tests|docs|sample-app|\.ci)/[\w./*-]+)")]
    private static partial Regex RepositoryPath();
}
