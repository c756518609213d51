using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Kan.Benchmarks.Engines;
using Kan.Benchmarks.Measuring;
using Kan.Benchmarks.Reporting;
using Kan.Benchmarks.Workloads;
using Kan.Compiler;

namespace Kan.Benchmarks.Sections;

/// <summary>Pruned networks against dense ones of the same shape.</summary>
internal sealed class SparsitySection() : Section("sparsity", "0, 50, 90 and 99 % of the weights zero, at random places")
{
    private const int Rows = 1024;
    private static readonly double[] s_zeros = [0, 0.3, 0.5, 0.7, 0.9, 0.99];
    private static readonly int[][] s_shapes = [[784, 128, 64, 10], [256, 256, 256, 10]];

    public override void Run(Effort effort, SectionResult result)
    {
        var table = new Table
        {
            Title = "Pruned networks, nanoseconds a sample",
            Columns = ["network", "zeros", "one sample", "dense / pruned", "batch of 1,024", "dense / pruned, batch", "tables",
            "predicted, one sample", "predicted, batch"]
        };
        foreach (int[] widths in s_shapes)
        {
            string name = "MLP " + string.Join('-', widths);
            if (Network is not null && !name.Contains(Network, StringComparison.OrdinalIgnoreCase)) continue;
            Console.WriteLine($"  {name}");
            KanDocument[] documents = [.. s_zeros.Select(zeros => RandomNetworks.Mlp("pruned", 5, zeros, widths))];
            var types = RuntimeCompiler.Compile([.. documents.Select(static document => (document, Lowering.Auto))]);
            int ring = 128 * 1024 / 4 / widths[0];
            ring = 1 << (int)Math.Log2(ring);
            Engine[] single = [.. types.Select(type => CompiledEngine.Create(type, RandomNetworks.Inputs(7, ring * widths[0])))];
            Engine[] batch = [.. types.Select(type => CompiledEngine.Create(type, RandomNetworks.Inputs(7, Rows * widths[0])))];
            var rotation =
                Rotation.Run([.. single.Select((engine, i) => new Contestant(Single(i), engine.Many)),
                .. batch.Select((engine, i) => new Contestant(Batch(i), count => Repeat(engine, count)))], effort);
            for (int i = 0; i < s_zeros.Length; i++)
            {
                double gain = rotation.Ratio(Single(0), Single(i)), batchGain = rotation.Ratio(Batch(0), Batch(i));
                string percent = s_zeros[i].ToString("0 %", CultureInfo.InvariantCulture);
                result.Numbers[$"sparsity/{name}/{s_zeros[i] * 100:0}/single"] = gain;
                result.Numbers[$"sparsity/{name}/{s_zeros[i] * 100:0}/batch"] = batchGain;
                var plan = NetworkCompiler.Plan(documents[i], Precision.Single, Lowering.Auto);
                table.Rows.Add([
                    name, percent, Format.Number(rotation.Median(Single(i))), Format.Times(gain),
                        Format.Number(rotation.Median(Batch(i)) / Rows), Format.Times(batchGain),
                    Format.Bytes(CompiledEngine.Info(types[i]).TableBytes), Format.Number(plan.PredictedNanoseconds),
                        Format.Number(plan.PredictedBatchNanoseconds)]);
            }
        }

        result.Tables.Add(table);
    }

    private static string Single(int i) => $"single {i}";

    private static string Batch(int i) => $"batch {i}";

    private static float Repeat(Engine engine, int count)
    {
        float sum = 0;
        for (int i = 0; i < count; i++) sum += engine.Batch();
        return sum;
    }
}
