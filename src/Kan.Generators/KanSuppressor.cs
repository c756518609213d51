using System.Collections.Immutable;
using System.Linq;
using Kan.Generators.Attributes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Kan.Generators;

/// <summary>
/// Suppresses what other analyzers report because they do not know that a declaration is read when the project is compiled: that an edge
/// method is not used (IDE0051), and that a network is never instantiated (CA1812).
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class KanSuppressor : DiagnosticSuppressor
{
    private static readonly SuppressionDescriptor s_edge = new("KANS0001", "IDE0051", "An edge method is compiled into its network");
    private static readonly SuppressionDescriptor s_network = new("KANS0002", "CA1812", "The members of a network are static");

    /// <inheritdoc/>
    public override ImmutableArray<SuppressionDescriptor> SupportedSuppressions => [s_edge, s_network];

    /// <inheritdoc/>
    public override void ReportSuppressions(SuppressionAnalysisContext context)
    {
        foreach (var diagnostic in context.ReportedDiagnostics)
        {
            if (diagnostic.Location.SourceTree is not { } tree) continue;
            var node = tree.GetRoot(context.CancellationToken).FindNode(diagnostic.Location.SourceSpan);
            var symbol = context.GetSemanticModel(tree).GetDeclaredSymbol(node, context.CancellationToken);
            var suppression = SupportedSuppressions.FirstOrDefault(descriptor => descriptor.SuppressedDiagnosticId == diagnostic.Id);
            if (suppression is not null && symbol is not null && IsRead(symbol))
                context.ReportSuppression(Suppression.Create(suppression, diagnostic));
        }
    }

    private static bool IsRead(ISymbol symbol) => symbol switch
    {
        IMethodSymbol => AttributeReader.First(symbol, AttributeNames.EdgeFunction) is not null,
        INamedTypeSymbol => AttributeReader.First(symbol, AttributeNames.KanNetwork) is not null
            || AttributeReader.First(symbol, AttributeNames.KanModel) is not null,
        _ => false,
    };
}
