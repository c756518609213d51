using System;
using System.IO;
using System.Linq;
using Kan.Testing;
using Xunit;

namespace Kan.Documentation.Tests;

/// <summary>docs/api is what the documentation comments of the libraries say now. Set KAN_WRITE_DOCS=1 to write it anew.</summary>
public sealed class ApiReferenceTests
{
    private static readonly string s_folder = Repository.PathOf("docs/api");

    [Fact]
    public void The_reference_is_up_to_date()
    {
        var pages = ApiReference.Pages(Sources.Libraries);
        if (Environment.GetEnvironmentVariable("KAN_WRITE_DOCS") == "1")
        {
            Directory.CreateDirectory(s_folder);
            foreach (string file in Directory.GetFiles(s_folder, "*.md")) File.Delete(file);
            foreach (var (name, text) in pages) File.WriteAllText(Path.Combine(s_folder, name), text);
        }

        Assert.Equal(pages.Keys.Order(StringComparer.Ordinal),
            Directory.GetFiles(s_folder).Select(static path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));
        foreach (var (name, text) in pages) Assert.Equal(text, Repository.Read("docs/api/" + name));
    }

    [Fact]
    public void Every_public_type_says_what_it_is() =>
        Assert.DoesNotContain("|  |\n", ApiReference.Pages(Sources.Libraries)["README.md"], StringComparison.Ordinal);
}
