using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Kan.Experiments.Training;

/// <summary>y = W x + b. As a KAN layer: linear edges.</summary>
internal sealed class AffineLayer<T> : TrainableLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _vectors;
    private readonly Parameters<T> _weights;
    private readonly Parameters<T> _biases;

    /// <param name="inputCount">n.</param>
    /// <param name="outputCount">m.</param>
    /// <param name="weight">W by input, then output.</param>
    /// <param name="bias">b.</param>
    public AffineLayer(int inputCount, int outputCount, Func<int, int, T> weight, Func<int, T> bias)
        : base(inputCount, outputCount)
    {
        _vectors = Rows.VectorsFor<T>(outputCount);
        int width = Rows.WidthFor<T>(outputCount);
        var weights = new T[inputCount * width];
        var biases = new T[width];
        for (int q = 0; q < outputCount; q++)
        {
            biases[q] = bias(q);
            for (int p = 0; p < inputCount; p++) weights[(p * width) + q] = weight(p, q);
        }

        _weights = new Parameters<T>(weights, inputCount * outputCount);
        _biases = new Parameters<T>(biases, outputCount);
    }

    public override IReadOnlyList<Parameters<T>> Parameters => [_weights, _biases];

    public T Weight(int input, int output) => _weights.Values[(input * Rows.WidthFor<T>(OutputCount)) + output];

    public T Bias(int output) => _biases.Values[output];

    public override void Forward(ReadOnlySpan<T> x, Span<T> y)
    {
        _biases.Values.CopyTo(y);
        var sums = Rows.Of(y);
        var weights = Rows.Of(_weights.Values);
        for (int p = 0; p < InputCount; p++)
        {
            // Most pixels are 0.
            if (x[p] == T.Zero) continue;
            var factor = new Vector<T>(x[p]);
            var row = weights.Slice(p * _vectors, _vectors);
            for (int v = 0; v < row.Length; v++) sums[v] += row[v] * factor;
        }
    }

    public override void Backward(ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> dx)
    {
        var slopes = Rows.Of(dy);
        var biases = Rows.Of(_biases.Gradients);
        for (int v = 0; v < slopes.Length; v++) biases[v] += slopes[v];
        var gradients = Rows.Of(_weights.Gradients);
        var weights = Rows.Of(_weights.Values);
        for (int p = 0; p < InputCount; p++)
        {
            if (x[p] != T.Zero)
            {
                var factor = new Vector<T>(x[p]);
                var row = gradients.Slice(p * _vectors, _vectors);
                for (int v = 0; v < row.Length; v++) row[v] += slopes[v] * factor;
            }

            if (dx.IsEmpty) continue;
            var sum = Vector<T>.Zero;
            var weightRow = weights.Slice(p * _vectors, _vectors);
            for (int v = 0; v < weightRow.Length; v++) sum += weightRow[v] * slopes[v];
            dx[p] = Vector.Sum(sum);
        }
    }

    public override KanLayer ToKanLayer() =>
        KanLayer.Affine(InputCount, OutputCount, (output, input) => Exact(Weight(input, output)),
            [.. _biases.Values.Take(OutputCount).Select(Exact)]);
}
