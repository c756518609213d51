using System;
using System.IO;
using System.Threading.Tasks;
using Kan.Interchange.Tests.Support;
using Kan.Package.Tests.Support;
using Xunit;

[assembly: AssemblyFixture(typeof(PackedFeed))]

namespace Kan.Package.Tests.Support;

/// <summary>The packages of this source tree in a folder, under a version that no earlier run has left in a cache.</summary>
public sealed class PackedFeed : IAsyncLifetime
{
    private readonly Scratch _scratch = new();

    public static string Repository => Kan.Testing.Repository.Root;

    public string Version { get; } = "0.1.0-t" + Guid.NewGuid().ToString("N")[..12];

    public string Folder => _scratch.PathOf("feed");

    public string PathOf(string package, string extension = ".nupkg") => Path.Combine(Folder, package + "." + Version + extension);

    public async ValueTask InitializeAsync()
    {
        foreach (string project in (string[])["Kan.Package", "Kan.NetworksPackage", "Kan.Tool", "Kan.Templates"])
        {
            var (code, output) = await DotNet.Run(Path.Combine(Repository, "src", project),
                "pack", "-c", "Release", "-o", Folder, "-nologo", "-v:q", "-tl:off", "-p:PackageVersion=" + Version, "-p:UseSharedCompilation=false");
            Assert.True(code == 0, output);
        }
    }

    public ValueTask DisposeAsync()
    {
        _scratch.Dispose();
        string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        foreach (string package in (string[])["kan.generators", "kan.networks", "kan.tool", "kan.templates"])
        {
            string restored = Path.Combine(cache, package, Version);
            if (Directory.Exists(restored)) Directory.Delete(restored, recursive: true);
        }

        return default;
    }
}
