using System;
using System.IO;
using System.Threading.Tasks;
using Kan.Package.Tests.Support;
using Xunit;

namespace Kan.Package.Tests;

/// <summary>The tool, installed as users install it.</summary>
public sealed class ToolTests(PackedFeed feed)
{
    [Fact]
    public async Task The_tool_installs_converts_and_scores_a_file()
    {
        using var project = new UserProject(feed);
        project.Copy("tests/models/breast-cancer-mlp.onnx", "cancer.onnx");
        await project.Succeed("", "new", "tool-manifest");
        await project.Succeed("", "tool", "install", "Kan.Tool", "--version", feed.Version);
        await project.Succeed("", "kan", "convert", "cancer.onnx", "-o", "cancer.kan.json");
        Assert.StartsWith("{", await File.ReadAllTextAsync(project.PathOf("cancer.kan.json"), TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        Assert.Contains("Usage:", await project.Succeed("", "kan", "--help"), StringComparison.Ordinal);

        // The library of DuckDB is not in the package: it is found among the packages of NuGet.
        project.Copy("docs/kan/examples/score.kan.json", "score.kan.json");
        project.Copy("docs/kan/examples/patients.csv", "patients.csv");
        await project.Succeed("", "kan", "score", "patients.csv", "--model", "score.kan.json", "--id", "patient", "-o", "out");
        string scores = await File.ReadAllTextAsync(project.PathOf("out/patients.csv"), TestContext.Current.CancellationToken);
        Assert.Equal("patient,risk\nA17,8.75\nA18,36.375\nA19,0.0\n", scores);
    }
}
