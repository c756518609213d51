using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Kan.Analysis.Proofs;

/// <summary>
/// Re-derives limits of slopes from the exact network and the checker's intervals of its nodes, each operation rounded to its safe side.
/// </summary>
internal sealed class SlopeChecker(KanNetwork network, SlopeStatement statement, CancellationToken cancellation)
{
    private readonly LeafChecker _intervals = new(network, [], cancellation);

    // By layer: output and input, and for each knot and each slope the doubles on both sides, or twice the same.
    private readonly (int Output, int Input, (double Low, double High)[] Knots, (double Low, double High)[] Slopes)[][] _edges =
        [.. network.Layers.Select(static layer => layer.Edges.Select(static edge =>
        (edge.Output, edge.Input, edge.Function.Breakpoints.Select(Around).ToArray(), edge.Function.Slopes.Select(Around).ToArray()))
            .ToArray())];

    public CheckedIntervals Enclose(double[] low, double[] high, IReadOnlyList<NodePart> parts, CheckedIntervals? within) =>
        _intervals.Enclose(low, high, parts, within);

    /// <summary>Whether each claimed limit holds in a box.</summary>
    public bool[] Check(double[] low, double[] high, IReadOnlyList<NodePart> parts, CheckedIntervals? within,
        IReadOnlyList<ProofClaim> claims)
    {
        var nodes = _intervals.Enclose(low, high, parts, within);
        bool isEmpty = Enumerable.Range(0, nodes.Low.Length)
            .Any(l => Enumerable.Range(0, nodes.Low[l].Length).Any(q => nodes.Low[l][q] > nodes.High[l][q]));
        return [.. claims.Select(claim => isEmpty || Holds(statement.Limits[claim.Case], nodes))];
    }

    private bool Holds(SlopeLimit limit, CheckedIntervals nodes)
    {
        var slopes = new (double Low, double High)[network.OutputCount];
        slopes[limit.Output] = (1, 1);
        for (int l = _edges.Length - 1; l >= 0; l--)
        {
            var before = new (double Low, double High)[network.Layers[l].InputCount];
            foreach (var (output, input, knots, own) in _edges[l])
            {
                var (c, d) = slopes[output];
                if (c == 0 && d == 0) continue;
                var sum = (Low: double.PositiveInfinity, High: double.NegativeInfinity);
                for (int s = 0; s < own.Length; s++)
                {
                    // The segments that reach into the interval. One that only touches it holds nowhere inside: where the node stays on the
                    // knot, its own slope is 0.
                    double left = s > 0 ? knots[s - 1].Low : double.NegativeInfinity,
                        right = s < knots.Length ? knots[s].High : double.PositiveInfinity;
                    double least = nodes.Low[l][input], most = nodes.High[l][input];
                    if (least < most ? left >= most || right <= least : left > most || right < least) continue;
                    var (a, b) = own[s];
                    double low = -Math.Max(Math.Max(Product(-c, a), Product(-c, b)), Math.Max(Product(-d, a), Product(-d, b)));
                    double high = Math.Max(Math.Max(Product(c, a), Product(c, b)), Math.Max(Product(d, a), Product(d, b)));
                    sum = (Math.Min(sum.Low, low), Math.Max(sum.High, high));
                }

                before[input] = (-Sum(-before[input].Low, -sum.Low), Sum(before[input].High, sum.High));
            }

            slopes = before;
        }

        if (limit.Input is not { } only)
        {
            double all = 0;
            foreach (var (low, high) in slopes) all = Sum(all, Math.Max(Math.Abs(low), Math.Abs(high)));
            return double.IsFinite(all) && Rational.FromDouble(all) <= limit.Greatest!.Value;
        }

        var slope = slopes[only];
        return double.IsFinite(slope.Low) && double.IsFinite(slope.High)
            && (limit.Least is not { } lower || Rational.FromDouble(slope.Low) >= lower)
            && (limit.Greatest is not { } upper || Rational.FromDouble(slope.High) <= upper);
    }

    private static (double Low, double High) Around(Rational exact)
    {
        double nearest = exact.ToDouble();
        return double.IsFinite(nearest) && Rational.FromDouble(nearest) == exact
            ? (nearest, nearest)
            : (Math.BitDecrement(nearest), Math.BitIncrement(nearest));
    }

    /// <summary>A product rounded up, exact where a double holds it; 0 only where a factor is.</summary>
    private static double Product(double a, double b)
    {
        if (a == 0 || b == 0) return 0;
        double product = a * b;
        return Math.Abs(product) > 1e-200 && Math.FusedMultiplyAdd(a, b, -product) == 0 ? product : Math.BitIncrement(product);
    }

    /// <summary>A sum rounded up, exact where a double holds it.</summary>
    private static double Sum(double a, double b)
    {
        double sum = a + b, part = sum - a;
        return (a - (sum - part)) + (b - part) == 0 ? sum : Math.BitIncrement(sum);
    }
}
