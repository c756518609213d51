using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Threading;

namespace Kan.Tool;

/// <summary>How far a network is from outputs recorded elsewhere.</summary>
/// <param name="Rows">The rows compared.</param>
/// <param name="LargestDifference">The largest |computed - recorded|.</param>
/// <param name="Row">Where it is, from 1; 0 without rows.</param>
/// <param name="Output">In which output, from 0.</param>
/// <param name="Exceeding">The rows in which some output differs by more than is accepted.</param>
internal sealed record RecordedComparison(long Rows, double LargestDifference, long Row, int Output, long Exceeding)
{
    /// <summary>Compares all rows.</summary>
    /// <param name="evaluator">What computes.</param>
    /// <param name="rows">Inputs and recorded outputs.</param>
    /// <param name="accepts">Whether a computed number is near enough to a recorded one.</param>
    /// <param name="token">Stops.</param>
    public static RecordedComparison Of<T>(IRowEvaluator<T> evaluator, IEnumerable<(double[] Inputs, double[] Outputs)> rows, Func<double,
        double, bool> accepts, CancellationToken token)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var inputs = new T[evaluator.InputCount];
        var outputs = new T[evaluator.OutputCount];
        var result = new RecordedComparison(0, 0, 0, 0, 0);
        foreach (var (given, recorded) in rows)
        {
            token.ThrowIfCancellationRequested();
            for (int i = 0; i < inputs.Length; i++) inputs[i] = T.CreateTruncating(given[i]);
            evaluator.Evaluate(inputs, outputs);
            bool exceeds = false;
            result = result with { Rows = result.Rows + 1 };
            for (int q = 0; q < outputs.Length; q++)
            {
                double computed = double.CreateTruncating(outputs[q]), difference = Distance(computed, recorded[q]);
                exceeds |= !(difference == 0 || accepts(computed, recorded[q]));
                if (difference > result.LargestDifference || result.Row == 0)
                    result = result with { LargestDifference = difference, Row = result.Rows, Output = q };
            }

            if (exceeds) result = result with { Exceeding = result.Exceeding + 1 };
        }

        return result;
    }

    // Equal infinities and two NaN agree; a number and NaN are as far apart as can be.
    private static double Distance(double left, double right) =>
        left.Equals(right) ? 0 : double.IsNaN(left - right) ? double.PositiveInfinity : Math.Abs(left - right);
}
