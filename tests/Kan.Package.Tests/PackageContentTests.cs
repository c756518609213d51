using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Reflection.Metadata;
using System.Text.Json;
using Kan.Package.Tests.Support;
using Kan.Testing;
using Xunit;

namespace Kan.Package.Tests;

/// <summary>What is in each package: the lists are checked in, so that no file comes or goes unseen.</summary>
public sealed class PackageContentTests(PackedFeed feed)
{
    // The kind of the custom debug information that holds the map from sources to addresses, as the format of portable symbols defines it.
    private static readonly Guid s_sourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    [Theory]
    [InlineData("Kan.Generators", ".nupkg")]
    [InlineData("Kan.Generators", ".snupkg")]
    [InlineData("Kan.Networks", ".nupkg")]
    [InlineData("Kan.Networks", ".snupkg")]
    [InlineData("Kan.ML", ".nupkg")]
    [InlineData("Kan.ML", ".snupkg")]
    [InlineData("Kan.DuckDB", ".nupkg")]
    [InlineData("Kan.DuckDB", ".snupkg")]
    [InlineData("Kan.Orleans", ".nupkg")]
    [InlineData("Kan.Orleans", ".snupkg")]
    [InlineData("Kan.Tool", ".nupkg")]
    [InlineData("Kan.Templates", ".nupkg")]
    public void Packages_hold_the_listed_files(string package, string extension)
    {
        using var archive = ZipFile.OpenRead(feed.PathOf(package, extension));
        var files = archive.Entries.Select(static entry => entry.FullName)
            .Where(static name => !name.StartsWith("_rels/", StringComparison.Ordinal)
                && !name.StartsWith("package/", StringComparison.Ordinal) && name != "[Content_Types].xml")
            .Order(StringComparer.Ordinal);
        Assert.Equal(File.ReadAllLines(Repository.PathOf("tests/Kan.Package.Tests", package + extension + ".files.txt")), files);
    }

    [Fact]
    public void Symbols_lead_to_the_sources_of_the_commit()
    {
        using var archive = ZipFile.OpenRead(feed.PathOf("Kan.Generators", ".snupkg"));
        using var memory = new MemoryStream();
        using (var stream = archive.GetEntry("lib/net10.0/Kan.pdb")!.Open()) stream.CopyTo(memory);
        memory.Position = 0;
        using var provider = MetadataReaderProvider.FromPortablePdbStream(memory);
        var reader = provider.GetMetadataReader();
        var link = reader.CustomDebugInformation.Select(reader.GetCustomDebugInformation)
            .Single(information => reader.GetGuid(information.Kind) == s_sourceLink);
        using var json = JsonDocument.Parse(reader.GetBlobBytes(link.Value));
        var map = Assert.Single(json.RootElement.GetProperty("documents").EnumerateObject());
        Assert.Matches("^https://raw.githubusercontent.com/kan-generators/kan-generators/[0-9a-f]{40}/\\*$", map.Value.GetString());
        string[] sources = [.. reader.Documents.Select(document => reader.GetString(reader.GetDocument(document).Name))
            .Where(static name => !name.Contains("/obj/", StringComparison.Ordinal)
                && !name.Contains("\\obj\\", StringComparison.Ordinal))];
        Assert.NotEmpty(sources);
        Assert.All(sources, name => Assert.StartsWith(map.Name.TrimEnd('*'), name, StringComparison.Ordinal));
    }

    public static IEnumerable<TheoryDataRow<string>> Packages() =>
        PackedFeed.Packages.Values.Select(static package => new TheoryDataRow<string>(package));

    [Theory]
    [MemberData(nameof(Packages))]
    public void Packages_say_what_they_are(string package)
    {
        var metadata = feed.Metadata(package);
        string Field(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
        Assert.Equal("README.md", Field("readme"));
        Assert.Equal("icon.png", Field("icon"));
        Assert.Equal("MIT", Field("license"));
        Assert.NotEmpty(Field("title"));
        Assert.NotEmpty(Field("description"));
        Assert.NotEmpty(Field("tags"));
        var repository = metadata.Elements().Single(static element => element.Name.LocalName == "repository");
        Assert.Equal(40, repository.Attribute("commit")!.Value.Length);
    }
}
