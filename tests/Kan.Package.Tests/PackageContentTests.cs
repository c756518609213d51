using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Xml.Linq;
using Kan.Package.Tests.Support;
using Xunit;

namespace Kan.Package.Tests;

/// <summary>What is in each package: the lists are checked in, so that no file comes or goes unseen.</summary>
public sealed class PackageContentTests(PackedFeed feed)
{
    [Theory]
    [InlineData("Kan.Generators", ".nupkg")]
    [InlineData("Kan.Generators", ".snupkg")]
    [InlineData("Kan.Tool", ".nupkg")]
    [InlineData("Kan.Templates", ".nupkg")]
    public void Packages_hold_the_listed_files(string package, string extension)
    {
        using var archive = ZipFile.OpenRead(feed.PathOf(package, extension));
        var files = archive.Entries.Select(static entry => entry.FullName)
            .Where(static name => !name.StartsWith("_rels/", StringComparison.Ordinal) && !name.StartsWith("package/", StringComparison.Ordinal) && name != "[Content_Types].xml")
            .Order(StringComparer.Ordinal);
        Assert.Equal(File.ReadAllLines(Path.Combine(PackedFeed.Repository, "tests/Kan.Package.Tests", package + extension + ".files.txt")), files);
    }

    [Theory]
    [InlineData("Kan.Generators")]
    [InlineData("Kan.Tool")]
    [InlineData("Kan.Templates")]
    public void Packages_say_what_they_are(string package)
    {
        using var archive = ZipFile.OpenRead(feed.PathOf(package));
        using var stream = archive.GetEntry(package + ".nuspec")!.Open();
        var metadata = XDocument.Load(stream).Root!.Elements().Single();
        string Field(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
        Assert.Equal("README.md", Field("readme"));
        Assert.Equal("icon.png", Field("icon"));
        Assert.Equal("MIT", Field("license"));
        Assert.NotEmpty(Field("description"));
        Assert.NotEmpty(Field("tags"));
        var repository = metadata.Elements().Single(static element => element.Name.LocalName == "repository");
        Assert.Equal(40, repository.Attribute("commit")!.Value.Length);
        Assert.DoesNotContain(metadata.Descendants(), static element => element.Name.LocalName == "dependency");
    }
}
