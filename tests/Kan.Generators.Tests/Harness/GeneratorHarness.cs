extern alias generators;

using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;
using generators::Kan.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace Kan.Generators.Tests.Harness;

/// <summary>
/// Runs the generator and the analyzer as the compiler does. Every run also proves that nothing is recomputed after an unrelated edit
/// and that the pipeline holds nothing of a compilation, so no test can omit it.
/// </summary>
public static class GeneratorHarness
{
    private const string SourcePath = "Test.cs";

    private static readonly ImmutableArray<MetadataReference> s_references = FindReferences();

    /// <summary>Latest C#, with documentation comments checked.</summary>
    public static CSharpParseOptions ParseOptions { get; } = new(LanguageVersion.Latest, DocumentationMode.Diagnose);

    /// <summary>
    /// Compiles a source that must have no mistakes, without a warning at the strictest settings, and loads it.
    /// </summary>
    /// <param name="source">C# with declarations.</param>
    /// <param name="models">
    /// The models: the path of the item, such as <c>models/mnist.onnx</c>, and metadata as in <c>a.onnx|Class=Net</c>, and its
    /// <c>.kan.json</c> text.
    /// </param>
    public static GeneratedAssembly Build(string source, params (string Path, string Text)[] models) =>
        Build(source, allowUnsafe: false, models);

    /// <summary>As <see cref="Build(string, ValueTuple{string, string}[])"/>, in a project that allows unsafe code.</summary>
    public static GeneratedAssembly BuildUnsafe(string source, params (string Path, string Text)[] models) =>
        Build(source, allowUnsafe: true, models);

    /// <summary>
    /// As <see cref="Build(string, ValueTuple{string, string}[])"/>, compiled as a release is, so that the JIT optimises it.
    /// </summary>
    public static GeneratedAssembly BuildRelease(string source, params (string Path, string Text)[] models) =>
        Build(source, allowUnsafe: true, models, OptimizationLevel.Release);

    /// <summary>As <see cref="Build(string, ValueTuple{string, string}[])"/>, in a project that references another library.</summary>
    public static GeneratedAssembly BuildWith(Assembly library, string source)
    {
        var run = Finish(Start(Compile(source).AddReferences(MetadataReference.CreateFromFile(library.Location))));
        Assert.True(run.Diagnostics.All(static diagnostic => diagnostic.Severity != DiagnosticSeverity.Error),
            string.Join("\n", run.Diagnostics));
        return GeneratedAssembly.Load(run, OptimizationLevel.Debug);
    }

    private static GeneratedAssembly Build(string source, bool allowUnsafe, (string Path, string Text)[] models,
        OptimizationLevel level = OptimizationLevel.Debug)
    {
        var run = Run(source, allowUnsafe, models.Select(static model => (model.Path, (string?)model.Text)).ToArray(), isLoaded: true);
        Assert.True(run.Diagnostics.All(static diagnostic => diagnostic.Severity != DiagnosticSeverity.Error),
            string.Join("\n", run.Diagnostics));
        Assert.True(run.Result.Diagnostics.IsEmpty, string.Join("\n", run.Result.Diagnostics));
        return GeneratedAssembly.Load(run, level);
    }

    /// <summary>Runs generator and analyzer over a source that may have mistakes.</summary>
    /// <param name="source">C# with declarations.</param>
    /// <param name="models">The models; a null text is a missing file.</param>
    public static GeneratorRun Run(string source, params (string Path, string? Text)[] models) => Run(source, allowUnsafe: false, models);

    private static GeneratorRun Run(string source, bool allowUnsafe, (string Path, string? Text)[] models, bool isLoaded = false)
    {
        var session = Start(source, allowUnsafe, models);
        PipelineChecks.AssertPure(session.FirstResult);
        session.AssertCachedAfter(source + "\n// An unrelated edit.\n");
        return Finish(session, isLoaded: isLoaded);
    }

    /// <summary>Runs the generator once; the session allows edits.</summary>
    public static GeneratorSession Start(string source, params (string Path, string? Text)[] models) =>
        Start(source, allowUnsafe: false, models);

    /// <summary>Runs the generator once over several files; the session allows edits of each.</summary>
    public static GeneratorSession StartFiles(params (string Path, string Source)[] sources)
    {
        var trees = sources.Select(static source => CSharpSyntaxTree.ParseText(source.Source, ParseOptions, source.Path));
        return Start(Compile("").RemoveAllSyntaxTrees().AddSyntaxTrees(trees), []);
    }

