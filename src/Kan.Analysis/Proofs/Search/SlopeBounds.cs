using System;

namespace Kan.Analysis.Proofs;

/// <summary>
/// Sound intervals of the slopes of one output by the inputs, for inputs in the box of a pass. Each operation is rounded to its safe side,
/// and exact where it can be: a slope that cannot be negative has no bound below 0.
/// </summary>
internal sealed class SlopeBounds
{
    private readonly ProofNetwork _network;
    private double[] _low, _high, _nextLow, _nextHigh;


    public SlopeBounds(ProofNetwork network)
    {
        _network = network;
        (_low, _high) = (new double[network.Widest], new double[network.Widest]);
        (_nextLow, _nextHigh) = (new double[network.Widest], new double[network.Widest]);
    }

    public (double Low, double High) this[int input] => (_low[input], _high[input]);

    public void Run(BoundPass pass, int output)
    {
        Array.Clear(_low);
        Array.Clear(_high);
        (_low[output], _high[output]) = (1, 1);
        for (int l = _network.Depth - 1; l >= 0; l--)
        {
            var layer = _network.Layers[l];
            Array.Clear(_nextLow);
            Array.Clear(_nextHigh);
            for (int q = 0; layer.Kind == ProofLayerKind.Affine && q < layer.OutputCount; q++) AddWeights(layer, q);
            for (int q = 0; layer.Kind == ProofLayerKind.Diagonal && q < layer.OutputCount; q++)
                AddCurve(layer.Curves[q], pass.Low[l][q], pass.High[l][q], q, q);
            for (int p = 0; layer.Kind == ProofLayerKind.Curved && p < layer.InputCount; p++)
            {
                for (int e = layer.Starts[p]; e < layer.Starts[p + 1]; e++)
                    AddCurve(layer.Curves[e], pass.Low[l][p], pass.High[l][p], layer.Outputs[e], p);
            }

            (_low, _nextLow) = (_nextLow, _low);
            (_high, _nextHigh) = (_nextHigh, _high);
        }
    }

    private void AddCurve(Curve curve, double low, double high, int output, int input)
    {
        if (_low[output] == 0 && _high[output] == 0) return;
        var (least, greatest) = curve.SlopesOn(low, high);
        double from = _low[output], to = _high[output];
        Add(
            input,
            Math.Min(Math.Min(Below(least, from), Below(least, to)), Math.Min(Below(greatest, from), Below(greatest, to))),
            Math.Max(Math.Max(Above(least, from), Above(least, to)), Math.Max(Above(greatest, from), Above(greatest, to))));
    }

    private void AddWeights(ProofLayer layer, int q)
    {
        double low = _low[q], high = _high[q];
        if (low == 0 && high == 0) return;
        if (layer.Weights is { } weights)
        {
            for (int p = 0; p < layer.InputCount; p++)
            {
                double w = weights[(q * layer.Stride) + p];
                if (w == 0) continue;
                AddWeight(layer, p, w, low, high);
            }
        }
        else
        {
            for (int k = layer.Starts[q]; k < layer.Starts[q + 1]; k++)
            {
                double w = layer.Values[k];
                AddWeight(layer, layer.Columns[k], w, low, high);
            }
        }
    }

    private void AddWeight(ProofLayer layer, int p, double w, double low, double high)
    {
        double least = layer.AreWeightsExact ? w : Math.BitDecrement(w), most = layer.AreWeightsExact ? w : Math.BitIncrement(w);
        Add(p, Math.Min(Math.Min(Below(least, low), Below(most, low)), Math.Min(Below(least, high), Below(most, high))),
            Math.Max(Math.Max(Above(least, low), Above(most, low)), Math.Max(Above(least, high), Above(most, high))));
    }

    private static double Below(double a, double b) => Directed.ProductDown(a, b);

    private static double Above(double a, double b) => Directed.ProductUp(a, b);

    private void Add(int p, double low, double high)
    {
        _nextLow[p] = Directed.SumDown(_nextLow[p], low);
        _nextHigh[p] = Directed.SumUp(_nextHigh[p], high);
    }
}
