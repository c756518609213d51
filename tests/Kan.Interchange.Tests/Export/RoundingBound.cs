using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Interchange.Tests.Export;

/// <summary>
/// A ReLU network in double, and how far an evaluation in float32 may be from it, whatever the order of its sums: n products and their sum
/// are off by at most (n + 1) u (1 + n u) times the sum of their magnitudes, and errors of the inputs pass through |W|.
/// </summary>
internal sealed class RoundingBound(ReluNetwork network)
{
    private const double UnitRoundoff = 1.0 / (1 << 24);

    private readonly IReadOnlyList<(double[][] Weights, double[] Biases, bool IsRectified)> _layers =
        [.. network.Layers.Select(static layer => (
        Enumerable.Range(0, layer.OutputCount)
            .Select(row => Enumerable.Range(0, layer.InputCount).Select(column => layer.Weights[row, column].ToDouble()).ToArray())
            .ToArray(),
        layer.Biases.Select(static bias => bias.ToDouble()).ToArray(),
        layer.IsRectified))];

    /// <param name="inputs">One sample.</param>
    /// <param name="weightChange">The relative change of each weight and bias that the file was allowed.</param>
    public (double[] Outputs, double[] Bounds) At(double[] inputs, double weightChange)
    {
        double[] values = inputs, errors = new double[inputs.Length];
        foreach (var (weights, biases, isRectified) in _layers)
        {
            var sums = new double[biases.Length];
            var bounds = new double[biases.Length];
            double factor = ((values.Length + 2) * UnitRoundoff * 1.01) + weightChange;
            for (int q = 0; q < sums.Length; q++)
            {
                double magnitude = Math.Abs(biases[q]), passed = 0;
                sums[q] = biases[q];
                for (int p = 0; p < values.Length; p++)
                {
                    double weight = weights[q][p];
                    sums[q] += weight * values[p];
                    magnitude += Math.Abs(weight) * (Math.Abs(values[p]) + errors[p]);
                    passed += Math.Abs(weight) * errors[p];
                }

                if (isRectified) sums[q] = Math.Max(sums[q], 0);
                bounds[q] = passed + (factor * magnitude);
            }

            (values, errors) = (sums, bounds);
        }

        return (values, errors);
    }
}
