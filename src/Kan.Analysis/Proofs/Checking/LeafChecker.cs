using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;

namespace Kan.Analysis.Proofs;

/// <summary>
/// Re-derives from the exact network that the conditions of a case do not all hold anywhere in a box: lower bounds of combinations of the
/// conditions, substituted back to the inputs. Each sum has a bound of its error, each result is rounded to its safe side. Written apart
/// from the prover and without its code, so that a wrong proof needs a mistake in both. One thread uses it at a time.
/// </summary>
internal sealed class LeafChecker
{
    private readonly ImmutableArray<ForbiddenCase> _cases;
    private readonly CheckedNodes _nodes;
    private readonly CheckedRow _row;

    public LeafChecker(KanNetwork network, ImmutableArray<ForbiddenCase> cases, CancellationToken cancellation)
    {
        _cases = cases;
        _nodes = new CheckedNodes(network, cancellation);
        _row = new CheckedRow(_nodes);
    }

    /// <summary>
    /// Whether each claim holds in a box: that the combination of the conditions of its case is above 0, or not below where one of them is
    /// strict.
    /// </summary>
    /// <param name="low">The lower ends.</param>
    /// <param name="high">The upper ends.</param>
    /// <param name="parts">The sides of nodes that are in question.</param>
    /// <param name="within">Intervals of a box around this one, or null.</param>
    /// <param name="claims">The claims.</param>
    public bool[] Check(double[] low, double[] high, IReadOnlyList<NodePart> parts, CheckedIntervals? within,
        IReadOnlyList<ProofClaim> claims)
    {
        Bound(low, high, parts, within);
        bool isEmpty = _nodes.AreEmpty;
        return [.. claims.Select(claim => isEmpty || IsExcluded(_cases[claim.Case], claim.Factors, parts, claim.Weights))];
    }

    /// <summary>The intervals of a box, for its parts.</summary>
    public CheckedIntervals Enclose(double[] low, double[] high, IReadOnlyList<NodePart> parts, CheckedIntervals? within)
    {
        Bound(low, high, parts, within);
        return new CheckedIntervals([.. _nodes.Low.Select(static level => level.ToArray())],
            [.. _nodes.High.Select(static level => level.ToArray())], parts);
    }

    private void Bound(double[] low, double[] high, IReadOnlyList<NodePart> parts, CheckedIntervals? within)
    {
        var layers = _nodes.Layers;
        _nodes.Start(low, high);
        if (within is not null && !within.Holds(low, high, parts)) within = null;
        for (int l = 1; l <= layers.Length; l++)
        {
            if (layers[l - 1].IsDiagonal) _row.SetLines(l - 1);
            _nodes.Forward(l);
            for (int q = 0; within is not null && q < layers[l - 1].Outputs; q++) _nodes.Narrow(l, q, within.Low[l][q], within.High[l][q]);
            foreach (var part in parts)
            {
                if (part.Level == l)
                    _nodes.Narrow(l, part.Node, part.IsAbove ? part.At : double.NegativeInfinity,
                        part.IsAbove ? double.PositiveInfinity : part.At);
            }

            if (l < layers.Length && !layers[l].IsAffine && !(l == 1 && layers[0].IsAffine)) Narrow(l);
        }
    }

    private bool IsExcluded(ForbiddenCase forbidden, ImmutableArray<int> factors, IReadOnlyList<NodePart> parts,
        ImmutableArray<double> weights)
    {
        // How far a node is beyond the number that splits it is not below 0 in the part: some of it may be taken off.
        if (!weights.IsEmpty && weights.Length != parts.Count) return false;
        if (weights.Any(static weight => !(weight is >= 0 and <= double.MaxValue))) return false;
        var beyond = parts.Zip(weights).Where(static pair => pair.Second > 0).ToArray();
        double[] inputs = new double[_nodes.Low[0].Length];
        var used = forbidden.Conditions.Select((condition, i) => (Condition: condition, Factor: factors[i]))
            .Where(static part => part.Factor != 0).ToArray();
        if ((used.Length == 0 && beyond.Length == 0) || used.Any(static part => part.Factor < 0)) return false;
        Rational Sum(Func<LinearCondition, Rational> part) =>
            used.Aggregate(Rational.Zero, (sum, term) => sum + (term.Factor * part(term.Condition)));

        // One output alone is bounded by its interval too, exactly.
        if (used is [var only] && only.Condition.Inputs.IsEmpty && only.Condition.Outputs.Count(static weight => !weight.IsZero) == 1)
        {
            int q = 0;
            while (only.Condition.Outputs[q].IsZero) q++;
            double end = only.Condition.Outputs[q].Sign > 0 ? _nodes.Low[^1][q] : _nodes.High[^1][q];
            int sign = double.IsFinite(end) ? ((only.Condition.Outputs[q] * Rational.FromDouble(end)) + only.Condition.Constant).Sign : -1;
            if (sign > 0 || (sign == 0 && only.Condition.IsStrict)) return true;
        }

        var row = _row.Cleared();
        for (int q = 0; q < _nodes.Layers[^1].Outputs; q++) row[q] = Sum(condition => condition.Outputs[q]).ToDouble();
        for (int p = 0; p < _nodes.Layers[0].Inputs; p++)
            inputs[p] = Sum(condition => condition.Inputs.IsEmpty ? Rational.Zero : condition.Inputs[p]).ToDouble();
        double bound = _row.Least(_nodes.Layers.Length, Sum(static condition => condition.Constant).ToDouble(), inputs, beyond);
        return used.Any(static part => part.Condition.IsStrict) ? bound >= 0 : bound > 0;
    }

    /// <summary>Narrows the intervals of the nodes that bend in the next layer, the end nearer to the middle first.</summary>
    private void Narrow(int level)
    {
        for (int q = 0; q < _nodes.Layers[level].Inputs; q++)
        {
            var pieces = _nodes.Layers[level].Pieces[q];
            for (int side = 0; side < 2; side++)
            {
                if (!Array.Exists(pieces, piece => piece.Bends(_nodes.Low[level][q], _nodes.High[level][q]))) break;
                bool isLow = (side == 0) != pieces[0].Bends(_nodes.Middle[level][q], double.PositiveInfinity);
                _row.Cleared()[q] = isLow ? 1 : -1;
                double bound = _row.Least(level, 0, [], []);
                _nodes.Narrow(level, q, isLow ? bound : double.NegativeInfinity, isLow ? double.PositiveInfinity : -bound);
            }
        }
    }
}
