using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Kan.Tool;

namespace Kan.Build;

/// <summary>
/// The record of the last conversion of a project, which decides only whether the converter runs at all: the items, and the length and time
/// of each file that was read or written. A file that differs in either, newer or older, makes the converter run; it then compares hashes.
/// </summary>
internal static class ConversionStamp
{
    private const string Header = "kan-stamp-1", Complete = "complete", Failed = "failed", Dependency = "dependency", Other = "file";

    /// <summary>Whether nothing has changed since a conversion that succeeded.</summary>
    /// <param name="path">The record.</param>
    /// <param name="list">The list of items that the converter would get.</param>
    /// <param name="files">The files that decide, besides those that models read in addition to their own.</param>
    public static bool IsCurrent(string path, string list, IEnumerable<string> files)
    {
        var records = Read(path);
        if (records.Count == 0 || records[0] is not [Header, Complete, var known] || known != list) return false;
        var states = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string[] record in records.Skip(1))
        {
            if (record is not [_, var file, var state] || StateOf(file) != state) return false;
            states[file] = state;
        }

        return files.All(states.ContainsKey);
    }

    /// <summary>
    /// The files that models read in addition to their own, as the last conversion noted them; none if there is no record.
    /// </summary>
    public static IEnumerable<string> DependenciesOf(string path) =>
        Read(path).Where(static record => record.Length > 1 && record[0] == Dependency).Select(static record => record[1]);

    /// <summary>Notes a conversion. Without the note the converter runs again, so failing to write it does no harm.</summary>
    /// <param name="path">The record.</param>
    /// <param name="list">The list of items that the converter got.</param>
    /// <param name="files">
    /// The files and their states, read before the conversion where it reads them and after it where it writes them.
    /// </param>
    /// <param name="dependencies">The files that models read in addition to their own, with their states.</param>
    /// <param name="isComplete">Whether everything was converted.</param>
    public static void Write(string path, string list, IEnumerable<KeyValuePair<string, string>> files, IEnumerable<KeyValuePair<string,
        string>> dependencies, bool isComplete)
    {
        var text = new StringBuilder(Records.Line(Header, isComplete ? Complete : Failed, list));
        foreach (var file in files) text.Append(Records.Line(Other, file.Key, file.Value));
        foreach (var file in dependencies) text.Append(Records.Line(Dependency, file.Key, file.Value));
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text.ToString());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another build of the project may be writing it.
        }
    }

    /// <summary>The length and the time of a file.</summary>
    public static string StateOf(string file)
    {
        var info = new FileInfo(file);
        return info.Exists ? info.Length.ToString(CultureInfo.InvariantCulture) + " "
            + info.LastWriteTimeUtc.Ticks.ToString(CultureInfo.InvariantCulture) : "missing";
    }

    private static List<string[]> Read(string path)
    {
        try
        {
            return File.Exists(path) ? [.. Records.Read(File.ReadAllText(path))] : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
