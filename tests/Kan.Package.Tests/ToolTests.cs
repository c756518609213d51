using System;
using System.IO;
using System.Threading.Tasks;
using Kan.Package.Tests.Support;
using Xunit;

namespace Kan.Package.Tests;

/// <summary>The tool and the templates, installed as users install them.</summary>
public sealed class ToolTests(PackedFeed feed)
{
    [Fact]
    public async Task The_tool_installs_and_converts()
    {
        using var project = new UserProject(feed);
        project.Copy("tests/models/breast-cancer-mlp.onnx", "cancer.onnx");
        await project.Succeed("", "new", "tool-manifest");
        await project.Succeed("", "tool", "install", "Kan.Tool", "--version", feed.Version);
        await project.Succeed("", "kan", "convert", "cancer.onnx", "-o", "cancer.kan.json");
        Assert.StartsWith("{", await File.ReadAllTextAsync(project.PathOf("cancer.kan.json"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("Usage:", await project.Succeed("", "kan", "--help"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_template_makes_a_project_that_runs()
    {
        using var project = new UserProject(feed);
        string hive = project.PathOf("templates");
        await project.Succeed("", "new", "install", feed.PathOf("Kan.Templates"), "--debug:custom-hive", hive);
        await project.Succeed("", "new", "kan", "-n", "Pricing", "-o", "pricing", "--KanVersion", feed.Version, "--debug:custom-hive", hive);
        string output = await project.Run("pricing");
        Assert.Equal("A parcel of 3 kg costs 8.00, one of 12 kg 26.00.\nPricing.Score: 2 -> 2 -> 1, score of (0.5, -2): 3\n", output);
    }
}
