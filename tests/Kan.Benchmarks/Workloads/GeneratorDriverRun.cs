extern alias generators;

using System;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using generators::Kan.Generators;
using Kan.Benchmarks.Measuring;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Kan.Benchmarks.Workloads;

/// <summary>The generator in the compiler's own driver, without the rest of a build; times in milliseconds.</summary>
/// <param name="Generator">The generator, from a project that was just opened.</param>
/// <param name="Compiler">The C# compiler on what was generated, from text to assembly.</param>
/// <param name="Edit">The driver after an edit of another file.</param>
/// <param name="Recomputed">Steps of the generator that the edit made run again with a new result.</param>
internal readonly record struct GeneratorDriverRun(double Generator, double Compiler, double Edit, int Recomputed)
{
    private static readonly CSharpParseOptions s_parse = new(LanguageVersion.Latest);

    public static GeneratorDriverRun Measure(KanDocument model)
    {
        var file = new ModelText(KanDocumentWriter.Write(model));
        var declaration = CSharpSyntaxTree.ParseText("[Kan.KanModel(\"network.kan.json\")] public sealed partial class Network;", s_parse,
            "Network.cs");
        var other = CSharpSyntaxTree.ParseText("class Other { }", s_parse, "Other.cs");
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release,
            nullableContextOptions: NullableContextOptions.Enable);
        var compilation = CSharpCompilation.Create("app", [declaration, other], RuntimeCompiler.References, options);
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new KanGenerator().AsSourceGenerator()], [file], s_parse, null,
            new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

        long start = Clock.Now;
        driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out var output, out _, CancellationToken.None);
        double generator = Clock.NanosecondsSince(start) / 1e6;
        start = Clock.Now;
        using var assembly = new MemoryStream();
        if (!output.Emit(assembly).Success) throw new InvalidOperationException("Generated code does not compile.");
        double compiler = Clock.NanosecondsSince(start) / 1e6;

        compilation = compilation.ReplaceSyntaxTree(other, CSharpSyntaxTree.ParseText("class Other { int _edited; }", s_parse, "Other.cs"));
        start = Clock.Now;
        driver = driver.RunGenerators(compilation, CancellationToken.None);
        double edit = Clock.NanosecondsSince(start) / 1e6;
        var steps = driver.GetRunResult().Results.Single().TrackedSteps;
        int recomputed = steps.Where(static step => step.Key.StartsWith("Kan.", StringComparison.Ordinal))
            .SelectMany(static step => step.Value).SelectMany(static step => step.Outputs)
            .Count(static step => step.Reason is IncrementalStepRunReason.New or IncrementalStepRunReason.Modified);
        return new GeneratorDriverRun(generator, compiler, edit, recomputed);
    }

    /// <summary>Milliseconds of the C# compiler for one source without a generator.</summary>
    public static double Compile(string source)
    {
        long start = Clock.Now;
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release);
        using var assembly = new MemoryStream();
        if (!CSharpCompilation.Create("table", [CSharpSyntaxTree.ParseText(source, s_parse)], RuntimeCompiler.References, options)
            .Emit(assembly).Success)
            throw new InvalidOperationException("The table does not compile.");
        return Clock.NanosecondsSince(start) / 1e6;
    }

    private sealed class ModelText(string text) : AdditionalText
    {
        private readonly SourceText _text = SourceText.From(text, Encoding.UTF8);

        public override string Path => "network.kan.json";

        public override SourceText? GetText(CancellationToken cancellationToken = default) => _text;
    }
}
