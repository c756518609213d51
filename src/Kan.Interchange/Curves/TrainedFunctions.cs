using System;

namespace Kan.Interchange.Curves;

/// <summary>Piecewise-linear functions whose numbers were trained.</summary>
internal static class TrainedFunctions
{
    /// <summary>x where it is positive, slope x elsewhere.</summary>
    public static PiecewiseLinearFunction Leaky(Rational slope) =>
        PiecewiseLinearFunction.FromSlopes([Rational.Zero], [slope, Rational.One], Rational.Zero, Rational.Zero);

    /// <summary>
    /// weight (x - mean) / sqrt(variance + epsilon) + bias, with weight / sqrt(variance + epsilon) as the nearest double.
    /// </summary>
    /// <remarks>The owner begins the sentence of a complaint; the index is that of the value among those that it normalizes.</remarks>
    /// <exception cref="ModelFileException">The factor is not finite.</exception>
    public static PiecewiseLinearFunction Normalization(ModelFile file, string owner, int index, double mean, double variance,
        double epsilon, double weight, double bias)
    {
        double factor = weight / Math.Sqrt(variance + epsilon);
        if (!double.IsFinite(factor))
            throw file.Malformed($"{owner} has the variance {variance} for value {index}. The file is damaged, or the training diverged.");
        var scale = Rational.FromDouble(factor);
        return PiecewiseLinearFunction.Linear(scale, Rational.FromDouble(bias) - (scale * Rational.FromDouble(mean)));
    }
}
