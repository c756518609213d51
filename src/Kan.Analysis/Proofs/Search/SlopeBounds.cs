using System;

namespace Kan.Analysis.Proofs;

/// <summary>
/// Sound intervals of the slopes of one output by the inputs, for inputs in the box of a pass. What adds up from parts of one sign keeps it: a slope that cannot be
/// negative has no bound below 0.
/// </summary>
internal sealed class SlopeBounds
{
    private readonly ProofNetwork _network;
    private readonly double _rounding;
    private double[] _low, _high;

    // Sums of the parts above and below 0 of the lower and of the upper ends.
    private readonly double[] _lowRise, _lowFall, _highRise, _highFall;

    public SlopeBounds(ProofNetwork network)
    {
        _network = network;
        _rounding = 4 * BoundPass.RoundingOf(network);
        (_low, _high) = (new double[network.Widest], new double[network.Widest]);
        (_lowRise, _lowFall, _highRise, _highFall) = (new double[network.Widest], new double[network.Widest], new double[network.Widest], new double[network.Widest]);
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
            foreach (double[] sums in (double[][])[_lowRise, _lowFall, _highRise, _highFall]) Array.Clear(sums);
            for (int q = 0; layer.Kind == ProofLayerKind.Affine && q < layer.OutputCount; q++) AddWeights(layer, q);
            for (int q = 0; layer.Kind == ProofLayerKind.Diagonal && q < layer.OutputCount; q++) AddCurve(layer.Curves[q], pass.Low[l][q], pass.High[l][q], q, q);
            for (int p = 0; layer.Kind == ProofLayerKind.Curved && p < layer.InputCount; p++)
            {
                for (int e = layer.Starts[p]; e < layer.Starts[p + 1]; e++) AddCurve(layer.Curves[e], pass.Low[l][p], pass.High[l][p], layer.Outputs[e], p);
            }

            for (int p = 0; p < layer.InputCount; p++)
            {
                _low[p] = (_lowRise[p] * (1 - _rounding)) - (_lowFall[p] * (1 + _rounding));
                _high[p] = (_highRise[p] * (1 + _rounding)) - (_highFall[p] * (1 - _rounding));

                // The products may have been too small for a double; zeros are exact.
                if (_lowFall[p] != 0) _low[p] -= 1e-290;
                if (_highRise[p] != 0) _high[p] += 1e-290;
            }
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
                Add(p, Below(w, w > 0 ? low : high), Above(w, w > 0 ? high : low));
            }
        }
        else
        {
            for (int k = layer.Starts[q]; k < layer.Starts[q + 1]; k++)
            {
                double w = layer.Values[k];
                Add(layer.Columns[k], Below(w, w > 0 ? low : high), Above(w, w > 0 ? high : low));
            }
        }
    }

    // A product that is too small for a double is not zero.
    private static double Below(double a, double b) => a * b is not 0 and var product ? product : a < 0 && b > 0 || a > 0 && b < 0 ? -double.Epsilon : 0;

    private static double Above(double a, double b) => -Below(-a, b);

    private void Add(int p, double low, double high)
    {
        // A part that is no number makes both sums none.
        if (low < 0) _lowFall[p] -= low;
        else _lowRise[p] += low;
        if (high < 0) _highFall[p] -= high;
        else _highRise[p] += high;
    }
}
