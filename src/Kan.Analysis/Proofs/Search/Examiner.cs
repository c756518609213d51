using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Kan.Analysis.Proofs;

/// <summary>Examines parts of a box, one at a time; each thread has its own.</summary>
internal abstract class Examiner(ProofNetwork network, TimeProvider clock)
{
    // The most inputs for which boxes are split before nodes are.
    public const int FewInputs = 16;

    // With few inputs: the most nodes that bend where one of them is split, and where one may be.
    private const int FewNodes = 4, SomeNodes = 40;

    // A part this small whose bound is this close to enough meets the limit exactly: its parts would too.
    private const int MostDepth = 1000, NearDepth = 20;
    private const double Near = 1e-11;

    private readonly SlopeRanges _slopes = new(network);
    private readonly NodeChoice _nodes = new(network);

    /// <summary>What the checker took.</summary>
    public TimeSpan CheckTime { get; private set; }

    protected BoundPass Pass { get; } = new(network);

    public Examined Examine(Part part, CancellationToken cancellation)
    {
        var examined = new Examined { Checked = part.Checked };
        if (!Pass.Run(part.Low, part.High, part.Known))
        {
            // A checker that does not see it gets the parts of this part.
            examined.Claims.AddRange(part.Open.Select(Nothing));
            if (Accept(part, examined))
            {
                examined.IsEmpty = true;
                return examined;
            }
        }

        foreach (int index in part.Open) Settle(index, part, examined);
        Accept(part, examined);
        examined.Open = [.. part.Open.Where(index => examined.Claims.All(claim => claim.Case != index))];
        if (examined.Open.Length == 0) return examined;
        if (!examined.Open.Contains(examined.Worst))
        {
            // The checker does not accept what the prover claims.
            (examined.Worst, examined.Row, examined.Score) = (examined.Open[0], RowOf(examined.Open[0]), examined.ClaimedScore);
        }

        examined.Violation = Try(part, examined, cancellation);
        if (examined.Violation is not null || examined.Row is null) return examined;
        if (part.Depth >= MostDepth || (part.Depth >= NearDepth && Math.Abs(examined.Score) < Near)) return examined;
        Split(part, examined, examined.Row);
        if (CheckedIntervals.IsBasis(part.Depth, part.Low.Length)) Measure(() => examined.Checked = Enclose(part));
        return examined;
    }

    /// <summary>Whether how far a part is from being settled is a bound of a row.</summary>
    protected abstract bool IsScoreOfRow { get; }

    /// <summary>Descends from a point, which it moves, towards a violation of a case.</summary>
    public abstract Violation? Descend(int index, double[] x, double[] low, double[] high, int steps, double start,
        CancellationToken cancellation);

    /// <summary>A claim of a case for a part in which no input is left.</summary>
    protected abstract ProofClaim Nothing(int index);

    /// <summary>Claims a case if the bounds settle it; otherwise notes it if it is farther from that than the others.</summary>
    protected abstract void Settle(int index, Part part, Examined examined);

    /// <summary>What decides where to split for a case; null if splitting is of no use.</summary>
    protected abstract ConditionRow? RowOf(int index);

    protected abstract Violation? Try(Part part, Examined examined, CancellationToken cancellation);

    /// <summary>Which claims the checker derives too; all if there is none.</summary>
    protected abstract bool[] Check(Part part, IReadOnlyList<ProofClaim> claims);

    protected abstract CheckedIntervals? Enclose(Part part);

    private bool Accept(Part part, Examined examined)
    {
        if (examined.Claims.Count == 0) return true;
        bool[] accepted = [];
        Measure(() => accepted = Check(part, examined.Claims));
        for (int i = accepted.Length - 1; i >= 0; i--)
        {
            if (!accepted[i]) examined.Claims.RemoveAt(i);
        }

        return accepted.All(static isAccepted => isAccepted);
    }

    private void Measure(Action check)
    {
        long start = clock.GetTimestamp();
        check();
        CheckTime += clock.GetElapsedTime(start);
    }

    /// <summary>
    /// The node to split: with many inputs; where so few bend that splitting them soon ends; or where some more do, and the bound would do
    /// without what it loses by a few of them. Null if an input is to be split.
    /// </summary>
    private (int Level, int Node, double At)? NodeToSplit(Part part, Examined examined, ConditionRow row)
    {
        bool hasManyInputs = part.Low.Length > FewInputs;
        int count = hasManyInputs ? 0 : IsScoreOfRow ? _nodes.CountOf(Pass) : int.MaxValue;
        if (count > SomeNodes || !_nodes.TryChoose(Pass, row, out var choice)) return null;
        return hasManyInputs || count <= FewNodes || (examined.Score * examined.Scale) + _nodes.LargestLosses > 0 ? choice : null;
    }

    private void Split(Part part, Examined examined, ConditionRow row)
    {
        examined.Known = NodeIntervals.Of(network, Pass);
        if (NodeToSplit(part, examined, row) is { } choice)
        {
            (examined.Level, examined.Node, examined.At) = choice;
            return;
        }

        _slopes.Run(Pass, row.Outputs);
        double best = -1;
        for (int p = 0; p < part.Low.Length; p++)
        {
            var (center, radius) = _slopes[p];
            double width = part.High[p] - part.Low[p], score = (Math.Abs(center) + radius) * width, middle = part.Low[p] + (width / 2);
            if (!(score > best) || !(middle > part.Low[p] && middle < part.High[p])) continue;

            // At a knot the functions of the input are affine on both sides.
            (best, examined.Level, examined.Node, examined.At) =
                (score, 0, p, NodeChoice.Knot(network.Layers[0], p, part.Low[p], part.High[p]) ?? middle);
        }
    }
}
