using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;

namespace Kan.Analysis.Proofs;

/// <summary>Examines parts for statements about outputs: a case is settled by a combination of its conditions that is above 0.</summary>
internal sealed class OutputExaminer : Examiner
{
    private const int MostRows = 64;

    private readonly ConditionRow[][] _rows;
    private readonly Attack _attack;
    private readonly LeafChecker? _checker;
    private readonly double[] _bounds = new double[MostRows];

    public OutputExaminer(KanNetwork exact, ProofNetwork network, OutputStatement statement, ConditionRow[][] rows, ProverOptions options,
        CancellationToken cancellation)
        : base(network, options.TimeProvider)
    {
        _rows = rows;
        _attack = new Attack(exact, network, statement);
        if (options.IsChecked) _checker = new LeafChecker(exact, statement.Cases, cancellation);
    }

    /// <summary>The combinations of conditions that are tried: each alone, all together, and each two.</summary>
    public static ConditionRow[] Combinations(ForbiddenCase forbidden)
    {
        int count = forbidden.Conditions.Length;
        var rows = new List<ConditionRow>();
        for (int i = 0; i < count && rows.Count < MostRows - 1; i++) rows.Add(new ConditionRow(forbidden.Conditions, Factors(i, i)));
        if (count > 2) rows.Add(new ConditionRow(forbidden.Conditions, [.. Enumerable.Repeat(1, count)]));
        for (int i = 0; i < count; i++)
        {
            for (int j = i + 1; j < count && rows.Count < MostRows; j++) rows.Add(new ConditionRow(forbidden.Conditions, Factors(i, j)));
        }

        return [.. rows];

        ImmutableArray<int> Factors(int i, int j) => [.. Enumerable.Range(0, count).Select(k => k == i || k == j ? 1 : 0)];
    }

    public override Violation? Descend(int index, double[] x, double[] low, double[] high, int steps, double start,
        CancellationToken cancellation) =>
        _attack.Descend(index, x, low, high, steps, start, cancellation);

    protected override ProofClaim Nothing(int index) => new(index, _rows[index].Length == 0 ? [] : _rows[index][0].Factors);

    protected override ConditionRow? RowOf(int index) => _rows[index].FirstOrDefault();

    protected override void Settle(int index, Examined examined)
    {
        var rows = _rows[index];
        Pass.Rows.OfOutputs(rows, _bounds);
        int best = -1;
        for (int r = 0; r < rows.Length; r++)
        {
            if (rows[r].IsRefutedBy(_bounds[r]) || rows[r].IsRefutedBy(Pass.Low[^1], Pass.High[^1]))
            {
                examined.Claims.Add(new ProofClaim(index, rows[r].Factors));
                return;
            }

            if (best < 0 || _bounds[r] > _bounds[best]) best = r;
        }

        if (best >= 0 && (examined.Row is null || _bounds[best] < examined.Score))
            (examined.Score, examined.Row, examined.Worst) = (_bounds[best], rows[best], index);
    }

    /// <summary>Tries the point where the bound of a row is attained, and a few steps from it.</summary>
    protected override Violation? Try(Part part, Examined examined, CancellationToken cancellation)
    {
        double[] x = [.. part.Low];
        if (examined.Row is { } row)
        {
            Pass.Rows.OfOutputs([row], _bounds);
            var slopes = Pass.Rows.InputCoefficients(0);
            for (int p = 0; p < x.Length; p++) x[p] = slopes[p] > 0 ? part.Low[p] : part.High[p];
        }

        return _attack.Descend(examined.Worst, x, part.Low, part.High, 3, 0.25, cancellation);
    }

    protected override bool[] Check(Part part, IReadOnlyList<ProofClaim> claims) =>
        _checker?.Check(part.Low, part.High, part.Sides, part.Checked, claims) ?? [.. claims.Select(static _ => true)];

    protected override CheckedIntervals? Enclose(Part part) => _checker?.Enclose(part.Low, part.High, part.Sides, part.Checked);
}
