using System.Collections.Immutable;
using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Tool;

/// <summary>What the header of a network in C says about it.</summary>
internal static class CDescription
{
    public static ImmutableArray<string> Of(NetworkPlan plan) =>
    [
        string.Join(" -> ", plan.Layers.Select(static layer => layer.Form.InputCount).Append(plan.OutputCount)),
        .. plan.Layers.Select(static layer => $"  layer {layer.Index}: {layer.Form.Lowering}, {layer.Reason}"),
        double.IsInfinity(plan.ErrorBound)
            ? $"Each number is the model's exact number, rounded once; no error bound is certified, because {plan.Certificate.Reason}."
            : $"Each number is the model's exact number, rounded once; on the declared input ranges |computed - exact| <= "
            + $"{NumberText.Short(plan.ErrorBound)}, certified.",
        $"SHA-256 of the exact network: {plan.ContentHash}",
    ];
}
