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

/// <summary>Convolutional networks of curved activations next to the same weights with ReLU.</summary>
internal sealed class ImageCurveSection()
    : Section("image-curves", "convolutional networks with curved activations against the same weights with ReLU")
{
    private const int Rows = 64;
    private const double Tolerance = 1e-2;

    private static readonly string[] s_activations = ["Relu", "Tanh", "Sigmoid", "Silu", "Gelu"];

    private static readonly (string Name, Func<string, OnnxBuilder> Create)[] s_networks =
    [
        ("MNIST 28 x 28, two convolutions", static activation => DigitModels.Plain(28, activation)),
        ("digits 8 x 8, residual", static activation => DigitModels.Residual(activation, scale: 0.25f)),
    ];

    public override void Run(Effort effort, SectionResult result)
    {
        var table = new Table
        {
            Title = "Convolutional networks with curves within 1e-2, nanoseconds a sample",
            Columns = ["network", "activation", "segments", "tables", "one sample", "times ReLU", $"batch of {Rows}", "times ReLU"],
        };
        foreach (var (name, create) in s_networks)
        {
            if (Network is not null && !name.Contains(Network, StringComparison.OrdinalIgnoreCase)) continue;
            Console.WriteLine($"  {name}");
            var options = new ImportOptions { Tolerance = Tolerance, Range = new InputRange(0, 1) };
            List<KanDocument> documents = [.. s_activations.Select(activation => create(activation).Import(options).Document)];
            var types = RuntimeCompiler.Compile([.. documents.Select(static document => (document, Lowering.Auto))]);
            float[] samples = RandomNetworks.Inputs(seed: 9, Rows * documents[0].Layers[0].InputCount);
            Engine[] engines = [.. types.Select(type => CompiledEngine.Create(type, samples))];
            List<Contestant> contestants = [];
            for (int i = 0; i < engines.Length; i++)
            {
                contestants.Add(new Contestant(s_activations[i], engines[i].Many));
                contestants.Add(new Contestant(s_activations[i] + Rows, engines[i].Batches));
            }

            var rotation = Rotation.Run(contestants, effort);
            for (int i = 0; i < engines.Length; i++)
            {
                string activation = s_activations[i], batch = activation + Rows, relu = s_activations[0];
                var segments = documents[i].Layers.OfType<ActivationDescription>().Select(static layer =>
                    layer.Functions.Max(static function => function.Slopes.Length).ToString(CultureInfo.InvariantCulture));
                double one = rotation.Ratio(activation, relu), many = rotation.Ratio(batch, relu + Rows);
                result.Numbers[$"image-curves/{name}/{activation}/one sample/ratio"] = one;
                result.Numbers[$"image-curves/{name}/{activation}/batch of {Rows}/ratio"] = many;
                table.Rows.Add([name, activation, string.Join(", ", segments),
                    Format.Bytes(CompiledEngine.Info(types[i]).TableBytes), Format.Number(rotation.Median(activation)), Format.Times(one),
                    Format.Number(rotation.Median(batch) / Rows), Format.Times(many)]);
                engines[i].Dispose();
            }
        }

        table.Notes.Add("Random weights; inputs in [0, 1].");
        result.Tables.Add(table);
    }
}
