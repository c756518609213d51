using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Kan.Compiler;
using Kan.Compiler.Emit;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Kan.Benchmarks.Workloads;

/// <summary>Compiles networks to types while the benchmark runs: the compiler of the generator, then the C# compiler.</summary>
internal static class RuntimeCompiler
{
    private const string Namespace = "Kan.Benchmarks.Generated";

    /// <summary>One type for each network, in one assembly.</summary>
    public static Type[] Compile(IReadOnlyList<(KanDocument Document, Lowering Lowering)> networks)
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("kan-benchmarks").FullName, "networks.dll");
        Save(networks, path);
        var assembly = Assembly.LoadFrom(path);
        return [.. networks.Select((_, i) => assembly.GetType($"{Namespace}.{Name(i)}", throwOnError: true)!)];
    }

    public static Type Compile(KanDocument document, Lowering lowering = Lowering.Auto) => Compile([(document, lowering)])[0];

    private static string Name(int index) => $"Network{index}";

    private static void Save(IReadOnlyList<(KanDocument Document, Lowering Lowering)> networks, string path)
    {
        var trees = networks.Select(static (network, i) => CSharpSyntaxTree.ParseText(NetworkCompiler.Compile(network.Document, new CompilerOptions
        {
            Target = new TargetType(Namespace, [$"partial struct {Name(i)}"], IsStatic: false),
            Lowering = network.Lowering,
            AllowUnsafe = true,
        }), path: $"{Name(i)}.cs"));
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable);
        var result = CSharpCompilation.Create("Networks" + Guid.NewGuid().ToString("N"), trees, References(), options).Emit(path);
        if (!result.Success) throw new InvalidOperationException("Generated code does not compile: " + string.Join('\n', result.Diagnostics.Take(5)));
    }

    private static IEnumerable<MetadataReference> References()
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return Directory.EnumerateFiles(framework, "System*.dll").Append(typeof(IKanModel<>).Assembly.Location)
            .Where(static path => !path.EndsWith(".Native.dll", StringComparison.OrdinalIgnoreCase))
            .Select(static path => MetadataReference.CreateFromFile(path));
    }
}
