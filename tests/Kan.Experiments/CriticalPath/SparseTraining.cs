using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Experiments.Training;

namespace Kan.Experiments.CriticalPath;

/// <summary>
/// Trains ReLU networks of few weights: first with a penalty on the sizes of all weights, then, without those that it drove near 0, without.
/// </summary>
/// <param name="Plan">Batches and rate.</param>
/// <param name="Epochs">Passes over the rows with the penalty, and as many after it.</param>
/// <param name="Penalty">What the sum of the sizes of all weights counts for; 0 to train plainly.</param>
/// <param name="Least">Weights below this go.</param>
internal sealed record SparseTraining(TrainingPlan Plan, int Epochs, double Penalty, float Least)
{
    /// <summary>Trains a network; weights that are 0 at the start stay 0.</summary>
    /// <param name="network">The network; it is changed.</param>
    /// <param name="inputs">The rows.</param>
    /// <param name="loss">The loss of a row.</param>
    /// <returns>The trained network, exactly.</returns>
    public ReluNetwork Run(TrainableNetwork<float> network, float[][] inputs, Trainer<float>.Loss loss)
    {
        Train(Plan with { Penalty = Penalty, KeepsZeros = true }, seed: 1);
        if (Penalty > 0)
        {
            foreach (var layer in network.Layers.OfType<AffineLayer<float>>()) layer.Drop(Least);
            Train(Plan with { LearningRate = Plan.LearningRate / 3, KeepsZeros = true }, seed: 2);
        }

        return network.ToReluNetwork();

        void Train(TrainingPlan plan, int seed)
        {
            var trainer = new Trainer<float>(network, plan, seed);
            for (int epoch = 0; epoch < Epochs; epoch++) trainer.Epoch(inputs.Length, row => inputs[row], loss);
        }
    }

    /// <summary>
    /// A ReLU network in the form that Theorem 2 gives a KAN: units that read one node each, and sums of them. It is the KAN of these widths.
    /// </summary>
    /// <param name="widths">The widths of the KAN.</param>
    /// <param name="units">Units for each node; half of them turn either way.</param>
    /// <param name="seed">Draws the first weights.</param>
    public static TrainableNetwork<float> InFormOfKan(IReadOnlyList<int> widths, int units, int seed)
    {
        var random = new Random(seed);
        var layers = new List<TrainableLayer<float>>();
        for (int l = 0; l + 1 < widths.Count; l++)
        {
            int count = widths[l] * units;
            layers.Add(new AffineLayer<float>(widths[l], count, (p, q) => q / units == p ? (q % 2 == 0 ? 1 : -1) : 0, q => (float)(random.NextDouble() - 0.5) * 2));
            layers.Add(new ReluLayer<float>(count));
            double size = Math.Sqrt(3.0 / count);
            layers.Add(new AffineLayer<float>(count, widths[l + 1], (_, _) => (float)(size * ((2 * random.NextDouble()) - 1)), static _ => 0));
        }

        return new TrainableNetwork<float>(layers);
    }
}
