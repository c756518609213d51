extern alias generators;

using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Runtime.ExceptionServices;
using System.Threading;
using generators::Kan.Generators;
using Kan.Fuzzing.Cases;
using Kan.Fuzzing.Checks;
using Kan.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Kan.Fuzzing.Sources;

/// <summary>
/// A compilation whose one file is edited. After each edit generator and analyzer have neither thrown nor reported a fault of their own, no
/// error is in generated code, and where only members are missing that the generator owes, a diagnostic of ours says why.
/// </summary>
internal sealed class SourceSession
{
    /// <summary>How often <see cref="Judge"/> compiles a source.</summary>
    public const int Compilations = 2;

    // Half of what a worker has. What the compiler alone does not survive on that is too deep for it, not for what is called around it.
    private const int StackBytesAlone = 512 << 10;

    // The compiler's own recursion is not what the errors of a case should end by.
    private const int StackBytesOfErrors = 128 << 20;

    private const string Model = """{"format":"kan","version":1,"name":"n","layers":[{"kind":"affine","inputs":1,"outputs":1,"weights":[2]}]}""";

    private static readonly HashSet<string> s_owed = ["Evaluate", "EvaluateBatch", "Explain", "Info", "InputCount", "OutputCount"];

    private static readonly CSharpParseOptions s_parse = new(LanguageVersion.Latest, DocumentationMode.Diagnose);

