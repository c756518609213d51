using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Benchmarks.Engines;
using Kan.Benchmarks.Measuring;
using Kan.Benchmarks.Reporting;
using Kan.Benchmarks.Workloads;
using Kan.Compiler;

namespace Kan.Benchmarks.Sections;

/// <summary>Each form of some layers, measured beside what the cost model predicts, and whether its pick is the fastest.</summary>
internal sealed class FormSection() : Section("forms", "every lowering of some layers, measured and predicted")
{
    private const int Rows = 256;

    /// <summary>How much slower than the best form a pick may be.</summary>
    private const double Tolerance = 1.15;

    private static readonly Effort s_effort = new(15, TimeSpan.FromMilliseconds(0.5), TimeSpan.FromMilliseconds(15), 0);

    private static readonly (string Name, KanDocument Document)[] s_layers =
    [
        ("64 -> 32, ReLU and weights", RandomNetworks.Factored("factored", 11, 64, 32)),
        ("16 -> 16, 2 segments, shared", RandomNetworks.Kan("grid", 12, 2, 16, 16)),
        ("64 -> 32, 8 segments, shared", RandomNetworks.Kan("grid", 13, 8, 64, 32)),
        ("16 -> 16, 64 segments, shared", RandomNetworks.Kan("grid", 14, 64, 16, 16)),
        ("784 -> 32, 4 segments, shared", RandomNetworks.Kan("grid", 15, 4, 784, 32)),
        ("32 -> 16, 1 breakpoint an edge", RandomNetworks.Distinct("distinct", 16, 1, 32, 16)),
        ("32 -> 64, 1 breakpoint an edge", RandomNetworks.Distinct("distinct", 17, 1, 32, 64)),
        ("64 -> 32, 2 breakpoints an edge", RandomNetworks.Distinct("distinct", 18, 2, 64, 32)),
        ("32 -> 16, 4 breakpoints an edge", RandomNetworks.Distinct("distinct", 19, 4, 32, 16)),
        ("128 -> 64, 1 breakpoint an edge", RandomNetworks.Distinct("distinct", 20, 1, 128, 64)),
        ("256 -> 16, 2 breakpoints an edge", RandomNetworks.Distinct("distinct", 21, 2, 256, 16)),
    ];

    public override void Run(Effort effort, SectionResult result)
    {
        Lowering[] lowerings = [Lowering.Auto, Lowering.Rows, Lowering.Clamp, Lowering.Relu];
        var table = new Table
        {
            Title = "Forms of a layer, nanoseconds a sample",
            Columns = ["layer", "form", "one sample", "predicted", "batch of 256", "predicted, batch", "picked", "picked / best"]
        };
        double worst = 0;
        foreach (var (name, document) in s_layers)
        {
            if (Network is not null && !name.Contains(Network, StringComparison.OrdinalIgnoreCase)) continue;
            Console.WriteLine($"  {name}");
            var plans = lowerings.Select(lowering => NetworkCompiler.Plan(document, Precision.Single, lowering)).ToList();
            var picked = plans[0].Layers[0].Form.Lowering;

            // Auto stands for itself only where it picks a form that cannot be asked for by name.
            int[] distinct = [.. Enumerable.Range(0, plans.Count)
                .Where(i => i > 0 || plans.Skip(1).All(plan => plan.Layers[0].Form.Lowering != picked))];
            var types = RuntimeCompiler.Compile([.. distinct.Select(i => (document, lowerings[i]))]);
            int n = document.Layers[0].InputCount;
            Engine[] single = [.. types.Select(type => CompiledEngine.Create(type, RandomNetworks.Inputs(8, 64 * n)))];
            Engine[] batch = [.. types.Select(type => CompiledEngine.Create(type, RandomNetworks.Inputs(8, Rows * n)))];
            var rotation =
                Rotation.Run([.. single.Select((engine, i) => new Contestant($"single {i}", engine.Many)),
                .. batch.Select((engine, i) => new Contestant($"batch {i}", count => Repeat(engine, count)))], s_effort);
            double best = distinct.Select((_, i) => rotation.Median($"single {i}")).Min();
            for (int i = 0; i < distinct.Length; i++)
            {
                var layer = plans[distinct[i]].Layers[0];
                bool isPick = layer.Form.Lowering == picked;
                double time = rotation.Median($"single {i}");
                if (isPick) worst = Math.Max(worst, time / best);
                table.Rows.Add([
                    name, layer.Form.Lowering.ToString(), Format.Number(time), Format.Number(layer.PredictedNanoseconds),
                    Format.Number(rotation.Median($"batch {i}") / Rows), Format.Number(plans[distinct[i]].PredictedBatchNanoseconds),
                    isPick ? "yes" : "", isPick ? Format.Times(time / best) + (time / best > Tolerance ? " **slower**" : "") : ""]);
            }
        }

        result.Numbers["forms/worst"] = worst;
        table.Notes.Add(
            "Predictions are of the cost model for the machine of docs/performance-model.md; between machines they shift together.");
        result.Tables.Add(table);
    }

    private static float Repeat(Engine engine, int count)
    {
        float sum = 0;
        for (int i = 0; i < count; i++) sum += engine.Batch();
        return sum;
    }
}
