using System.Collections.Immutable;
using System.Linq;

namespace Kan.Analysis.Proofs;

/// <summary>A multiple of a node, and a constant.</summary>
internal readonly record struct NodeTerm(int Level, int Node, double Weight, double Constant);

/// <summary>
/// A non-negative combination of the conditions of a case, as a row over the outputs. If it is above 0, the conditions do not all hold.
/// </summary>
internal sealed class ConditionRow
{
    private readonly LinearCondition? _single;
    private readonly int _output;

    /// <summary>The combination of conditions with some factors, which are whole numbers.</summary>
    public ConditionRow(ImmutableArray<LinearCondition> conditions, ImmutableArray<int> factors)
    {
        Factors = factors;
        int outputs = conditions[0].Outputs.Length, inputs = conditions.Max(static condition => condition.Inputs.Length);
        var used = Enumerable.Range(0, conditions.Length).Where(i => factors[i] != 0).ToArray();
        Outputs = [.. Enumerable.Range(0, outputs).Select(q => Sum(used.Select(i => factors[i] * conditions[i].Outputs[q])).ToDouble())];
        Constant = Sum(used.Select(i => factors[i] * conditions[i].Constant)).ToDouble();
        IsStrict = used.Any(i => conditions[i].IsStrict);
        if (used.All(i => conditions[i].Inputs.IsEmpty))
        {
            if (used.Length != 1 || conditions[used[0]].Outputs.Count(static weight => !weight.IsZero) != 1) return;
            _single = conditions[used[0]];
            while (_single.Outputs[_output].IsZero) _output++;
            return;
        }

        Inputs = new double[ProofLayer.Padded(inputs)];
        for (int p = 0; p < inputs; p++)
            Inputs[p] = Sum(used.Where(i => !conditions[i].Inputs.IsEmpty).Select(i => factors[i] * conditions[i].Inputs[p])).ToDouble();
    }

    private ConditionRow(int outputs, NodeTerm term)
    {
        Factors = [];
        Outputs = new double[outputs];
        Terms = [term];
    }

    /// <summary>One for each condition.</summary>
    public ImmutableArray<int> Factors { get; }

    public double[] Outputs { get; }

    /// <summary>Null if no input is in question.</summary>
    public double[]? Inputs { get; }

    public double Constant { get; }

    /// <summary>What is added that is not above 0 in the part in question.</summary>
    public ImmutableArray<NodeTerm> Terms { get; init; } = [];

    /// <summary>Whether 0 is enough of a lower bound.</summary>
    public bool IsStrict { get; }

    /// <summary>A row of nothing but one term.</summary>
    public static ConditionRow Of(int outputs, NodeTerm term) => new(outputs, term);

    /// <summary>Whether a lower bound of the row shows that the conditions do not all hold.</summary>
    public bool IsRefutedBy(double bound) => IsStrict ? bound >= 0 : bound > 0;

    /// <summary>Whether the intervals of the outputs alone show it, exactly; only of a row of one condition on one output.</summary>
    public bool IsRefutedBy(double[] low, double[] high)
    {
        if (_single is not { } condition) return false;
        double end = condition.Outputs[_output].Sign > 0 ? low[_output] : high[_output];
        if (!double.IsFinite(end)) return false;
        int sign = ((condition.Outputs[_output] * Rational.FromDouble(end)) + condition.Constant).Sign;
        return sign > 0 || (sign == 0 && condition.IsStrict);
    }

    private static Rational Sum(System.Collections.Generic.IEnumerable<Rational> terms) =>
        terms.Aggregate(Rational.Zero, static (sum, term) => sum + term);
}
