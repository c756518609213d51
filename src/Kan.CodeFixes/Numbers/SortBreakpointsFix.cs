using System.Collections.Generic;
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
/// Sorts breakpoints, each together with the slope right of it, as rates follow their thresholds in a table; the first slope, which holds
/// left of all breakpoints, stays. Between two equal adjacent breakpoints the segment is empty, so its slope is removed. Equal breakpoints
/// that are not adjacent specify the same segment twice: unless their slopes are equal, no order is right and none is offered.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SortBreakpointsFix)), Shared]
public sealed class SortBreakpointsFix : PlannedFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [DiagnosticIds.BreakpointsDoNotIncrease];

    internal override async Task<ImmutableArray<FixPlan>> PlanAsync(Document document, SyntaxNode root, Diagnostic diagnostic, string? key,
        CancellationToken cancellation)
    {
        if (root.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<AttributeSyntax>() is not { } attribute) return [];
        if (DiagnosticProperties.Read(diagnostic.Properties, DiagnosticProperties.Numbers) is not { } values) return [];
        if (NumberList.From(attribute, "Breakpoints") is not { } breakpoints || NumberList.From(attribute, "Slopes") is not { } slopes)
            return [];
        if (breakpoints.Items.Length != values.Length || slopes.Items.Length != values.Length + 1) return [];
        var model = await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false);
        if (model is null || Order(values, slopes.Items.Select(item => model.GetConstantValue(item, cancellation).Value).ToArray())
            is not { } order) return [];
        if (breakpoints.Arrange(order) is not { } newBreakpoints
            || slopes.Arrange([0, .. order.Select(static index => index + 1)]) is not { } newSlopes) return [];

        bool isSorted = values.Zip(values.Skip(1), static (a, b) => a <= b).All(static rises => rises),
            hasCopies = order.Count < values.Length;
        string title = (isSorted, hasCopies) switch
        {
            (true, _) => "Remove duplicate breakpoints, with the slope between them",
            (_, true) => "Sort breakpoints, each with the slope to its right, and keep the last of equal ones",
            _ => "Sort breakpoints, each with the slope to its right",
        };
        return [new FixPlan(title, nameof(SortBreakpointsFix), document, attribute,
            [new(breakpoints.Expression, _ => newBreakpoints), new(slopes.Expression, _ => newSlopes)])];
    }

    /// <summary>The indices of the breakpoints that stay, in increasing order; null if two of them contradict each other.</summary>
    private static List<int>? Order(ImmutableArray<double> values, object?[] slopes)
    {
        var sorted = Enumerable.Range(0, values.Length).OrderBy(i => values[i]).ToArray();
        var order = new List<int>();
        foreach (int index in sorted)
        {
            if (order.Count > 0 && values[order[order.Count - 1]] == values[index])
            {
                int before = order[order.Count - 1];
                if (index != before + 1 && !(slopes[before + 1] is { } slope && slope.Equals(slopes[index + 1]))) return null;
                order.RemoveAt(order.Count - 1);
            }

            order.Add(index);
        }

        return order;
    }
}
