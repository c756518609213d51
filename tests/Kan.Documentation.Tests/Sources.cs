using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Kan.Testing;

namespace Kan.Documentation.Tests;

/// <summary>What the tests read.</summary>
internal static class Sources
{
    private static readonly string[] s_folders = ["docs", "sample-app", "src", "tests"];
    private static readonly string[] s_passedOver = ["bin", "obj", "node_modules"];

    /// <summary>
    /// What people reference: Kan.dll of the package Kan.Generators, what the package Kan.Networks holds, Kan.ML, Kan.DuckDB and
    /// Kan.Orleans. The XML of each is beside it.
    /// </summary>
    public static IReadOnlyList<string> Libraries { get; } =
    [
        .. new[] { "Kan", "Kan.Networks", "Kan.Interchange", "Kan.Analysis", "Kan.ML", "Kan.DuckDB", "Kan.Orleans" }
            .Select(static name => Path.Combine(Metadata("Libraries"), name, "bin", Metadata("Configuration"), "net10.0", name + ".dll")),
    ];

    /// <summary>All pages, as paths from the root with forward slashes.</summary>
    public static IReadOnlyList<string> Pages { get; } =
    [
        .. Directory.GetFiles(Repository.Root, "*.md")
            .Concat(s_folders.SelectMany(static folder =>
                Directory.EnumerateFiles(Repository.PathOf(folder), "*.md", SearchOption.AllDirectories)))
            .Select(static path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(static path => !path.Split('/').Intersect(s_passedOver).Any())
            .Order(StringComparer.Ordinal),
    ];

    private static string Metadata(string key) =>
        typeof(Sources).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
