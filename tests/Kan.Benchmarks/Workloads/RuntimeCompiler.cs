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
    public static Type[] Compile(IReadOnlyList<(KanDocument Document, Lowering Lowering)> networks, Precision precision = Precision.Single)
    {
        var assembly = Assembly.LoadFrom(Save(networks, precision));
        return [.. networks.Select((_, i) => assembly.GetType($"{Namespace}.{Name(i)}", throwOnError: true)!)];
    }

    public static Type Compile(KanDocument document, Lowering lowering = Lowering.Auto) => Compile([(document, lowering)])[0];

    /// <summary>The assembly of one network, for <see cref="Load"/> in another process.</summary>
    public static string Save(KanDocument document) => Save([(document, Lowering.Auto)]);

    /// <summary>The type that <see cref="Save(KanDocument)"/> saved.</summary>
    public static Type Load(string path) => Assembly.LoadFrom(path).GetType($"{Namespace}.{Name(0)}", throwOnError: true)!;

    /// <summary>The references of a C# compilation that uses the library.</summary>
    public static IReadOnlyList<MetadataReference> References { get; } = FindReferences();

    private static string Name(int index) => $"Network{index}";

    private static string Save(IReadOnlyList<(KanDocument Document, Lowering Lowering)> networks, Precision precision = Precision.Single)
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("kan-benchmarks").FullName, "networks.dll");
        var trees = networks.SelectMany((network, i) => NetworkCompiler.Compile(network.Document, new CompilerOptions
        {
            Target = new TargetType(Namespace, [$"partial struct {Name(i)}"], IsStatic: false),
            Lowering = network.Lowering,
            Precision = precision,
            AllowUnsafe = true,
        }).Files).Select(static (text, i) => CSharpSyntaxTree.ParseText(text, path: FormattableString.Invariant($"{i}.cs")));
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release,
            allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable);
        var result = CSharpCompilation.Create("Networks" + Guid.NewGuid().ToString("N"), trees, References, options).Emit(path);
        if (!result.Success)
            throw new InvalidOperationException("Generated code does not compile: " + string.Join('\n', result.Diagnostics.Take(5)));
        return path;
    }

    private static IReadOnlyList<MetadataReference> FindReferences()
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return [.. Directory.EnumerateFiles(framework, "System*.dll").Append(typeof(IKanModel<>).Assembly.Location)
            .Where(static path => !path.EndsWith(".Native.dll", StringComparison.OrdinalIgnoreCase))
            .Select(static path => MetadataReference.CreateFromFile(path))];
    }
}
