using System;
using System.Linq;
using System.Numerics;

namespace Kan.Experiments.Training;

/// <summary>How a network is trained.</summary>
/// <param name="BatchSize">Samples for each step.</param>
/// <param name="LearningRate">Adam's.</param>
internal sealed record TrainingPlan(int BatchSize, double LearningRate)
{
    /// <summary>What the sum of the sizes of all weights counts for in the loss: above 0, weights that help little end near 0.</summary>
    public double Penalty { get; init; }

    /// <summary>Whether weights that are 0 when training begins stay 0.</summary>
    public bool KeepsZeros { get; init; }
}

/// <summary>Trains a network by epochs; the same seed takes the samples in the same order, whatever the network.</summary>
internal sealed class Trainer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TrainableNetwork<T> _network;
    private readonly TrainingPlan _plan;
    private readonly Adam<T> _adam;
    private readonly Random _order;
    private readonly T[] _gradients;
    private readonly (Parameters<T> Weights, Vector<T>[] Kept)[] _weights;

    public Trainer(TrainableNetwork<T> network, TrainingPlan plan, int seed)
    {
        _network = network;
        _plan = plan;
        _adam = new Adam<T>(network.Trained, plan.LearningRate);
        _order = new Random(seed);
        _gradients = new T[network.Layers[^1].OutputCount];
        _weights = plan is { Penalty: 0, KeepsZeros: false } ? [] : [.. network.Trained.Where(static parameters => parameters.IsWeight).Select(weights => (weights, Kept(weights)))];
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

            foreach (var (weights, kept) in _weights) Sparsify(weights, kept, batch.Length);
            _adam.Step(batch.Length);
            foreach (var layer in _network.Layers) layer.Repair();
        }

        return total / sampleCount;
    }

    /// <summary>1 for each weight that is trained, 0 for the others.</summary>
    private Vector<T>[] Kept(Parameters<T> weights) =>
        [.. Rows.Of(weights.Values).ToArray().Select(row => _plan.KeepsZeros ? Vector.ConditionalSelect(Vector.Equals(row, Vector<T>.Zero), Vector<T>.Zero, Vector<T>.One) : Vector<T>.One)];

    /// <summary>Adds the gradient of the penalty to those of a batch, and takes away those of weights that stay 0.</summary>
    private void Sparsify(Parameters<T> weights, Vector<T>[] kept, int batchSize)
    {
        var penalty = new Vector<T>(T.CreateChecked(_plan.Penalty * batchSize));
        Span<Vector<T>> values = Rows.Of(weights.Values), gradients = Rows.Of(weights.Gradients);
        for (int v = 0; v < values.Length; v++)
        {
            var sign = Vector.ConditionalSelect(Vector.GreaterThan(values[v], Vector<T>.Zero), penalty, Vector.ConditionalSelect(Vector.LessThan(values[v], Vector<T>.Zero), -penalty, Vector<T>.Zero));
            gradients[v] = (gradients[v] + sign) * kept[v];
        }
    }
}