    private readonly ImmutableArray<AdditionalText> _files = [new InMemoryText("obj/a.json", Model), new InMemoryText("obj/b.json", Model)];
    private readonly ItemOptionsProvider _options = new([("obj/a.json", "a.onnx"), ("obj/b.json", "models/b.onnx")]);
    private static readonly CSharpCompilation s_empty = CSharpCompilation.Create(
        "Test", [], References(), new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, checkOverflow: true, allowUnsafe: true,
            concurrentBuild: false, warningLevel: 9999, nullableContextOptions: NullableContextOptions.Enable));

    private static readonly Verdict s_tooDeep = new("compiler fails alone", "compiler fails alone");

    private GeneratorDriver _driver;

    public SourceSession() => _driver = CSharpGeneratorDriver.Create([new KanGenerator().AsSourceGenerator()], _files, s_parse, _options);

    /// <summary>Compiles a source without generator and analyzer.</summary>
    public static ImmutableArray<Diagnostic> Compile(string source) =>
        DiagnosticsOf(s_empty.AddSyntaxTrees(CSharpSyntaxTree.ParseText(source, s_parse, "Test.cs")), StackBytesAlone);

    /// <summary>What becomes of a source.</summary>
    public Verdict Judge(string source)
    {
        var tree = CSharpSyntaxTree.ParseText(source, s_parse, "Test.cs");
        var compilation = s_empty.AddSyntaxTrees(tree);
        _driver = _driver.RunGenerators(compilation);
        var result = _driver.GetRunResult().Results.Single();
        if (result.Exception is { } thrown) return IsTooDeepForCompiler(source) ? s_tooDeep : Faults.Thrown("generating", thrown);
        var output = compilation.AddSyntaxTrees(result.GeneratedSources.Select(static generated => generated.SyntaxTree));
        var analysis = output.WithAnalyzers([new KanAnalyzer()],
            new CompilationWithAnalyzersOptions(new AnalyzerOptions(_files, _options), null, false, false));
        ImmutableArray<Diagnostic> said;
        Diagnostic[] errors;
        try
        {
            said = [.. analysis.GetAnalyzerDiagnosticsAsync(CancellationToken.None).GetAwaiter().GetResult(), .. result.Diagnostics];
            errors = [.. DiagnosticsOf(output, StackBytesOfErrors)
                .Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return IsTooDeepForCompiler(source) ? s_tooDeep : Faults.Thrown("compiling", exception);
        }

        if (said.FirstOrDefault(static diagnostic => diagnostic.Id is "AD0001" or "KAN0900"
            || !diagnostic.Id.StartsWith("KAN", StringComparison.Ordinal)) is { } crash)
            return IsTooDeepForCompiler(source) ? s_tooDeep : Faults.Broken($"{crash.Id} {FrameOf(crash.ToString())}", crash.ToString());
        foreach (var diagnostic in said)
        {
            if (Messages.Fault(diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)) is { } fault)
                return Faults.Broken($"the message of {diagnostic.Id} {fault.Split(' ')[0]}", $"{fault}: {diagnostic}");
        }

        if (Array.Find(errors, error => error.Location.SourceTree != tree && !IsErrorWithout(error, source)) is { } foreign)
            return Faults.Broken("generated code compiles: " + foreign.Id, foreign.ToString());
        foreach (var generated in result.GeneratedSources)
        {
            if (Messages.Unprintable(generated.SourceText.ToString(), "\n") is { } c)
                return Faults.Broken("generated code is printable", FormattableString.Invariant($"It holds U+{(int)c:X4}."));
        }

        if (!said.Any(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error) && errors.Length > 0
            && Array.TrueForAll(errors, error => IsOwed(error, output)))
            return Faults.Broken("a member is missing and nobody says why",
            string.Join('\n', errors.Select(static error => error.ToString())));

        var ids = said.Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(static diagnostic => diagnostic.Id).Distinct().Order(StringComparer.Ordinal).ToList();
        string kind = ids.Count > 0 ? ids[0] : errors.Length > 0 ? "C# errors" : "compiles";
        string others = string.Join(' ', said.Select(static diagnostic => diagnostic.Id).Distinct().Order(StringComparer.Ordinal));
        return new Verdict(kind, $"{kind} {others} {result.GeneratedSources.Length} "
            + $"{string.Join(' ', errors.Take(3).Select(static error => error.Id))} "
            + $"{Messages.Shape(string.Join(' ', said.Take(1).Select(static diagnostic => diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture))))}");
    }

    /// <summary>Whether an error that has no place in any file is reported without generator and analyzer too.</summary>
    private static bool IsErrorWithout(Diagnostic error, string source) =>
        !error.Location.IsInSource && Compile(source).Any(alone => alone.Id == error.Id);

    /// <summary>
    /// Whether the compiler fails or runs out of stack without generator and analyzer too, such as where it binds the arguments of
    /// attributes.
    /// </summary>
    private static bool IsTooDeepForCompiler(string source)
    {
        const string TooComplex = "CS8078";
        try
        {
            return Compile(source).Any(static diagnostic => diagnostic.Id == TooComplex);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return true;
        }
    }

    /// <summary>What the compiler says on a stack of some size.</summary>
    private static ImmutableArray<Diagnostic> DiagnosticsOf(CSharpCompilation compilation, int stackBytes)
    {
        var diagnostics = ImmutableArray<Diagnostic>.Empty;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    diagnostics = compilation.GetDiagnostics();
                }
                catch (Exception exception)
                {
                    failure = ExceptionDispatchInfo.Capture(exception);
                }
            },
            stackBytes);
        thread.Start();
        thread.Join();
        failure?.Throw();
        return diagnostics;
    }

    /// <summary>The place in our code that the text of an exception names first.</summary>
    private static string FrameOf(string text)
    {
        int at = text.IndexOf("at Kan.", StringComparison.Ordinal);
        if (at < 0) return text[..Math.Min(text.Length, 120)];
        int end = text.IndexOf('(', at);
        return text[at..(end < 0 ? text.Length : end)];
    }

    /// <summary>Whether an error is that a member is missing which the generator adds to sound declarations.</summary>
    private static bool IsOwed(Diagnostic error, CSharpCompilation compilation)
    {
        var tree = error.Location.SourceTree!;
        var node = tree.GetRoot().FindNode(error.Location.SourceSpan);
        var model = compilation.GetSemanticModel(tree);
        switch (error.Id)
        {
            case "CS0103" or "CS0117" or "CS1061":
                var type = node.FirstAncestorOrSelf<TypeDeclarationSyntax>();
                return s_owed.Contains(node.ToString()) && type is not null && model.GetDeclaredSymbol(type)!.GetAttributes()
                    .Any(static attribute => attribute.AttributeClass?.ToDisplayString() is "Kan.KanNetworkAttribute"
                        or "Kan.KanModelAttribute");
            case "CS8795":
                var method = node.FirstAncestorOrSelf<MethodDeclarationSyntax>();
                return method is not null && model.GetDeclaredSymbol(method)!.GetAttributes()
                    .Any(static attribute => attribute.AttributeClass?.ToDisplayString() == "Kan.PiecewiseLinearAttribute");
            default:
                return false;
        }
    }

    private static ImmutableArray<MetadataReference> References()
    {
        // The trusted assemblies hold those of this program too, of which the generator would be seen as a second Kan.dll.
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var trusted = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        IEnumerable<string> paths = trusted.Where(path => Path.GetDirectoryName(path) == framework)
            .Append(typeof(IKanModel<>).Assembly.Location);
        return [.. paths.Select(static path => MetadataReference.CreateFromFile(path))];
    }
}
