using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Kan.CodeFixes.Plans;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kan.CodeFixes.Smooth;

/// <summary>
/// Replaces the code of an edge, a curve or a method that these call by breakpoints and slopes that stay within a certified error of it on
/// a domain. The domain and the error are chosen in the editor, or named by a comment in front of the method.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SmoothFunctionFix)), Shared]
public sealed class SmoothFunctionFix : PlannedFixProvider
{
    private const string Marked = nameof(SmoothFunctionFix) + ".Marked";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds =>
        [DiagnosticIds.NotPiecewiseLinear, DiagnosticIds.VaryingTermsMultiplied, DiagnosticIds.VaryingDivisor];

    internal override async Task<ImmutableArray<FixPlan>> PlanAsync(Document document, SyntaxNode root, Diagnostic diagnostic, string? key,
        CancellationToken cancellation)
    {
        var syntax = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true)
            .FirstAncestorOrSelf<MethodDeclarationSyntax>();
        var model = await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false);
        if (syntax is null || model?.GetDeclaredSymbol(syntax, cancellation) is not { } method) return [];
        if (FunctionRewriter.For(syntax, method, model, cancellation) is not { } rewriter) return [];
        if (SmoothFunctionReader.Read(method, model.Compilation, cancellation) is not { } function) return [];

        var plans = ImmutableArray.CreateBuilder<FixPlan>();
        if (key is null or Marked && rewriter.MarkedGoal is { } marked
            && CertifiedNumbers.Create(function, marked, cancellation) is { } wanted)
            plans.Add(Plan("Approximate '" + method.Name + "' " + Description(wanted), Marked, wanted));
        foreach (var numbers in Choices(function, key, cancellation))
            plans.Add(Plan(Description(numbers), KeyOf(numbers.Goal),
                numbers) with
            { Group = "Approximate '" + method.Name + "' by a piecewise-linear function" });
        return plans.ToImmutable();

        FixPlan Plan(string title, string planKey, CertifiedNumbers numbers) =>
            new(title, planKey, document, syntax, rewriter.Edits(numbers));
    }

    private static IEnumerable<CertifiedNumbers> Choices(RealFunction function, string? key, CancellationToken cancellation)
    {
        bool fromZero = false;
        foreach (var domain in ApproximationGoal.Domains)
        {
            // Domains that keep away from 0 are for functions with a pole there.
            if (domain.Low == 1 && fromZero) continue;
            double reached = double.PositiveInfinity;
            foreach (double error in ApproximationGoal.Errors)
            {
                var goal = new ApproximationGoal(domain, error);
                if ((key is not null && key != KeyOf(goal)) || reached <= error) continue;

                // Where a coarse approximation is out of reach, so is a fine one.
                if (CertifiedNumbers.Create(function, goal, cancellation) is not { } numbers) break;
                if (domain.Low == 0 && domain.High > 1) fromZero = true;
                reached = numbers.ErrorBound;
                yield return numbers;
            }
        }
    }

    private static string KeyOf(ApproximationGoal goal) => nameof(SmoothFunctionFix) + "." + goal;

    private static string Description(CertifiedNumbers numbers) =>
        numbers.Goal + " (" + numbers.Segments + (numbers.Segments == 1 ? " segment)" : " segments)");
}
