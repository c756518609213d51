using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Benchmarks.Engines;
using Kan.Benchmarks.Measuring;
using Kan.Benchmarks.Reporting;
using Kan.Benchmarks.Workloads;

namespace Kan.Benchmarks.Sections;

/// <summary>One sample a call, a different one each time.</summary>
internal sealed class SingleSection() : Section("single", "one sample a call: times, latency, allocations, against all peers")
{
    private const string DigitsByMlp = "MLP on the same digits";

    public static IReadOnlyList<string> Peers { get; } = [EngineSet.Onnx, EngineSet.C, EngineSet.CEdges, EngineSet.CRows, EngineSet.Tensor];

    public override void Run(Effort effort, SectionResult result)
    {
        var times = new Table { Title = "One sample, nanoseconds a call", Columns = ["network", EngineSet.Ours, .. Peers] };
        var ratios = new Table
        {
            Title = "One sample, times as long as Kan.Generators",
            Columns = ["network", .. Peers.Select(static peer => $"{peer} / ours"), "tables", "share of streaming loads"]
        };
        var latencies = new Table
        {
            Title = "Latency of single calls, nanoseconds",
            Columns = ["network", "engine", "P50", "P99", "P99.9", "max", "P99.9 / P50", "P99.9 / P50 of the machine", "bytes a call"]
        };
        var details = new List<string>();
        foreach (var workload in Workloads)
        {
            Console.WriteLine($"  {workload.Name}");
            Measure(workload, effort, result, times, ratios, latencies, details);
        }

        times.Notes.Add("Median of rounds in which all engines take turns, calls back to back; the fastest round in parentheses.");
        times.Notes.Add("C is called from C, without a transition between languages. Of each row of C the fastest variant is shown: "
            + string.Join("; ", details) + ".");
        ratios.Notes.Add("Median over rounds of the quotient within a round; the quotient of the fastest rounds in parentheses. "
            + "Streaming loads: the time of loading as many bytes as the tables have, in order, measured in the same rounds; a KAN reads "
            + "a part of its tables only.");
        latencies.Notes.Add($"{effort.LatencyCalls} calls, each timed by itself, less the time that reading the clock takes. Between the "
            + $"calls runs a loop over registers that takes as long as the call at its median: its P99.9 / P50 is what this machine, "
            + $"which is shared and virtual, does to any code of that length.");
        result.Tables.AddRange([times, ratios, latencies]);
    }

    private static void Measure(Workload workload, Effort effort, SectionResult result, Table times, Table ratios, Table latencies,
        List<string> details)
    {
        var compiled = workload.Compiled ?? RuntimeCompiler.Compile(workload.Document);
        float[] ring = workload.Ring();
        var engines = EngineSet.Create(workload, compiled, ring);
        int tableBytes = CompiledEngine.Info(compiled).TableBytes;
        var stream = CeilingSection.Streaming(tableBytes);
        List<Contestant> contestants = [.. engines.Select(static engine => new Contestant(engine.Name, engine.Many)), stream];
        using var mlp = workload.Compiled == typeof(MnistKan) ? CompiledEngine.Create(typeof(MnistMlp), ring) : null;
        if (mlp is not null) contestants.Add(new Contestant(DigitsByMlp, mlp.Many));

        var rotation = Rotation.Run(contestants, effort);
        string key = $"single/{workload.Name}";
        result.Numbers[$"{key}/ns"] = rotation.Median(EngineSet.Ours);
        if (!workload.IsKan) result.Numbers[$"{key}/stream"] = rotation.Ratio(stream.Name, EngineSet.Ours);
        if (mlp is not null) result.Numbers[$"{key}/mlp"] = rotation.Ratio(EngineSet.Ours, DigitsByMlp);
        foreach (string peer in Peers.Where(rotation.Has))
        {
            result.Numbers[$"{key}/ns/{peer}"] = rotation.Median(peer);
            result.Numbers[$"{key}/ratio/{peer}"] = rotation.Ratio(peer, EngineSet.Ours);
        }

        string Time(string name) =>
            rotation.Has(name) ? $"{Format.Number(rotation.Median(name))} ({Format.Number(rotation.Minimum(name))})" : "";
        string Ratio(string name) => rotation.Has(name)
            ? $"{Format.Times(rotation.Ratio(name, EngineSet.Ours))} ({Format.Number(rotation.MinimumRatio(name, EngineSet.Ours))})"
            : "";
        times.Rows.Add([workload.Name, Time(EngineSet.Ours), .. Peers.Select(Time)]);
        ratios.Rows.Add([workload.Name, .. Peers.Select(Ratio), Format.Bytes(tableBytes),
            workload.IsKan ? "" : Format.Percent(rotation.Ratio(stream.Name, EngineSet.Ours))]);
        details.AddRange(engines.OfType<CEngine>().Select(engine => $"{workload.Name} {engine.Detail}"));

        foreach (var engine in engines.Where(static engine => engine.Name is EngineSet.Ours or EngineSet.Onnx or EngineSet.C
            or EngineSet.CRows))
        {
            var (latency, spin) = Latency.Of(engine, effort.LatencyCalls);
            double bytes = engine is CEngine ? 0 : CompiledEngine.BytesPerCall(engine, 1000);
            if (engine.Name == EngineSet.Ours)
            {
                result.Numbers[$"{key}/tail"] = latency.Tail;
                result.Numbers[$"{key}/tail/machine"] = spin.Tail;
                result.Numbers[$"{key}/allocated"] = bytes;
            }

            latencies.Rows.Add([workload.Name, engine.Name, Format.Number(latency.P50), Format.Number(latency.P99),
                Format.Number(latency.P999), Format.Number(latency.Max), Format.Number(latency.Tail), Format.Number(spin.Tail),
                Format.Number(bytes)]);
        }

        foreach (var engine in engines) engine.Dispose();
    }
}
