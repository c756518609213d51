using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Kan.Benchmarks.Measuring;
using Kan.Benchmarks.Reporting;
using Kan.Benchmarks.Workloads;
using Kan.Compiler;
using Kan.Compiler.Emit;

namespace Kan.Benchmarks.Sections;

/// <summary>How long the compiler goes on after it was told to stop: an editor cancels at each key press.</summary>
internal sealed class CancellationSection()
    : Section("cancellation", "time from a cancellation to its end, over the whole of a compilation")
{
    private static readonly (string Name, Func<KanDocument> Create)[] s_models =
    [
        ("MLP 1000-900-100-10, 991,000 weights", static () => RandomNetworks.Mlp("mlp", 31, 0, 1000, 900, 100, 10)),
        ("KAN [784,128,10], 1,016,320 segments", static () => RandomNetworks.Kan("kan", 32, 10, 784, 128, 10)),
    ];

    public override void Run(Effort effort, SectionResult result)
    {
        int moments = effort == Effort.Full ? 40 : 12;
        var table = new Table
        {
            Title = "Cancellation of a compilation",
            Columns = ["model", "whole compilation, s", "median, ms", "worst, ms", "worst at"]
        };
        double worst = 0;
        foreach (var (name, create) in s_models)
        {
            Console.WriteLine($"  {name}");
            var document = create();
            Compile(document, CancellationToken.None);
            long start = Clock.Now;
            Compile(document, CancellationToken.None);
            double whole = Clock.NanosecondsSince(start) / 1e6;
            var delays = new List<(double Delay, double Moment)>();
            for (int i = 0; i < moments; i++)
            {
                double moment = whole * (i + 0.5) / moments;
                if (Delay(document, moment) is { } delay) delays.Add((delay, moment / whole));
            }

            var longest = delays.MaxBy(static delay => delay.Delay);
            worst = Math.Max(worst, longest.Delay);
            table.Rows.Add([name, Format.Number(whole / 1000),
                Format.Number(Statistics.Median([.. delays.Select(static delay => delay.Delay)])), Format.Number(longest.Delay),
                Format.Percent(longest.Moment)]);
        }

        result.Numbers["cancellation/worst"] = worst;
        table.Notes.Add($"Cancelled at {moments} moments, evenly over the time of a whole compilation, each in a separate compilation; "
            + $"the garbage collector takes part.");
        result.Tables.Add(table);
    }

    /// <summary>Milliseconds from a cancellation to the end of a compilation; null where it had ended before.</summary>
    private static double? Delay(KanDocument document, double afterMilliseconds)
    {
        GC.Collect();
        using var source = new CancellationTokenSource();
        long cancelled = 0;
        using var timer = new Timer(_ =>
        {
            Volatile.Write(ref cancelled, Clock.Now);
            source.Cancel();
        }, null, TimeSpan.FromMilliseconds(afterMilliseconds), Timeout.InfiniteTimeSpan);
        try
        {
            Compile(document, source.Token);
            return null;
        }
        catch (OperationCanceledException)
        {
            return Clock.NanosecondsSince(Volatile.Read(ref cancelled)) / 1e6;
        }
    }

    private static void Compile(KanDocument document, CancellationToken cancellation) =>
        NetworkCompiler.Compile(document, new CompilerOptions { Target = new TargetType("", ["partial class Network"], IsStatic: false) },
            cancellation);
}
