using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Intrinsics;
using Kan.Benchmarks.Engines;
using Kan.Benchmarks.Measuring;
using Kan.Benchmarks.Reporting;
using Kan.Benchmarks.Workloads;

namespace Kan.Benchmarks.Sections;

/// <summary>The same networks where the runtime may not use 512-bit vectors.</summary>
internal sealed class NarrowSection()
    : Section("avx2", "one sample with DOTNET_EnableAVX512=0 and with DOTNET_EnableAVX2=0, in processes of their own")
{
    private const string Job = "narrow", Ours = "ours", Peer = "peer";
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
    }

    /// <summary>The generated code and ONNX Runtime in turn, in this process.</summary>
    public static void RunChild(string[] arguments)
    {
        var workload = Workload.Named(arguments[0]);
        float[] ring = workload.Ring();
        using var ours = CompiledWorkloads.Engine(workload, arguments[1], ring);
        using var peer = EngineSet.CreateOnnx(workload.Document, ring);
        var rotation = Rotation.Run([new Contestant(Ours, ours.Many), new Contestant(Peer, peer.Many)], s_effort);
        Child.Report(Ours, rotation.Median(Ours));
        Child.Report(Peer, rotation.Median(Peer));
    }
}
