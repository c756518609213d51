using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;

namespace Kan.Documentation.Tests;

/// <summary>The files that the tests read.</summary>
internal static class Repository
{
    private static readonly string[] s_folders = ["docs", "sample-app", "src", "tests"];
    private static readonly string[] s_passedOver = ["bin", "obj", "node_modules"];

    public static string Root { get; } = Metadata("RepositoryRoot");

    /// <summary>What people reference: Kan.dll of the package Kan.Generators, and what the package Kan.Networks holds. The XML of each is beside it.</summary>
    public static IReadOnlyList<string> Libraries { get; } =
    [
        .. new[] { "Kan", "Kan.Networks", "Kan.Interchange", "Kan.Analysis" }
            .Select(static name => Path.Combine(Metadata("Libraries"), name, "bin", Metadata("Configuration"), "net10.0", name + ".dll")),
    ];

    /// <summary>All pages, as paths from the root with forward slashes.</summary>
    public static IReadOnlyList<string> Pages { get; } =
    [
        .. Directory.GetFiles(Root, "*.md")
            .Concat(s_folders.SelectMany(static folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.md", SearchOption.AllDirectories)))
            .Select(static path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(static path => !path.Split('/').Intersect(s_passedOver).Any())
            .Order(StringComparer.Ordinal),
    ];

    public static string Read(string path) => File.ReadAllText(PathOf(path)).ReplaceLineEndings("\n");

    public static string PathOf(string path) => Path.Combine(Root, path);

    public static bool Exists(string path) => File.Exists(PathOf(path)) || Directory.Exists(PathOf(path));

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
