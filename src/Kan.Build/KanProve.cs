using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Kan.Tool;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Kan.Build;

/// <summary>
/// Proves the contracts of a compiled assembly, through the kan tool. An assembly without contracts starts nothing, nor does one whose
/// contracts were all proved before and has not changed since.
/// </summary>
public sealed class KanProve : Task, ICancelableTask
{
    private static readonly byte[] s_mark = Encoding.ASCII.GetBytes("ContractDataAttribute");

    private readonly ToolProcess _process = new();

    /// <summary>The compiled assembly.</summary>
    [Required]
    public string Assembly { get; set; } = "";

    /// <summary>The documents of the models that were compiled.</summary>
    public ITaskItem[] Documents { get; set; } = [];

    /// <summary>Where results are kept, by what they depend on.</summary>
    [Required]
    public string Folder { get; set; } = "";

    /// <summary>The prover, a dll.</summary>
    [Required]
    public string ToolPath { get; set; } = "";

    /// <summary>The program that runs a dll; <c>dotnet</c> of the path by default.</summary>
    public string HostPath { get; set; } = "";

    /// <summary>The path of the project.</summary>
    [Required]
    public string Project { get; set; } = "";

    /// <summary>How long to search for each contract, in seconds.</summary>
    public string Seconds { get; set; } = "60";

    /// <summary><c>Strict</c> makes an undecided contract an error; anything else a warning.</summary>
    public string Mode { get; set; } = "";

    private string Stamp => Path.Combine(Folder, "proofs.stamp");

    private bool IsStrict => Mode.Equals("Strict", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override bool Execute()
    {
        if (!File.Exists(Assembly) || !HasContracts(File.ReadAllBytes(Assembly))) return true;
        if (!double.TryParse(Seconds, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) || seconds > 86_400)
            return Fail("KAN0902", Project,
                $"The property KanProofSeconds is '{MessageText.Name(Seconds)}': expected a number of seconds, such as 60.");
        string tool = Path.GetFullPath(ToolPath);
        if (!File.Exists(tool))
            return Fail("KAN0903", Project,
                $"The kan tool, which proves contracts, was not found at '{tool}'. Restore the package, or set the property KanToolPath.");

        string list = string.Concat(Documents.Select(static document => Records.Line("document", Path.GetFullPath(document.ItemSpec))));
        string known = Records.Line(Seconds, Mode, list);
        if (ConversionStamp.IsCurrent(Stamp, known, [Path.GetFullPath(Assembly), tool])) return true;
        var files = new[] { Path.GetFullPath(Assembly), tool }.ToDictionary(static file => file, ConversionStamp.StateOf,
            StringComparer.Ordinal);
        var dependencies = new Dictionary<string, string>(StringComparer.Ordinal);
        bool isProved = true;
        string host = HostPath.Length > 0 ? HostPath : "dotnet";
        string[] arguments = ["exec", tool, "prove-contracts", Path.GetFullPath(Assembly), "--project", Project, "--results",
            Path.GetFullPath(Folder), "--seconds", Seconds];
        try
        {
            var ended = _process.Run(host, arguments, list, record =>
            {
                if (record is ["input", var file]) dependencies[file] = ConversionStamp.StateOf(file);
                else isProved &= Report(record);
            });
            if (ended is not var (exitCode, errors)) return false;
            if (exitCode != 0 && !Log.HasLoggedErrors)
                Fail("KAN0903", Project, $"The kan tool exited with code {exitCode} while proving contracts: {MessageText.Bound(errors)}");
            ConversionStamp.Write(Stamp, known, files, dependencies, isComplete: isProved && exitCode == 0);
            return !Log.HasLoggedErrors;
        }
        catch (Win32Exception exception)
        {
            return Fail("KAN0903", Project, $"The kan tool, which proves contracts, could not be started by '{host}': {exception.Message}");
        }
    }

    /// <inheritdoc/>
    public void Cancel() => _process.Cancel();

    // The name of the attribute stands in the assembly's strings where the attribute is used.
    private static bool HasContracts(byte[] assembly)
    {
        for (int at = Array.IndexOf(assembly, s_mark[0]); at >= 0; at = Array.IndexOf(assembly, s_mark[0], at + 1))
        {
            int i = 1;
            while (i < s_mark.Length && at + i < assembly.Length && assembly[at + i] == s_mark[i]) i++;
            if (i == s_mark.Length) return true;
        }

        return false;
    }

    /// <summary>Logs a record of the tool; false if it is not a proof.</summary>
    private bool Report(string[] record)
    {
        if (record is ["note", var note])
        {
            Log.LogMessage(MessageImportance.Normal, "{0}", note);
            return true;
        }

        if (record is not [var kind, var code, var file, var line, var column, var message]) return true;
        var (row, at) = (int.Parse(line, CultureInfo.InvariantCulture), int.Parse(column, CultureInfo.InvariantCulture));
        string help = KanConvert.HelpBase + code + ".md";
        switch (kind)
        {
            case "proved":
                Log.LogMessage(null, code, null, MessageText.Escape(file), row, at, 0, 0, MessageImportance.Normal, "{0}", message);
                return true;
            case "undecided" when !IsStrict:
                Log.LogWarning(null, code, null, help, MessageText.Escape(file), row, at, 0, 0, "{0}", message);
                return false;
            default:
                Fail(code, file, message, row, at);
                return false;
        }
    }

    private bool Fail(string code, string file, string message, int line = 0, int column = 0)
    {
        Log.LogError(null, code, null, KanConvert.HelpBase + code + ".md", MessageText.Escape(file), line, column, 0, 0, "{0}", message);
        return false;
    }
}
