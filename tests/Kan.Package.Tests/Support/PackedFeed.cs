using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Threading.Tasks;
using System.Xml.Linq;
using Kan.Interchange.Tests.Support;
using Kan.Package.Tests.Support;
using Xunit;

[assembly: AssemblyFixture(typeof(PackedFeed))]

namespace Kan.Package.Tests.Support;

/// <summary>The packages of this source tree in a folder, under a version that no earlier run has left in a cache.</summary>
public sealed class PackedFeed : IAsyncLifetime
{
    private readonly Scratch _scratch = new();

    /// <summary>The projects that are packed, and their packages.</summary>
    public static IReadOnlyDictionary<string, string> Packages { get; } = new Dictionary<string, string>
    {
        ["Kan.Package"] = "Kan.Generators",
        ["Kan.NetworksPackage"] = "Kan.Networks",
        ["Kan.Tool"] = "Kan.Tool",
        ["Kan.Templates"] = "Kan.Templates",
        ["Kan.ML"] = "Kan.ML",
        ["Kan.DuckDB"] = "Kan.DuckDB",
        ["Kan.Orleans"] = "Kan.Orleans",
    };

    public static string Repository => Kan.Testing.Repository.Root;

    public string Version { get; } = "0.1.0-t" + Guid.NewGuid().ToString("N")[..12];

    public string Folder => _scratch.PathOf("feed");

    public string PathOf(string package, string extension = ".nupkg") => Path.Combine(Folder, package + "." + Version + extension);

    /// <summary>The metadata of a package.</summary>
    public XElement Metadata(string package)
    {
        using var archive = ZipFile.OpenRead(PathOf(package));
        using var stream = archive.GetEntry(package + ".nuspec")!.Open();
        return XDocument.Load(stream).Root!.Elements().Single();
    }

    public async ValueTask InitializeAsync()
    {
        // What "dotnet pack" does with each project, in one process.
        _scratch.Write("pack.proj", System.Text.Encoding.UTF8.GetBytes($"""
            <Project>
              <ItemGroup>
                {string.Concat(Packages.Keys.Select(static project => $"<Mine Include=\"{Path.Combine(Repository, "src", project, project)}.csproj\" />"))}
              </ItemGroup>
              <Target Name="Pack">
                <MSBuild Projects="@(Mine)" Targets="Restore" Properties="Phase=Restore" />
                <MSBuild Projects="@(Mine)" Targets="Pack" />
              </Target>
            </Project>
            """));
        var (code, output) = await DotNet.Run(Repository,
            "msbuild", _scratch.PathOf("pack.proj"), "-nologo", "-v:q", "-tl:off", "-m:1", "-p:_IsPacking=true", "-p:Configuration=Release",
            "-p:PackageOutputPath=" + Folder, "-p:PackageVersion=" + Version);
        Assert.True(code == 0, output);
    }

    public ValueTask DisposeAsync()
    {
        _scratch.Dispose();
        string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        foreach (string package in Packages.Values)
        {
            string restored = Path.Combine(cache, package.ToLowerInvariant(), Version);
            if (Directory.Exists(restored)) Directory.Delete(restored, recursive: true);
        }

        return default;
    }
}
