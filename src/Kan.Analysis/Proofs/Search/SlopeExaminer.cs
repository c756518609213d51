using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;

namespace Kan.Analysis.Proofs;

/// <summary>Examines parts for statements about slopes: a limit is settled where all slopes in the part meet it.</summary>
internal sealed class SlopeExaminer : Examiner
{
    private readonly KanNetwork _exact;
    private readonly ProofNetwork _network;
    private readonly SlopeStatement _statement;
    private readonly SlopeBounds _bounds;
    private readonly SlopeChecker? _checker;
    private readonly ConditionRow[] _rows;
    private readonly double[][] _levels, _slopes;
    private readonly (double Least, double Greatest)[] _limits;

    public SlopeExaminer(KanNetwork exact, ProofNetwork network, SlopeStatement statement, ProverOptions options,
        CancellationToken cancellation)
        : base(network, options.TimeProvider)
    {
        (_exact, _network, _statement) = (exact, network, statement);
        _bounds = new SlopeBounds(network);
        if (options.IsChecked) _checker = new SlopeChecker(exact, statement, cancellation);
        (_levels, _slopes) = (network.NewLevels(), network.NewLevels());
        _rows = [.. statement.Limits.Select(limit =>
            new ConditionRow(
                [new LinearCondition([.. Enumerable.Range(0, network.OutputCount).Select(q => (Rational)(q == limit.Output ? 1 : 0))], [],
                    Rational.Zero, IsStrict: false)], [1]))];

        // Doubles on the inner side: bounds that meet them meet the limits.
        _limits =
            [.. statement.Limits.Select(static limit =>
            (Inner(limit.Least ?? default, 1, limit.Least is null), Inner(limit.Greatest ?? default, -1, limit.Greatest is null)))];
    }

    protected override bool IsScoreOfRow => false;

    protected override ProofClaim Nothing(int index) => new(index, [], []);

    protected override ConditionRow? RowOf(int index) => _rows[index];

    protected override void Settle(int index, Part part, Examined examined)
    {
        var limit = _statement.Limits[index];
        _bounds.Run(Pass, limit.Output);
        double margin;
        if (limit.Input is { } input)
            margin = Math.Min(_bounds[input].Low - _limits[index].Least, _limits[index].Greatest - _bounds[input].High);
        else
        {
            double sum = 0;
            for (int p = 0; p < _network.InputCount; p++)
                sum = Directed.SumUp(sum, Math.Max(Math.Abs(_bounds[p].Low), Math.Abs(_bounds[p].High)));
            margin = _limits[index].Greatest - sum;
        }

        if (margin >= 0) examined.Claims.Add(new ProofClaim(index, [], []));
        else if (examined.Row is null || margin < examined.Score)
            (examined.Score, examined.Row, examined.Worst) = (margin, _rows[index], index);
    }

    protected override Violation? Try(Part part, Examined examined, CancellationToken cancellation)
    {
        double[] x = [.. part.Low.Select((low, p) => low + ((part.High[p] - low) / 2))];
        return Descend(examined.Worst, x, part.Low, part.High, 0, 0, cancellation);
    }

    /// <summary>Compares with points next to this one: slopes do not say where to go for others.</summary>
    public override Violation? Descend(int index, double[] x, double[] low, double[] high, int steps, double start,
        CancellationToken cancellation)
    {
        var limit = _statement.Limits[index];
        x.CopyTo(_levels[0], 0);
        PointEvaluation.Run(_network, _levels);
        Array.Clear(_slopes[^1]);
        _slopes[^1][limit.Output] = 1;
        PointEvaluation.Slopes(_network, _levels, _slopes);
        double slope = limit.Input is { } input ? _slopes[0][input] : _slopes[0].Sum(Math.Abs), slack = 1e-9 * (1 + Math.Abs(slope));
        if (!(slope < _limits[index].Least - slack || slope > _limits[index].Greatest + slack)) return null;
        for (double share = 0.25; share > 1e-9; share /= 16)
        {
            cancellation.ThrowIfCancellationRequested();
            double[] other = [.. x];
            for (int p = 0; p < x.Length; p++)
            {
                if (limit.Input is { } only && p != only) continue;
                double least = _statement.Box[p].Low.ToDouble(), greatest = _statement.Box[p].High.ToDouble(),
                    move = share * (high[p] - low[p]) * (limit.Input is null ? Math.Sign(_slopes[0][p]) : 1);
                other[p] = x[p] + move > greatest || x[p] + move < least ? x[p] - move : x[p] + move;
            }

            if (Confirm(limit, x, other) is { } violation) return violation;
        }

        return null;
    }

    protected override bool[] Check(Part part, IReadOnlyList<ProofClaim> claims) =>
        _checker?.Check(part.Low, part.High, part.Sides, part.Checked, claims) ?? [.. claims.Select(static _ => true)];

    protected override CheckedIntervals? Enclose(Part part) => _checker?.Enclose(part.Low, part.High, part.Sides, part.Checked);

    /// <summary>Whether the change between two points breaks the limit, exactly.</summary>
    private Violation? Confirm(SlopeLimit limit, double[] from, double[] to)
    {
        if (!from.All(double.IsFinite) || !to.All(double.IsFinite)) return null;
        ImmutableArray<Rational> x = [.. from.Select(Rational.FromDouble)], y = [.. to.Select(Rational.FromDouble)];
        if (!IsInside(x) || !IsInside(y)) return null;
        ImmutableArray<Rational> left = [.. _exact.Evaluate(x)], right = [.. _exact.Evaluate(y)];
        Rational change = right[limit.Output] - left[limit.Output], distance = Rational.Zero;
        for (int p = 0; p < x.Length; p++)
            distance = limit.Input is null ? Rational.Max(distance, Rational.Abs(y[p] - x[p])) : p == limit.Input ? y[p] - x[p] : distance;
        if (limit.Input is null) change = Rational.Abs(change);
        else if (distance.Sign < 0) (change, distance) = (-change, -distance);
        bool isBroken = !distance.IsZero
            && ((limit.Least is { } least && change < least * distance)
                || (limit.Greatest is { } greatest && change > greatest * distance));
        return isBroken ? new Violation(x, left, y, right) : null;
    }

    private bool IsInside(ImmutableArray<Rational> x) =>
        x.Select((value, p) => value >= _statement.Box[p].Low && value <= _statement.Box[p].High).All(static isInside => isInside);

    private static double Inner(Rational limit, int side, bool isAbsent)
    {
        if (isAbsent) return side > 0 ? double.NegativeInfinity : double.PositiveInfinity;
        double nearest = limit.ToDouble();
        if (!double.IsFinite(nearest)) return nearest;
        int order = Rational.FromDouble(nearest).CompareTo(limit);
        return order == 0 || order == side ? nearest : side > 0 ? Math.BitIncrement(nearest) : Math.BitDecrement(nearest);
    }
}
