using System;
using System.Collections.Generic;
using System.Diagnostics;
using Kan.Experiments.Reports;
using Spectre.Console;

namespace Kan.Experiments;

/// <summary>
/// Runs experiments and writes their pages: on a terminal with a moving status line, in a log with one line for each step.
/// </summary>
internal static class Runner
{
    public static void Run(IReadOnlyList<IExperiment> experiments, bool isQuick, string folder)
    {
        var reports = new ReportFolder(folder);
        foreach (var experiment in experiments)
        {
            long start = Stopwatch.GetTimestamp();
            var page = AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected
                ? AnsiConsole.Status().Start(experiment.Name,
                    status => experiment.Run(new Session(isQuick, new StatusLine(experiment.Name, status))))
                : experiment.Run(new Session(isQuick, new LogLines(experiment.Name)));
            reports.Write(page);
            Console.WriteLine(FormattableString.Invariant(
                $"{page.Name}: {page.Result} ({Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s)"));
        }
    }

    // Not Progress<T>: that one posts to other threads, out of order.
    private sealed class StatusLine(string name, StatusContext status) : IProgress<string>
    {
        public void Report(string value) => status.Status(Markup.Escape($"{name}: {value}"));
    }

    private sealed class LogLines(string name) : IProgress<string>
    {
        public void Report(string value) => Console.WriteLine($"  {name}: {value}");
    }
}
