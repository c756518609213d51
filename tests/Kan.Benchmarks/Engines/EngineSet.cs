using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Benchmarks.Workloads;
using Kan.Interchange;

namespace Kan.Benchmarks.Engines;

/// <summary>The generated code of a workload and its peers, on the same samples.</summary>
internal static class EngineSet
{
    public const string Ours = "Kan.Generators";
    public const string Onnx = "ONNX Runtime";
    public const string C = "C";
    public const string CEdges = "C, edge by edge";
    public const string CRows = "C, rows by hand";
    public const string Tensor = "TensorPrimitives";

    // Relative to the largest output; what float rounding and -ffast-math may differ by.
    private const float Agreement = 2e-3f;

    /// <summary>All engines that the machine has, checked to compute the same.</summary>
    public static List<Engine> Create(Workload workload, Type compiled, float[] ring)
    {
        var document = workload.Document;
        var engines = new List<Engine?> { CompiledEngine.Create(compiled, ring), CreateOnnx(document, ring) };
        if (workload.IsKan)
        {
            engines.Add(CEngine.Fastest(CEdges, document, ring, [CStyle.OutputsFirst, CStyle.InputsFirst]));
            engines.Add(CEngine.Fastest(CRows, document, ring, [CStyle.Rows]));
        }
        else
        {
            engines.Add(CEngine.Fastest(C, document, ring, [CStyle.OutputsFirst, CStyle.InputsFirst]));
        }

        engines.Add(new TensorEngine(document, ring));
        List<Engine> present = [.. engines.OfType<Engine>()];
        foreach (var peer in present.Skip(1)) RequireAgreement(present[0], peer, workload.Name);
        return present;
    }

    /// <summary>The fastest C for a workload, or null where there is no compiler.</summary>
    public static CEngine? CreateC(Workload workload, float[] ring) => CEngine.Fastest(C, workload.Document, ring, Styles(workload));

    /// <summary>The same for the processors that native code runs on by default.</summary>
    public static CEngine? CreateBaselineC(Workload workload, float[] ring) =>
        CEngine.Fastest(C, workload.Document, ring, Styles(workload), [CEngine.Baseline]);

    private static CStyle[] Styles(Workload workload) =>
        workload.IsKan ? [CStyle.Rows, CStyle.OutputsFirst, CStyle.InputsFirst] : [CStyle.OutputsFirst, CStyle.InputsFirst];

    public static OnnxEngine CreateOnnx(KanDocument document, float[] ring)
    {
        var network = document.ToNetwork();
        return new OnnxEngine(OnnxExporter.Export(network).Bytes, ring, network.InputCount, network.OutputCount);
    }

    public static void RequireAgreement(Engine ours, Engine peer, string workload)
    {
        float[] expected = ours.Outputs(), actual = peer.Outputs();
        float scale = expected.Max(Math.Abs), worst = expected.Zip(actual, static (a, b) => Math.Abs(a - b)).Max();
        if (expected.Length != actual.Length || !(worst <= Agreement * scale))
            throw new InvalidOperationException($"{workload}: {peer.Name} differs from {ours.Name} by {worst} where outputs reach "
                + $"{scale}; they do not compute the same network.");
    }
}
