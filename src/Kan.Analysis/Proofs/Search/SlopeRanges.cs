using System;

namespace Kan.Analysis.Proofs;

/// <summary>Intervals of the slopes of a weighted sum of outputs by the inputs, for inputs in the box of a pass. Sound.</summary>
internal sealed class SlopeRanges
{
    private readonly ProofNetwork _network;
    private readonly double _rounding;
    private double[] _centers, _radii, _nextCenters, _nextRadii;

    public SlopeRanges(ProofNetwork network)
    {
        _network = network;
        _rounding = BoundPass.RoundingOf(network);
        _centers = new double[network.Widest];
        _radii = new double[network.Widest];
        _nextCenters = new double[network.Widest];
        _nextRadii = new double[network.Widest];
    }

    /// <summary>The slope by an input is within a radius of a center.</summary>
    public (double Center, double Radius) this[int input] => (_centers[input], _radii[input]);

    /// <summary>Computes the slopes of a sum with some weights for the outputs.</summary>
    public void Run(BoundPass pass, ReadOnlySpan<double> weights)
    {
        Array.Clear(_centers);
        Array.Clear(_radii);
        weights.CopyTo(_centers);
        for (int q = 0; q < weights.Length; q++) _radii[q] = Math.Abs(weights[q]) * _rounding;
        for (int l = _network.Depth - 1; l >= 0; l--)
        {
            var layer = _network.Layers[l];
            double[] low = pass.Low[l], high = pass.High[l];
            Array.Clear(_nextCenters);
            Array.Clear(_nextRadii);
            switch (layer.Kind)
            {
                case ProofLayerKind.Diagonal:
                    for (int q = 0; q < layer.OutputCount; q++) Add(layer.Curves[q], low[q], high[q], q, q);
                    break;
                case ProofLayerKind.Curved:
                    for (int p = 0; p < layer.InputCount; p++)
                    {
                        for (int e = layer.Starts[p]; e < layer.Starts[p + 1]; e++)
                            Add(layer.Curves[e], low[p], high[p], layer.Outputs[e], p);
                    }

                    break;
                default:
                    for (int q = 0; q < layer.OutputCount; q++) AddWeights(layer, q);
                    break;
            }

            (_centers, _nextCenters) = (_nextCenters, _centers);
            (_radii, _nextRadii) = (_nextRadii, _radii);
        }
    }

    private void Add(Curve curve, double low, double high, int output, int input)
    {
        double c = _centers[output], r = _radii[output];
        if (c == 0 && r == 0) return;
        var (least, greatest) = curve.SlopesOn(low, high);
        double middle = (least + greatest) / 2,
            half = least == greatest ? 0 : Math.BitIncrement(Math.Max(greatest - middle, middle - least));
        double center = c * middle, radius = (Math.Abs(c) * half) + (r * (Math.Abs(middle) + half));
        _nextCenters[input] += center;
        _nextRadii[input] += radius + ((Math.Abs(center) + radius) * _rounding);
    }

    private void AddWeights(ProofLayer layer, int q)
    {
        double c = _centers[q], r = _radii[q] + ((Math.Abs(c) + _radii[q]) * 3 * _rounding);
        if (c == 0 && r == 0) return;
        if (layer.Weights is { } weights) Kernels.AddScaled(c, r, weights.AsSpan(q * layer.Stride, layer.Stride), _nextCenters, _nextRadii);
        else
        {
            for (int k = layer.Starts[q]; k < layer.Starts[q + 1]; k++)
            {
                _nextCenters[layer.Columns[k]] += c * layer.Values[k];
                _nextRadii[layer.Columns[k]] += r * Math.Abs(layer.Values[k]);
            }
        }
    }
}
