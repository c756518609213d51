using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Kan.Testing;
using Xunit;

namespace Kan.Documentation.Tests;

/// <summary>
/// The folders of each project use each other in one direction only. The file <c>folders.txt</c> lists what each folder uses, so that a new
/// edge is a decision that a reviewer sees. Set KAN_WRITE_DOCS=1 to write it again.
/// </summary>
public sealed class FolderTests
{
    private const string Listed = "tests/Kan.Documentation.Tests/folders.txt";

    [Fact]
    public void Folders_use_what_the_list_says()
    {
        string[] found = [.. SourceFolders.Projects()
            .SelectMany(static project => project.Edges().Select(edge => $"{project.Name}/{edge.Key}: {string.Join(", ", edge.Value)}"))];
        if (Environment.GetEnvironmentVariable("KAN_WRITE_DOCS") == "1")
            File.WriteAllText(Repository.PathOf(Listed), string.Join("\n", found) + "\n");
        Assert.Equal(File.ReadAllLines(Repository.PathOf(Listed)), found);
    }

    [Fact]
    public void No_folders_use_each_other_in_a_circle()
    {
        foreach (var project in SourceFolders.Projects())
        {
            var edges = project.Edges().ToDictionary(static edge => edge.Key, static edge => edge.Value.ToList(), StringComparer.Ordinal);

            // What uses nothing that is left can be taken away; in a circle nothing can.
            while (edges.Keys.FirstOrDefault(folder => !edges[folder].Exists(edges.ContainsKey)) is { } free) edges.Remove(free);
            Assert.True(edges.Count == 0, $"{project.Name}: a circle of {string.Join(", ", edges.Keys)}");
        }
    }

    [Fact]
    public void No_name_of_a_type_means_two_things()
    {
        var places = SourceFolders.Projects().SelectMany(static project => project.Types)
            .GroupBy(static type => type.Name, static type => type.Key, StringComparer.Ordinal)
            .Select(static group => (group.Key, Meanings: group.Distinct().ToList())).Where(static name => name.Meanings.Count > 1);
        Assert.Empty(places.Select(static name => $"{name.Key}: {string.Join(", ", name.Meanings)}"));
    }

    [Fact]
    public void Public_types_are_in_the_namespace_of_their_project()
    {
        // The panels are public for generated code alone, and hidden from completion; contracts are for classes that promise something.
        // The compiler is no package.
        var elsewhere = SourceFolders.Projects()
            .Where(static project => project.Name is "Kan" or "Kan.Networks" or "Kan.Interchange" or "Kan.Analysis" or "Kan.ML"
                or "Kan.DuckDB" or "Kan.Orleans")
            .SelectMany(static project =>
                project.Types.Where(type => type.IsPublic && type.Namespace != project.Name
                    && type.Namespace is not ("Kan.Panels" or "Kan.Contracts")));
        Assert.Empty(elsewhere.Select(static type => type.Key));
    }

    [Fact]
    public void What_an_application_ships_stays_small()
    {
        string library = Sources.Libraries.Single(static path => Path.GetFileName(path) == "Kan.dll");
        Assert.InRange(new FileInfo(library).Length, 1, 96 * 1024);
        int names = SourceFolders.Projects().Single(static project => project.Name == "Kan")
            .Types.Count(static type => type.IsPublic && type.Namespace == "Kan");
        Assert.InRange(names, 1, 15);
    }
}
