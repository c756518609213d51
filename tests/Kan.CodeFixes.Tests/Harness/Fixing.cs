extern alias fixes;
extern alias generators;

using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;
using fixes::Kan.CodeFixes.Plans;
using generators::Kan.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace Kan.CodeFixes.Tests.Harness;

/// <summary>What fixes make of a source of one file.</summary>
public static class Fixing
{
    /// <summary>What every source starts with.</summary>
    public const string Prefix = "using System;\nusing Kan;\n\n";

    /// <summary>Latest C#.</summary>
    public static CSharpParseOptions ParseOptions { get; } = new(LanguageVersion.Latest);

    /// <summary>The framework and the library.</summary>
    public static ImmutableArray<MetadataReference> References { get; } = FindReferences();

    /// <summary>
    /// Requires the text after a fix, applied to marked diagnostics one after another, and all at once in a document, a project and a
    /// solution. What comes out compiles, with the generated code, and has no diagnostic but those marked.
    /// </summary>
    /// <param name="before">C# with marks such as <c>{|KAN0001:Risk|}</c>.</param>
    /// <param name="after">C# with the marks that are left.</param>
    /// <param name="key">The key of the fix, where there are several.</param>
    /// <param name="iterations">How often it is applied one by one, where that is not once for each mark.</param>
    public static Task Verify<TFix>(string before, string after, string? key = null, int? iterations = null)
        where TFix : PlannedFixProvider, new()
    {
        var test = new FixTest<TFix>(before, after) { CodeActionEquivalenceKey = key };
        if (iterations is { } count) test.NumberOfIncrementalIterations = count;
        return test.RunAsync(CancellationToken.None);
    }

    /// <summary>What a fix offers for the diagnostics of a source, in the order of the source: choices as <c>heading: choice</c>.</summary>
    /// <param name="source">C#.</param>
    /// <param name="other">Another file of the project.</param>
    public static async Task<string[]> Titles<TFix>(string source, string? other = null)
        where TFix : PlannedFixProvider, new() => [.. (await Offers(new TFix(), source, other)).Select(static offer => offer.Title)];

    /// <summary>The source after the offer with a key, which must compile without a warning and have no diagnostic.</summary>
    public static Task<string> Apply<TFix>(string source, string key)
        where TFix : PlannedFixProvider, new() => Apply(new TFix(), source, (_, action) => action.EquivalenceKey == key);

    /// <summary>The source after the offer with a title, which must compile without a warning and have no diagnostic.</summary>
    public static Task<string> Apply(PlannedFixProvider fix, string source, string title) =>
        Apply(fix, source, (offered, _) => offered == title);

    private static async Task<string> Apply(PlannedFixProvider fix, string source, Func<string, CodeAction, bool> isWanted)
    {
        var offers = await Offers(fix, source, null);
        var action = offers.FirstOrDefault(offer => isWanted(offer.Title, offer.Action)).Action;
        Assert.True(action is not null, "Offered are: " + string.Join("; ", offers.Select(static offer => offer.Title)));
        var changed = (await action.GetOperationsAsync(CancellationToken.None)).OfType<ApplyChangesOperation>().Single().ChangedSolution;
        var document = changed.Projects.Single().Documents.Single();
        var complaints = await Complaints(document.Project);
        string text = (await document.GetTextAsync()).ToString();
        Assert.True(complaints.Length == 0, string.Join("\n", complaints) + "\n" + text);
        Assert.StartsWith(Prefix, text, StringComparison.Ordinal);
        return text[Prefix.Length..];
    }

    /// <summary>The compilation of a source.</summary>
    public static CSharpCompilation Compile(string source) => CSharpCompilation.Create(
        "Test" + Guid.NewGuid().ToString("N"), [CSharpSyntaxTree.ParseText(Prefix + source, ParseOptions)], References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>A source as the compiler compiles it, with the generated code.</summary>
    public static Assembly Load(string source)
    {
        using var stream = new MemoryStream();
        var emitted = Generate(Compile(source)).Emit(stream);
        Assert.True(emitted.Success, string.Join("\n", emitted.Diagnostics));
        return Assembly.Load(stream.ToArray());
    }

    private static async Task<List<(string Title, CodeAction Action)>> Offers(PlannedFixProvider fix, string source, string? other)
    {
        using var workspace = new AdhocWorkspace();
        var project = workspace.AddProject("Test", LanguageNames.CSharp)
            .WithParseOptions(ParseOptions)
            .WithCompilationOptions(new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary,
                nullableContextOptions: NullableContextOptions.Enable))
            .WithMetadataReferences(References);
        if (other is not null) project = project.AddDocument("Other.cs", Prefix + other).Project;
        var document = project.AddDocument("Test.cs", Prefix + source);
        var offers = new List<(string, CodeAction)>();
        foreach (var diagnostic in (await Diagnostics(document.Project))
            .Where(diagnostic => fix.FixableDiagnosticIds.Contains(diagnostic.Id)))
        {
            await fix.RegisterCodeFixesAsync(
                new CodeFixContext(document, diagnostic, (action, _) => Add(action, ""), CancellationToken.None));
        }

        return offers;

        void Add(CodeAction action, string heading)
        {
            if (action.NestedActions.IsEmpty) offers.Add((heading + action.Title, action));
            foreach (var nested in action.NestedActions) Add(nested, action.Title + ": ");
        }
    }

    private static async Task<Diagnostic[]> Diagnostics(Project project)
    {
        var compilation = Generate((CSharpCompilation)(await project.GetCompilationAsync())!);
        var diagnostics = await compilation.WithAnalyzers([new KanAnalyzer()]).GetAnalyzerDiagnosticsAsync();
        return [.. diagnostics.OrderBy(static diagnostic => diagnostic.Location.SourceSpan.Start)];
    }

    private static async Task<string[]> Complaints(Project project)
    {
        var compilation = Generate((CSharpCompilation)(await project.GetCompilationAsync())!);
        var all = compilation.GetDiagnostics().Concat(await compilation.WithAnalyzers([new KanAnalyzer()]).GetAnalyzerDiagnosticsAsync());
        return [.. all.Where(static diagnostic => diagnostic.Severity != DiagnosticSeverity.Hidden && IsMistake(diagnostic.Descriptor))
            .Select(static diagnostic => diagnostic.ToString())];
    }

    /// <summary>
    /// Whether a diagnostic is a mistake, or one that has a fix, and not a remark about what a sound declaration is worth.
    /// </summary>
    internal static bool IsMistake(DiagnosticDescriptor descriptor) => !descriptor.Id.StartsWith("KAN", StringComparison.Ordinal)
        || descriptor.DefaultSeverity == DiagnosticSeverity.Error || descriptor.Id is "KAN0109" or "KAN0210" or "KAN0214";

    private static Compilation Generate(CSharpCompilation compilation)
    {
        CSharpGeneratorDriver.Create([new KanGenerator().AsSourceGenerator()], parseOptions: ParseOptions)
            .RunGeneratorsAndUpdateCompilation(compilation, out var output, out _, CancellationToken.None);
        return output;
    }

    private static ImmutableArray<MetadataReference> FindReferences()
    {
        // The trusted assemblies hold the test's own too, of which the generator would be seen as a second Kan.dll.
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var trusted = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        return [.. trusted.Where(path => Path.GetDirectoryName(path) == framework).Append(typeof(IKanModel<>).Assembly.Location)
            .Select(static path => MetadataReference.CreateFromFile(path))];
    }
}
