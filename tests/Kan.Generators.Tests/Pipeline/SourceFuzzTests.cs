extern alias generators;

using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using generators::Kan.Generators;
using Kan.Generators.Tests.Harness;
using Kan.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace Kan.Generators.Tests.Pipeline;

/// <summary>
/// Thousands of seeded edits of sound sources, as fingers make them. After each, generator and analyzer have neither thrown nor reported a fault
/// of their own, no error lies in generated code, and where only members that the generator owes are missing, a diagnostic of ours says why.
/// </summary>
public sealed class SourceFuzzTests
{
    private const int EditsOfASource = 600;

    /// <summary>Every kind of declaration, used from code that breaks when its members are missing.</summary>
    private static readonly string[] s_sources =
    [
        """
        using Kan;
        namespace Demo.Inner
        {
            [KanNetwork(2, 1, Precision = Precision.Double)]
            [Edge(0, 0, 0, Breakpoints = [-1, 0], Slopes = [0, 0.5, -1], ValueAtZero = 0.25)]
            [Edge(0, 1, 0, Slopes = new double[] { 2 })]
            public sealed partial class Risk { static double Use() => Evaluate(1, 2) + InputCount; }
        }
        """,
        """
        using System;
        using Kan;
        [KanNetwork(2, 2, 1)]
        [Edge(1, 0, 0, Slopes = [1])]
        static partial class Tax
        {
            private const double Limit = 10_000;
            [EdgeFunction(0, 0, 0)] private static double Due(double income) => 0.2 * Math.Max(0, income - Limit);
            [EdgeFunction(0, new[] { 0, 1 }, 1)] static double Two(double x, double y) { double s = 0; for (int i = 0; i < 3; i++) { s += Math.Abs(x - i); } return s + Bend(y); }
            [EdgeFunction(1, 1, 0)] static double Bend(double v) => v switch { < 0 => 0, < 1 => v, _ => 1 };
            static void Use(float[] x, float[] y) => EvaluateBatch(x, y);
        }
        """,
        """
        using Kan;
        partial class Outer
        {
            [KanModel("a.onnx", Lowering = Lowering.Rows)] public partial record struct Net { static string Use() => Info.Name; }
        }
        [KanModel(file: "models/b.onnx")] partial class Other { static float Use(float x) => Evaluate(x); }
        """,
        """
        using Kan;
        public static partial class Curves
        {
            [PiecewiseLinear(Breakpoints = [0, 10, 20], Slopes = [0, 1, 3, 0], ValueAtZero = -1.5e2)] public static partial double Discount(double x);
            [PiecewiseLinear(Slopes = [1f])] internal static partial float Same(float @in);
            static double Use() => Discount(2) + Same(3);
        }
        """,
        """
        using System;
        using Kan;
        static partial class Curves
        {
            [PiecewiseLinear(Function = nameof(Ramp))] public static partial double Curve(double x);
            static double Ramp(double x) { if (x < 0) return 0; double y = Helper.Scale * x; return y > 1 ? 1 : y; }
            static double Use() => Curve(0.5);
        }
        static class Helper { public const double Scale = 0.5; }
        """,
    ];

    private static readonly string[] s_brokenNumbers = ["1e", "0x", "1_", ".", "1e999", "1..2", "99999999999999999999", "-", "1f", "1m", "double.NaN", "-0.0", "1/0", "null", "\"1\"", "'1'"];

    private static readonly string[] s_pieces =
        ["{", "}", "(", ")", "[", "]", ";", ",", "=>", "partial", "static", "class", "?", "switch", "[Edge(", "[EdgeFunction(0,", "[KanNetwork]", "[KanModel(", "[PiecewiseLinear]", "=", "\"", "/*", "//", "#if", "new", "..", "@", "$\"", "\u0000", "<T>"];

    private const string Model = """{"format":"kan","version":1,"name":"n","layers":[{"kind":"affine","inputs":1,"outputs":1,"weights":[2]}]}""";

    /// <summary>The sources by number.</summary>
    public static TheoryData<int> Sources { get; } = [.. Enumerable.Range(0, s_sources.Length)];

    [Theory]
    [MemberData(nameof(Sources))]
    public void NoEditBreaksTheGeneratorOrItsCode(int index)
    {
        string source = s_sources[index];
        var random = new Random(4000 + index);
        string[] tokens = [.. CSharpSyntaxTree.ParseText(source, cancellationToken: TestContext.Current.CancellationToken).GetRoot(TestContext.Current.CancellationToken).DescendantTokens().Select(static token => token.ToFullString())];
        var session = new FuzzSession(source);
        Assert.Empty(session.Verdict(source));
        for (int i = 0; i < EditsOfASource; i++)
        {
            string edited = Edit(tokens, random);
            var faults = session.Verdict(edited);
            Assert.True(faults.Count == 0, $"Edit {i} of source {index}:\n{edited}\n\n{string.Join("\n", faults)}");
        }
    }

