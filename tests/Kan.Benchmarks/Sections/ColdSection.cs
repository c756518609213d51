using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime;
using System.Text.RegularExpressions;
using Kan.Benchmarks.Engines;
using Kan.Benchmarks.Measuring;
using Kan.Benchmarks.Reporting;
using Kan.Benchmarks.Workloads;
using Kan.Interchange;
using Microsoft.ML.OnnxRuntime;

namespace Kan.Benchmarks.Sections;

/// <summary>The first call in a new process, and the bytes that networks take: machine code and tables.</summary>
internal sealed partial class ColdSection() : Section("cold", "first call in a new process; bytes of machine code and tables")
{
    public const string Job = "cold", CodeJob = "code";

    private const string Onnx = "onnx", Batch = "batch";

    private delegate void Evaluation(ReadOnlySpan<float> inputs, Span<float> outputs);

    public override void Run(Effort effort, SectionResult result)
    {
        int processes = effort == Effort.Full ? 5 : 3;
        var cold = new Table
        {
            Title = "First call in a new process",
            Columns = ["network", "first call, ms", "of which the JIT, ms", "methods", "second call, us",
                "ONNX Runtime: session and first call, ms", "ONNX Runtime / ours"]
        };
        var size = new Table
        {
            Title = "Bytes of a network",
            Columns = ["network", "machine code, one sample", "machine code, batches too", "tables", "numbers of the model"]
        };
        var paths = CompiledWorkloads.Save(Workloads);
        foreach (var workload in Workloads)
        {
            Console.WriteLine($"  {workload.Name}");
            string path = paths[workload.Name], key = $"cold/{workload.Name}";
            var none = new Dictionary<string, string>();
            var ours = Repeat(() => Child.Numbers(none, Job, workload.Name, path));
            var peer = Repeat(() => Child.Numbers(none, Job, workload.Name, Onnx));
            double first = Middle(ours, "first") / 1e6, second = Middle(ours, "second") / 1e3, session = Middle(peer, "first") / 1e6;
            result.Numbers[$"{key}/ms"] = first;
            result.Numbers[$"{key}/onnx"] = session;
            double compiling = Middle(ours, "jit") / 1e6, methods = Middle(ours, "methods");
            cold.Rows.Add([workload.Name, Format.Number(first), Format.Number(compiling), Format.Number(methods), Format.Number(second), Format.Number(session),
                Format.Times(session / first)]);

            double single = CodeBytes(workload, path, ""), both = CodeBytes(workload, path, Batch);
            int tables = CompiledEngine.Info(CompiledWorkloads.Load(workload, path)).TableBytes;
            result.Numbers[$"{key}/code"] = both;
            size.Rows.Add([workload.Name, Format.Bytes(single), Format.Bytes(both), Format.Bytes(tables),
                Format.Bytes(4.0 * Parameters(workload.Document))]);
        }

        cold.Notes.Add($"Median of {processes} processes. The first call decodes the tables and compiles the kernels; the runtime itself "
            + $"is up. Time and methods of the JIT are what the runtime counts (`JitInfo`), the rest is decoding and loading types. The "
            + $"session of ONNX Runtime is made from bytes in memory.");
        size.Notes.Add("Machine code: what the JIT makes of the kernels and their callers, fully optimised, for this machine. Numbers: 4 "
            + "bytes for each weight and bias, for each value of a KAN at a knot; tables hold a value and a slope for each segment, and "
            + "the outputs of a layer are padded to panels of 16.");
        result.Tables.AddRange([cold, size]);

        List<IReadOnlyDictionary<string, double>> Repeat(Func<IReadOnlyDictionary<string, double>> run) =>
            [.. Enumerable.Range(0, processes).Select(_ => run())];
    }

