using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Kan.Fuzzing.Cases;
using Kan.Fuzzing.Workers;

namespace Kan.Fuzzing.Running;

/// <summary>Runs segments of all engines in turn, each in a worker of its own, and collects what they find.</summary>
/// <param name="options">How many, of which, how long.</param>
/// <param name="output">Where progress is told.</param>
internal sealed class Campaign(Options options, TextWriter output)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(20);

    private readonly Lock _lock = new();
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _told;

    /// <summary>What was found, one finding for each engine and promise.</summary>
    public List<Finding> Findings { get; } = [];

    /// <summary>The counts by engine.</summary>
    public IReadOnlyList<Tally> Tallies { get; } = Share(options);

    /// <summary>Runs until the cases or the time are used up.</summary>
    public void Run()
    {
        // A segment starts from its own seeds, so how many run side by side changes no case.
        Task.WaitAll([.. Enumerable.Range(0, options.Jobs)
            .Select(_ => Task.Factory.StartNew(RunSegments, CancellationToken.None, TaskCreationOptions.LongRunning,
                TaskScheduler.Default))]);
    }

    private void RunSegments()
    {
        using var worker = new WorkerProcess(options.Limits);
        while (Next() is var (tally, number))
        {
            RunSegment(worker, tally, number);
            Tell();
        }
    }

    private (Tally Tally, long Number)? Next()
    {
        lock (_lock)
        {
            if (_clock.Elapsed.TotalSeconds >= options.Seconds) return null;
            var next = Tallies.Where(static tally => tally.Share < 1).MinBy(static tally => tally.Share);
            return next is null ? null : (next, next.NextSegment++);
        }
    }

    private void Tell()
    {
        lock (_lock)
        {
            if (_clock.Elapsed - _told < s_interval) return;
            _told = _clock.Elapsed;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_told.TotalSeconds:N0} s: "
                + $"{Tallies.Sum(static tally => tally.Cases):N0} cases "
                + $"({string.Join(", ", Tallies.Select(static tally => $"{tally.Engine.Name} {tally.Cases}"))}), {Findings.Count} findings"));
        }
    }

    private static List<Tally> Share(Options options)
    {
        double total = options.Engines.Where(static engine => !engine.IsSource).Sum(static engine => engine.Weight);
        return [.. options.Engines.Select(engine =>
            new Tally(engine, engine.IsSource ? options.Sources : (long)Math.Ceiling(options.Count * engine.Weight / total)))];
    }

    private void RunSegment(WorkerProcess worker, Tally tally, long number)
    {
        long count = Math.Min(tally.Engine.SegmentLength, tally.Wanted - (number * tally.Engine.SegmentLength));
        var skipped = new List<long>();
        int foreign = 0;
        while (true)
        {
            string command = string.Create(CultureInfo.InvariantCulture,
                $"segment {tally.Engine.Name} {options.Seed} {number} {count} {(skipped.Count == 0 ? "-" : string.Join(',', skipped))}");
            if (worker.Run(command, out var lost) is { } answer)
            {
                lock (_lock) tally.Add(answer, skipped.Count - foreign, foreign);
                foreach (var fault in answer.Faults.Where(fault => IsRepeated(tally.Engine, fault)))
                    Add(new Finding(tally.Engine, options.Seed, fault.Index, Genome.Parse(fault.Genome), fault.Key, fault.Details,
                        [.. skipped]));
                return;
            }

            // Between cases there is nothing to skip: the same would happen for ever.
            if (lost!.Index < 0) throw new InvalidOperationException($"The worker ended between cases. {lost.Key}\n{lost.Details}");
            skipped.Add(lost.Index);
            if (tally.Engine.IsSource && IsLostWithout(tally.Engine, lost.Genome))
            {
                foreign++;
                continue;
            }

            lock (_lock)
            {
                if (_known.Contains(KeyOf(tally.Engine, lost.Key, lost.Details))) continue;
            }

            var genome = Minimizer.Reduce(lost.Genome, candidate => Lost(worker, tally.Engine, candidate)?.Key);
            Add(new Finding(tally.Engine, options.Seed, lost.Index, genome, lost.Key, lost.Details, [.. skipped.SkipLast(1)]));
        }
    }

    /// <summary>
    /// Whether a fault occurs in a process of its own too. The C# compiler keeps objects in pools, some of which are left in a wrong state
    /// by an exception, such as that of an exhausted stack: a later case in the same process then fails for what an earlier one did.
    /// </summary>
    private bool IsRepeated(FuzzEngine engine, FoundFault fault)
    {
        if (!engine.IsSource) return true;
        using var fresh = new WorkerProcess(options.Limits);
        return fresh.Run($"genome {engine.Name} {fault.Genome}", out _) is not { Faults.Count: 0 };
    }

    /// <summary>
    /// Whether the C# compiler alone does not survive a source either. Its frames are larger when the JIT has optimized it, as in a worker
    /// that has compiled many sources, than in one that has just started; so this one optimizes at once.
    /// </summary>
    private bool IsLostWithout(FuzzEngine engine, Genome genome)
    {
        using var worker = new WorkerProcess(options.Limits, isOptimized: true);
        worker.Run($"without {engine.Name} {genome}", out var lost);
        return lost is not null;
    }

    private static LostWorker? Lost(WorkerProcess worker, FuzzEngine engine, Genome genome)
    {
        worker.Run($"genome {engine.Name} {genome}", out var lost);
        return lost;
    }

    private void Add(Finding finding)
    {
        lock (_lock)
        {
            if (!_known.Add(KeyOf(finding.Engine, finding.Key, finding.Details))) return;
            Findings.Add(finding);
            string folder = finding.Save(options.Findings);
            output.WriteLine(
                $"FINDING {finding.Engine.Name}: {finding.Key}\n  {finding.Command}\n  {finding.MinimisedCommand}\n  {folder}");
        }
    }

    // Crashes and hangs are told apart by where they were, as far as the worker could say it.
    private static string KeyOf(FuzzEngine engine, string key, string details)
    {
        string place = key.StartsWith("crash", StringComparison.Ordinal)
            ? string.Join(' ', details.Split('\n').Where(static line => line.Contains("at Kan.", StringComparison.Ordinal)).Take(1))
            : "";
        return $"{engine.Name} {key} {place}";
    }
}
