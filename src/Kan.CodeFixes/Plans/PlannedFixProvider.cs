using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Kan.CodeFixes.Plans;

/// <summary>A fix that is planned in full, and so known to be possible, before it is offered.</summary>
public abstract class PlannedFixProvider : CodeFixProvider
{
    /// <summary>The ways of fixing a diagnostic; none if it cannot be fixed.</summary>
    /// <param name="document">Where it is reported.</param>
    /// <param name="root">The tree of the document.</param>
    /// <param name="diagnostic">The diagnostic.</param>
    /// <param name="key">The key of the only plan that is wanted; null for all.</param>
    /// <param name="cancellation">Cancels.</param>
    internal abstract Task<ImmutableArray<FixPlan>> PlanAsync(Document document, SyntaxNode root, Diagnostic diagnostic, string? key,
        CancellationToken cancellation);

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => PlanFixAllProvider.Instance;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is null) return;
        foreach (var diagnostic in context.Diagnostics)
        {
            var plans = await PlanAsync(context.Document, root, diagnostic, null, context.CancellationToken).ConfigureAwait(false);
            foreach (var plan in plans.Where(static plan => plan.Group is null)) context.RegisterCodeFix(ActionOf(plan), diagnostic);
            foreach (var group in plans.Where(static plan => plan.Group is not null).GroupBy(static plan => plan.Group!))
                context.RegisterCodeFix(CodeAction.Create(group.Key, [.. group.Select(ActionOf)], isInlinable: false), diagnostic);
        }
    }

    private static CodeAction ActionOf(FixPlan plan) =>
        CodeAction.Create(plan.Title, cancellation => PlanWriter.ApplyAsync(plan.Document.Project.Solution, [plan], cancellation),
            plan.Key);
}
