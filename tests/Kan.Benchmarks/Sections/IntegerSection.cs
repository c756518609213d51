using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Linq;
using Kan.Benchmarks.Engines;
using Kan.Benchmarks.Measuring;
using Kan.Benchmarks.Reporting;
using Kan.Benchmarks.Workloads;
using Kan.Compiler;
using Kan.Interchange;
using Kan.Interchange.Tests.Support;

namespace Kan.Benchmarks.Sections;

/// <summary>Integers of 8 bits next to floats, here and in ONNX Runtime.</summary>
internal sealed class IntegerSection() : Section("integers", "integers of 8 bits next to floats, one sample and batches of 1,024")
{
    private const string Floats = "float", Integers = "int8", Wide = "int8, codes of 16", Decision = "Decide",
        FloatDecision = "Decide in floats", PeerFloats = "peer float", PeerIntegers = "peer int8",
        Batch = ", batch", Images = "CNN 28 x 28, two convolutions";
    private const int Rows = 1024, CalibrationRows = 200;

    private static readonly (string Name, Func<KanDocument> Create)[] s_networks =
    [
        ("MLP 784-128-64-10", static () => Workload.Named("MLP 784-128-64-10").Document),
        ("MNIST KAN [784,32,10]", static () => Workload.Named("MNIST KAN [784,32,10]").Document),
        ("KAN [64,32,10]", static () => Workload.Named("KAN [64,32,10]").Document),
        (Images, static () => ImageSection.Document(DigitModels.Plain(28).ToBytes())),
        ("MLP 1024-1024-1024-10", static () => RandomNetworks.Mlp("mlp-1024", 5, 0, 1024, 1024, 1024, 10)),
    ];

    private delegate int Decide(ReadOnlySpan<float> inputs);

    public override void Run(Effort effort, SectionResult result)
    {
        var table = new Table
        {
            Title = "Integers of 8 bits, nanoseconds a sample",
            Columns = ["network", "calls", "float", "int8", "float / int8", "codes of 16 bits", "float / codes of 16",
                "ONNX Runtime, float", "ONNX Runtime, int8",
                "ONNX Runtime, int8 / int8", "Decide / Decide in floats",
                "decided by integers"],
        };
        foreach (var (name, create) in s_networks)
        {
            if (Network is not null && !name.Contains(Network, StringComparison.OrdinalIgnoreCase)) continue;
            Console.WriteLine($"  {name}");
            var document = create() with { InputRanges = [new InputRange(0, 1)], Head = NetworkHead.Softmax };
            int n = document.Layers[0].InputCount, m = document.Layers[^1].OutputCount;
            float[] one = Samples(name, n, 32), many = Samples(name, n, Rows);
            document = document with { HiddenRanges = HiddenRanges(document, many.AsSpan(0, CalibrationRows * n).ToArray()) };
            var (floats, integers) = (RuntimeCompiler.Compile([(document, Lowering.Auto)])[0],
                RuntimeCompiler.Compile([(document, Lowering.Auto)], Precision.Int8)[0]);
            var form = NetworkCompiler.Plan(document, Precision.Int8, Lowering.Auto).Integers!.Form;

            // Layers over images have codes of 8 bits whatever the tolerance.
            bool hasImages = form.Layers.Any(static layer => layer.Window is not null);
            var wide = hasImages
                ? null
                : RuntimeCompiler.Compile([(document with { IntegerTolerance = 1e-12 }, Lowering.Auto)], Precision.Int8)[0];

            // No file of ONNX holds functions in integers.
            byte[]? file = !form.Layers[0].HasCurves ? QuantizedOnnxExporter.Export(form) : null;
            Decide decide = Method(integers), decideInFloats = Method(floats);
            List<Contestant> contestants =
            [
                new(Decision, count => Decisions(decide, many, n, count)),
                new(FloatDecision, count => Decisions(decideInFloats, many, n, count)),
            ];
            Add("", one);
            Add(Batch, many);
            var rotation = Rotation.Run(contestants, effort);
            RequireSame(decide, decideInFloats, many, n);
            Report("one sample", "", 1);
            Report("batch of 1,024", Batch, Rows);

            void Add(string suffix, float[] samples)
            {
                List<(string, Engine)> engines =
                    [(Floats, CompiledEngine.Create(floats, samples)), (Integers, CompiledEngine.Create(integers, samples))];
                if (wide is not null) engines.Add((Wide, CompiledEngine.Create(wide, samples)));
                if (file is not null)
                    engines.AddRange([(PeerFloats, name == Images ? new OnnxEngine(DigitModels.Plain(28).ToBytes(), samples, n, m)
                        : EngineSet.CreateOnnx(document, samples)),
                        (PeerIntegers, new OnnxEngine(file, samples, n, m))]);
                foreach (var (label, engine) in engines)
                    contestants.Add(new Contestant(label + suffix, suffix.Length == 0 ? engine.Many : engine.Batches));
            }

            void Report(string calls, string suffix, int rows)
            {
                double Time(string label) => rotation.Median(label + suffix) / rows;
                result.Numbers[$"integers/{name}/{calls}/ratio"] = rotation.Ratio(Floats + suffix, Integers + suffix);
                table.Rows.Add([
                    name, calls, Format.Number(Time(Floats)), Format.Number(Time(Integers)),
                        Format.Times(rotation.Ratio(Floats + suffix, Integers + suffix)),
                    wide is null ? "" : Format.Number(Time(Wide)),
                    wide is null ? "" : Format.Times(rotation.Ratio(Floats + suffix, Wide + suffix)),
                    file is null ? "" : Format.Number(Time(PeerFloats)),
                    file is null ? "" : Format.Number(Time(PeerIntegers)),
                        file is null ? "" : Format.Times(rotation.Ratio(PeerIntegers + suffix, Integers + suffix)),
                        rows == 1 ? Format.Times(rotation.Ratio(Decision, FloatDecision)) : "",
                        rows == 1 ? Format.Percent(DecidedByIntegers(decide, many, n)) : ""]);
            }
        }

        table.Notes.Add($"One thread. Values between layers have the ranges of {CalibrationRows} samples. ONNX Runtime runs the file "
            + $"that `kan quantize` writes.");
        result.Tables.Add(table);
    }

