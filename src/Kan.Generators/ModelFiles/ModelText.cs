using System;
using System.IO;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Kan.Generators.ModelFiles;

/// <summary>A model of the project: its item, and its <c>.kan.json</c> text.</summary>
/// <param name="Item">The item; of an additional file without one, its path alone.</param>
/// <param name="DocumentPath">The path of the text.</param>
/// <param name="Text">The text; null if the file is missing.</param>
internal sealed record ModelText(ModelItem Item, string DocumentPath, string? Text)
{
    private const string Extension = ".kan.json";

    /// <summary>The item of an additional file's model; null if the file is not a model.</summary>
    public static ModelItem? ItemOf(AdditionalText file, AnalyzerConfigOptionsProvider options)
    {
        if (ModelItem.From(file, options) is { } item) return item;
        return file.Path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) ? new ModelItem(Normalize(file.Path)) : null;
    }

    /// <summary>The model in an additional file; null if the file is none.</summary>
    public static ModelText? From(AdditionalText file, AnalyzerConfigOptionsProvider options, CancellationToken cancellation)
    {
        if (ItemOf(file, options) is not { } item) return null;
        try
        {
            return new ModelText(item, file.Path, file.GetText(cancellation) is { } text ? ModelReading.TextOf(text) : null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return new ModelText(item, file.Path, null);
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
