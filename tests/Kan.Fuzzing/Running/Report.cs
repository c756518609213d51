using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;

namespace Kan.Fuzzing.Running;

/// <summary>The counts of a run as Markdown: the same text wherever the same run is done.</summary>
internal static class Report
{
    public static void Write(string path, Options options, Campaign campaign) => File.WriteAllText(path, Text(options, campaign), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));

    private static string Text(Options options, Campaign campaign)
    {
        long files = campaign.Tallies.Where(static tally => !tally.Engine.IsSource).Sum(static tally => tally.Cases), sources = campaign.Tallies.Where(static tally => tally.Engine.IsSource).Sum(static tally => tally.Cases);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $$"""
            # Fuzzing

            Model files and C# sources come from people whom the build does not know. This page says what is thrown at the readers, the generator and the
            analyzer, how to run it, and what the last large run found. [Security](security.md) says what the promises protect.

            ## How to run it

            ```
            dotnet run -c Release --project tests/Kan.Fuzzing -- --count 1000000 --sources 100000 --write-report docs/fuzzing.md
            ```

            That is the nightly run; it needs about an hour of one core, and writes this page. CI runs two minutes of the same, with a fixed seed (`.ci/run`). A run
            that finds something ends with exit code 1.

            A finding is saved in `artifacts/fuzzing`, made as small as it goes by leaving out steps, with the command that makes it again:

            ```
            dotnet run -c Release --project tests/Kan.Fuzzing -- --engine onnx --seed 7 --case 123456
            ```

            `--engine NAME --file PATH` judges any file.

            ## What a case is

            A case is a small valid input, changed by one to twelve steps. A step changes a part of the structure: a field of a message, an operation of a pickle, an
            entry of an archive, a value of JSON, a token of C#. One step in 14 changes bytes instead. A case whose outcome is new becomes the parent of later
            ones. The engine, the seed and the index give the same case on every machine.

            | engine | what is changed |
            |---|---|

            """);
        foreach (var tally in campaign.Tallies) text.Append(CultureInfo.InvariantCulture, $"| `{tally.Engine.Name}` | {tally.Engine.Subject} |\n");
        text.Append(CultureInfo.InvariantCulture, $$"""

            ## What is promised

            A file is refused by a `ModelFileException` (for rows, an error of the `kan` tool) that names the file and has one printable line of at most
            {{Checks.Messages.MaximumLength}} characters, or it is accepted. Then the document writes, reads back equal and expands; it compiles, or is refused as too large for
            C#; the generated text is printable; the reference evaluator takes any numbers, NaN and infinities included.

            For a source, the generator and the analyzer report `KAN` diagnostics only, with printable messages of one line, and never a fault of their own. Generated code has no
            errors. Where a generated member is missing, a diagnostic says why.

            Each case may use {{options.Limits.CpuSeconds}} seconds of processor time, {{options.Limits.HeapMegabytes}} MiB of managed memory and a stack of 1 MiB. Cases run in a process of their own, which is
            killed at a limit; that is a finding too. Reading a file may take {{Checks.ModelCheck.Steps:N0}} steps of exact arithmetic, less than a build allows. Processor time rather than time of the clock: a busy machine changes nothing.

            ## The last large run

            Seed {{options.Seed}}: {{files:N0}} files and {{sources:N0}} sources, **{{campaign.Findings.Count}} findings**.

            | engine | cases | different outcomes | outcomes |
            |---|---:|---:|---|

            """);
        foreach (var tally in campaign.Tallies)
            text.Append(CultureInfo.InvariantCulture, $"| `{tally.Engine.Name}` | {tally.Cases:N0} | {tally.DistinctOutcomes:N0} | {string.Join(", ", tally.Outcomes.OrderByDescending(static outcome => outcome.Value).Select(static outcome => string.Create(CultureInfo.InvariantCulture, $"{outcome.Key} {outcome.Value:N0}")))} |\n");
        text.Append('\n').Append("""
            "Different outcomes" counts outcomes by the shape of their message or of the accepted network, without numbers and names. `C# errors` are sources for which only
            the C# compiler reports errors; `compiler fails alone` are sources that the C# compiler does not survive without the generator either.
            """.ReplaceLineEndings("\n")).Append('\n');
        foreach (var finding in campaign.Findings) text.Append(CultureInfo.InvariantCulture, $"\n- {finding.Engine.Name}: {finding.Key}\n\n  `{finding.MinimisedCommand}`\n");
        return text.ToString().ReplaceLineEndings("\n");
    }
}
