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

    // The library of DuckDB is not in the package: it is found among the packages of NuGet.
    [Fact]
    public async Task The_installed_tool_scores_a_file()
    {
        using var project = new UserProject(feed);
        project.Copy("docs/kan/examples/score.kan.json", "score.kan.json");
        project.Copy("docs/kan/examples/patients.csv", "patients.csv");
        await project.Succeed("", "new", "tool-manifest");
        await project.Succeed("", "tool", "install", "Kan.Tool", "--version", feed.Version);
        await project.Succeed("", "kan", "score", "patients.csv", "--model", "score.kan.json", "--id", "patient", "-o", "out");
        string scores = await File.ReadAllTextAsync(project.PathOf("out/patients.csv"), TestContext.Current.CancellationToken);
        Assert.Equal("patient,risk\nA17,8.75\nA18,36.375\nA19,0.0\n", scores);
    }

    [Fact]
    public async Task The_template_makes_a_project_that_runs()
    {
        using var project = new UserProject(feed);
        string hive = project.PathOf("templates");
        await project.Succeed("", "new", "install", feed.PathOf("Kan.Templates"), "--debug:custom-hive", hive);
        await project.Succeed("", "new", "kan", "-n", "Pricing", "-o", "pricing", "--debug:custom-hive", hive);
        string output = await project.Run("pricing");
        Assert.Equal("A parcel of 3 kg costs 8.00, one of 12 kg 26.00.\nPricing.Score: 2 -> 2 -> 1, score of (0.5, -2): 3\n", output);
    }

    [Fact]
    public async Task The_template_takes_a_model()
    {
        using var project = new UserProject(feed);
        string hive = project.PathOf("templates");
        project.Copy("tests/models/breast-cancer-mlp.onnx", "cancer.onnx");
        await project.Succeed("", "new", "install", feed.PathOf("Kan.Templates"), "--debug:custom-hive", hive);
        await project.Succeed("", "new", "kan", "-n", "Cancer", "--model", "../cancer.onnx", "--range=-4,4", "--debug:custom-hive", hive);
        Assert.False(File.Exists(project.PathOf("Cancer/Networks.cs")));
        Assert.StartsWith("cancer: 30 -> ", await project.Run("Cancer"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_template_of_a_service_answers_by_names()
    {
        using var project = new UserProject(feed);
        string hive = project.PathOf("templates");
        await project.Succeed("", "new", "install", feed.PathOf("Kan.Templates"), "--debug:custom-hive", hive);
        await project.Succeed("", "new", "kan-service", "-n", "Risks", "-o", "risks", "--debug:custom-hive", hive);
        await project.Succeed("risks", "build", "-c", "Release", "-v:q", "-tl:off", "-p:UseSharedCompilation=false");
        await using var service = await UserService.Start(project.PathOf("risks"), "Risks");
        Assert.Equal("""{"risk":8.75,"isInRange":true}""", await service.Post("score", """{"pressure":131,"age":52}"""));
        Assert.Contains("\"isInRange\":false", await service.Post("score", """{"age":17,"pressure":100}"""), StringComparison.Ordinal);
        await service.Refuses("score", """{"age":52}""");
        await service.Refuses("score", """{"age":52,"presure":131,"pressure":131}""");
        Assert.Matches("\"contentHash\":\"[0-9a-f]{64}\",\"inputNames\":\\[\"age\",\"pressure\"\\]", await service.Get("model"));
    }

    [Fact]
    public async Task The_template_of_a_service_takes_a_model()
    {
        using var project = new UserProject(feed);
        string hive = project.PathOf("templates");
        project.Copy("tests/models/breast-cancer-mlp.onnx", "cancer.onnx");
        await project.Succeed("", "new", "install", feed.PathOf("Kan.Templates"), "--debug:custom-hive", hive);
        await project.Succeed("", "new", "kan-service", "-n", "Cancer", "-o", "service", "--model", "../cancer.onnx", "--debug:custom-hive", hive);
        await project.Succeed("service", "build", "-c", "Release", "-v:q", "-tl:off", "-p:UseSharedCompilation=false");
        await using var service = await UserService.Start(project.PathOf("service"), "Cancer");
        Assert.StartsWith("{\"outputs\":[", await service.Post("evaluate", "[" + string.Join(',', new int[30]) + "]"), StringComparison.Ordinal);
        await service.Refuses("evaluate", "[1]");
    }
}
