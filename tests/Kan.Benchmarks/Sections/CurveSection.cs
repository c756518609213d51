using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Kan.Benchmarks.Engines;
using Kan.Benchmarks.Measuring;
using Kan.Benchmarks.Reporting;
using Kan.Benchmarks.Workloads;
using Kan.Interchange;
using Kan.Interchange.Tests.Support;

namespace Kan.Benchmarks.Sections;

/// <summary>Networks of curved activations next to the same weights with ReLU.</summary>
internal sealed class CurveSection()
    : Section("curves", "tanh policies within 1e-3 against the same weights with ReLU, one sample and batches of 64")
{
    private const int Rows = 64;
    private const double Tolerance = 1e-3;
    private const string Curved = "curved", Straight = "straight";

    // Weights of the spread that training starts from, and of twice that.
    private static readonly (double Spread, int[] Widths)[] s_networks =
        [(1, [4, 64, 64, 2]), (2, [4, 64, 64, 2]), (1, [17, 64, 64, 6]), (2, [17, 64, 64, 6])];

    public override void Run(Effort effort, SectionResult result)
    {
        var table = new Table
        {
            Title = "Tanh policies within 1e-3, nanoseconds a sample",
            Columns = ["network", "spread of weights", "segments", "tables", "calls", "tanh", "ReLU", "times as long", "fastest rounds"],
        };
        foreach (var (spread, widths) in s_networks)
        {
            string name = string.Join('-', widths);
            if (Network is not null && !name.Contains(Network, StringComparison.OrdinalIgnoreCase)) continue;
            Console.WriteLine($"  {name}");
            var options = new ImportOptions { Tolerance = Tolerance, Range = new InputRange(-1, 1) };
            KanDocument curved = Create("Tanh", spread, widths).Import(options).Document,
                straight = Create("Relu", spread, widths).Import();
            var types = RuntimeCompiler.Compile([(curved, Lowering.Auto), (straight, Lowering.Auto)]);
            float[] samples = RandomNetworks.Inputs(seed: 9, Rows * widths[0]);
            using Engine tanh = CompiledEngine.Create(types[0], samples), relu = CompiledEngine.Create(types[1], samples);
            var rotation = Rotation.Run(
            [
                new Contestant(Curved, tanh.Many), new Contestant(Straight, relu.Many),
                new Contestant(Curved + Rows, tanh.Batches), new Contestant(Straight + Rows, relu.Batches),
            ], effort);
            Report("one sample", "", 1);
            Report($"batch of {Rows}", Rows.ToString(CultureInfo.InvariantCulture), Rows);

            void Report(string calls, string suffix, int rows)
            {
                double ratio = rotation.Ratio(Curved + suffix, Straight + suffix);
                string wide = spread.ToString(CultureInfo.InvariantCulture);
                result.Numbers[$"curves/{name}/{wide}/{calls}/ratio"] = ratio;
                var segments = curved.Layers.OfType<ActivationDescription>().Select(static layer => layer.Functions[0].Slopes.Length);
                table.Rows.Add([name, wide, string.Join(", ", segments),
                    Format.Bytes(CompiledEngine.Info(types[0]).TableBytes), calls,
                    Format.Number(rotation.Median(Curved + suffix) / rows), Format.Number(rotation.Median(Straight + suffix) / rows),
                    Format.Times(ratio), Format.Times(rotation.MinimumRatio(Curved + suffix, Straight + suffix))]);
            }
        }

        table.Notes.Add("Random weights of variance 1 / inputs, times the spread; inputs in [-1, 1].");
        result.Tables.Add(table);
    }

    private static OnnxBuilder Create(string activation, double spread, int[] widths)
    {
        var random = new Random(7);
        var model = new OnnxBuilder(-1, widths[0]);
        for (int l = 0; l + 1 < widths.Length; l++)
        {
            int n = widths[l], m = widths[l + 1];
            if (l > 0) model.Node(activation, ["*"]);
            double most = spread * Math.Sqrt(3.0 / n);
            model.Floats("w" + l, [n, m], [.. Numbers(n * m, most)]).Floats("b" + l, [m], [.. Numbers(m, 0.1)])
                .Node("Gemm", [l == 0 ? "x" : "*", "w" + l, "b" + l]);
        }

        return model;

        IEnumerable<float> Numbers(int count, double most) =>
            Enumerable.Range(0, count).Select(_ => (float)(((random.NextDouble() * 2) - 1) * most)).ToArray();
    }
}