    /// <summary>The first and the second call of a network in this process.</summary>
    public static void RunChild(string[] arguments)
    {
        var workload = Workload.Named(arguments[0]);
        float[] inputs = new float[workload.InputCount], outputs = new float[workload.OutputCount];
        Clock.NanosecondsSince(Clock.Now);
        if (arguments[1] == Onnx)
        {
            byte[] model = OnnxExporter.Export(workload.Document.ToNetwork()).Bytes.ToArray();
            long session = Clock.Now;
            RunOnnx(model, inputs, outputs);
            Child.Report("first", Clock.NanosecondsSince(session));
            return;
        }

        var evaluate = Method<Evaluation>(CompiledWorkloads.Load(workload, arguments[1]), "Evaluate");
        var compiled = JitInfo.GetCompilationTime(currentThread: true);
        long methods = JitInfo.GetCompiledMethodCount(currentThread: true), first = Clock.Now;
        evaluate(inputs, outputs);
        double firstTime = Clock.NanosecondsSince(first);
        Child.Report("jit", (JitInfo.GetCompilationTime(currentThread: true) - compiled).TotalNanoseconds);
        Child.Report("methods", JitInfo.GetCompiledMethodCount(currentThread: true) - methods);
        long second = Clock.Now;
        evaluate(inputs, outputs);
        double secondTime = Clock.NanosecondsSince(second);
        Child.Report("first", firstTime);
        Child.Report("second", secondTime);
    }

    /// <summary>Calls a network, so that the JIT compiles and lists what it needs.</summary>
    public static void RunCodeChild(string[] arguments)
    {
        var workload = Workload.Named(arguments[0]);
        var type = CompiledWorkloads.Load(workload, arguments[1]);
        const int Rows = 100;
        float[] inputs = new float[Rows * workload.InputCount], outputs = new float[Rows * workload.OutputCount];
        Method<Evaluation>(type, "Evaluate")(inputs.AsSpan(0, workload.InputCount), outputs.AsSpan(0, workload.OutputCount));
        if (arguments[2] == Batch) Method<Evaluation>(type, "EvaluateBatch")(inputs, outputs);
    }

    private static void RunOnnx(byte[] model, float[] inputs, float[] outputs)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        using var session = new InferenceSession(model, options);
        using var run = new RunOptions();
        using var x = OrtValue.CreateTensorValueFromMemory(inputs, [1, inputs.Length]);
        using var y = OrtValue.CreateTensorValueFromMemory(outputs, [1, outputs.Length]);
        session.Run(run, ["input"], [x], ["output"], [y]);
    }

    private static double CodeBytes(Workload workload, string path, string batch)
    {
        string listing = Path.GetTempFileName();
        try
        {
            var environment = new Dictionary<string, string>
            {
                ["DOTNET_JitStdOutFile"] = listing,
                ["DOTNET_JitDisasmSummary"] = "1",
                ["DOTNET_TieredCompilation"] = "0",
            };
            Child.Run(environment, CodeJob, workload.Name, path, batch);
            return File.ReadLines(listing).Select(static line => GeneratedMethod().Match(line)).Where(static match => match.Success)
                .Sum(static match => double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
        }
        finally
        {
            File.Delete(listing);
        }
    }

    private static TDelegate Method<TDelegate>(Type type, string name)
        where TDelegate : Delegate => type.GetMethod(name, [typeof(ReadOnlySpan<float>), typeof(Span<float>)])!.CreateDelegate<TDelegate>();

    private static double Middle(List<IReadOnlyDictionary<string, double>> runs, string name) =>
        Statistics.Median([.. runs.Select(run => run[name])]);

    private static long Parameters(KanDocument document) => document.Layers.Sum(static layer => layer switch
    {
        AffineDescription affine => affine.Weights.Length + affine.Biases.Length,
        GridDescription grid => grid.Values.Length + grid.Biases.Length,
        _ => 0L,
    });

    [GeneratedRegex(@"(?:__Kernels|__Tables|:Evaluate|:EvaluateOne|:EvaluateBatch|Kan\.Panels\.).*code size=(\d+)")]
    private static partial Regex GeneratedMethod();
}
