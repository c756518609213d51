using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.Intrinsics;
using Kan.Benchmarks.Engines;
using Kan.Benchmarks.Measuring;
using Kan.Benchmarks.Reporting;
using Kan.Benchmarks.Workloads;

namespace Kan.Benchmarks.Sections;

/// <summary>The same networks where the runtime may not use 512-bit vectors.</summary>
internal sealed class NarrowSection()
    : Section("avx2", "DOTNET_EnableAVX512=0 against C for AVX2, one sample and batches; DOTNET_EnableAVX2=0; in new processes")
{
    private const string Job = "narrow", Ours = "ours", Peer = "peer", Plain = "c", Peak = "peak", Fastest = "-fastest";

    private static readonly int[] s_rows = [1, 64, 1024];
    private static readonly Effort s_effort = new(24, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(40), 0);

    public override void Run(Effort effort, SectionResult result)
    {
        if (!Vector512.IsHardwareAccelerated)
        {
            Console.WriteLine("  This machine has no 512-bit vectors: the other sections are of narrow vectors already.");
            return;
        }

        Dictionary<string, string> wideVectors = new() { ["DOTNET_EnableAVX512"] = "1" },
            narrowVectors = new() { ["DOTNET_EnableAVX512"] = "0" }, noFma = new() { ["DOTNET_EnableAVX2"] = "0" };
        int pairs = effort == Effort.Full ? 3 : 1;
        var table = new Table
        {
            Title = "One sample without 512-bit vectors, nanoseconds",
            Columns = ["network", "512-bit", "256-bit", "256-bit / 512-bit", "128-bit without FMA", "without FMA / 256-bit",
            "ONNX Runtime, same run", "ONNX Runtime / ours at 256 bits"]
        };
        var paths = CompiledWorkloads.Save(Workloads);
        foreach (var workload in Workloads)
        {
            Console.WriteLine($"  {workload.Name}");
            var runs = Enumerable.Range(0, pairs)
                .Select(_ => (Wide: Measure(wideVectors), Narrow: Measure(narrowVectors), Bare: Measure(noFma))).ToList();
            double Middle(Func<(IReadOnlyDictionary<string, double> Wide, IReadOnlyDictionary<string, double> Narrow,
                IReadOnlyDictionary<string, double> Bare), double> number) => Statistics.Median([.. runs.Select(number)]);
            double wide = Middle(static run => run.Wide[Ours]), narrow = Middle(static run => run.Narrow[Ours]),
                peer = Middle(static run => run.Narrow[Peer]);
            double ratio = Middle(static run => run.Narrow[Ours] / run.Wide[Ours]),
                ahead = Middle(static run => run.Narrow[Peer] / run.Narrow[Ours]);
            double bare = Middle(static run => run.Bare[Ours]), slower = Middle(static run => run.Bare[Ours] / run.Narrow[Ours]);
            result.Numbers[$"avx2/{workload.Name}/ns"] = narrow;
            result.Numbers[$"avx2/{workload.Name}/ratio"] = ratio;
            result.Numbers[$"avx2/{workload.Name}/onnx"] = ahead;
            result.Numbers[$"avx2/{workload.Name}/no-fma"] = bare;
            result.Numbers[$"avx2/{workload.Name}/no-fma-ratio"] = slower;
            table.Rows.Add([workload.Name, Format.Number(wide), Format.Number(narrow), Format.Times(ratio), Format.Number(bare),
                Format.Times(slower), Format.Number(peer), Format.Times(ahead)]);

            IReadOnlyDictionary<string, double> Measure(Dictionary<string, string> variables) =>
                Child.Numbers(variables, Job, workload.Name, paths[workload.Name]);
        }

        table.Notes.Add($"Processes with no setting, with `DOTNET_EnableAVX512=0` and with `DOTNET_EnableAVX2=0`, which also removes "
            + $"FMA, in turn, {pairs} of each, medians. ONNX Runtime runs in the same processes and takes turns with the generated code; "
            + $"the settings are those of the .NET runtime, so its native code still uses all that the processor has.");
        result.Tables.Add(table);
        result.Tables.Add(AgainstPeers("With 256-bit vectors", "C for AVX2", "avx2", paths, narrowVectors, pairs, result));
        result.Tables[^1].Notes.Add("C is the fastest of its variants, compiled with `-mno-avx512f`. ONNX Runtime uses 512-bit vectors.");
        result.Tables.Add(AgainstPeers("With 128-bit vectors and without FMA", "C for x86-64-v2", "sse", paths, noFma, 1, result));
        result.Tables[^1].Notes.Add($"C is compiled with `{CEngine.Baseline}`: it multiplies and adds, and rounds twice; the generated code "
            + "gives the bits of a fused multiply-add. ONNX Runtime uses 512-bit vectors here.");
    }

    /// <summary>Everything at some width but ONNX Runtime: one sample a call and batches, against C and the peak.</summary>
    private Table AgainstPeers(string title, string c, string name, IReadOnlyDictionary<string, string> paths,
        Dictionary<string, string> variables, int runs, SectionResult result)
    {
        bool hasPeak = !variables.ContainsKey("DOTNET_EnableAVX2");
        var table = new Table
        {
            Title = $"{title}, nanoseconds a sample",
            Columns = ["network", "rows", EngineSet.Ours, c, "ONNX Runtime", "C / ours", "ONNX Runtime / ours",
                .. hasPeak ? ["share of the multiply-add peak"] : Array.Empty<string>()]
        };
        foreach (var workload in Workloads)
        {
            foreach (int rows in s_rows)
            {
                string count = rows.ToString(CultureInfo.InvariantCulture);
                Console.WriteLine($"  {workload.Name}, {count} rows");
                var found = Enumerable.Range(0, runs)
                    .Select(_ => Child.Numbers(variables, Job, workload.Name, paths[workload.Name], count)).ToList();
                double Middle(Func<IReadOnlyDictionary<string, double>, double> number) => Statistics.Median([.. found.Select(number)]);
                double share = Middle(run => workload.MultiplyAdds / run[Ours] * run[Peak]), plain = Middle(static run => run[Plain]);
                double ratio = Middle(static run => run[Plain] / run[Ours]), ahead = Middle(static run => run[Peer] / run[Ours]);
                string key = $"{name}/{workload.Name}/{rows}";
                result.Numbers[$"{key}/ns"] = Middle(static run => run[Ours]);
                double least = found.Min(static run => run[Ours + Fastest]), leastPlain = found.Min(static run => run[Plain + Fastest]),
                    leastPeer = found.Min(static run => run[Peer + Fastest]);
                result.Numbers[$"{key}/c"] = ratio;
                result.Numbers[$"{key}/onnx"] = ahead;
                if (hasPeak && !workload.IsKan) result.Numbers[$"{key}/peak"] = share;
                table.Rows.Add([workload.Name, count, WithLeast(result.Numbers[$"{key}/ns"], least),
                    double.IsNaN(plain) ? "" : WithLeast(plain, leastPlain), WithLeast(Middle(static run => run[Peer]), leastPeer),
                    double.IsNaN(ratio) ? "" : Format.Times(ratio), Format.Times(ahead),
                    .. hasPeak ? [workload.IsKan ? "" : Format.Percent(share)] : Array.Empty<string>()]);
            }
        }

        table.Notes.Add("Median of rounds in which all engines take turns; the fastest round in parentheses.");
        return table;

        static string WithLeast(double median, double least) => $"{Format.Number(median)} ({Format.Number(least)})";
    }

    /// <summary>The generated code and its peers in turn, in this process: calls of one sample, or batches of some rows.</summary>
    public static void RunChild(string[] arguments)
    {
        var workload = Workload.Named(arguments[0]);
        int rows = arguments.Length > 2 ? int.Parse(arguments[2], CultureInfo.InvariantCulture) : 0;
        float[] ring = rows > 1 ? workload.Samples(rows) : workload.Ring();
        using var ours = CompiledWorkloads.Engine(workload, arguments[1], ring);
        using var peer = EngineSet.CreateOnnx(workload.Document, ring);
        using var plain = rows > 0 ? EngineSet.CreateC(workload, ring) : null;
        var contestants = new List<Contestant> { Of(Ours, ours), Of(Peer, peer) };
        if (plain is not null) contestants.Add(Of(Plain, plain));
        if (rows > 0) contestants.Add(new Contestant(Peak, CeilingSection.Peak.Work));
        var rotation = Rotation.Run(contestants, s_effort);
        foreach (var contestant in contestants)
        {
            double units = contestant.Name == Peak ? 1 : Math.Max(rows, 1);
            Child.Report(contestant.Name, rotation.Median(contestant.Name) / units);
            Child.Report(contestant.Name + Fastest, rotation.Minimum(contestant.Name) / units);
        }

        if (rows == 0 || plain is not null) return;
        Child.Report(Plain, double.NaN);
        Child.Report(Plain + Fastest, double.NaN);

        Contestant Of(string name, Engine engine) => new(name, rows > 1 ? engine.Batches : engine.Many);
    }
}
