using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Numerics.Tensors;
using Kan.Experiments.Data;
using Kan.Experiments.Training;

namespace Kan.Experiments.Learning;

/// <summary>What one network did, epoch by epoch; entry 0 is before the first.</summary>
/// <param name="Validation">Accuracy on the digits that choose the epoch.</param>
/// <param name="Test">Accuracy on the digits that no training sees.</param>
/// <param name="Loss">Mean cross-entropy on the way; entry 0 is that of the first epoch.</param>
internal sealed record LearningCurve(double[] Validation, double[] Test, double[] Loss)
{
    /// <summary>The test accuracy at the epoch with the best validation accuracy, the first of them.</summary>
    public double TestAtBest => Test[Array.IndexOf(Validation, Validation.Max())];
}

/// <summary>Trains networks on handwritten digits.</summary>
internal sealed class DigitTraining(Digits training, Digits validation, Digits test, TrainingPlan plan)
{
    /// <summary>Trains a network that starts as it is, with fresh state of the optimizer.</summary>
    /// <param name="network">The network; it is changed.</param>
    /// <param name="epochs">Passes over the training digits.</param>
    /// <param name="seed">Fixes the order of the digits.</param>
    public LearningCurve Run(TrainableNetwork<float> network, int epochs, int seed)
    {
        var trainer = new Trainer<float>(network, plan, seed);
        var curve = new LearningCurve(new double[epochs + 1], new double[epochs + 1], new double[epochs]);
        for (int epoch = 0; epoch <= epochs; epoch++)
        {
            if (epoch > 0) curve.Loss[epoch - 1] = Epoch(trainer);
            curve.Validation[epoch] = Accuracy(network, validation);
            curve.Test[epoch] = Accuracy(network, test);
        }

        return curve;
    }

    /// <summary>The seconds that an epoch of each network takes: medians of rounds in which they take turns.</summary>
    public double[] SecondsPerEpoch(IReadOnlyList<TrainableNetwork<float>> networks, int rounds)
    {
        Trainer<float>[] trainers = [.. networks.Select(network => new Trainer<float>(network, plan, seed: 0))];
        var seconds = new double[trainers.Length, rounds];
        for (int round = -1; round < rounds; round++)
        {
            for (int i = 0; i < trainers.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                Epoch(trainers[i]);

                // The first round compiles.
                if (round >= 0) seconds[i, round] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        }

        return [.. Enumerable.Range(0, trainers.Length)
            .Select(i => Enumerable.Range(0, rounds).Select(round => seconds[i, round]).Order().ElementAt(rounds / 2))];
    }

    /// <summary>The largest difference of two networks' outputs over the test digits.</summary>
    public double LargestDifference(TrainableNetwork<float> first, TrainableNetwork<float> second)
    {
        double largest = 0;
        for (int i = 0; i < test.Count; i++)
        {
            var expected = first.Forward(test.Image(i));
            var actual = second.Forward(test.Image(i));
            for (int q = 0; q < expected.Length; q++) largest = Math.Max(largest, Math.Abs((double)expected[q] - actual[q]));
        }

        return largest;
    }

    private double Epoch(Trainer<float> trainer) => trainer.Epoch(
        training.Count, training.Image, (int sample, ReadOnlySpan<float> outputs, Span<float> gradients) =>
        Losses.CrossEntropy(outputs, training.Labels[sample], gradients));

    private static double Accuracy(TrainableNetwork<float> network, Digits digits)
    {
        int correct = 0;
        for (int i = 0; i < digits.Count; i++)
        {
            if (TensorPrimitives.IndexOfMax(network.Forward(digits.Image(i))) == digits.Labels[i]) correct++;
        }

        return (double)correct / digits.Count;
    }
}
