using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Kan.Build;

/// <summary>
/// Sorts the <c>KanModel</c> items of a project: which documents the compiler reads, and which of them must be made first. Nothing of an item passes
/// through an expression of MSBuild or through a shell on the way.
/// </summary>
public sealed class KanCollect : Task
{
    /// <summary>The metadata that change the conversion, in the order of the list for the converter.</summary>
    internal static readonly string[] ConversionMetadata =
    [
        "Range", "Head", "Activation", "Tolerance", "Domain", "Inputs", "Outputs", "InputNames", "OutputNames", "Labels", "LabelsFile", "Mean", "Scale", "Standardization",
    ];

    // Those of them that are paths, relative to the project.
    private static readonly string[] s_files = ["LabelsFile", "Standardization"];

    // What the generator reads.
    private static readonly string[] s_generation = ["Class", "Namespace", "Lowering", "Precision"];

    /// <summary>The items.</summary>
    public ITaskItem[] Models { get; set; } = [];

    /// <summary>Where converted documents go: a folder below obj.</summary>
    [Required]
    public string Folder { get; set; } = "";

    /// <summary>The path of the project, the place of what is wrong with an item.</summary>
    [Required]
    public string Project { get; set; } = "";

    /// <summary>The record of the last conversion.</summary>
    [Required]
    public string Stamp { get; set; } = "";

    /// <summary>The documents of the project, as additional files of the compiler.</summary>
    [Output]
    public ITaskItem[] Documents { get; private set; } = [];

    /// <summary>Those documents that the converter makes, with the fields of its list as metadata.</summary>
    [Output]
    public ITaskItem[] Conversions { get; private set; } = [];

    /// <summary>The files that models were found to read in addition to their own.</summary>
    [Output]
    public ITaskItem[] Dependencies { get; private set; } = [];

    /// <summary>The path of the project as the generator reads it.</summary>
    [Output]
    public string ProjectForGenerator { get; private set; } = "";

    /// <inheritdoc/>
    public override bool Execute()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var documents = new List<ITaskItem>();
        var conversions = new List<ITaskItem>();
        foreach (var item in Models)
        {
            string[] metadata = [.. ConversionMetadata.Select(name => MetadataOf(item, name))], generation = [.. s_generation.Select(item.GetMetadata)];
            string full = Path.GetFullPath(item.ItemSpec), link = item.GetMetadata("Link");
            if (!seen.Add(Tool.Records.Line([full, link, .. metadata, .. generation]))) continue;
            if (!File.Exists(full))
            {
                string text = $"The model '{MessageText.Name(item.ItemSpec)}' does not exist. Correct the Include of the KanModel item, or add the file.";
                Log.LogError(null, "KAN0301", null, KanConvert.HelpBase + "KAN0301.md", MessageText.Escape(Project), 0, 0, 0, 0, "{0}", text);
                continue;
            }

            string path = (link.Length > 0 ? link : item.ItemSpec).Replace('\\', '/');
            string document = item.ItemSpec;

            // Two items may share a file, but no two documents a path: an item with a class has a separate document.
            bool isAsItIs = path.EndsWith(".kan.json", StringComparison.OrdinalIgnoreCase) && metadata.All(static value => value.Length == 0) && generation[0].Length == 0;
            if (!isAsItIs || !ItemText.IsPathForCompiler(item.ItemSpec))
            {
                string suffix = string.Concat(new[] { generation[1], generation[0] }.Where(static name => name.Length > 0).Select(static name => "." + name));
                document = Path.Combine(Folder, ItemText.ToOutputPath(path, suffix) + ".kan.json");
                var conversion = new TaskItem(ItemText.ToMSBuild(document));
                conversion.SetMetadata("Model", ItemText.ToMSBuild(full));
                conversion.SetMetadata("Item", ItemText.ToMSBuild(item.ItemSpec));
                for (int i = 0; i < metadata.Length; i++) conversion.SetMetadata(ConversionMetadata[i], ItemText.ToMSBuild(metadata[i]));
                conversions.Add(conversion);
            }

            var additional = new TaskItem(ItemText.ToMSBuild(document));
            additional.SetMetadata("KanModelFile", ItemText.ToMSBuild(ItemText.ToMetadata(path)));
            for (int i = 0; i < generation.Length; i++) additional.SetMetadata("Kan" + s_generation[i], ItemText.ToMSBuild(ItemText.ToMetadata(generation[i])));
            documents.Add(additional);
        }

        Documents = [.. documents];
        Conversions = [.. conversions];
        Dependencies = [.. ConversionStamp.DependenciesOf(Stamp).Select(static file => new TaskItem(ItemText.ToMSBuild(file)))];
        ProjectForGenerator = ItemText.ToMetadata(Project);
        return !Log.HasLoggedErrors;
    }

    private static string MetadataOf(ITaskItem item, string name)
    {
        string value = item.GetMetadata(name);
        return value.Trim().Length > 0 && s_files.Contains(name) ? Path.GetFullPath(value.Trim()) : value;
    }
}