    private static float[] Samples(string name, int inputs, int count) =>
        inputs == 784 ? Workload.Named(name == Images ? "MLP 784-128-64-10" : name).Samples(count)
            : [.. RandomNetworks.Inputs(seed: 7, count * inputs).Select(static x => Math.Clamp(Math.Abs(x), 0, 1))];

    private static ImmutableArray<InputRange> HiddenRanges(KanDocument document, float[] samples)
    {
        var form = NetworkCompiler.Plan(document, Precision.Double, Lowering.Auto).Form;
        ReferenceEvaluator<double>[] layers =
            [.. form.Layers.SkipLast(1).Select(static layer => new ReferenceEvaluator<double>(new NetworkForm(Precision.Double, [layer])))];
        double[] low = new double[layers.Length], high = new double[layers.Length];
        foreach (float[] sample in samples.Chunk(form.InputCount))
        {
            double[] values = Array.ConvertAll(sample, static x => (double)x);
            for (int l = 0; l < layers.Length; l++)
            {
                values = layers[l].Evaluate(values);
                (low[l], high[l]) = (Math.Min(low[l], values.Min()), Math.Max(high[l], values.Max()));
            }
        }

        return [.. low.Zip(high, static (from, to) => new InputRange(Rational.FromDouble(from), Rational.FromDouble(to)))];
    }

    private static Decide Method(Type model) => model.GetMethod("Decide", [typeof(ReadOnlySpan<float>)])!.CreateDelegate<Decide>();

    private static void RequireSame(Decide decide, Decide decideInFloats, float[] samples, int inputs)
    {
        for (int row = 0; row < Rows; row++)
        {
            var sample = samples.AsSpan(row * inputs, inputs);
            if (decide(sample) != decideInFloats(sample)) throw new InvalidOperationException($"The decision of sample {row} differs.");
        }
    }

    /// <summary>The share of samples whose decision integers take, as the meter counts it.</summary>
    private static double DecidedByIntegers(Decide decide, float[] samples, int inputs)
    {
        int byIntegers = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, own) =>
        {
            if (instrument.Name == "kan.decisions") own.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            foreach (var tag in tags)
            {
                if (tag is { Key: "kan.by", Value: "integers" }) byIntegers += (int)count;
            }
        });
        listener.Start();
        Decisions(decide, samples, inputs, Rows);
        return byIntegers / (double)Rows;
    }

    private static float Decisions(Decide decide, float[] samples, int inputs, int count)
    {
        float sum = 0;
        int rows = samples.Length / inputs;
        for (int i = 0; i < count; i++) sum += decide(samples.AsSpan(i % rows * inputs, inputs));
        return sum;
    }
}
