using System;
using System.Runtime.CompilerServices;

namespace Kan.Analysis.Proofs;

/// <summary>
/// Intervals of all nodes for inputs in a box: plain intervals, and for nodes whose functions bend inside them also linear bounds that are
/// substituted back to the inputs. Every number carries a bound of its rounding. One thread uses it at a time.
/// </summary>
internal sealed class BoundPass
{
    private const double Unit = 1.0 / (1L << 53);

    // More than a sum of products that are too small for a double; numbers beyond the largest are not bounded, so that such products stay
    // this small.
    private const double Tiny = 1e-300, Largest = 1e100;

    private readonly ProofNetwork _network;
    private readonly RowBounds _rows;
    private readonly double[] _centers, _radii;
    private readonly double[][] _points;
    private readonly double _rounding;

    public BoundPass(ProofNetwork network)
    {
        _network = network;
        Low = network.NewLevels();
        High = network.NewLevels();
        Sizes = network.NewLevels();
        Lines = [.. Array.ConvertAll(network.Layers, static layer => new LayerLines(layer))];
        _centers = new double[network.Widest];
        _radii = new double[network.Widest];
        _points = network.NewLevels();
        _rounding = RoundingOf(network);
        _rows = new RowBounds(network, this);
    }

    /// <summary>The intervals, by level and node.</summary>
    public double[][] Low { get; }

    /// <inheritdoc cref="Low"/>
    public double[][] High { get; }

    /// <summary>
    /// By level and node, what times a coefficient and <see cref="RoundingOf"/> bounds the rounding around it: the sizes of the value and
    /// of the terms behind it.
    /// </summary>
    public double[][] Sizes { get; }

    /// <summary>What stands for the curves of each layer.</summary>
    public LayerLines[] Lines { get; }

    public RowBounds Rows => _rows;

    /// <summary>The relative error of a sum over the widest layer.</summary>
    public static double RoundingOf(ProofNetwork network) => (network.Widest + 64) * Unit * 1.01;

    /// <summary>The nodes at the middle of the box, roughly.</summary>
    public double[][] Points => _points;

    /// <summary>Bounds all nodes but the outputs tightly, the outputs plainly.</summary>
    /// <param name="low">The lower ends of the box.</param>
    /// <param name="high">The upper ends.</param>
    /// <param name="known">Intervals that are known to hold, which the result is part of.</param>
    /// <returns>False if no input of the box is left: an interval is empty.</returns>
    public bool Run(ReadOnlySpan<double> low, ReadOnlySpan<double> high, NodeIntervals? known)
    {
        low.CopyTo(Low[0]);
        high.CopyTo(High[0]);
        for (int p = 0; p < low.Length; p++)
        {
            Sizes[0][p] = SizeOf(0, low[p], high[p]);
            _points[0][p] = low[p] + ((high[p] - low[p]) / 2);
        }

        bool isLinear = true;
        for (int level = 1; level <= _network.Depth; level++)
        {
            var layer = _network.Layers[level - 1];
            Lines[level - 1].Prepare(Low[level - 1], High[level - 1]);
            Enclose(level);
            PointEvaluation.Step(layer, _points[level - 1], _points[level]);
            isLinear &= layer.Kind == ProofLayerKind.Affine;
            if (known is not null && !known.Intersect(level, Low[level], High[level], _network.Sizes[level])) return false;
            if (level == _network.Depth || _network.Layers[level].Kind == ProofLayerKind.Affine) continue;

            // The first layer's sums over a box are exact as they are.
            if (!(isLinear && level == 1)) _rows.Tighten(level);
            for (int q = 0; q < _network.Sizes[level]; q++)
            {
                if (Low[level][q] > High[level][q]) return false;
            }
        }

        return true;
    }

    /// <summary>Plain intervals of a level from those of the level before.</summary>
    private void Enclose(int level)
    {
        var layer = _network.Layers[level - 1];
        double[] low = Low[level - 1], high = High[level - 1], lower = Low[level], upper = High[level], sizes = Sizes[level];
        switch (layer.Kind)
        {
            case ProofLayerKind.Diagonal:
                for (int q = 0; q < layer.OutputCount; q++)
                {
                    (lower[q], upper[q]) = layer.Curves[q].RangeOn(low[q], high[q]);
                    sizes[q] = SizeOf(0, lower[q], upper[q]);
                }

                break;
            case ProofLayerKind.Curved:
                EncloseCurves(layer, low, high, lower, upper, sizes);
                break;
            default:
                EncloseAffine(layer, low, high, lower, upper, sizes);
                break;
        }
    }

