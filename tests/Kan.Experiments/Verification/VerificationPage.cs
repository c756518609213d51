using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Kan.Experiments.Reports;
using Kan.Testing;

namespace Kan.Experiments.Verification;

/// <summary>The page about the benchmarks: verdicts and times beside the published ones.</summary>
internal static class VerificationPage
{
    private const string Name = "verification";
    private const int Slowest = 6;

    public static void Write(string folder, IReadOnlyList<string> benchmarks, string results)
    {
        var outcomes = benchmarks.SelectMany(benchmark => Outcome.ReadAll(results, Instance.Read(folder, benchmark))).ToList();
        var groups = outcomes.GroupBy(static outcome => outcome.Instance.Benchmark).ToList();
        var text = new StringBuilder("# Statements proved\n\n");
        text.Append(Page.ResultMark)
            .Append(string.Join("; ",
                groups.Select(static group => $"{group.Key} {group.Count(static outcome => outcome.IsDecided)} of {group.Count()}")))
            .Append(FormattableString.Invariant(
                $" decided, {outcomes.Count(static outcome => outcome.IsWrong)} against the expected verdict\n\n"));
        text.Append(FormattableString.Invariant($"""
            Produced by `dotnet run -c Release --project tests/Kan.Experiments -- {Name} FOLDER`, and again with `--page`, on {Machine.Description}. The folder has networks
            and properties of the VNN-COMP competition of 2022, which are not part of this repository, and `expected.csv`: the verdict of the majority of its tools, and
            the seconds of three of them on the competition's machines.

            Times are processor time of one thread, reading the network included (once for instances of one network in a row, and counted for each), so that other
            work on the machine does not count. `unsat` means proved: the statement holds for all real inputs, by bounds whose rounding is included and whose every
            accepted part the separate checker derived again. `sat` means refuted: inputs are known, at which the outputs were evaluated in rational arithmetic. The
            published tools are sound up to floating-point rounding.

            | benchmark | decided | proved | refuted | wrong | limit, s | sum over decided, s | median, s | checker, s | {string.Join(" | ", Instance.Tools.Select(static tool => tool + ", s (decided)"))} |
            |---|---:|---:|---:|---:|---:|---:|---:|---:|{string.Concat(Instance.Tools.Select(static _ => "---:|"))}

            """));
        foreach (var group in groups)
        {
            var decided = group.Where(static outcome => outcome.IsDecided).ToList();
            double[] seconds = [.. decided.Select(static outcome => outcome.Seconds).Order()];
            var published =
                Instance.Tools.Select((_, tool) => group.Select(outcome => tool < outcome.Instance.Published.Count
                ? outcome.Instance.Published[tool]
                : double.NaN).Where(double.IsFinite).ToList());
            text.Append(string.Create(CultureInfo.InvariantCulture, $"| {group.Key} | {decided.Count} of {group.Count()} | "
                + $"{decided.Count(static outcome => outcome.Verdict == "unsat")} | "
                + $"{decided.Count(static outcome => outcome.Verdict == "sat")} | {group.Count(static outcome => outcome.IsWrong)} | "
                + $"{group.Max(static outcome => outcome.Limit)} | {seconds.Sum():F1} | "
                + $"{(seconds.Length == 0 ? 0 : seconds[seconds.Length / 2]):F2} | "
                + $"{decided.Sum(static outcome => outcome.CheckSeconds):F1} | "))
                .Append(string.Join(" | ", published.Select(static times => times.Count == 0
                    ? "-"
                    : FormattableString.Invariant($"{times.Sum():F0} ({times.Count})")))).Append(" |\n");
        }

        text.Append("\n## What soundness costs\n\n");
        text.Append(FormattableString.Invariant(
            $"The checker takes {100 * outcomes.Where(static outcome => outcome.IsDecided).Sum(static outcome => outcome.CheckSeconds) / outcomes.Where(static outcome => outcome.IsDecided).Sum(static outcome => outcome.Seconds):F0} % of the time of what is decided; `--unchecked` measures without it. The bounds of rounding in the prover itself cost two sums for each row and layer.\n\n"));
        text.Append("## What takes longest, and what is left\n\n| benchmark | network | property | expected | found | s | checker, s | "
            + "parts |\n|---|---|---|---|---|---:|---:|---:|\n");
        foreach (var group in groups)
        {
            foreach (var outcome in group.Where(static outcome => outcome.IsDecided).OrderByDescending(static outcome => outcome.Seconds)
                .Take(Slowest).Concat(group.Where(static outcome => !outcome.IsDecided)))
                text.Append(string.Create(CultureInfo.InvariantCulture, $"| {group.Key} | {Short(outcome.Instance.Network)} | "
                    + $"{Short(outcome.Instance.Property)} | {outcome.Instance.Expected} | {outcome.Verdict} | {outcome.Seconds:F1} | "
                    + $"{outcome.CheckSeconds:F1} | {outcome.Parts:N0} |\n"));
        }

        new ReportFolder(Repository.PathOf("docs/experiments")).Write(Name, text.ToString());
    }

    private static string Short(string file) =>
        file.Replace(".onnx", "", StringComparison.Ordinal).Replace(".vnnlib", "", StringComparison.Ordinal)
            .Replace("ACASXU_run2a_", "", StringComparison.Ordinal).Replace("_batch_2000", "", StringComparison.Ordinal);
}
