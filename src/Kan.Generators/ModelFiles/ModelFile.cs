using System;
using System.IO;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Kan.Generators.ModelFiles;

/// <summary>A model of the project: the path people know it by, and its <c>.kan.json</c> text.</summary>
/// <param name="Path">The path of the item, with '/' between its parts.</param>
/// <param name="DocumentPath">The path of the text.</param>
/// <param name="Text">The text; null where the file is missing.</param>
internal sealed record ModelFile(string Path, string DocumentPath, string? Text)
{
    private const string ItemPath = "build_metadata.AdditionalFiles.KanModelFile";
    private const string Extension = ".kan.json";

    /// <summary>The path of an additional file's model; null where the file is no model.</summary>
    public static string? PathOf(AdditionalText file, AnalyzerConfigOptionsProvider options)
    {
        if (options.GetOptions(file).TryGetValue(ItemPath, out string? path) && path.Length > 0) return Normalize(path);
        return file.Path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) ? Normalize(file.Path) : null;
    }

    /// <summary>The model in an additional file; null where the file is none.</summary>
    public static ModelFile? From(AdditionalText file, AnalyzerConfigOptionsProvider options, CancellationToken cancellation)
    {
        if (PathOf(file, options) is not { } path) return null;
        try
        {
            return new ModelFile(path, file.Path, file.GetText(cancellation)?.ToString());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return new ModelFile(path, file.Path, null);
        }
    }

    /// <summary>A path with '/' between its parts and none of the leading "./".</summary>
    public static string Normalize(string path)
    {
        path = path.Replace('\\', '/');
        while (path.StartsWith("./", StringComparison.Ordinal)) path = path.Substring(2);
        return path;
    }
}
