using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Kan.Benchmarks.Engines;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.ML.OnnxRuntime;

namespace Kan.Benchmarks.Reporting;

/// <summary>The versions of what took part.</summary>
internal static class Versions
{
    public static IReadOnlyList<(string Name, string Value)> Describe() =>
    [
        ("ONNX Runtime", OrtEnv.Instance().GetVersionString()),
        ("C compiler", CEngine.CompilerVersion ?? "none found; the rows of C are left out"),
        ("System.Numerics.Tensors", Of(typeof(System.Numerics.Tensors.TensorPrimitives))),
        ("Roslyn", Of(typeof(CSharpCompilation))),
    ];

    private static string Of(Type type) =>
        type.Assembly.GetCustomAttributes<AssemblyInformationalVersionAttribute>().FirstOrDefault()?.InformationalVersion.Split('+')[0]
            ?? "unknown";
}
