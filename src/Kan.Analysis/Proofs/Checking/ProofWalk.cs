using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;

namespace Kan.Analysis.Proofs;

/// <summary>
/// Follows a recorded proof: the parts cover each box by the way they are split, and in each part every case is claimed and checked.
/// </summary>
internal static class ProofWalk
{
    /// <summary>Null if the proof holds; otherwise why not.</summary>
    public static string? Follow(KanNetwork network, Statement statement, IReadOnlyList<ProofNode> roots, CancellationToken cancellation)
    {
        if (statement is OutputStatement outputs)
        {
            var checker = new LeafChecker(network, outputs.Cases, cancellation);
            var boxes = outputs.Cases.Select(static (forbidden, i) => (forbidden.Box, Case: i))
                .GroupBy(static pair => string.Join(';', pair.Box))
                .Select(static group => (group.First().Box, group.Select(static pair => pair.Case).ToArray())).ToList();
            if (boxes.Any(box => box.Box.Length != network.InputCount)
                || outputs.Cases.Any(forbidden => forbidden.Conditions.Any(condition => condition.Outputs.Length != network.OutputCount)))
                return "The statement does not fit the network.";
            if (outputs.Cases.IsEmpty) return roots.Count == 0 ? null : "The proof has parts, but the statement has no case.";
            bool IsClaim(ProofClaim claim) =>
                claim.Case >= 0 && claim.Case < outputs.Cases.Length && claim.Factors.Length == outputs.Cases[claim.Case].Conditions.Length;
            return Follow(network, roots, boxes, IsClaim, checker.Check, checker.Enclose, cancellation);
        }

        var slopes = (SlopeStatement)statement;
        var other = new SlopeChecker(network, slopes, cancellation);
        return Follow(network, roots, [(slopes.Box, [.. Enumerable.Range(0, slopes.Limits.Length)])],
            claim => claim.Case >= 0 && claim.Case < slopes.Limits.Length, other.Check, other.Enclose, cancellation);
    }

    private static string? Follow(
        KanNetwork network,
        IReadOnlyList<ProofNode> roots,
        List<(ImmutableArray<InputRange> Box, int[] Cases)> boxes,
        Func<ProofClaim, bool> isClaim,
        Func<double[], double[], IReadOnlyList<NodePart>, CheckedIntervals?, IReadOnlyList<ProofClaim>, bool[]> check,
        Func<double[], double[], IReadOnlyList<NodePart>, CheckedIntervals?, CheckedIntervals> enclose,
        CancellationToken cancellation)
    {
        if (roots.Count != boxes.Count) return $"The proof has {roots.Count} boxes, but the statement has {boxes.Count}.";
        for (int i = 0; i < roots.Count; i++)
        {
            double[] low = [.. boxes[i].Box.Select(static range => Outside(range.Low, -1))],
                high = [.. boxes[i].Box.Select(static range => Outside(range.High, 1))];
            var open = new Stack<(ProofNode Node, double[] Low, double[] High, NodePart[] Sides, int[] Cases, int Depth,
                CheckedIntervals? Within)>();
            open.Push((roots[i], low, high, [], boxes[i].Cases, 0, null));
            while (open.TryPop(out var part))
            {
                cancellation.ThrowIfCancellationRequested();
                var node = part.Node;
                if (!node.Claims.All(isClaim)) return "A claim is about a case that the statement does not have.";
                if (node.Claims.Count > 0 && !Array.TrueForAll(check(part.Low, part.High, part.Sides, part.Within, node.Claims),
                    static holds => holds)) return "A claim about a part does not hold.";
                int[] cases = [.. part.Cases.Where(index => node.Claims.All(claim => claim.Case != index))];
                if (node.Level < 0)
                {
                    if (cases.Length > 0) return "A part is not split further although nothing settles it.";
                    continue;
                }

                if (node.Level >= network.Layers.Length
                    || node.Node >= (node.Level == 0 ? network.InputCount
                        : network.Layers[node.Level - 1].OutputCount)) return "A part is split at a node that the network does not have.";
                var within = CheckedIntervals.IsBasis(part.Depth, low.Length)
                    ? enclose(part.Low, part.High, part.Sides, part.Within)
                    : part.Within;
                foreach (bool isAbove in (bool[])[true, false])
                {
                    double[] lower = part.Low, upper = part.High;
                    var sides = part.Sides;
                    if (node.Level > 0) sides = [.. sides, new NodePart(node.Level, node.Node, node.At, isAbove)];
                    else if (isAbove) (lower = [.. lower])[node.Node] = Math.Max(node.At, lower[node.Node]);
                    else (upper = [.. upper])[node.Node] = Math.Min(node.At, upper[node.Node]);
                    open.Push((isAbove ? node.Above! : node.Below!, lower, upper, sides, cases, part.Depth + 1, within));
                }
            }
        }

        return null;
    }

    /// <summary>A double on the outer side of an exact number, or that number.</summary>
    private static double Outside(Rational exact, int side)
    {
        double nearest = exact.ToDouble();
        if (!double.IsFinite(nearest) || Rational.FromDouble(nearest) == exact) return nearest;
        bool isAbove = Rational.FromDouble(nearest) > exact;
        return isAbove == side > 0 ? nearest : side > 0 ? Math.BitIncrement(nearest) : Math.BitDecrement(nearest);
    }
}
