using System;
using System.IO;

namespace Kan.Tests.Support;

/// <summary>The files of the repository these tests were built in.</summary>
internal static class RepositoryFiles
{
    /// <summary>A page of the documentation, with LF line ends.</summary>
    public static string Page(string name) => File.ReadAllText(Path.Combine(Root(), "docs", name)).ReplaceLineEndings("\n");

    private static string Root()
    {
        // Not the path of this file: deterministic builds map it.
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Kan.Generators.sln"))) folder = folder.Parent ?? throw new DirectoryNotFoundException();
        return folder.FullName;
    }
}
