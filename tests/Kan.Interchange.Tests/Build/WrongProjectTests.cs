using System;
using Xunit;

namespace Kan.Interchange.Tests.Build;

/// <summary>Projects in which generated code cannot be: one error that says so, before anything is restored or compiled.</summary>
[Trait("Speed", "Slow")]
public sealed class WrongProjectTests(WrongProjects projects) : IClassFixture<WrongProjects>
{
    internal const string Model = """<KanModel Include="models/a.onnx" />""", Package = """<PackageReference Include="Kan.Generators" Version="1.0.0" />""";

    internal static string[] OlderTargets { get; } = ["net8.0", "net9.0", "netstandard2.0", "netstandard2.1", "net48", "netcoreapp3.1"];

    internal static string[] Targets { get; } = ["net10.0", "net10.0-windows", "net11.0"];

    internal static string[] Languages { get; } = ["vb", "fs"];

    /// <summary>What a project of another language asks for: networks as a package or as items, or none.</summary>
    internal static string[] Asks { get; } = [Package, Model, ""];

    public static TheoryData<string> AllOlderTargets => [.. OlderTargets];

    public static TheoryData<string> AllTargets => [.. Targets];

    [Theory]
    [MemberData(nameof(AllOlderTargets))]
    public void An_older_target_is_one_error_that_names_the_target_needed(string target)
    {
        foreach (string name in (string[])[target, target + " of two"])
        {
            var (isBuilt, file, errors) = projects[name];
            Assert.False(isBuilt);
            Assert.Contains($"{file} : error KAN0904: Kan.Generators needs net10.0 or later, but 'models' is built for {target}: ",
                Assert.Single(errors), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("vb", Package, "VB", true)]
    [InlineData("vb", Model, "VB", true)]
    [InlineData("fs", Package, "F#", true)]
    [InlineData("fs", Model, "F#", true)]
    [InlineData("vb", "", "VB", false)]
    [InlineData("fs", "", "F#", false)]
    public void Another_language_is_one_error_where_the_project_asks_for_networks(string type, string items, string language, bool isError)
    {
        var (isBuilt, _, errors) = projects[type + items];
        Assert.Equal(isError, !isBuilt);
        if (isError) Assert.Contains($"error KAN0905: Kan.Generators generates C# only, but 'models' is written in {language}: put the "
            + $"networks into a C# library", Assert.Single(errors), StringComparison.Ordinal);
        else Assert.Empty(errors);
    }

    [Theory]
    [MemberData(nameof(AllTargets))]
    public void The_targets_that_can_have_networks_pass(string target)
    {
        var (isBuilt, _, errors) = projects[target];
        Assert.True(isBuilt, string.Join('\n', errors));
    }
}
