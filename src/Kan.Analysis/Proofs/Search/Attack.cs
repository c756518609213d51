using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;

namespace Kan.Analysis.Proofs;

/// <summary>
/// Looks for inputs at which all conditions of a case hold: descends along the slopes of the condition that is met least. One thread uses
/// it at a time.
/// </summary>
internal sealed class Attack
{
    private readonly KanNetwork _exact;
    private readonly ProofNetwork _network;
    private readonly ForbiddenCase[] _cases;
    private readonly ConditionRow[][] _conditions;
    private readonly double[][] _levels, _slopes;

    public Attack(KanNetwork exact, ProofNetwork network, OutputStatement statement)
    {
        _exact = exact;
        _network = network;
        _cases = [.. statement.Cases];
        _conditions =
            [.. _cases.Select(static forbidden =>
            forbidden.Conditions.Select((_, i) =>
                new ConditionRow(forbidden.Conditions, [.. forbidden.Conditions.Select((_, j) => i == j ? 1 : 0)])).ToArray())];
        _levels = network.NewLevels();
        _slopes = network.NewLevels();
    }

    /// <summary>Descends from a point, which it moves.</summary>
    /// <param name="index">The case.</param>
    /// <param name="x">The point.</param>
    /// <param name="low">The lower ends of where to look.</param>
    /// <param name="high">The upper ends.</param>
    /// <param name="steps">How often to move.</param>
    /// <param name="start">The first step, as a share of the widths.</param>
    /// <param name="cancellation">Observed between steps.</param>
    public Violation? Descend(int index, double[] x, double[] low, double[] high, int steps, double start, CancellationToken cancellation)
    {
        double best = double.PositiveInfinity, step = start;
        double[] kept = [.. x];
        for (int i = 0; ; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (value, worst) = Value(index, x);
            if (value <= 0 && Confirm(index, x) is { } violation) return violation;
            if (value < best)
            {
                best = value;
                x.CopyTo(kept, 0);
            }
            else
            {
                kept.CopyTo(x, 0);
                step /= 2;
                if (i < steps) (value, worst) = Value(index, x);
            }

            if (i >= steps || _conditions[index].Length == 0) return null;
            Move(index, worst, x, low, high, step);
        }
    }

    private void Move(int index, int worst, double[] x, double[] low, double[] high, double step)
    {
        var row = _conditions[index][worst];
        Array.Clear(_slopes[^1]);
        row.Outputs.CopyTo(_slopes[^1], 0);
        PointEvaluation.Slopes(_network, _levels, _slopes);
        for (int p = 0; p < x.Length; p++)
        {
            double slope = _slopes[0][p] + (row.Inputs is { } inputs ? inputs[p] : 0), width = high[p] - low[p];
            if (slope != 0) x[p] = Math.Clamp(x[p] - (Math.Sign(slope) * step * width), low[p], high[p]);
        }
    }

    /// <summary>The largest left side of the conditions of a case, and which it is; the case happens where it is not above 0.</summary>
    public (double Value, int Worst) Value(int index, double[] x)
    {
        x.CopyTo(_levels[0], 0);
        PointEvaluation.Run(_network, _levels);
        double largest = double.NegativeInfinity;
        int worst = 0;
        for (int i = 0; i < _conditions[index].Length; i++)
        {
            var row = _conditions[index][i];
            double value = row.Constant;
            for (int q = 0; q < row.Outputs.Length; q++) value += row.Outputs[q] * _levels[^1][q];
            for (int p = 0; row.Inputs is { } inputs && p < x.Length; p++) value += inputs[p] * x[p];
            if (value > largest) (largest, worst) = (value, i);
        }

        return (largest, worst);
    }

    /// <summary>Evaluates a case exactly at a point, moved into the exact box.</summary>
    private Violation? Confirm(int index, double[] x)
    {
        if (!x.All(double.IsFinite)) return null;
        var forbidden = _cases[index];
        var inputs = ImmutableArray.CreateRange(x.Select((value, p) => Inside(forbidden.Box[p], value)));
        var outputs = ImmutableArray.Create(_exact.Evaluate(inputs));
        return forbidden.Conditions.All(condition => condition.IsMet(inputs, outputs)) ? new Violation(inputs, outputs, [], []) : null;
    }

    /// <summary>The double nearest to a value that is in a range, or an end of the range if none is.</summary>
    private static Rational Inside(InputRange range, double value)
    {
        var exact = Rational.FromDouble(value);
        if (exact < range.Low) exact = Rational.FromDouble(Math.BitIncrement(value));
        else if (exact > range.High) exact = Rational.FromDouble(Math.BitDecrement(value));
        return exact < range.Low ? range.Low : exact > range.High ? range.High : exact;
    }
}
