using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace Kan.Benchmarks.Reporting;

/// <summary>Writes the report from the results of all sections.</summary>
internal static class Report
{
    private const string Chart = "images/benchmarks.svg";

    public static void Write(Results results, IReadOnlyList<string> order, string path)
    {
        var text = new StringBuilder();
        text.Append("# Benchmarks\n\n")
            .Append("Written by `dotnet run -c Release --project tests/Kan.Benchmarks`; do not edit. One thread. All engines of a row "
            + "run in one process and take turns,\n")
            .Append("so the ratios hold on a machine whose speed drifts; the absolute times are of the machine below. Run the command on "
            + "yours.\n\n");
        foreach (var (name, value) in results.Machine) text.Append("- ").Append(name).Append(": ").Append(value).Append('\n');
        foreach (var (name, value) in Versions.Describe()) text.Append("- ").Append(name).Append(": ").Append(value).Append('\n');

        Append(text, Bars.Compare(results));
        string folder = Path.GetDirectoryName(path)!;
        if (SingleChart.Draw(results) is { } svg)
        {
            string file = Path.Combine(folder, Chart);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, svg);
            text.Append("\n![Nanoseconds for one sample, by network and engine](").Append(Chart).Append(")\n");
        }

        foreach (string name in order.Where(results.Sections.ContainsKey)) text.Append(Text(results.Sections[name]));

        File.WriteAllText(path, text.ToString());
    }

    /// <summary>The tables of a section.</summary>
    public static string Text(SectionResult section)
    {
        var text = new StringBuilder();
        foreach (var table in section.Tables) Append(text, table);
        if (section.Quick) text.Append("\nThese tables are of a quick run.\n");
        return text.ToString();
    }

    private static void Append(StringBuilder text, Table table)
    {
        text.Append("\n## ").Append(table.Title).Append("\n\n");
        bool[] used = [.. table.Columns.Select((_, i) => i == 0 || table.Rows.Any(row => row[i].Length > 0))];
        Line(table.Columns);
        Line([.. table.Columns.Select(static _ => "---")]);
        foreach (var row in table.Rows) Line(row);
        foreach (string note in table.Notes) text.Append('\n').Append(note).Append('\n');

        void Line(List<string> cells) => text.Append("| ").AppendJoin(" | ", cells.Where((_, i) => used[i])).Append(" |\n");
    }
}