    private static string Edit(string[] original, Random random)
    {
        var tokens = original.ToList();
        for (int i = random.Next(1, 4); i > 0 && tokens.Count > 2; i--)
        {
            int at = random.Next(tokens.Count), other = random.Next(tokens.Count);
            switch (random.Next(9))
            {
                case 0:
                case 1:
                    tokens.RemoveAt(at);
                    break;
                case 2:
                    tokens.Insert(at, tokens[at]);
                    break;
                case 3:
                    (tokens[at], tokens[other]) = (tokens[other], tokens[at]);
                    break;
                case 4:
                    if (at + 1 < tokens.Count) (tokens[at], tokens[at + 1]) = (tokens[at + 1], tokens[at]);
                    break;
                case 5:
                    int number = Enumerable.Range(at, tokens.Count - at).FirstOrDefault(j => char.IsAsciiDigit(tokens[j].TrimStart().FirstOrDefault()), at);
                    tokens[number] = s_brokenNumbers[random.Next(s_brokenNumbers.Length)] + " ";
                    break;
                case 6:
                    // The end of an attribute has not been typed yet.
                    int open = tokens.FindIndex(at, static token => token.Trim() == "[");
                    if (open < 0) break;
                    int close = tokens.FindIndex(open, static token => token.Trim() == "]");
                    if (close < 0) break;
                    int from = random.Next(open + 1, close + 1);
                    tokens.RemoveRange(from, close + 1 - from);
                    break;
                case 7:
                    tokens.Insert(at, s_pieces[random.Next(s_pieces.Length)] + " ");
                    break;
                default:
                    if (random.Next(4) == 0) tokens.RemoveRange(at, tokens.Count - at);
                    else tokens[at] = tokens[other];
                    break;
            }
        }

        return string.Concat(tokens);
    }

    /// <summary>A compilation whose one file is edited.</summary>
    private sealed class FuzzSession
    {
        private static readonly HashSet<string> s_owed = ["Evaluate", "EvaluateBatch", "Explain", "Info", "InputCount", "OutputCount"];

        private readonly ImmutableArray<AdditionalText> _files = [new InMemoryText("obj/a.json", Model), new InMemoryText("obj/b.json", Model)];
        private readonly AnalyzerConfigOptionsProvider _options = new ItemOptionsProvider([("obj/a.json", "a.onnx"), ("obj/b.json", "models/b.onnx")]);
        private CSharpCompilation _compilation;
        private GeneratorDriver _driver;

        public FuzzSession(string source)
        {
            _compilation = GeneratorHarness.Compile(source);
            _driver = CSharpGeneratorDriver.Create([new KanGenerator().AsSourceGenerator()], _files, GeneratorHarness.ParseOptions, _options);
        }

        /// <summary>What is not as promised after an edit.</summary>
        public List<string> Verdict(string source)
        {
            // A run that does not end is a fault like the others.
            using var watchdog = new CancellationTokenSource(HangGuard.Limit);
            var tree = CSharpSyntaxTree.ParseText(source, GeneratorHarness.ParseOptions, "Test.cs", cancellationToken: watchdog.Token);
            _compilation = _compilation.ReplaceSyntaxTree(_compilation.SyntaxTrees.Single(), tree);
            _driver = _driver.RunGenerators(_compilation, watchdog.Token);
            var result = _driver.GetRunResult().Results.Single();
            if (result.Exception is { } exception) return [exception.ToString()];
            var output = _compilation.AddSyntaxTrees(result.GeneratedSources.Select(static generated => generated.SyntaxTree));
            var analysis = output.WithAnalyzers([new KanAnalyzer()], new CompilationWithAnalyzersOptions(new AnalyzerOptions(_files, _options), null, false, false));
            ImmutableArray<Diagnostic> said = [.. analysis.GetAnalyzerDiagnosticsAsync(watchdog.Token).GetAwaiter().GetResult(), .. result.Diagnostics];
            Diagnostic[] errors = [.. output.GetDiagnostics(watchdog.Token).Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];

            var faults = said.Where(static diagnostic => diagnostic.Id is "AD0001" or "KAN0900").Select(static diagnostic => diagnostic.ToString()).ToList();
            faults.AddRange(errors.Where(error => error.Location.SourceTree != tree).Select(static error => "in generated code: " + error));
            if (!said.Any(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error) && errors.Length > 0 && Array.TrueForAll(errors, error => IsOwed(error, output)))
                faults.AddRange(errors.Select(static error => "a member is missing and nobody says why: " + error));
            return faults;
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
                        .Any(static attribute => attribute.AttributeClass?.ToDisplayString() is "Kan.KanNetworkAttribute" or "Kan.KanModelAttribute");
                case "CS8795":
                    var method = node.FirstAncestorOrSelf<MethodDeclarationSyntax>();
                    return method is not null && model.GetDeclaredSymbol(method)!.GetAttributes()
                        .Any(static attribute => attribute.AttributeClass?.ToDisplayString() == "Kan.PiecewiseLinearAttribute");
                default:
                    return false;
            }
        }
    }
}
