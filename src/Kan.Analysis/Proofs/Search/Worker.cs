using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Linq;
using System.Threading;

namespace Kan.Analysis.Proofs;

/// <summary>Examines parts, one at a time; each thread has its own.</summary>
internal sealed class Worker
{
    // The most inputs for which boxes are split; beyond, nodes are.
    private const int FewInputs = 16;

    private readonly ProofNetwork _network;
    private readonly ConditionRow[][] _rows;
    private readonly Attack _attack;
    private readonly BoundPass _pass;
    private readonly SlopeRanges _slopes;
    private readonly NodeChoice _nodes;
    private readonly LeafChecker? _checker;
    private readonly double[] _bounds = new double[64];

    public Worker(KanNetwork exact, ProofNetwork network, OutputStatement statement, ConditionRow[][] rows, bool isChecked, CancellationToken cancellation)
    {
        _network = network;
        _rows = rows;
        _attack = new Attack(exact, network, statement);
        _pass = new BoundPass(network);
        _slopes = new SlopeRanges(network);
        _nodes = new NodeChoice(network);
        if (isChecked) _checker = new LeafChecker(exact, statement.Cases, cancellation);
    }

    public Attack Attack => _attack;

    /// <summary>Whether the checker keeps intervals of parts this deep, from which it goes on in their parts.</summary>
    public static bool IsBasis(int depth) => depth % 4 == 3;

    /// <summary>What the checker took.</summary>
    public TimeSpan CheckTime { get; private set; }

    /// <summary>The combinations of conditions that are tried: each alone, all together, and each two.</summary>
    public static ConditionRow[] Combinations(ForbiddenCase forbidden)
    {
        int count = forbidden.Conditions.Length;
        var rows = new List<ConditionRow>();
        for (int i = 0; i < count; i++) rows.Add(new ConditionRow(forbidden.Conditions, Factors(i, i)));
        if (count > 2) rows.Add(new ConditionRow(forbidden.Conditions, [.. Enumerable.Repeat(1, count)]));
        for (int i = 0; i < count; i++)
        {
            for (int j = i + 1; j < count && rows.Count < 60; j++) rows.Add(new ConditionRow(forbidden.Conditions, Factors(i, j)));
        }

        return [.. rows.Take(64)];

        ImmutableArray<int> Factors(int i, int j) => [.. Enumerable.Range(0, count).Select(k => k == i || k == j ? 1 : 0)];
    }

    public Examined Examine(Part part, CancellationToken cancellation)
    {
        var examined = new Examined { Open = part.Open };
        if (!_pass.Run(part.Low, part.High, part.Known))
        {
            // A checker that does not see it goes on with the parts of this part.
            foreach (int index in part.Open) examined.Claims.Add(new ProofClaim(index, _rows[index].Length == 0 ? [] : _rows[index][0].Factors));
            examined.IsEmpty = Accept(part, examined);
            if (examined.IsEmpty) return examined;
        }

        double worst = double.PositiveInfinity;
        ConditionRow? worstRow = null;
        int worstCase = -1;
        foreach (int index in part.Open)
        {
            var rows = _rows[index];
            _pass.Rows.OfOutputs(rows, _bounds);
            int best = -1;
            for (int r = 0; r < rows.Length; r++)
            {
                if (best < 0 || _bounds[r] > _bounds[best]) best = r;
                if (!rows[r].IsRefutedBy(_bounds[r])) continue;
                best = r;
                examined.Claims.Add(new ProofClaim(index, rows[r].Factors));
                break;
            }

            if (best < 0 || rows[best].IsRefutedBy(_bounds[best]) || !(worstRow is null || _bounds[best] < worst)) continue;
            (worst, worstRow, worstCase) = (_bounds[best], rows[best], index);
        }

        examined.Score = worst;

        bool areAccepted = Accept(part, examined);
        examined.Open = [.. part.Open.Where(index => examined.Claims.All(claim => claim.Case != index))];
        if (examined.Open.Length == 0) return examined;
        if (worstRow is null) (worstCase, worstRow) = (examined.Open[0], _rows[examined.Open[0]].FirstOrDefault());
        Try(part, examined, worstCase, worstRow, cancellation);
        if (examined.Violation is null && worstRow is not null) Split(part, examined, worstRow);
        examined.Checked = part.Checked;
        if (_checker is not null && IsBasis(part.Depth)) Measure(() => examined.Checked = _checker.Enclose(part.Low, part.High, part.Sides, part.Checked));
        return examined;
    }

    /// <summary>Asks the checker about the claims, and keeps those that it derives too.</summary>
    private bool Accept(Part part, Examined examined)
    {
        if (examined.Claims.Count == 0 || _checker is null) return true;
        bool[] accepted = [];
        Measure(() => accepted = _checker.Check(part.Low, part.High, part.Sides, part.Checked, examined.Claims));
        for (int i = accepted.Length - 1; i >= 0; i--)
        {
            if (!accepted[i]) examined.Claims.RemoveAt(i);
        }

        return accepted.All(static isAccepted => isAccepted);
    }

    private void Measure(Action check)
    {
        long start = Stopwatch.GetTimestamp();
        check();
        CheckTime += Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Tries the point where the bound of a row is attained, and a few steps from it.</summary>
    private void Try(Part part, Examined examined, int index, ConditionRow? row, CancellationToken cancellation)
    {
        double[] x = new double[part.Low.Length];
        if (row is not null) _pass.Rows.OfOutputs([row], _bounds);
        var slopes = row is null ? default : _pass.Rows.InputCoefficients(0);
        for (int p = 0; p < x.Length; p++) x[p] = row is null ? part.Low[p] : slopes[p] > 0 ? part.Low[p] : part.High[p];
        examined.Violation = _attack.Descend(index, x, part.Low, part.High, 3, 0.25, cancellation);
    }

    private void Split(Part part, Examined examined, ConditionRow row)
    {
        examined.Known = NodeIntervals.Of(_network, _pass);
        if (part.Low.Length > FewInputs && _nodes.TryChoose(_pass, row, out var choice)) (examined.Level, examined.Node, examined.At) = choice;
        else SplitBox(part, examined, row);
    }

    private void SplitBox(Part part, Examined examined, ConditionRow row)
    {
        _slopes.Run(_pass, row.Outputs);
        double best = -1;
        for (int p = 0; p < part.Low.Length; p++)
        {
            var (center, radius) = _slopes[p];
            double width = part.High[p] - part.Low[p], score = (Math.Abs(center) + radius) * width, middle = part.Low[p] + (width / 2);
            if (!(score > best) || !(middle > part.Low[p] && middle < part.High[p])) continue;
            (best, examined.Level, examined.Node, examined.At) = (score, 0, p, middle);
        }
    }
}
