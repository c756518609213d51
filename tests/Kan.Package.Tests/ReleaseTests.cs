using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using System.Xml.Linq;
using Kan.Interchange.Tests.Support;
using Kan.Package.Tests.Support;
using Kan.Testing;
using Xunit;

namespace Kan.Package.Tests;

/// <summary>What a release relies on: the packages fit each other, and a tag decides their version.</summary>
public sealed partial class ReleaseTests(PackedFeed feed)
{
    public static IEnumerable<TheoryDataRow<string>> Projects() =>
        PackedFeed.Packages.Keys.Select(static project => new TheoryDataRow<string>(project));

    [Fact]
    public void All_packages_have_one_version_and_depend_on_each_other_in_it()
    {
        string[] own = [.. PackedFeed.Packages.Values];
        var versions = CentralVersions();
        foreach (string package in own)
        {
            var metadata = feed.Metadata(package);
            Assert.Equal(feed.Version, metadata.Elements().Single(static element => element.Name.LocalName == "version").Value);
            foreach (var dependency in metadata.Descendants().Where(static element => element.Name.LocalName == "dependency"))
            {
                string id = dependency.Attribute("id")!.Value;
                Assert.Equal(own.Contains(id) ? feed.Version : versions[id], dependency.Attribute("version")!.Value);
            }
        }
    }

    // The others hold what they need: the generator and its converter, the tool, files.
    [Fact]
    public void Only_the_libraries_have_dependencies()
    {
        string[] withDependencies =
            [.. PackedFeed.Packages.Values.Where(package => feed.Metadata(package).Descendants()
            .Any(static element => element.Name.LocalName == "dependency"))];
        Assert.Equal(["Kan.Networks", "Kan.ML", "Kan.DuckDB", "Kan.Orleans"], withDependencies);
    }

    [Fact]
    public void Every_project_that_is_a_package_is_packed_tested_and_released()
    {
        string[] packable = [.. Directory.GetFiles(Repository.PathOf("src"), "*.csproj", SearchOption.AllDirectories)
            .Where(static project => File.ReadAllText(project).Contains("<IsPackable>true</IsPackable>", StringComparison.Ordinal))
            .Select(static project => Path.GetFileNameWithoutExtension(project)).Order(StringComparer.Ordinal)];
        Assert.Equal(PackedFeed.Packages.Keys.Order(StringComparer.Ordinal), packable);
        var packed = PackedProjects().Match(Repository.Read(".ci/pack")).Groups["projects"].Value.Split(' ');
        Assert.Equal(packable, packed.Order(StringComparer.Ordinal));
        Assert.Contains("bash .ci/pack", Repository.Read(".github/workflows/release.yml"), StringComparison.Ordinal);
        Assert.All(PackedFeed.Packages.Values,
            static package => Assert.Contains($"`{package}`", Repository.Read("docs/releasing.md"), StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public async Task A_tag_is_the_version_of_each_package(string project)
    {
        var tag = new Dictionary<string, string> { ["KanTag"] = "v7.8.9-beta.1" };
        var (code, version) = await DotNet.Run(Repository.PathOf("src", project), tag, "msbuild", "-getProperty:PackageVersion", "-nologo");
        Assert.Equal((0, "7.8.9-beta.1"), (code, version.Trim()));
    }

    [Fact]
    public async Task A_tag_that_is_no_version_is_not_packed()
    {
        var (code, output) = await DotNet.Run(
            Repository.PathOf("src/Kan.Templates"), "msbuild", "-t:CheckTag", "-p:KanTag=release-1", "-nologo", "-tl:off");
        Assert.NotEqual(0, code);
        Assert.Contains("KanTag is 'release-1': expected v and a version", output, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> CentralVersions() =>
        XDocument.Load(Repository.PathOf("Directory.Packages.props")).Descendants("PackageVersion")
        .ToDictionary(static element => element.Attribute("Include")!.Value, static element => element.Attribute("Version")!.Value);

    [GeneratedRegex(@"^for project in (?<projects>[^;]+);", RegexOptions.Multiline)]
    private static partial Regex PackedProjects();
}
