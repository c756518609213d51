using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;

namespace Kan.CodeFixes.Plans;

/// <summary>Carries plans out.</summary>
internal static class PlanWriter
{
    /// <summary>The solution with all changes of some plans.</summary>
    public static async Task<Solution> ApplyAsync(Solution solution, IEnumerable<FixPlan> plans, CancellationToken cancellation)
    {
        foreach (var inDocument in plans.GroupBy(static plan => plan.Document.Id))
        {
            var root = await inDocument.First().Document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false);
            if (root is null) continue;
            var edits = inDocument.GroupBy(static plan => plan.Subject).Select(static same => same.First())
                .SelectMany(static plan => plan.Edits).ToLookup(static edit => edit.Node);
            root = root.ReplaceNodes(
                edits.Select(static edit => edit.Key),
                (original, current) => edits[original].Aggregate(current, static (node, edit) => edit.Rewrite(node)));
            solution = solution.WithDocumentSyntaxRoot(inDocument.Key, Removal.Apply(root));
        }

        return solution;
    }
}
