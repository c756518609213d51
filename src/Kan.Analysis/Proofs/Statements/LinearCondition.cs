using System.Collections.Immutable;
using System.Linq;

namespace Kan.Analysis;

/// <summary>
/// A linear condition on the outputs of a network and its inputs: weights · y + input weights · x + constant &lt;= 0, or &lt; 0.
/// </summary>
/// <param name="Outputs">One weight for each output.</param>
/// <param name="Inputs">One weight for each input, or empty for none.</param>
/// <param name="Constant">The constant.</param>
/// <param name="IsStrict">Whether 0 does not meet the condition.</param>
public sealed record LinearCondition(ImmutableArray<Rational> Outputs, ImmutableArray<Rational> Inputs, Rational Constant, bool IsStrict)
{
    /// <summary>Whether a point meets the condition, exactly.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="outputs">The outputs of the network there.</param>
    public bool IsMet(ImmutableArray<Rational> inputs, ImmutableArray<Rational> outputs)
    {
        var value = Constant;
        for (int q = 0; q < Outputs.Length; q++)
        {
            if (!Outputs[q].IsZero) value += Outputs[q] * outputs[q];
        }

        for (int p = 0; p < Inputs.Length; p++)
        {
            if (!Inputs[p].IsZero) value += Inputs[p] * inputs[p];
        }

        return IsStrict ? value.Sign < 0 : value.Sign <= 0;
    }

    /// <summary>The sum of |weight| over the outputs: how much an error of each output by 1 can change the left side.</summary>
    internal Rational OutputSize => Outputs.Aggregate(Rational.Zero, static (sum, weight) => sum + Rational.Abs(weight));
}
