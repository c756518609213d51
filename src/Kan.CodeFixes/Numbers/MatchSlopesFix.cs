using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Kan.CodeFixes.Plans;
using Kan.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kan.CodeFixes.Numbers;

/// <summary>
/// Gives as many slopes as there are segments: repeats the last, so that the function continues as it ends, or drops those at the end.
/// Where one of the two lists is empty it is what is missing, and nothing is offered.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MatchSlopesFix)), Shared]
public sealed class MatchSlopesFix : PlannedFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [DiagnosticIds.WrongSlopeCount];

    internal override Task<ImmutableArray<FixPlan>> PlanAsync(Document document, SyntaxNode root, Diagnostic diagnostic, string? key,
        CancellationToken cancellation) =>
        Task.FromResult(Plan(document, root, diagnostic));

    private static ImmutableArray<FixPlan> Plan(Document document, SyntaxNode root, Diagnostic diagnostic)
    {
        if (root.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<AttributeSyntax>() is not { } attribute) return [];
        if (DiagnosticProperties.Read(diagnostic.Properties, DiagnosticProperties.Numbers) is not { Length: > 0 } values) return [];
        if (NumberList.From(attribute, "Breakpoints") is not { Items.Length: > 0 and var breakpoints }
            || NumberList.From(attribute, "Slopes") is not { } slopes) return [];
        int missing = breakpoints + 1 - values.Length;
        if (slopes.Items.Length != values.Length || missing == 0) return [];

        var order = Enumerable.Range(0, breakpoints + 1).Select(i => i < values.Length ? i : values.Length - 1).ToArray();
        if (slopes.Arrange(order) is not { } changed) return [];
        var dropped = slopes.Items.Skip(breakpoints + 1).Select(static item => item.ToString()).ToArray();
        string title = missing > 0
            ? "Repeat the last slope, " + slopes.Items[values.Length - 1]
            + (missing == 1 ? ", for the last segment" : ", for the last " + missing + " segments")
            : "Drop the last " + (missing == -1 ? "slope, " : -missing + " slopes, ") + string.Join(", ", dropped);
        string doing = missing > 0 ? "Repeat" : "Drop";
        return [new FixPlan(title, nameof(MatchSlopesFix) + "." + doing, document, attribute, [new(slopes.Expression, _ => changed)])];
    }
}
