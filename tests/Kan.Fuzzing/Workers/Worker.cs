using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using Kan.Fuzzing.Cases;
using Kan.Fuzzing.Checks;

namespace Kan.Fuzzing.Workers;

/// <summary>
/// The process that runs cases: commands on its input, one a line, and an answer in JSON for each. It may be killed in any case; the parent
/// knows from the <see cref="ProgressFile"/> which one it was.
/// </summary>
internal sealed class Worker(string folder, ProgressFile progress)
{
    // As little as the threads that compilers and editors run generators on have on Windows.
    private const int StackBytes = 1 << 20;

    private (string Genome, long Milliseconds) _slowest;

    /// <summary>Reads commands until the input ends.</summary>
    /// <param name="folder">A folder for the files of cases and the progress file.</param>
    public static int Run(string folder)
    {
        using var progress = ProgressFile.Open(Path.Combine(folder, "progress"));
        string scratch = Directory.CreateDirectory(Path.Combine(folder, "case")).FullName;
        var worker = new Worker(scratch, progress);
        using var commands = new BlockingCollection<string>();
        var thread = new Thread(() => Answer(commands, worker), StackBytes) { IsBackground = true };
        thread.Start();
        while (Console.In.ReadLine() is { } line) commands.Add(line);

        // The parent is gone, or has no more commands: a case that never ends must not outlive it.
        Environment.Exit(0);
        return 0;
    }

    private static void Answer(BlockingCollection<string> commands, Worker worker)
    {
        foreach (string command in commands.GetConsumingEnumerable())
        {
            Console.Out.WriteLine(worker.Answer(command.Split(' ')));
            Console.Out.Flush();
        }
    }

    private string Answer(string[] words)
    {
        _slowest = ("", -1);
        var engine = Engines.Find(words[1])!;
        if (words[0] == "without")
        {
            engine.JudgeWithout(engine.Build(Genome.Parse(words[2])));
            return JsonSerializer.Serialize(new SegmentAnswer(0, [], [], [], "", 0));
        }

        return JsonSerializer.Serialize(words[0] == "genome" ? RunGenome(engine, Genome.Parse(words[2])) : RunSegment(engine, words));
    }

    /// <summary><c>segment ENGINE SEED NUMBER COUNT SKIPPED</c>.</summary>
    private SegmentAnswer RunSegment(FuzzEngine engine, string[] words)
    {
        int seed = int.Parse(words[2], CultureInfo.InvariantCulture);
        long number = long.Parse(words[3], CultureInfo.InvariantCulture), count = long.Parse(words[4], CultureInfo.InvariantCulture);
        var skipped = words[5].Split(',', StringSplitOptions.RemoveEmptyEntries).Where(static index => index != "-")
            .Select(static index => long.Parse(index, CultureInfo.InvariantCulture)).ToHashSet();
        var segment = new Segment(engine, seed, number, skipped, (index, genome) => Judge(engine, index, genome));
        var outcomes = new Dictionary<string, long>(StringComparer.Ordinal);
        var faults = new List<FoundFault>();
        long cases = 0;
        foreach (var (index, genome, verdict) in segment.Run(count))
        {
            cases++;
            outcomes[verdict.Outcome] = outcomes.GetValueOrDefault(verdict.Outcome) + 1;
            if (verdict.Fault is not { } fault || faults.Exists(known => known.Key == fault.Key)) continue;
            var reduced = Minimizer.Reduce(genome, candidate => Judge(engine, index, candidate).Fault?.Key);
            faults.Add(new FoundFault(index, reduced.ToString(), fault.Key, fault.Details));
        }

        return new SegmentAnswer(cases, outcomes, [.. segment.Signatures], faults, _slowest.Genome, _slowest.Milliseconds);
    }

    /// <summary><c>genome ENGINE GENOME</c>.</summary>
    private SegmentAnswer RunGenome(FuzzEngine engine, Genome genome)
    {
        var verdict = Judge(engine, 0, genome);
        return new SegmentAnswer(1, new() { [verdict.Outcome] = 1 }, [verdict.Signature], verdict.Fault is { } fault
            ? [new FoundFault(0, genome.ToString(), fault.Key, fault.Details)]
            : [], _slowest.Genome, _slowest.Milliseconds);
    }

    private Verdict Judge(FuzzEngine engine, long index, Genome genome)
    {
        progress.Begin(index, genome);
        var clock = Stopwatch.StartNew();
        try
        {
            return engine.Judge(engine.Build(genome), genome.Variant, folder);
        }
        catch (OutOfMemoryException exception)
        {
            GC.Collect();
            return new Verdict("fault", "memory", new Fault("memory", exception.ToString()));
        }
        catch (Exception exception)
        {
            return Faults.Thrown("judging", exception);
        }
        finally
        {
            progress.End();
            if (clock.ElapsedMilliseconds > _slowest.Milliseconds) _slowest = (genome.ToString(), clock.ElapsedMilliseconds);
        }
    }
}
