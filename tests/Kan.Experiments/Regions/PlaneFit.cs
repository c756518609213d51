using System;
using System.Linq;
using Kan.Experiments.Training;

namespace Kan.Experiments.Regions;

/// <summary>Trains networks of two inputs on exp(sin(pi x) + y^2) / 4, the function that pykan's tutorial fits, over the square.</summary>
internal static class PlaneFit
{
    private const int SampleCount = 1024;

    private static readonly TrainingPlan s_plan = new(BatchSize: 32, LearningRate: 3e-3);

    /// <summary>Trains a network.</summary>
    /// <returns>The root of the mean square error in the last epoch.</returns>
    public static double Train(TrainableNetwork<float> network, int epochs, int seed)
    {
        var random = new Random(seed);
        float[] points = [.. Enumerable.Range(0, 2 * SampleCount).Select(_ => (float)(Family.Reach * ((2 * random.NextDouble()) - 1)))];
        float[] targets = [.. Enumerable.Range(0, SampleCount).Select(i => (float)Target(points[2 * i], points[(2 * i) + 1]))];
        var trainer = new Trainer<float>(network, s_plan, seed);
        double loss = 0;
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            loss = trainer.Epoch(SampleCount, sample => points.AsSpan(2 * sample, 2),
                (int sample, ReadOnlySpan<float> outputs, Span<float> gradients) =>
                Losses.Square(outputs[0], targets[sample], out gradients[0]));
        }

        return Math.Sqrt(2 * loss);
    }

    private static double Target(double x, double y) => Math.Exp(Math.Sin(Math.PI * x) + (y * y)) / 4;
}
