using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics.Tensors;

namespace Kan.Benchmarks.Engines;

/// <summary>
/// What a C# developer writes with TensorPrimitives: a dot product for each output; for a KAN a row of values and slopes for each input.
/// </summary>
internal sealed class TensorEngine : Engine
{
    private readonly List<IStep> _steps = [];
    private readonly float[] _ring, _outputs, _rows;
    private readonly float[][] _values;
    private readonly int _width, _mask;

    public TensorEngine(KanDocument document, float[] ring)
        : base("TensorPrimitives")
    {
        for (int l = 0; l < document.Layers.Length; l++)
        {
            _steps.Add(document.Layers[l] switch
            {
                AffineDescription affine => new Dense(affine),
                GridDescription grid => new Grid(new UniformGrid(grid)),
                ActivationDescription => new Relu(),
                var other => throw new NotSupportedException(other.GetType().Name),
            });
        }

        _width = document.Layers[0].InputCount;
        _ring = ring;
        _mask = (ring.Length / _width) - 1;
        _values = [.. document.Layers.Select(static layer => new float[layer.OutputCount])];
        _outputs = _values[^1];
        _rows = new float[(_mask + 1) * _outputs.Length];
    }

    private interface IStep
    {
        void Run(ReadOnlySpan<float> x, Span<float> y);
    }

    public override float One(int sample)
    {
        ReadOnlySpan<float> x = _ring.AsSpan((sample & _mask) * _width, _width);
        for (int l = 0; l < _values.Length; l++)
        {
            _steps[l].Run(x, _values[l]);
            x = _values[l];
        }

        return _outputs[0];
    }

    public override float Batch()
    {
        for (int i = 0; i <= _mask; i++)
        {
            One(i);
            _outputs.CopyTo(_rows.AsSpan(i * _outputs.Length));
        }

        return _rows[0] + _rows[^1];
    }

    public override float[] Outputs()
    {
        Batch();
        return [.. _rows];
    }

    private sealed class Relu : IStep
    {
        public void Run(ReadOnlySpan<float> x, Span<float> y) => TensorPrimitives.Max(x, 0f, y);
    }

    private sealed class Dense(AffineDescription layer) : IStep
    {
        private readonly float[] _weights = [.. layer.Weights.Select(static weight => weight.ToSingle())];
        private readonly float[] _biases = [.. layer.Biases.Select(static bias => bias.ToSingle())];

        public void Run(ReadOnlySpan<float> x, Span<float> y)
        {
            for (int q = 0; q < y.Length; q++) y[q] = _biases[q] + TensorPrimitives.Dot(_weights.AsSpan(q * x.Length, x.Length), x);
        }
    }

    private sealed class Grid(UniformGrid grid) : IStep
    {
        public void Run(ReadOnlySpan<float> x, Span<float> y)
        {
            grid.Biases.CopyTo(y);
            for (int p = 0; p < x.Length; p++)
            {
                int segment = Math.Clamp((int)((x[p] - grid.Lows[p]) * grid.Scales[p]), 0, grid.Segments - 1);
                float t = x[p] - grid.Knots[(p * grid.Segments) + segment];
                int row = ((p * grid.Segments) + segment) * y.Length;
                TensorPrimitives.MultiplyAdd(grid.Slopes.AsSpan(row, y.Length), t, y, y);
                TensorPrimitives.Add(y, grid.Values.AsSpan(row, y.Length), y);
            }
        }
    }
}
