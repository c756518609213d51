using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Networks;

/// <summary>The root of the mean square on samples; the shift is the mean.</summary>
/// <param name="values">By level, node and sample the values.</param>
internal sealed class SampledError(double[][][] values) : EdgeMeasure
{
    public override (Rational Shift, double Error) Of(PiecewiseLinearFunction difference, NodePlace node)
    {
        var function = new SampledFunction(difference);
        double[] differences = Array.ConvertAll(values[node.Level][node.Index], function.At);
        double mean = differences.Average();
        return (Rational.FromDouble(mean), Math.Sqrt(differences.Average(value => (value - mean) * (value - mean))));
    }

    /// <summary>
    /// Values of least squares on the samples. Where few samples are, those of the function count as well, a little, so that knots without
    /// any have one.
    /// </summary>
    public override Rational[] ValuesAt(List<Rational> kept, PiecewiseLinearFunction function, List<Rational> knots, NodePlace node)
    {
        const double Prior = 1e-3;
        var exact = new SampledFunction(function);
        double[] x = [.. kept.Select(static knot => knot.ToDouble())], samples = values[node.Level][node.Index];
        double[] diagonal = new double[x.Length], beside = new double[x.Length], right = new double[x.Length];
        for (int k = 0; k < x.Length; k++)
        {
            diagonal[k] = Prior * samples.Length;
            right[k] = diagonal[k] * exact.At(x[k]);
        }

        foreach (double sample in samples)
        {
            double at = Math.Clamp(sample, x[0], x[^1]), value = exact.At(at);
            int segment = 0;
            while (segment + 2 < x.Length && at >= x[segment + 1]) segment++;
            double share = (at - x[segment]) / (x[segment + 1] - x[segment]), rest = 1 - share;
            diagonal[segment] += rest * rest;
            diagonal[segment + 1] += share * share;
            beside[segment] += rest * share;
            right[segment] += rest * value;
            right[segment + 1] += share * value;
        }

        return Array.ConvertAll(Solve(diagonal, beside, right), Rational.FromDouble);
    }

    /// <summary>Solves a symmetric tridiagonal system, positive definite, so that no pivots are needed.</summary>
    private static double[] Solve(double[] diagonal, double[] beside, double[] right)
    {
        for (int k = 1; k < right.Length; k++)
        {
            double factor = beside[k - 1] / diagonal[k - 1];
            diagonal[k] -= factor * beside[k - 1];
            right[k] -= factor * right[k - 1];
        }

        for (int k = right.Length - 1; k >= 0; k--)
            right[k] = (right[k] - (k + 1 < right.Length ? beside[k] * right[k + 1] : 0)) / diagonal[k];
        return right;
    }
}
