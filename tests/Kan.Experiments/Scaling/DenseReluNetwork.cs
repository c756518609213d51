using System;
using System.Linq;
using System.Numerics.Tensors;

namespace Kan.Experiments.Scaling;

/// <summary>A ReLU network of full matrices, row by row: vectorised dot products.</summary>
internal sealed class DenseReluNetwork : IFloatNetwork
{
    private readonly (float[] Weights, float[] Biases, bool IsRectified)[] _layers;
    private readonly float[][] _values;

    public DenseReluNetwork(ReluNetwork network)
    {
        _layers = [.. network.Layers.Select(static layer =>
        {
            float[] weights = new float[(long)layer.OutputCount * layer.InputCount];
            foreach (var (row, column, value) in layer.Weights.Entries())
                weights[((long)row * layer.InputCount) + column] = value.ToSingle();
            return (weights, layer.Biases.Select(static bias => bias.ToSingle()).ToArray(), layer.IsRectified);
        })];
        _values = [.. network.Layers.Select(static layer => new float[layer.OutputCount])];
    }

    public long Bytes => _layers.Sum(static layer => 4L * (layer.Weights.LongLength + layer.Biases.Length));

    public void Evaluate(ReadOnlySpan<float> inputs, Span<float> outputs)
    {
        var x = inputs;
        for (int l = 0; l < _layers.Length; l++)
        {
            var (weights, biases, rectified) = _layers[l];
            var y = _values[l];
            for (int q = 0; q < y.Length; q++)
            {
                float sum = TensorPrimitives.Dot(weights.AsSpan(q * x.Length, x.Length), x) + biases[q];
                y[q] = rectified && sum < 0 ? 0 : sum;
            }

            x = y;
        }

        x.CopyTo(outputs);
    }
}
