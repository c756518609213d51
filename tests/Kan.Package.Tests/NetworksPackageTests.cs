using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Kan.Package.Tests.Support;
using Xunit;

namespace Kan.Package.Tests;

/// <summary>The package Kan.Networks in an empty project: the first code of its pages is a whole program.</summary>
public sealed class NetworksPackageTests(PackedFeed feed)
{
    [Fact]
    public async Task The_first_code_of_the_page_on_conversions_runs()
    {
        using var project = Project("conversions.md");
        Assert.Equal("12\n", await project.Run());
    }

    [Fact]
    public async Task The_first_code_of_the_page_on_regions_runs()
    {
        using var project = Project("regions.md");
        project.Copy("tests/models/digits-mlp.onnx", "digits-mlp.onnx");
        string output = await project.Run();
        Assert.EndsWith(" linear regions\n", output, StringComparison.Ordinal);
        Assert.True(int.Parse(output.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) > 1, output);
        Assert.StartsWith("<svg", await File.ReadAllTextAsync(project.PathOf("regions.svg"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private UserProject Project(string page)
    {
        var project = new UserProject(feed);
        project.WriteProject("exact.csproj", $"""<PackageReference Include="Kan.Networks" Version="{feed.Version}" />""", package: false);
        string code = File.ReadAllText(Path.Combine(PackedFeed.Repository, "docs", page)).ReplaceLineEndings("\n").Split("```csharp\n", 3)[1].Split("```", 2)[0];
        project.Write("Program.cs", code);
        return project;
    }
}
