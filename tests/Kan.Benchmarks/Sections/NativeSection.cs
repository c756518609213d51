using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Kan.Benchmarks.Engines;
using Kan.Benchmarks.Measuring;
using Kan.Benchmarks.Reporting;
using Kan.Benchmarks.Workloads;

namespace Kan.Benchmarks.Sections;

/// <summary>Code that is compiled ahead of time, for any x64 processor and for those with AVX2 and FMA.</summary>
internal sealed class NativeSection() : Section("native", "native AOT, default target and x86-64-v3, against the JIT and C for x86-64-v2")
{
    private static readonly int[] s_rows = [1, 1024];

    public override void Run(Effort effort, SectionResult result)
    {
        int turns = effort == Effort.Full ? 3 : 1;
        var workloads = Workloads.ToList();
        using var project = new NativeProject(workloads);
        Console.WriteLine("  publishing");
        string anywhere = project.Publish("default"), recent = project.Publish("x86-64-v3");
        var table = new Table
        {
            Title = "Native AOT, nanoseconds a sample",
            Columns = ["network", "rows", "default", "C for x86-64-v2", "x86-64-v3", "JIT", "C / default", "default / JIT",
                "x86-64-v3 / JIT"]
        };
        foreach (var workload in workloads)
        {
            foreach (int rows in s_rows)
            {
                Console.WriteLine($"  {workload.Name}, {rows} rows");
                float[] samples = workload.Samples(1024);
                var compiled = workload.Compiled ?? RuntimeCompiler.Compile(workload.Document);
                using var ours = CompiledEngine.Create(compiled, samples);
                using var plain = EngineSet.CreateBaselineC(workload, samples);
                var found = Enumerable.Range(0, turns).Select(_ => Measure(workload, rows, ours, plain)).ToList();
                double Middle(Func<Times, double> number) => Statistics.Median([.. found.Select(number)]);
                double slower = Middle(static times => times.Default / times.Jit), recentSlower = Middle(static times => times.V3 / times.Jit),
                    ratio = Middle(static times => times.C / times.Default);
                string key = $"native/{workload.Name}/{rows}";
                result.Numbers[$"{key}/default"] = slower;
                result.Numbers[$"{key}/v3"] = recentSlower;
                table.Rows.Add([workload.Name, rows.ToString(CultureInfo.InvariantCulture), Format.Number(Middle(static times => times.Default)),
                    plain is null ? "" : Format.Number(Middle(static times => times.C)), Format.Number(Middle(static times => times.V3)),
                    Format.Number(Middle(static times => times.Jit)), plain is null ? "" : Format.Times(ratio), Format.Times(slower),
                    Format.Times(recentSlower)]);
            }
        }

        table.Notes.Add($"Medians over turns, of which there were {turns}; in each, both programs run, then the JIT and C in this process. By default native code "
            + $"runs on any x64 processor, which may lack FMA. C is the fastest of its variants, compiled with `{CEngine.Baseline}`; it "
            + "rounds twice where the generated code gives the bits of a fused multiply-add.");
        result.Tables.Add(table);

        Times Measure(Workload workload, int rows, Engine ours, Engine? plain)
        {
            string file = project.Write($"{workloads.IndexOf(workload)}.bin", workload.Samples(1024));
            double Native(string program) => NativeProject.Run(program, workloads.IndexOf(workload), rows, file);
            double first = Native(anywhere), second = Native(recent);
            var contestants = new List<Contestant> { Of(ours) };
            if (plain is not null) contestants.Add(Of(plain));
            var rotation = Rotation.Run(contestants, Effort.Quick);
            return new Times(first, second, rotation.Median(ours.Name) / rows, plain is null ? 0 : rotation.Median(plain.Name) / rows);

            Contestant Of(Engine engine) => new(engine.Name, rows > 1 ? engine.Batches : engine.Many);
        }
    }

    private readonly record struct Times(double Default, double V3, double Jit, double C);
}
