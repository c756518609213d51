extern alias generators;

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using generators::Kan.Generators;
using generators::Kan.Generators.Diagnostics;
using Kan.Testing;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Kan.Generators.Tests.Diagnostics;

public sealed partial class DiagnosticBijectionTests
{
    // As long as a code.
    private const string Placeholder = "KAN0000";

    private static readonly string[] s_releases = ["Shipped", "Unshipped"];

    private static readonly DiagnosticDescriptor[] s_fields =
        [.. typeof(Descriptors).GetFields(BindingFlags.Static | BindingFlags.Public).Select(static field => field.GetValue(null))
        .OfType<DiagnosticDescriptor>()];

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
            Assert.StartsWith($"# {descriptor.Id}: {descriptor.Title}\n\n> {descriptor.MessageFormat}\n\n## Cause\n", text,
                StringComparison.Ordinal);
            Assert.Contains("\n## Wrong", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_descriptor_is_in_the_index_of_the_pages()
    {
        var rows = File.ReadLines(Repository.PathOf("docs/diagnostics/README.md"))
            .Where(static line => line.StartsWith("| [KAN", StringComparison.Ordinal));
        Assert.Equal(s_fields.Select(static d => $"| [{d.Id}]({d.Id}.md) | {d.Title} |"), rows);
    }

    [Fact]
    public void Every_diagnostic_of_declarations_has_a_test()
    {
        // The first two and KAN0306 have no place to mark and tests of their own, the build and the tool report KAN0303, KAN0308, KAN0309
        // and KAN0903, then come those whose tests choose the ID or need settings or a proof, the last need a fault of the generator, an
        // old compiler or another project.
        var untestable = new HashSet<string> { "KAN0107", "KAN0108", "KAN0115", "KAN0303", "KAN0306", "KAN0308", "KAN0309", "KAN0310",
            "KAN0500", "KAN0501", "KAN0502", "KAN0503", "KAN0504", "KAN0510", "KAN0511", "KAN0512", "KAN0900", "KAN0901", "KAN0902",
            "KAN0903", "KAN0904", "KAN0905", "KAN0906" };
        string tests = string.Concat(Directory.GetFiles(Repository.PathOf("tests/Kan.Generators.Tests/Diagnostics"), "*.cs")
            .Select(File.ReadAllText));
        var tested = Mark().Matches(tests).Select(static match => match.Groups[1].Value).ToHashSet();
        Assert.All(s_fields, d => Assert.True(untestable.Contains(d.Id) || tested.Contains(d.Id), d.Id));
    }

    /// <summary>What the build targets report says the text of a descriptor, with properties in its gaps, and links its page.</summary>
    [Fact]
    public void Every_message_of_the_targets_is_that_of_a_descriptor()
    {
        var messages = XDocument.Load(Repository.PathOf("src/Kan.Generators/build/Kan.Generators.targets")).Descendants()
            .Where(static element => element.Name.LocalName is "Error" or "Warning").ToArray();
        Assert.NotEmpty(messages);
        Assert.Equal(messages.Length, messages.Select(static message => message.Attribute("Code")?.Value).Distinct().Count());
        Assert.All(messages, message =>
        {
            var descriptor = Assert.Single(s_fields, d => d.Id == message.Attribute("Code")?.Value);
            Assert.Equal(descriptor.DefaultSeverity.ToString(), message.Name.LocalName);
            Assert.Equal(descriptor.HelpLinkUri, message.Attribute("HelpLink")?.Value);
            string pattern = Regex.Replace(Regex.Escape(descriptor.MessageFormat.ToString(CultureInfo.InvariantCulture)), @"\\\{\d}", @"\$$\(\w+\)");
            Assert.Matches($"^{pattern}$", message.Attribute("Text")?.Value);
        });
    }

    /// <summary>Codes in the tasks and in the tool, which print messages of their own, are those of descriptors.</summary>
    [Fact]
    public void Every_code_of_the_tasks_and_of_the_tool_has_a_descriptor()
    {
        string[] folders = ["src/Kan.Build", "src/Kan.Tool", "src/Kan.BuildTool", "src/Kan.Interchange", "src/Kan.Generators/build"];
        var codes =
            folders.SelectMany(static folder => Directory.EnumerateFiles(Repository.PathOf(folder), "*", SearchOption.AllDirectories))
            .Where(static file => Path.GetExtension(file) is ".cs" or ".targets" or ".props"
                && !file.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(static file => Code().Matches(File.ReadAllText(file))).Select(static match => match.Value)
                .Where(static code => code != Placeholder).Distinct().ToArray();
        Assert.True(codes.Length > 8);
        Assert.All(codes, static code => Assert.Contains(s_fields, d => d.Id == code));
    }

    [GeneratedRegex(@"KAN\d{4}")]
    private static partial Regex Code();

    [GeneratedRegex(@"\{\|(KAN\d{4}):")]
    private static partial Regex Mark();
}
