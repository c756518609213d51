using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Benchmarks.Engines;

namespace Kan.Benchmarks.Workloads;

/// <summary>The generated types of workloads, in a form that another process can load.</summary>
internal static class CompiledWorkloads
{
    /// <summary>What stands for a type that is part of this program.</summary>
    private const string BuiltIn = "-";

    /// <summary>For each workload the path of the assembly with its type.</summary>
    public static IReadOnlyDictionary<string, string> Save(IEnumerable<Workload> workloads) =>
        workloads.ToDictionary(static workload => workload.Name,
            static workload => workload.Compiled is null ? RuntimeCompiler.Save(workload.Document) : BuiltIn);

    /// <summary>The type of a workload, from the path that <see cref="Save"/> gave.</summary>
    public static Type Load(Workload workload, string path) => path == BuiltIn ? workload.Compiled! : RuntimeCompiler.Load(path);

    /// <summary>The engine of the generated code.</summary>
    public static Engine Engine(Workload workload, string path, float[] ring) => CompiledEngine.Create(Load(workload, path), ring);
}
