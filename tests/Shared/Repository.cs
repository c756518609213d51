using System;
using System.IO;

namespace Kan.Testing;

/// <summary>
/// The repository that the tests were built in: the one way to its files, for every project that needs more than what lies beside its
/// assembly.
/// </summary>
internal static class Repository
{
    /// <summary>The full path of the root.</summary>
    public static string Root { get; } = Find();

    /// <summary>The full path of a file or folder that is named from the root.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Whether there is a file or folder of this name.</summary>
    public static bool Exists(string path) => File.Exists(PathOf(path)) || Directory.Exists(PathOf(path));

    /// <summary>The text of a file, with LF line ends.</summary>
    public static string Read(string path) => File.ReadAllText(PathOf(path)).ReplaceLineEndings("\n");

    // Not from the path of this file: deterministic builds map it.
    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Kan.Generators.sln")))
            folder = folder.Parent
                ?? throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} is the repository.");
        return folder.FullName;
    }
}
