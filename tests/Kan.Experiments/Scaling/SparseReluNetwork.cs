using System;
using System.Linq;

namespace Kan.Experiments.Scaling;

/// <summary>A ReLU network of matrices in compressed rows (CSR): only entries that are not 0 are stored and multiplied.</summary>
internal sealed class SparseReluNetwork : IFloatNetwork
{
    private readonly (int[] RowStarts, int[] Columns, float[] Values, float[] Biases, bool IsRectified)[] _layers;
    private readonly float[][] _outputs;

    public SparseReluNetwork(ReluNetwork network)
    {
        _layers = [.. network.Layers.Select(static layer =>
        {
            var entries = layer.Weights.Entries().ToList();
            int[] starts = new int[layer.OutputCount + 1];
            foreach (var (row, _, _) in entries) starts[row + 1]++;
            for (int row = 0; row < layer.OutputCount; row++) starts[row + 1] += starts[row];
            return (
                starts, entries.Select(static entry => entry.Column).ToArray(), entries.Select(static entry => entry.Value.ToSingle()).ToArray(),
                layer.Biases.Select(static bias => bias.ToSingle()).ToArray(), layer.IsRectified);
        })];
        _outputs = [.. network.Layers.Select(static layer => new float[layer.OutputCount])];
    }

    public long Bytes => _layers.Sum(static layer => 4L * (layer.RowStarts.Length + (2L * layer.Columns.Length) + layer.Biases.Length));

    public void Evaluate(ReadOnlySpan<float> inputs, Span<float> outputs)
    {
        var x = inputs;
        for (int l = 0; l < _layers.Length; l++)
        {
            var (starts, columns, values, biases, rectified) = _layers[l];
            var y = _outputs[l];
            for (int q = 0; q < y.Length; q++)
            {
                float sum = biases[q];
                for (int i = starts[q]; i < starts[q + 1]; i++) sum += values[i] * x[columns[i]];
                y[q] = rectified && sum < 0 ? 0 : sum;
            }

            x = y;
        }

        x.CopyTo(outputs);
    }
}
