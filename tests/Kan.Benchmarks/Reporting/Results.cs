using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;

namespace Kan.Benchmarks.Reporting;

/// <summary>A table of a report.</summary>
internal sealed class Table
{
    public required string Title { get; init; }

    public required List<string> Columns { get; init; }

    public List<List<string>> Rows { get; init; } = [];

    /// <summary>Paragraphs below the table.</summary>
    public List<string> Notes { get; init; } = [];
}

/// <summary>What a section measured: tables for people, named numbers for the comparison with the bars and for charts.</summary>
internal sealed class SectionResult
{
    public string Machine { get; init; } = Measuring.Machine.Identity;

    public bool Quick { get; init; }

    public List<Table> Tables { get; init; } = [];

    public SortedDictionary<string, double> Numbers { get; init; } = new(StringComparer.Ordinal);
}

/// <summary>The results of all sections, kept in a file so that one can be measured again without the others.</summary>
internal sealed class Results
{
    private static readonly JsonSerializerOptions s_json =
        new() { WriteIndented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public List<KeyValuePair<string, string>> Machine { get; set; } = [];

    public SortedDictionary<string, SectionResult> Sections { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The saved results of this machine; those of another are left out.</summary>
    public static Results Load(string path)
    {
        if (!File.Exists(path)) return new Results();
        var results = JsonSerializer.Deserialize<Results>(File.ReadAllText(path), s_json) ?? new Results();
        foreach (string name in new List<string>(results.Sections.Keys))
        {
            if (results.Sections[name].Machine == Measuring.Machine.Identity) continue;
            Console.Error.WriteLine($"The saved section '{name}' was measured on another machine or runtime; it is left out.");
            results.Sections.Remove(name);
        }

        return results;
    }

    public void Save(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, s_json) + "\n");

    /// <summary>A number by its name; null where its section has not been run.</summary>
    public double? Number(string name)
    {
        foreach (var section in Sections.Values)
        {
            if (section.Numbers.TryGetValue(name, out double value)) return value;
        }

        return null;
    }
}
