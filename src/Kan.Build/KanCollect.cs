using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Kan.Build;

/// <summary>
/// Sorts the <c>KanModel</c> items of a project: which documents the compiler reads, and which of them must be made first. Nothing of an
/// item passes through an expression of MSBuild or through a shell on the way.
/// </summary>
public sealed class KanCollect : Task
{
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

    /// <summary>
    /// The items whose files do not exist. They are reported with what is wrong with the others, when models are converted.
    /// </summary>
    [Output]
    public ITaskItem[] Missing { get; private set; } = [];

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
        var missing = new List<ITaskItem>();
        WarnOfUnreadMetadata();
        foreach (var item in Models)
        {
            string[] metadata = [.. ItemMetadata.Conversion.Select(name => MetadataOf(item, name))],
                generation = [.. ItemMetadata.Generation.Select(item.GetMetadata)];
            generation[generation.Length - 1] = ContractsOf(item);
            string full = Path.GetFullPath(item.ItemSpec), link = item.GetMetadata("Link");
            if (!seen.Add(Tool.Records.Line([full, link, .. metadata, .. generation]))) continue;
            if (!File.Exists(full))
            {
                missing.Add(new TaskItem(ItemText.ToMSBuild(item.ItemSpec)));
                continue;
            }

            string path = (link.Length > 0 ? link : item.ItemSpec).Replace('\\', '/');
            string document = item.ItemSpec;

            // Two items may share a file, but no two documents a path: an item with a class has a separate document.
            bool isAsItIs = path.EndsWith(".kan.json", StringComparison.OrdinalIgnoreCase)
                && metadata.All(static value => value.Length == 0) && generation[0].Length == 0;
            if (!isAsItIs || !ItemText.IsPathForCompiler(item.ItemSpec))
            {
                string suffix = string.Concat(new[] { generation[1], generation[0] }.Where(static name => name.Length > 0)
                    .Select(static name => "." + name));
                document = Path.Combine(Folder, ItemText.ToOutputPath(path, suffix) + ".kan.json");
                var conversion = new TaskItem(ItemText.ToMSBuild(document));
                conversion.SetMetadata("Model", ItemText.ToMSBuild(full));
                conversion.SetMetadata("Item", ItemText.ToMSBuild(item.ItemSpec));
                for (int i = 0; i < metadata.Length; i++)
                    conversion.SetMetadata(ItemMetadata.Conversion[i], ItemText.ToMSBuild(metadata[i]));
                conversions.Add(conversion);
            }

            var additional = new TaskItem(ItemText.ToMSBuild(document));
            additional.SetMetadata("KanModelFile", ItemText.ToMSBuild(ItemText.ToMetadata(path)));
            for (int i = 0; i < generation.Length; i++)
                additional.SetMetadata("Kan" + ItemMetadata.Generation[i], ItemText.ToMSBuild(ItemText.ToMetadata(generation[i])));
            documents.Add(additional);
        }

        Documents = [.. documents];
        Conversions = [.. conversions];
        Missing = [.. missing];
        Dependencies = [.. ConversionStamp.DependenciesOf(Stamp).Select(static file => new TaskItem(ItemText.ToMSBuild(file)))];
        ProjectForGenerator = ItemText.ToMetadata(Project);
        return !Log.HasLoggedErrors;
    }

    // Once for each name: items of one pattern share their metadata.
    private void WarnOfUnreadMetadata()
    {
        var named = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var item in Models)
        {
            foreach (string name in ItemMetadata.Unread(item.CloneCustomMetadata().Keys.Cast<string>()).Where(named.Add)
                .OrderBy(static name => name, StringComparer.Ordinal).ToArray())
            {
                string text = $"The KanModel item '{MessageText.Name(item.ItemSpec)}' has "
                    + $"{MessageText.Name(name)}=\"{MessageText.Name(item.GetMetadata(name))}\", which nothing reads: "
                    + $"{ItemMetadata.Advise(name)}";
                Log.LogWarning(null, "KAN0309", null, KanConvert.HelpBase + "KAN0309.md", MessageText.Escape(Project), 0, 0, 0, 0, "{0}",
                    text);
            }
        }
    }

    /// <summary>The contracts of an item and of the file that it names, in which <c>#</c> begins a comment.</summary>
    private string ContractsOf(ITaskItem item)
    {
        string own = item.GetMetadata("Contracts"), file = item.GetMetadata(ItemMetadata.ContractsFile).Trim();
        if (file.Length == 0) return own;
        try
        {
            var lines = File.ReadAllLines(Path.GetFullPath(file)).Select(static line => line.Split('#')[0].Trim())
                .Where(static line => line.Length > 0);
            return string.Join(";", lines.Prepend(own).Where(static line => line.Trim().Length > 0));
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            string text = $"The KanModel item '{MessageText.Name(item.ItemSpec)}' has ContractsFile=\"{MessageText.Name(file)}\": "
                + $"expected a file that can be read ({MessageText.Bound(exception.Message)})";
            Log.LogError(null, "KAN0306", null, KanConvert.HelpBase + "KAN0306.md", MessageText.Escape(Project), 0, 0, 0, 0, "{0}", text);
            return own;
        }
    }

    private static string MetadataOf(ITaskItem item, string name)
    {
        string value = item.GetMetadata(name);
        return value.Trim().Length > 0 && ItemMetadata.Files.Contains(name) ? Path.GetFullPath(value.Trim()) : value;
    }
}