    private static GeneratorSession Start(string source, bool allowUnsafe, (string Path, string? Text)[] models) =>
        Start(Compile(source, allowUnsafe), models);

    /// <summary>Runs the generator once over a compilation.</summary>
    public static GeneratorSession Start(CSharpCompilation compilation, params (string Path, string? Text)[] models)
    {
        var files = models.Select(static model => new InMemoryText(DocumentPath(model.Path), model.Text))
            .ToImmutableArray<AdditionalText>();
        var options = new ItemOptionsProvider(models.Select(static model => (DocumentPath(model.Path), model.Path)));
        var driver = CSharpGeneratorDriver.Create(
            [new KanGenerator().AsSourceGenerator()], files,
            compilation.SyntaxTrees.FirstOrDefault()?.Options as CSharpParseOptions ?? ParseOptions, options,
            new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
        return new GeneratorSession(compilation, driver, files, options);
    }

    /// <summary>The source in a compilation at the strictest settings that users have.</summary>
    public static CSharpCompilation Compile(string source, bool allowUnsafe = false, LanguageVersion version = LanguageVersion.Latest) =>
        CSharpCompilation.Create(
        "Test" + Guid.NewGuid().ToString("N"), [CSharpSyntaxTree.ParseText(source, ParseOptions.WithLanguageVersion(version), SourcePath)],
            s_references,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, checkOverflow: true, allowUnsafe: allowUnsafe, warningLevel: 9999,
            nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>
    /// As <see cref="Run(string, ValueTuple{string, string}[])"/>, with settings below <c>[*.cs]</c> of an <c>.editorconfig</c>.
    /// </summary>
    public static GeneratorRun RunWith(string editorConfig, string source, params (string Path, string? Text)[] models) =>
        Finish(Start(source, models), editorConfig);

    /// <summary>As <see cref="Run(string, ValueTuple{string, string}[])"/>, in a version of C#.</summary>
    public static GeneratorRun RunIn(LanguageVersion version, string source, params (string Path, string? Text)[] models) =>
        Finish(Start(Compile(source, version: version), models));

    /// <param name="session">What the generator has made.</param>
    /// <param name="editorConfig">Settings below <c>[*.cs]</c>.</param>
    /// <param name="isLoaded">
    /// Whether the code is compiled afterwards, so that the compiler looks at all of it: then the analyzer is given the source and the
    /// models alone, for otherwise all methods of the generated code would be bound a second time.
    /// </param>
    private static GeneratorRun Finish(GeneratorSession session, string editorConfig = "", bool isLoaded = false)
    {
        var config = new EditorConfig(editorConfig, session.Options);
        var output = session.Output.WithOptions(session.Output.Options.WithSyntaxTreeOptionsProvider(config.Severities));
        var analysis = output.WithAnalyzers([new KanAnalyzer()], new AnalyzerOptions(session.Files, config));
        var diagnostics = (isLoaded ? AnalyzeSourcesAsync(analysis, session) : analysis.GetAnalyzerDiagnosticsAsync(CancellationToken.None))
            .GetAwaiter().GetResult();
        return new GeneratorRun(output, session.FirstResult,
            [.. diagnostics.OrderBy(static d => d.Location.SourceSpan.Start).ThenBy(static d => d.Id, StringComparer.Ordinal)]);
    }

    private static async Task<ImmutableArray<Diagnostic>> AnalyzeSourcesAsync(CompilationWithAnalyzers analysis, GeneratorSession session)
    {
        var found = ImmutableArray.CreateBuilder<Diagnostic>();
        foreach (var tree in session.Sources)
        {
            var model = analysis.Compilation.GetSemanticModel(tree);
            found.AddRange(await analysis.GetAnalyzerSemanticDiagnosticsAsync(model, null, CancellationToken.None));
        }

        foreach (var file in session.Files)
        {
            var result = await analysis.GetAnalysisResultAsync(file, CancellationToken.None);
            found.AddRange(result.GetAllDiagnostics());
        }

        return found.ToImmutable();
    }

    private static string DocumentPath(string item) => "obj/" + item.Replace('\\', '/').Replace('/', '_') + ".kan.json";

    private static ImmutableArray<MetadataReference> FindReferences()
    {
        // The trusted assemblies hold the test's own too, of which the generator would be seen as a second Kan.dll.
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var trusted = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        IEnumerable<string> paths = trusted.Where(path => Path.GetDirectoryName(path) == framework)
            .Append(typeof(IKanModel<>).Assembly.Location);
        return [.. paths.Select(static path => MetadataReference.CreateFromFile(path))];
    }
}
