using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Globalization;
using System.IO;
using System.Linq;
using Kan.Tool;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Kan.Build;

/// <summary>Runs the converter where something has changed.</summary>
public sealed class KanConvert : Task, ICancelableTask
{
    internal const string HelpBase = "https://github.com/kan-generators/kan-generators/blob/main/docs/diagnostics/";

    private readonly ToolProcess _process = new();

    /// <summary>What <see cref="KanCollect"/> found to convert.</summary>
    public ITaskItem[] Conversions { get; set; } = [];

    /// <summary>The items whose files <see cref="KanCollect"/> did not find.</summary>
    public ITaskItem[] Missing { get; set; } = [];

    /// <summary>The converter, a dll.</summary>
    [Required]
    public string ToolPath { get; set; } = "";

    /// <summary>The program that runs a dll; <c>dotnet</c> of the path by default.</summary>
    public string HostPath { get; set; } = "";

    /// <summary>The path of the project, the place of what is wrong with an item.</summary>
    [Required]
    public string Project { get; set; } = "";

    /// <summary>The record of the last conversion.</summary>
    [Required]
    public string Stamp { get; set; } = "";

    /// <inheritdoc/>
    public override bool Execute()
    {
        // A file that is missing does not hide what is wrong with others.
        bool isDone = Convert();
        foreach (var item in Missing)
            Fail("KAN0301", Project, $"The model '{MessageText.Name(item.ItemSpec)}' does not exist. Correct the Include of the KanModel "
                + $"item, or add the file.");
        return isDone && Missing.Length == 0;
    }

    private bool Convert()
    {
        if (Conversions.Length == 0) return true;
        string tool = Path.GetFullPath(ToolPath);
        if (!File.Exists(tool))
            return Fail("KAN0301", Project,
                $"The kan tool, which converts models, was not found at '{tool}'. Restore the package, or set the property KanToolPath.");

        string list = string.Concat(Conversions.Select(Line));
        string[] read = [.. Conversions.Select(static item => item.GetMetadata("Model")),
            .. Directory.GetFiles(Path.GetDirectoryName(tool)!, "*.dll")];
        string[] written = [.. Conversions.SelectMany(static item => new[] { item.ItemSpec, item.ItemSpec + ".origin" })
            .Select(Path.GetFullPath)];
        if (ConversionStamp.IsCurrent(Stamp, list, read.Concat(written))) return true;

        var start = DateTime.UtcNow;
        var files = read.Distinct(StringComparer.Ordinal)
            .ToDictionary(static file => file, ConversionStamp.StateOf, StringComparer.Ordinal);
        var dependencies = new Dictionary<string, string>(StringComparer.Ordinal);
        bool isDone = Run(tool, list, record =>
        {
            // A file that changed while it was read counts as changed.
            if (record is ["input", var file])
                dependencies[file] = File.GetLastWriteTimeUtc(file) < start ? ConversionStamp.StateOf(file) : "changed";
            else Report(record);
        });
        if (_process.IsCancelled) return false;
        foreach (string file in written) files[file] = ConversionStamp.StateOf(file);
        ConversionStamp.Write(Stamp, list, files, dependencies, isDone);
        return isDone;
    }

    /// <inheritdoc/>
    public void Cancel() => _process.Cancel();

    private static string Line(ITaskItem item)
    {
        return Records.Line([item.GetMetadata("Model"), Path.GetFullPath(item.ItemSpec),
            .. ItemMetadata.Conversion.Prepend("Item").Select(name => name + "=" + item.GetMetadata(name))]);
    }

    private bool Run(string tool, string list, Action<string[]> report)
    {
        string host = HostPath.Length > 0 ? HostPath : "dotnet";
        try
        {
            if (_process.Run(host, ["exec", tool, "import", "-", "--records", "--project", Project], list, report)
                is not var (exitCode, errors)) return false;
            return exitCode == 0 || Log.HasLoggedErrors
                ? !Log.HasLoggedErrors
                : Fail("KAN0903", Project,
                    $"The kan tool exited with code {exitCode} while converting models: {MessageText.Bound(errors)}");
        }
        catch (Win32Exception exception)
        {
            return Fail("KAN0903", Project, $"The kan tool, which converts models, could not be started by '{host}': {exception.Message}");
        }
    }

    private void Report(string[] record)
    {
        if (record is ["failure", var code, var file, var line, var column, var message])
            Fail(code, file, message, int.Parse(line, CultureInfo.InvariantCulture), int.Parse(column, CultureInfo.InvariantCulture));
        else if (record is ["note", var note])
            Log.LogMessage(MessageImportance.Normal, "{0}", note);
    }

    // A message with arguments would be a format.
    private bool Fail(string code, string file, string message, int line = 0, int column = 0)
    {
        Log.LogError(null, code, null, HelpBase + code + ".md", MessageText.Escape(file), line, column, 0, 0, "{0}", message);
        return false;
    }
}
