extern alias generators;

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using generators::Kan.Generators;
using generators::Kan.Generators.Diagnostics;
using Kan.Testing;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Kan.Generators.Tests.Diagnostics;

public sealed partial class DiagnosticBijectionTests
{
    private static readonly string[] s_releases = ["Shipped", "Unshipped"];

    private static readonly DiagnosticDescriptor[] s_fields =
        [.. typeof(Descriptors).GetFields(BindingFlags.Static | BindingFlags.Public).Select(static field => field.GetValue(null)).OfType<DiagnosticDescriptor>()];

    [Fact]
    public void Every_descriptor_is_listed_once()
    {
        Assert.Equal(s_fields.Select(static d => d.Id), Descriptors.All.Select(static d => d.Id));
        Assert.Equal(s_fields.Length, s_fields.Select(static d => d.Id).Distinct().Count());
        Assert.Equal(s_fields.Select(static d => d.Id).Order(StringComparer.Ordinal), s_fields.Select(static d => d.Id));
        Assert.Equal(Descriptors.All.AsEnumerable(), new KanAnalyzer().SupportedDiagnostics);
    }

    [Fact]
    public void Every_descriptor_has_a_row_in_the_releases()
    {
        var rows = s_releases
            .SelectMany(static name => File.ReadLines(Repository.PathOf("src/Kan.Generators/AnalyzerReleases." + name + ".md")))
            .Where(static line => line.StartsWith("KAN", StringComparison.Ordinal));
        Assert.Equal(s_fields.Select(static d => $"{d.Id} | {d.Category} | {d.DefaultSeverity} | {d.Title}"), rows);
    }

    [Fact]
    public void Every_descriptor_has_a_page_and_a_link_to_it()
    {
        var pages = Directory.GetFiles(Repository.PathOf("docs/diagnostics"), "KAN*.md").Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(s_fields.Select(static d => d.Id + ".md"), pages.Select(Path.GetFileName));
        foreach (var (descriptor, page) in s_fields.Zip(pages))
        {
            Assert.EndsWith("/docs/diagnostics/" + descriptor.Id + ".md", descriptor.HelpLinkUri, StringComparison.Ordinal);
            string text = File.ReadAllText(page);
            Assert.StartsWith($"# {descriptor.Id}: {descriptor.Title}\n\n> {descriptor.MessageFormat}\n\n## Cause\n", text, StringComparison.Ordinal);
            Assert.Contains("\n## Wrong", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_descriptor_is_in_the_index_of_the_pages()
    {
        var rows = File.ReadLines(Repository.PathOf("docs/diagnostics/README.md")).Where(static line => line.StartsWith("| [KAN", StringComparison.Ordinal));
        Assert.Equal(s_fields.Select(static d => $"| [{d.Id}]({d.Id}.md) | {d.Title} |"), rows);
    }

    [Fact]
    public void Every_diagnostic_of_declarations_has_a_test()
    {
        // The first two and KAN0306 have no place to mark and tests of their own, the build and the tool report KAN0303, KAN0308, KAN0309 and KAN0903, then come those whose tests choose the ID or need
        // settings, the last need a fault of the generator and an old compiler.
        var untestable = new HashSet<string> { "KAN0107", "KAN0108", "KAN0303", "KAN0306", "KAN0308", "KAN0309", "KAN0500", "KAN0501", "KAN0502", "KAN0503", "KAN0900", "KAN0901", "KAN0902", "KAN0903" };
        string tests = string.Concat(Directory.GetFiles(Repository.PathOf("tests/Kan.Generators.Tests/Diagnostics"), "*.cs").Select(File.ReadAllText));
        var tested = Mark().Matches(tests).Select(static match => match.Groups[1].Value).ToHashSet();
        Assert.All(s_fields, d => Assert.True(untestable.Contains(d.Id) || tested.Contains(d.Id), d.Id));
    }

    [GeneratedRegex(@"\{\|(KAN\d{4}):")]
    private static partial Regex Mark();
}