    private void EncloseCurves(ProofLayer layer, double[] low, double[] high, double[] lower, double[] upper, double[] sizes)
    {
        layer.Biases.CopyTo(lower, 0);
        layer.Biases.CopyTo(upper, 0);
        for (int q = 0; q < sizes.Length; q++) sizes[q] = Math.Abs(layer.Biases[q]);
        for (int p = 0; p < layer.InputCount; p++)
        {
            for (int e = layer.Starts[p]; e < layer.Starts[p + 1]; e++)
            {
                int q = layer.Outputs[e];
                var (least, greatest) = layer.Curves[e].RangeOn(low[p], high[p]);
                lower[q] = Directed.SumDown(lower[q], least);
                upper[q] = Directed.SumUp(upper[q], greatest);
                sizes[q] += Math.Max(Math.Abs(least), Math.Abs(greatest));
            }
        }

        for (int q = 0; q < layer.OutputCount; q++)
        {
            if (!layer.AreBiasesExact)
            {
                double error = (Math.Abs(layer.Biases[q]) * _rounding) + Tiny;
                lower[q] = Math.BitDecrement(lower[q] - error);
                upper[q] = Math.BitIncrement(upper[q] + error);
            }

            sizes[q] = SizeOf(sizes[q], lower[q], upper[q]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void EncloseAffine(ProofLayer layer, double[] low, double[] high, double[] lower, double[] upper, double[] sizes)
    {
        for (int p = 0; p < layer.InputCount; p++)
        {
            double center = low[p] + ((high[p] - low[p]) / 2);
            _centers[p] = center;
            double radius = Math.Max(high[p] - center, center - low[p]);
            _radii[p] = radius == 0 ? 0 : Math.BitIncrement(radius);
        }

        Array.Clear(_centers, layer.InputCount, layer.Stride - layer.InputCount);
        Array.Clear(_radii, layer.InputCount, layer.Stride - layer.InputCount);
        for (int q = 0; q < layer.OutputCount; q++)
        {
            double center, radius, size;
            if (layer.Weights is { } weights)
                (center, radius, size) = Kernels.Enclose(weights.AsSpan(q * layer.Stride, layer.Stride), _centers, _radii);
            else
            {
                center = radius = size = 0;
                for (int i = layer.Starts[q]; i < layer.Starts[q + 1]; i++)
                {
                    double weight = layer.Values[i], term = weight * _centers[layer.Columns[i]];
                    center += term;
                    size += Math.Abs(term);
                    radius += Math.Abs(weight) * _radii[layer.Columns[i]];
                }
            }

            double bias = layer.Biases[q], all = size + radius + Math.Abs(bias), error = (all * _rounding) + Tiny;
            bool isZero = all == 0 && IsZero(layer, q);
            lower[q] = isZero ? 0 : Math.BitDecrement(center + bias - radius - error);
            upper[q] = isZero ? 0 : Math.BitIncrement(center + bias + radius + error);
            sizes[q] = SizeOf(all, lower[q], upper[q]);
        }
    }

    private static double SizeOf(double terms, double low, double high)
    {
        double size = terms + (4 * Math.Max(Math.Abs(low), Math.Abs(high)));
        return size <= Largest ? size : double.PositiveInfinity;
    }

    /// <summary>Whether each product of a sum has a factor that is zero.</summary>
    private bool IsZero(ProofLayer layer, int q)
    {
        if (layer.Weights is null)
        {
            for (int i = layer.Starts[q]; i < layer.Starts[q + 1]; i++)
            {
                if (layer.Values[i] != 0 && (_centers[layer.Columns[i]] != 0 || _radii[layer.Columns[i]] != 0)) return false;
            }

            return true;
        }

        for (int p = 0; p < layer.InputCount; p++)
        {
            if (layer.Weights[(q * layer.Stride) + p] != 0 && (_centers[p] != 0 || _radii[p] != 0)) return false;
        }

        return true;
    }
}
