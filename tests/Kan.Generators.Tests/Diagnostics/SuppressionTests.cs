extern alias generators;

using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using generators::Kan.Generators;
using Kan.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace Kan.Generators.Tests.Diagnostics;

/// <summary>What other analyzers say of networks because they do not know them is suppressed, and nothing else.</summary>
public sealed class SuppressionTests
{
    [Fact]
    public async Task Edge_methods_count_as_used_and_networks_as_instantiated()
    {
        const string Source = """
            using Kan;
            [KanNetwork(1, 1)]
            internal sealed partial class Risk
            {
                [EdgeFunction(0, 0, 0)]
                private static double Edge(double x) => Helper(x);
                private static double Helper(double x) => x;
            }
            [KanModel("a.onnx")] internal sealed partial class Read;
            internal sealed class Other { private static double Unused(double x) => x; }
            """;
        var compilation = GeneratorHarness.Start(Source).Output;
        var analysis = compilation.WithAnalyzers([new Complainer(), new KanSuppressor()],
            new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), null, true, false, reportSuppressedDiagnostics: true));
        var diagnostics = await analysis.GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        string[] Named(bool isSuppressed) => [.. diagnostics.Where(diagnostic => diagnostic.IsSuppressed == isSuppressed)
            .Select(static diagnostic => diagnostic.Id + " "
                + diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan)).Distinct()
                .Order(StringComparer.Ordinal)];
        Assert.Equal(["CA1812 Read", "CA1812 Risk", "IDE0051 Edge"], Named(isSuppressed: true));
        Assert.Equal(["CA1812 Other", "IDE0051 Helper", "IDE0051 Unused"], Named(isSuppressed: false));
    }

#pragma warning disable RS1001, RS1029, RS1036, RS1041, RS2008 // It is no analyzer of the product.
    /// <summary>Reports every private method and every internal class, as IDE0051 and CA1812 would at the same places.</summary>
    [DiagnosticAnalyzer(LanguageNames.CSharp)]
    private sealed class Complainer : DiagnosticAnalyzer
    {
        private static readonly DiagnosticDescriptor s_unused =
            new("IDE0051", "Unused", "Unused", "Test", DiagnosticSeverity.Warning, true);
        private static readonly DiagnosticDescriptor s_idle = new("CA1812", "Idle", "Idle", "Test", DiagnosticSeverity.Warning, true);

        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [s_unused, s_idle];

        public override void Initialize(AnalysisContext context)
        {
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.EnableConcurrentExecution();
            context.RegisterSymbolAction(static symbol => symbol.ReportDiagnostic(Diagnostic.Create(s_idle, symbol.Symbol.Locations[0])),
                SymbolKind.NamedType);
            context.RegisterSymbolAction(
                static symbol =>
                {
                    if (symbol.Symbol is IMethodSymbol { DeclaredAccessibility: Accessibility.Private, MethodKind: MethodKind.Ordinary }
                        && symbol.Symbol.Locations[0].SourceTree!.FilePath.Length > 0)
                        symbol.ReportDiagnostic(Diagnostic.Create(s_unused, symbol.Symbol.Locations[0]));
                },
                SymbolKind.Method);
        }
    }
}
