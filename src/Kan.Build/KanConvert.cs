using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using Kan.Tool;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Kan.Build;

/// <summary>
/// Runs the converter where something has changed. It is started as a process without a shell: its arguments are two paths, and everything that items say
/// goes to its standard input.
/// </summary>
public sealed class KanConvert : Task, ICancelableTask
{
    internal const string HelpBase = "https://github.com/kan-generators/kan-generators/blob/main/docs/diagnostics/";

    private readonly object _lock = new();
    private Process? _process;
    private bool _isCancelled;

    /// <summary>What <see cref="KanCollect"/> found to convert.</summary>
    public ITaskItem[] Conversions { get; set; } = [];

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
        if (Conversions.Length == 0) return true;
        string tool = Path.GetFullPath(ToolPath);
        if (!File.Exists(tool))
            return Fail("KAN0301", Project, $"The kan tool, which converts models, was not found at '{tool}'. Restore the package, or set the property KanToolPath.");

        string list = string.Concat(Conversions.Select(Line));
        string[] read = [.. Conversions.Select(static item => item.GetMetadata("Model")), .. Directory.GetFiles(Path.GetDirectoryName(tool)!, "*.dll")];
        string[] written = [.. Conversions.SelectMany(static item => new[] { item.ItemSpec, item.ItemSpec + ".origin" }).Select(Path.GetFullPath)];
        if (ConversionStamp.IsCurrent(Stamp, list, read.Concat(written))) return true;

        var start = DateTime.UtcNow;
        var files = read.Distinct(StringComparer.Ordinal).ToDictionary(static file => file, ConversionStamp.StateOf, StringComparer.Ordinal);
        var dependencies = new Dictionary<string, string>(StringComparer.Ordinal);
        bool isDone = Run(tool, list, record =>
        {
            // A file that changed while it was read counts as changed.
            if (record is ["input", var file]) dependencies[file] = File.GetLastWriteTimeUtc(file) < start ? ConversionStamp.StateOf(file) : "changed";
            else Report(record);
        });
        if (_isCancelled) return false;
        foreach (string file in written) files[file] = ConversionStamp.StateOf(file);
        ConversionStamp.Write(Stamp, list, files, dependencies, isDone);
        return isDone;
    }

    /// <inheritdoc/>
    public void Cancel()
    {
        lock (_lock)
        {
            _isCancelled = true;
            try
            {
                _process?.Kill();
            }
            catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
            {
                // It has ended by itself.
            }
        }
    }

    private static string Line(ITaskItem item)
    {
        return Records.Line([item.GetMetadata("Model"), Path.GetFullPath(item.ItemSpec), .. KanCollect.ConversionMetadata.Prepend("Item").Select(name => name + "=" + item.GetMetadata(name))]);
    }

    private bool Run(string tool, string list, Action<string[]> report)
    {
        string host = HostPath.Length > 0 ? HostPath : "dotnet";
        using var process = new Process();
        process.StartInfo = new ProcessStartInfo(host, string.Join(" ", new[] { "exec", tool, "import", "-", "--records", "--project", Project }.Select(ArgumentText.Quote)))
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = new UTF8Encoding(false),
            StandardErrorEncoding = new UTF8Encoding(false),
        };
        try
        {
            lock (_lock)
            {
                if (_isCancelled) return false;
                process.Start();
                _process = process;
            }
        }
        catch (Win32Exception exception)
        {
            return Fail("KAN0903", Project, $"The kan tool, which converts models, could not be started by '{host}': {exception.Message}");
        }

        try
        {
            // Each stream has its own thread: a full pipe would stop the process.
            var errors = new StringBuilder();
            var reader = new Thread(() => errors.Append(process.StandardError.ReadToEnd()));
            var writer = new Thread(() => Send(process, list));
            reader.Start();
            writer.Start();
            string output = process.StandardOutput.ReadToEnd();
            reader.Join();
            writer.Join();
            process.WaitForExit();
            if (_isCancelled) return false;
            foreach (string[] record in Records.Read(output)) report(record);
            return process.ExitCode == 0 || Log.HasLoggedErrors
                ? !Log.HasLoggedErrors
                : Fail("KAN0903", Project, $"The kan tool exited with code {process.ExitCode} while converting models: {MessageText.Bound(errors.ToString().Trim())}");
        }
        finally
        {
            lock (_lock) _process = null;
        }
    }

    private static void Send(Process process, string list)
    {
        try
        {
            byte[] bytes = new UTF8Encoding(false).GetBytes(list);
            process.StandardInput.BaseStream.Write(bytes, 0, bytes.Length);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading: its exit code and its errors say why.
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
