using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Kan.Fuzzing.Cases;
using Kan.Fuzzing.Running;
using Kan.Fuzzing.Workers;

namespace Kan.Fuzzing;

/// <summary>The command line.</summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        if (arguments is ["worker", var folder]) return Worker.Run(folder);
        if (Options.Parse(arguments) is not { } options)
        {
            Console.Error.WriteLine(Options.Help);
            return 2;
        }

        return options.Engine is { } engine ? RunOne(engine, options) : RunAll(options);
    }

    private static int RunAll(Options options)
    {
        var campaign = new Campaign(options, Console.Out);
        campaign.Run();
        foreach (var tally in campaign.Tallies)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{tally.Engine.Name}: {tally.Cases:N0} cases, {tally.DistinctOutcomes:N0} "
                + $"different outcomes: {string.Join(", ", tally.Outcomes.Select(static outcome => $"{outcome.Key} {outcome.Value}"))}; "
                + $"slowest {tally.Slowest.Milliseconds:N0} ms ({tally.Slowest.Genome})"));
        Console.WriteLine(FormattableString.Invariant($"{campaign.Findings.Count} findings"));
        if (options.Report is { } report) Report.Write(report, options, campaign);
        return campaign.Findings.Count == 0 ? 0 : 1;
    }

    /// <summary>Makes one case again, in this process: what it does to the worker it does here.</summary>
    private static int RunOne(FuzzEngine engine, Options options)
    {
        string folder = Directory.CreateTempSubdirectory("kan-fuzzing-").FullName;
        try
        {
            if (options.File is { } path)
            {
                var files = new List<FuzzFile> { new(Path.GetFileName(path), File.ReadAllBytes(path)) };
                string state = path.Replace("_config.yml", "_state", StringComparison.Ordinal);
                if (state != path && File.Exists(state)) files.Add(new(Path.GetFileName(state), File.ReadAllBytes(state)));
                return Tell(engine.Judge(new FuzzInput([.. files]), options.Variant, folder));
            }

            if (options.Genome is not { } genome)
            {
                if (options.Case is not { } index)
                {
                    Console.Error.WriteLine("Give --case, --genome or --file with --engine.");
                    return 2;
                }

                genome = Find(engine, options, index, folder);
            }

            Console.WriteLine($"genome {genome}");
            string saved = Directory.CreateDirectory(Path.Combine(options.Findings, engine.Name + "-" + genome)).FullName;
            var input = engine.Build(genome);
            foreach (var file in input.Files)
            {
                File.WriteAllBytes(Path.Combine(saved, file.Name), file.Bytes);
                Console.WriteLine($"{Path.Combine(saved, file.Name)}, {file.Bytes.Length} bytes");
                if (file.Bytes.Length < 4_000 && !file.Bytes.Contains((byte)0)) Console.WriteLine(Encoding.UTF8.GetString(file.Bytes));
            }

            return Tell(engine.Judge(input, genome.Variant, folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The genome of a case: those before it in its segment are run to know the corpus.</summary>
    private static Genome Find(FuzzEngine engine, Options options, long index, string folder)
    {
        Genome? found = null;
        var segment = new Segment(engine, options.Seed, index / engine.SegmentLength, options.Skipped, (at, genome) =>
        {
            if (at == index) found = genome;
            return at == index ? new Verdict("", "") : engine.Judge(engine.Build(genome), genome.Variant, folder);
        });
        foreach (var unused in segment.Run(index - segment.First + 1)) _ = unused;
        return found ?? throw new InvalidOperationException("The case is one of those to skip.");
    }

    private static int Tell(Verdict verdict)
    {
        Console.WriteLine(verdict.Fault is { } fault ? $"FAULT {fault.Key}\n{fault.Details}" : $"{verdict.Outcome}: {verdict.Signature}");
        return verdict.Fault is null ? 0 : 1;
    }
}
