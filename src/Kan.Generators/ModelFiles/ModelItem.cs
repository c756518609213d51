using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Kan.Generators.ModelFiles;

/// <summary>A <c>KanModel</c> item: the path people know it by, and the metadata that are for the generator, as written; empty where silent.</summary>
/// <param name="Path">The link or path of the item, with '/' between its parts.</param>
/// <param name="Class">The class to make of the item alone.</param>
/// <param name="Namespace">The namespace of that class.</param>
/// <param name="Lowering">The form of the layers that bend.</param>
/// <param name="Precision">The number type.</param>
/// <param name="RootNamespace">The namespace of the project.</param>
/// <param name="Project">The path of the project, the place of what is wrong with the item.</param>
internal sealed record ModelItem(
    string Path, string Class = "", string Namespace = "", string Lowering = "", string Precision = "", string RootNamespace = "", string Project = "")
{
    private const string Metadata = "build_metadata.AdditionalFiles.";

    /// <summary>The item of an additional file; null where the file came from none.</summary>
    public static ModelItem? From(AdditionalText file, AnalyzerConfigOptionsProvider provider)
    {
        var options = provider.GetOptions(file);
        string path = Value(options, Metadata + "KanModelFile");
        if (path.Length == 0) return null;
        return new ModelItem(
            ModelFile.Normalize(path),
            Value(options, Metadata + "KanClass"), Value(options, Metadata + "KanNamespace"),
            Value(options, Metadata + "KanLowering"), Value(options, Metadata + "KanPrecision"),
            Value(provider.GlobalOptions, "build_property.RootNamespace"), Value(provider.GlobalOptions, "build_property.KanProjectFile"));
    }

    // In the file that carries metadata, '#' and ';' begin comments, so the build spells them {23} and {3B}, and '{' as {7B}.
    private static string Value(AnalyzerConfigOptions options, string key) =>
        options.TryGetValue(key, out string? value) ? value.Trim().Replace("{23}", "#").Replace("{3B}", ";").Replace("{7B}", "{") : string.Empty;
}
