using System;
using System.Linq;
using System.Numerics;

namespace Kan.Experiments.Training;

/// <summary>How a network is trained.</summary>
/// <param name="BatchSize">Samples for each step.</param>
/// <param name="LearningRate">Adam's.</param>
internal sealed record TrainingPlan(int BatchSize, double LearningRate);

/// <summary>Trains a network by epochs; the same seed takes the samples in the same order, whatever the network.</summary>
internal sealed class Trainer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TrainableNetwork<T> _network;
    private readonly TrainingPlan _plan;
    private readonly Adam<T> _adam;
    private readonly Random _order;
    private readonly T[] _gradients;

    public Trainer(TrainableNetwork<T> network, TrainingPlan plan, int seed)
    {
        _network = network;
        _plan = plan;
        _adam = new Adam<T>(network.Trained, plan.LearningRate);
        _order = new Random(seed);
        _gradients = new T[network.Layers[^1].OutputCount];
    }

    /// <summary>Computes the loss of a sample from the outputs, and the gradient by them.</summary>
    public delegate T Loss(int sample, ReadOnlySpan<T> outputs, Span<T> gradients);

    /// <summary>A sample's inputs.</summary>
    public delegate ReadOnlySpan<T> Inputs(int sample);

    /// <summary>One pass over all samples in random order.</summary>
    /// <returns>The mean loss on the way.</returns>
    public double Epoch(int sampleCount, Inputs inputs, Loss loss)
    {
        int[] order = [.. Enumerable.Range(0, sampleCount)];
        _order.Shuffle(order);
        double total = 0;
        for (int first = 0; first < order.Length; first += _plan.BatchSize)
        {
            var batch = order.AsSpan(first, Math.Min(_plan.BatchSize, order.Length - first));
            foreach (int sample in batch)
            {
                var outputs = _network.Forward(inputs(sample));
                total += double.CreateChecked(loss(sample, outputs, _gradients));
                _network.Backward(_gradients);
            }

            _adam.Step(batch.Length);
            foreach (var layer in _network.Layers) layer.Repair();
        }

        return total / sampleCount;
    }
}
