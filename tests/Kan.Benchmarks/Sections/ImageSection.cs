using System;
using System.Collections.Generic;
using Kan.Benchmarks.Engines;
using Kan.Benchmarks.Measuring;
using Kan.Benchmarks.Reporting;
using Kan.Benchmarks.Workloads;
using Kan.Interchange;
using Kan.Interchange.Tests.Support;

namespace Kan.Benchmarks.Sections;

/// <summary>Convolutional networks from their ONNX files, next to ONNX Runtime on the same files.</summary>
internal sealed class ImageSection() : Section("images", "convolutional networks, one sample and batches of 64")
{
    private const int Rows = 64;

    private static readonly (string Name, Func<OnnxBuilder> Create)[] s_networks =
    [
        ("MNIST 28 x 28, two convolutions", static () => DigitModels.Plain(28)),
        ("digits 8 x 8, residual", static () => DigitModels.Residual()),
    ];

    public override void Run(Effort effort, SectionResult result)
    {
        var table = new Table
        {
            Title = "Convolutional networks, nanoseconds a sample",
            Columns = ["network", "calls", EngineSet.Ours, EngineSet.Onnx, "times as long"],
        };
        foreach (var (name, create) in s_networks)
        {
            if (Network is not null && !name.Contains(Network, StringComparison.OrdinalIgnoreCase)) continue;
            Console.WriteLine($"  {name}");
            byte[] file = create().ToBytes();
            var document = Document(file);
            int n = document.Layers[0].InputCount, m = document.Layers[^1].OutputCount;
            float[] samples = RandomNetworks.Inputs(seed: 9, Rows * n);
            using var ours = CompiledEngine.Create(RuntimeCompiler.Compile(document), samples);
            using var peer = new OnnxEngine(file, samples, n, m);
            EngineSet.RequireAgreement(ours, peer, name);
            List<Contestant> contestants = [];
            foreach (var engine in (Engine[])[ours, peer])
            {
                contestants.Add(new Contestant(engine.Name, engine.Many));
                contestants.Add(new Contestant(engine.Name + Rows, engine.Batches));
            }

            var rotation = Rotation.Run(contestants, effort);
            Report("one sample", "", 1);
            Report($"batch of {Rows}", Rows.ToString(System.Globalization.CultureInfo.InvariantCulture), Rows);

            void Report(string calls, string suffix, int rows)
            {
                double ratio = rotation.Ratio(peer.Name + suffix, ours.Name + suffix);
                result.Numbers[$"images/{name}/{calls}/ratio"] = ratio;
                table.Rows.Add([name, calls, Format.Number(rotation.Median(ours.Name + suffix) / rows),
                    Format.Number(rotation.Median(peer.Name + suffix) / rows), Format.Times(ratio)]);
            }
        }

        table.Notes.Add("Both read the same file, with random weights of the shape. ONNX Runtime: one thread, all graph optimisations, "
            + "preallocated values.");
        result.Tables.Add(table);
    }

    /// <summary>The model of a file.</summary>
    internal static KanDocument Document(byte[] file)
    {
        using var scratch = new Scratch();
        return ModelImporter.Import(scratch.Write("m.onnx", file), ImportOptions.None).Document;
    }
}
