using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Build;

/// <summary>Projects in which generated code cannot be: one error that says so, before anything is restored or compiled.</summary>
[Trait("Speed", "Slow")]
public sealed class WrongProjectTests
{
    private const string Model = """<KanModel Include="models/a.onnx" />""", Package = """<PackageReference Include="Kan.Generators" Version="1.0.0" />""";

    [Theory]
    [InlineData("net8.0")]
    [InlineData("net9.0")]
    [InlineData("netstandard2.0")]
    [InlineData("netstandard2.1")]
    [InlineData("net48")]
    [InlineData("netcoreapp3.1")]
    public async Task An_older_target_is_one_error_that_names_the_target_needed(string target)
    {
        // One of several targets is built as it would be alone.
        foreach (string property in (string[])[$"<TargetFramework>{target}</TargetFramework>", $"<TargetFramework></TargetFramework><TargetFrameworks>{target};net10.0</TargetFrameworks>"])
        {
            using var project = new ModelProject(Package, property);
            var (code, output) = await project.Build("--no-restore", "-f", target);
            Assert.NotEqual(0, code);
            string error = Assert.Single(Errors(output));
            Assert.Contains($"{project.PathOf("models.csproj")} : error KAN0904: Kan.Generators needs net10.0 or later, but 'models' is built for {target}: ", error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("vb", Package, "VB", true)]
    [InlineData("vb", Model, "VB", true)]
    [InlineData("fs", Package, "F#", true)]
    [InlineData("vb", "", "VB", false)]
    [InlineData("fs", "", "F#", false)]
    public async Task Another_language_is_one_error_where_the_project_asks_for_networks(string type, string items, string language, bool isError)
    {
        using var project = new ModelProject(items);
        File.Move(project.PathOf("models.csproj"), project.PathOf($"models.{type}proj"));
        var (code, output) = await project.Build("--no-restore", $"models.{type}proj", "-t:KanCheckProject");
        Assert.Equal(isError, code != 0);
        string[] errors = Errors(output);
        if (isError) Assert.Contains($"error KAN0905: Kan.Generators generates C# only, but 'models' is written in {language}: put the networks into a C# library", Assert.Single(errors), StringComparison.Ordinal);
        else Assert.Empty(errors);
    }

    [Theory]
    [InlineData("net10.0")]
    [InlineData("net10.0-windows")]
    [InlineData("net11.0")]
    public async Task The_targets_that_can_have_networks_pass(string target)
    {
        using var project = new ModelProject(Package, $"<TargetFramework>{target}</TargetFramework><EnableWindowsTargeting>true</EnableWindowsTargeting>");
        var (code, output) = await project.Build("--no-restore", "-t:KanCheckProject");
        Assert.True(code == 0, output);
    }

    private static string[] Errors(string output) =>
        [.. output.Split('\n', StringSplitOptions.TrimEntries).Where(static line => line.Contains("error", StringComparison.Ordinal)).Distinct()];
}
