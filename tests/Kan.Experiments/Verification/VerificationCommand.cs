using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Kan.Experiments.Verification;

/// <summary>
/// <c>verification FOLDER</c>: the benchmarks of the verification competition, from a folder that is not part of the repository.
/// </summary>
internal static class VerificationCommand
{
    private static readonly (string Name, double Seconds)[] s_benchmarks =
        [("acasxu", 60), ("rl_benchmarks", 30), ("tllverifybench", 60), ("mnist_fc", 120)];

    public static Command Create()
    {
        var folder = new Argument<string>("folder")
        {
            Description =
            "The folder with the benchmarks: networks, properties and expected.csv of each."
        };
        var only = new Option<string?>("--only")
        {
            Description = "The benchmarks to run, separated by commas. Default: all.",
            HelpName = "names"
        };
        var filter = new Option<string?>("--filter")
        {
            Description =
            "Only instances whose network and property contain all of these texts, separated by commas.",
            HelpName = "texts"
        };
        var seconds = new Option<double?>("--seconds")
        {
            Description =
            "The limit of processor time for each instance. Default: that of the benchmark.",
            HelpName = "seconds"
        };
        var workers = new Option<int>("--workers") { Description = "The number of threads.", DefaultValueFactory = static _ => 1 };
        var uncheckedProofs = new Option<bool>("--unchecked") { Description = "Leave out the separate checker, to measure what it costs." };
        var results = new Option<string>("--results")
        {
            Description = "The file to which one line is added for each instance.",
            DefaultValueFactory = static _ => "artifacts/experiments/verification.csv",
            HelpName = "file"
        };
        var page = new Option<bool>("--page") { Description = "Run nothing; write docs/experiments/verification.md from the results." };
        var command = new Command("verification", "Decides the benchmarks of the verification competition.") { folder, only, filter,
            seconds, workers, uncheckedProofs, results, page };
        command.SetAction(result =>
        {
            string[] names = result.GetValue(only)?.Split(',') ?? [.. s_benchmarks.Select(static benchmark => benchmark.Name)];
            if (result.GetValue(page))
            {
                VerificationPage.Write(result.GetValue(folder)!, names, result.GetValue(results)!);
                return;
            }

            string[] texts = result.GetValue(filter)?.Split(',') ?? [];
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(result.GetValue(results)!))!);
            using var lines = new StreamWriter(result.GetValue(results)!, append: true) { AutoFlush = true };
            foreach (string name in names)
            {
                double limit = result.GetValue(seconds) ?? s_benchmarks.Single(benchmark => benchmark.Name == name).Seconds;
                var run = new VerificationRun(result.GetValue(folder)!, limit, result.GetValue(workers), !result.GetValue(uncheckedProofs));
                var outcomes = new List<Outcome>();
                foreach (var instance in Instance.Read(result.GetValue(folder)!, name)
                    .Where(instance => texts.All(text =>
                        $"{instance.Network} {instance.Property}".Contains(text, StringComparison.Ordinal))))
                {
                    var outcome = run.Run(instance);
                    outcomes.Add(outcome);
                    lines.WriteLine(outcome.ToLine());
                    Console.WriteLine(outcome.ToLine() + (outcome.IsWrong ? " WRONG" : ""));
                }

                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{name}: {outcomes.Count(static outcome => outcome.IsDecided)} of "
                    + $"{outcomes.Count} decided, {outcomes.Count(static outcome => outcome.IsWrong)} wrong, "
                    + $"{outcomes.Where(static outcome => outcome.IsDecided).Sum(static outcome => outcome.Seconds):F1} s, of which the "
                    + $"checker {outcomes.Sum(static outcome => outcome.CheckSeconds):F1} s"));
            }
        });
        return command;
    }
}
