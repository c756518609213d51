using System;
using System.Linq;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Kan.Experiments.Scaling;

/// <summary>A ReLU network of matrices in compressed rows (CSR): only entries that are not 0 are stored and multiplied.</summary>
/// <typeparam name="T"><c>float</c> or <c>double</c>.</typeparam>
internal class SparseReluNetwork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly (int[] RowStarts, int[] Columns, T[] Values, T[] Biases, bool IsRectified)[] _layers;
    private readonly T[][] _outputs;

    public SparseReluNetwork(ReluNetwork network)
    {
        _layers = [.. network.Layers.Select(static layer =>
        {
            var entries = layer.Weights.Entries().ToList();
            int[] starts = new int[layer.OutputCount + 1];
            foreach (var (row, _, _) in entries) starts[row + 1]++;
            for (int row = 0; row < layer.OutputCount; row++) starts[row + 1] += starts[row];
            return (
                starts, entries.Select(static entry => entry.Column).ToArray(),
                entries.Select(static entry => Rounded(entry.Value)).ToArray(), layer.Biases.Select(Rounded).ToArray(), layer.IsRectified);
        })];
        _outputs = [.. network.Layers.Select(static layer => new T[layer.OutputCount])];
    }

    /// <summary>The bytes of numbers and indices.</summary>
    public long Bytes => _layers.Sum(static layer =>
        (sizeof(int) * ((long)layer.RowStarts.Length + layer.Columns.Length))
            + (Unsafe.SizeOf<T>() * ((long)layer.Values.Length + layer.Biases.Length)));

    public void Evaluate(ReadOnlySpan<T> inputs, Span<T> outputs)
    {
        var x = inputs;
        for (int l = 0; l < _layers.Length; l++)
        {
            var (starts, columns, values, biases, rectified) = _layers[l];
            var y = _outputs[l];
            for (int q = 0; q < y.Length; q++)
            {
                T sum = biases[q];
                for (int i = starts[q]; i < starts[q + 1]; i++) sum += values[i] * x[columns[i]];
                y[q] = rectified && sum < T.Zero ? T.Zero : sum;
            }

            x = y;
        }

        x.CopyTo(outputs);
    }

    private static T Rounded(Rational value) => T.CreateChecked(typeof(T) == typeof(float) ? value.ToSingle() : value.ToDouble());
}

/// <summary>The same in float, to be timed beside others.</summary>
internal sealed class SparseReluNetwork(ReluNetwork network) : SparseReluNetwork<float>(network), IFloatNetwork;
