using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Kan.CodeFixes.Plans;

/// <summary>Applies the same plan to all diagnostics of a document, a project or a solution, in one step.</summary>
internal sealed class PlanFixAllProvider : FixAllProvider
{
    public static PlanFixAllProvider Instance { get; } = new();

    public override async Task<CodeAction?> GetFixAsync(FixAllContext fixAllContext)
    {
        var plans = new List<FixPlan>();
        foreach (var document in DocumentsOf(fixAllContext))
        {
            var root = await document.GetSyntaxRootAsync(fixAllContext.CancellationToken).ConfigureAwait(false);
            if (root is null) continue;
            foreach (var diagnostic in await fixAllContext.GetDocumentDiagnosticsAsync(document).ConfigureAwait(false))
            {
                var possible = await ((PlannedFixProvider)fixAllContext.CodeFixProvider)
                    .PlanAsync(document, root, diagnostic, fixAllContext.CodeActionEquivalenceKey, fixAllContext.CancellationToken)
                    .ConfigureAwait(false);
                if (possible.FirstOrDefault(plan => plan.Key == fixAllContext.CodeActionEquivalenceKey) is { } plan) plans.Add(plan);
            }
        }

        return plans.Count == 0
            ? null
            : CodeAction.Create(plans[0].Title, cancellation => PlanWriter.ApplyAsync(fixAllContext.Solution, plans, cancellation),
                plans[0].Key);
    }

    private static IEnumerable<Document> DocumentsOf(FixAllContext context) => context.Scope switch
    {
        FixAllScope.Document when context.Document is { } document => [document],
        FixAllScope.Project => context.Project.Documents,
        FixAllScope.Solution => context.Solution.Projects.Where(static project => project.Language == LanguageNames.CSharp)
            .SelectMany(static project => project.Documents),
        _ => [],
    };
}
