using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Benchmarks.Engines;
using Kan.Benchmarks.Measuring;
using Kan.Benchmarks.Reporting;
using Kan.Benchmarks.Workloads;

namespace Kan.Benchmarks.Sections;

/// <summary>Rows of samples in one call.</summary>
internal sealed class BatchSection() : Section("batch", "batches of 64 and 1,024 rows against all peers and the multiply-add peak")
{
    public override void Run(Effort effort, SectionResult result)
    {
        foreach (int rows in (int[])[64, 1024])
        {
            string[] peers = [EngineSet.Onnx, EngineSet.C, EngineSet.CEdges, EngineSet.CRows, EngineSet.Tensor];
            var table = new Table
            {
                Title = $"Batches of {rows} rows, nanoseconds a sample",
                Columns = ["network", EngineSet.Ours, .. peers, "ONNX Runtime / ours", "GMAC/s, ours", "share of peak, ours",
                "share of peak, ONNX Runtime"]
            };
            foreach (var workload in Workloads)
            {
                Console.WriteLine($"  {workload.Name}, {rows} rows");
                Measure(workload, rows, effort, result, table, peers);
            }

            table.Notes.Add("Median of rounds in which all engines take turns. Multiply-adds are those of the dense ReLU network; a KAN "
                + "is not counted in them, since a row of a segment costs one for each edge however many segments there are.");
            result.Tables.Add(table);
        }
    }

    private static void Measure(Workload workload, int rows, Effort effort, SectionResult result, Table table, string[] peers)
    {
        var compiled = workload.Compiled ?? RuntimeCompiler.Compile(workload.Document);
        var engines = EngineSet.Create(workload, compiled, workload.Samples(rows));
        var rotation =
            Rotation.Run([.. engines.Select(static engine => new Contestant(engine.Name, count => Repeat(engine, count))),
            CeilingSection.Peak], effort);
        double PerSample(string name) => rotation.Median(name) / rows;
        double Share(string name) => workload.MultiplyAdds / PerSample(name) * rotation.Median(CeilingSection.Peak.Name);

        string key = $"batch/{workload.Name}/{rows}";
        result.Numbers[$"{key}/ns"] = PerSample(EngineSet.Ours);
        foreach (string peer in peers.Where(rotation.Has))
        {
            result.Numbers[$"{key}/ns/{peer}"] = PerSample(peer);
            result.Numbers[$"{key}/ratio/{peer}"] = rotation.Ratio(peer, EngineSet.Ours);
        }

        if (!workload.IsKan) result.Numbers[$"{key}/peak"] = Share(EngineSet.Ours);
        table.Rows.Add([
            workload.Name, Format.Number(PerSample(EngineSet.Ours)),
            .. peers.Select(peer => rotation.Has(peer) ? Format.Number(PerSample(peer)) : ""),
            Format.Times(rotation.Ratio(EngineSet.Onnx, EngineSet.Ours)),
            workload.IsKan ? "" : Format.Number(workload.MultiplyAdds / PerSample(EngineSet.Ours)),
            workload.IsKan ? "" : Format.Percent(Share(EngineSet.Ours)),
            workload.IsKan ? "" : Format.Percent(Share(EngineSet.Onnx))]);
        foreach (var engine in engines) engine.Dispose();
    }

    private static float Repeat(Engine engine, int count)
    {
        float sum = 0;
        for (int i = 0; i < count; i++) sum += engine.Batch();
        return sum;
    }
}
