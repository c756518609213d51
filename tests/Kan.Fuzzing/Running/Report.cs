using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;

namespace Kan.Fuzzing.Running;

/// <summary>The counts of a run as a section of a page: the same text wherever the same run is done.</summary>
internal static class Report
{
    private const string Heading = "## The last run\n";

    /// <summary>Replaces the section "The last run"; the rest of the page stays.</summary>
    public static void Write(string path, Options options, Campaign campaign)
    {
        string page = File.ReadAllText(path).ReplaceLineEndings("\n");
        int start = page.IndexOf(Heading, StringComparison.Ordinal);
        if (start < 0) throw new InvalidDataException($"{path} has no section \"The last run\".");
        int end = page.IndexOf("\n## ", start, StringComparison.Ordinal);
        string after = end < 0 ? "" : page[end..];
        File.WriteAllText(path, page[..start] + Heading + Section(options, campaign) + after,
            new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }

    private static string Section(Options options, Campaign campaign)
    {
        long files = campaign.Tallies.Where(static tally => !tally.Engine.IsSource).Sum(static tally => tally.Cases);
        long sources = campaign.Tallies.Where(static tally => tally.Engine.IsSource).Sum(static tally => tally.Cases);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $$"""

            Seed {{options.Seed}}: {{files:N0}} files and {{sources:N0}} sources, **{{campaign.Findings.Count}} findings**.

            | engine | cases | different outcomes | outcomes |
            |---|---:|---:|---|

            """);
        foreach (var tally in campaign.Tallies)
        {
            var outcomes = tally.Outcomes.OrderByDescending(static outcome => outcome.Value)
                .Select(static outcome => string.Create(CultureInfo.InvariantCulture, $"{outcome.Key} {outcome.Value:N0}"));
            text.Append(CultureInfo.InvariantCulture,
                $"| `{tally.Engine.Name}` | {tally.Cases:N0} | {tally.DistinctOutcomes:N0} | {string.Join(", ", outcomes)} |\n");
        }

        foreach (var finding in campaign.Findings)
            text.Append(CultureInfo.InvariantCulture, $"\n- {finding.Engine.Name}: {finding.Key}\n\n  `{finding.MinimisedCommand}`\n");
        return text.ToString().ReplaceLineEndings("\n");
    }
}
