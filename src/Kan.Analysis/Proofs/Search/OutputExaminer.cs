using System;
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
    private readonly ImmutableArray<LinearCondition>[] _conditions;
    private readonly int _outputs;
    private readonly double[] _bounds = new double[MostRows];

    public OutputExaminer(KanNetwork exact, ProofNetwork network, OutputStatement statement, ConditionRow[][] rows, ProverOptions options,
        CancellationToken cancellation)
        : base(network, options.TimeProvider)
    {
        _rows = rows;
        _conditions = [.. statement.Cases.Select(static forbidden => forbidden.Conditions)];
        _outputs = network.OutputCount;
        _attack = new Attack(exact, network, statement);
        if (options.IsChecked) _checker = new LeafChecker(exact, statement.Cases, cancellation);
    }

    /// <summary>
    /// The combinations of conditions that are tried first: each alone, all together, and with many inputs, for which none are looked for,
    /// each two.
    /// </summary>
    public static ConditionRow[] Combinations(ForbiddenCase forbidden)
    {
        int count = forbidden.Conditions.Length;
        var rows = new List<ConditionRow>();
        for (int i = 0; i < count && rows.Count < MostRows - 1; i++) rows.Add(new ConditionRow(forbidden.Conditions, Factors(i, i)));
        if (count > 2) rows.Add(new ConditionRow(forbidden.Conditions, [.. Enumerable.Repeat(1, count)]));
        for (int i = 0; forbidden.Box.Length > FewInputs && i < count; i++)
        {
            for (int j = i + 1; j < count && rows.Count < MostRows; j++) rows.Add(new ConditionRow(forbidden.Conditions, Factors(i, j)));
        }

        return [.. rows];

        ImmutableArray<int> Factors(int i, int j) => [.. Enumerable.Range(0, count).Select(k => k == i || k == j ? 1 : 0)];
    }

    public override Violation? Descend(int index, double[] x, double[] low, double[] high, int steps, double start,
        CancellationToken cancellation) =>
        _attack.Descend(index, x, low, high, steps, start, cancellation);

    protected override bool IsScoreOfRow => true;

    protected override ProofClaim Nothing(int index) => new(index, _rows[index].Length == 0 ? [] : _rows[index][0].Factors, []);

    protected override ConditionRow? RowOf(int index) => _rows[index].FirstOrDefault();

    protected override void Settle(int index, Part part, Examined examined)
    {
        var rows = _rows[index];
        if (rows.Length == 0) return;
        Pass.Rows.OfOutputs(rows, _bounds);
        int best = 0;
        for (int r = 0; r < rows.Length; r++)
        {
            if (rows[r].IsRefutedBy(_bounds[r]) || rows[r].IsRefutedBy(Pass.Low[^1], Pass.High[^1]))
            {
                Claim(examined, index, rows[r], [], _bounds[r]);
                return;
            }

            if (_bounds[r] > _bounds[best]) best = r;
        }

        var (score, row, unit) = (_bounds[best], rows[best], 1.0);
        if (part.Low.Length <= FewInputs && (rows.Length > 1 || part.Sides.Length > 0)
            && Combine(index, part) is var (combined, weights, scale))
        {
            Pass.Rows.OfOutputs([combined], _bounds);
            double bound = _bounds[0] / scale;
            if (combined.IsRefutedBy(_bounds[0]))
            {
                Claim(examined, index, combined, weights, bound);
                return;
            }

            // Of sides alone there is nothing to compare.
            if (bound > score && combined.Factors.Any(static factor => factor > 0)) (score, row, unit) = (bound, combined, scale);
        }

        if (examined.Row is not null && score >= examined.Score) return;
        (examined.Score, examined.Scale, examined.Row, examined.Worst) = (score, unit, row, index);
    }

    private static void Claim(Examined examined, int index, ConditionRow row, ImmutableArray<double> weights, double score)
    {
        examined.Claims.Add(new ProofClaim(index, row.Factors, weights));
        examined.ClaimedScore = score;
    }

    /// <summary>
    /// Conditions and sides together, in shares that make the bound great where functions do not bend: the rows last bounded are those of
    /// the conditions. Null if no such are found.
    /// </summary>
    private (ConditionRow Row, ImmutableArray<double> Weights, double Scale)? Combine(int index, Part part)
    {
        // Shares of conditions are whole numbers of this part, so that they are exact.
        const int Whole = 1 << 16;
        int conditions = Math.Min(_conditions[index].Length, MostRows - 1), inputs = part.Low.Length;
        var sides = part.Sides.Length <= MostRows ? part.Sides : [];
        double[][] slopes = new double[conditions + sides.Length][];
        double[] constants = new double[slopes.Length];
        void Take(int from, int count)
        {
            for (int i = 0; i < count; i++)
                (slopes[from + i], constants[from + i]) = (Pass.Rows.InputCoefficients(i).ToArray(), Pass.Rows.Constant(i));
        }

        Take(0, conditions);
        if (sides.Length > 0)
        {
            ConditionRow[] rows = [.. sides.Select(side => ConditionRow.Of(_outputs, Term(side, 1)))];
            Pass.Rows.OfOutputs(rows, _bounds);
            Take(conditions, sides.Length);
        }

        if (Multipliers.Of(slopes, constants, Pass.Low[0].AsSpan(0, inputs), Pass.High[0]) is not { } shares) return null;
        int[] factors = new int[_conditions[index].Length];
        for (int i = 0; i < conditions; i++) factors[i] = (int)Math.Round(shares[i] * Whole);
        ImmutableArray<double> weights = [.. shares.Skip(conditions).Select(static share => share * Whole)];
        if (factors.Count(static factor => factor > 0) < 2 && weights.All(static weight => weight == 0)) return null;
        var row = new ConditionRow(_conditions[index], [.. factors])
        {
            Terms = [.. sides.Select((side, i) => Term(side, weights[i])).Where(static term => term.Weight != 0)]
        };
        return (row, weights, Math.Max(1, factors.Sum()));
    }

    /// <summary>How far a node is beyond the number that splits it, taken off with some weight.</summary>
    private static NodeTerm Term(NodePart side, double weight) =>
        side.IsAbove ? new(side.Level, side.Node, -weight, weight * side.At) : new(side.Level, side.Node, weight, -weight * side.At);

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
