using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Kan.Generators.ModelFiles;

/// <summary>A <c>KanModel</c> item: the path in the project, and the metadata for the generator as written; empty if not set.</summary>
/// <param name="Path">The link or path of the item, with '/' between its parts.</param>
/// <param name="Class">The class to make of the item alone.</param>
/// <param name="Namespace">The namespace of that class.</param>
/// <param name="Lowering">The form of the layers that bend.</param>
/// <param name="Precision">The number type.</param>
/// <param name="RootNamespace">The namespace of the project.</param>
/// <param name="Project">The path of the project, the place of what is wrong with the item.</param>
/// <param name="Contracts">What the network must do.</param>
/// <param name="EvaluateWithBound">Whether samples with bounds are wanted.</param>
internal sealed record ModelItem(
    string Path, string Class = "", string Namespace = "", string Lowering = "", string Precision = "", string RootNamespace = "",
    string Project = "", string Contracts = "", string EvaluateWithBound = "")
{
    private const string Metadata = "build_metadata.AdditionalFiles.";

    /// <summary>The item of an additional file; null if the file came from none.</summary>
    public static ModelItem? From(AdditionalText file, AnalyzerConfigOptionsProvider provider)
    {
        var options = provider.GetOptions(file);
        string path = Value(options, Metadata + "KanModelFile");
        if (path.Length == 0) return null;
        return new ModelItem(
            ModelText.Normalize(path),
            Value(options, Metadata + "KanClass"), Value(options, Metadata + "KanNamespace"),
            Value(options, Metadata + "KanLowering"), Value(options, Metadata + "KanPrecision"),
            Value(provider.GlobalOptions, "build_property.RootNamespace"), Value(provider.GlobalOptions, "build_property.KanProjectFile"),
            Value(options, Metadata + "KanContracts"), Value(options, Metadata + "KanEvaluateWithBound"));
    }

    private static string Value(AnalyzerConfigOptions options, string key) =>
        options.TryGetValue(key, out string? value) ? Decode(value.Trim()) : string.Empty;

    // In the file that carries metadata '#' and ';' begin comments and a line ends the value, so the build spells these {23}, {3B} and
    // {0A}, and '{' {7B}.
    private static string Decode(string value)
    {
        if (value.IndexOf('{') < 0) return value;
        var text = new StringBuilder();
        for (int i = 0; i < value.Length; i++)
        {
            int end = value[i] == '{' ? value.IndexOf('}', i) : -1;
            if (end < 0 || !int.TryParse(value.Substring(i + 1, end - i - 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                out int code) || code > char.MaxValue)
            {
                text.Append(value[i]);
                continue;
            }

            text.Append((char)code);
            i = end;
        }

        return text.ToString();
    }
}
