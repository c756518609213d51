using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Kan.Interchange.Tests.Support;
using Kan.Testing;
using Xunit;

namespace Kan.Package.Tests.Support;

/// <summary>A folder outside the repository, as a user's is: projects that know the packages by name only.</summary>
internal sealed class UserProject : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly PackedFeed _feed;

    public UserProject(PackedFeed feed)
    {
        _feed = feed;

        // Nothing of the folders above, whatever lies in the temporary folder.
        Write("Directory.Build.props", "<Project />");
        Write("Directory.Build.targets", "<Project />");
        Write("Directory.Packages.props", "<Project />");
        Write("nuget.config", $"""<configuration><packageSources><add key="kan" value="{feed.Folder}" /></packageSources></configuration>""");
    }

    public string Folder => _scratch.Folder;

    public string PathOf(string name) => _scratch.PathOf(name);

    public void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text);
    }

    /// <summary>Copies a file of the repository.</summary>
    public void Copy(string source, string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.Copy(Repository.PathOf(source), PathOf(name), overwrite: true);
    }

    /// <summary>A project that uses the package; every warning is an error.</summary>
    public void WriteProject(string name, string items = "", string properties = "<OutputType>Exe</OutputType>", bool package = true) => Write(name, $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <InvariantGlobalization>true</InvariantGlobalization>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <NuGetAudit>false</NuGetAudit>
            {properties}
          </PropertyGroup>
          <ItemGroup>
            {(package ? $"""<PackageReference Include="Kan.Generators" Version="{_feed.Version}" />""" : "")}
            {items}
          </ItemGroup>
        </Project>
        """);

    public Task<(int ExitCode, string Output)> DotNetIn(string folder, params string[] arguments) => DotNet.Run(PathOf(folder), arguments);

    /// <summary>Runs a command that must succeed; what it printed, with LF.</summary>
    public async Task<string> Succeed(string folder, params string[] arguments)
    {
        var (code, output) = await DotNetIn(folder, arguments);
        Assert.True(code == 0, $"dotnet {string.Join(' ', arguments)}: {output}");
        return output.ReplaceLineEndings("\n");
    }

    public Task<string> Run(string folder = "") => Succeed(folder, "run", "-c", "Release", "-v:q", "-tl:off");

    public void Dispose() => _scratch.Dispose();
}
