using System;
using System.Collections.Generic;

namespace Kan.Analysis.Proofs;

/// <summary>What stands for the curves of a layer on the intervals of its inputs.</summary>
internal sealed class LayerLines
{
    private readonly ProofLayer _layer;

    // Of a curved layer: the points of each input, and the values and their errors of all its edges there.
    private readonly List<double>[] _points;
    private readonly List<double>[] _values;
    private readonly double[] _errors;

    public LayerLines(ProofLayer layer)
    {
        _layer = layer;
        int stride = layer.Kind == ProofLayerKind.Diagonal ? layer.Stride : 0;
        LowerSlopes = new double[stride];
        LowerOffsets = new double[stride];
        UpperSlopes = new double[stride];
        UpperOffsets = new double[stride];
        int curved = layer.Kind == ProofLayerKind.Curved ? layer.InputCount : 0;
        _points = new List<double>[curved];
        _values = new List<double>[curved];
        for (int p = 0; p < curved; p++) (_points[p], _values[p]) = ([], []);
        _errors = new double[curved > 0 ? layer.Curves.Length : 0];
    }

    /// <summary>Of a diagonal layer: the lines below and above each function.</summary>
    public double[] LowerSlopes { get; }

    public double[] LowerOffsets { get; }

    public double[] UpperSlopes { get; }

    public double[] UpperOffsets { get; }

    /// <summary>Takes the intervals of the inputs.</summary>
    public void Prepare(double[] low, double[] high)
    {
        if (_layer.Kind == ProofLayerKind.Diagonal)
        {
            for (int q = 0; q < _layer.OutputCount; q++)
            {
                var (lower, upper) = _layer.Curves[q].LinesOn(low[q], high[q]);
                (LowerSlopes[q], LowerOffsets[q]) = (lower.Slope, lower.Offset);
                (UpperSlopes[q], UpperOffsets[q]) = (upper.Slope, upper.Offset);
            }
        }
        else if (_layer.Kind == ProofLayerKind.Curved)
        {
            for (int p = 0; p < _layer.InputCount; p++) PrepareInput(p, low[p], high[p]);
        }
    }

    private void PrepareInput(int p, double low, double high)
    {
        var points = _points[p];
        points.Clear();
        points.Add(low);
        foreach (double knot in _layer.Knots[p])
        {
            if (knot > low && knot < high) points.Add(knot);
        }

        if (high > low) points.Add(high);
        var values = _values[p];
        values.Clear();
        for (int e = _layer.Starts[p]; e < _layer.Starts[p + 1]; e++)
        {
            _errors[e] = 0;
            foreach (double point in points)
            {
                var (value, error) = _layer.Curves[e].At(point);
                values.Add(value);
                _errors[e] = Math.Max(_errors[e], error + (Math.Abs(value) * 1e-15));
            }
        }
    }

    /// <summary>
    /// Replaces the coefficients of the outputs of a curved layer by those of its inputs: for each input a line below the weighted sum of
    /// all its functions, which is closer than a line for each.
    /// </summary>
    /// <param name="coefficients">Of the outputs.</param>
    /// <param name="results">Of the inputs.</param>
    /// <param name="rounding">The relative error of long sums.</param>
    /// <returns>The sum of the offsets, already rounded down, and of their sizes.</returns>
    public (double Offset, double Size) Substitute(ReadOnlySpan<double> coefficients, Span<double> results, double rounding)
    {
        double offset = 0, size = 0;
        Span<double> sums = stackalloc double[64];
        for (int p = 0; p < _layer.InputCount; p++)
        {
            var points = _points[p];
            int count = points.Count;
            if (count > sums.Length) sums = new double[count];
            sums[..count].Clear();
            double error = 0;
            int at = 0;
            for (int e = _layer.Starts[p]; e < _layer.Starts[p + 1]; e++, at += count)
            {
                double c = coefficients[_layer.Outputs[e]];
                if (c == 0) continue;
                for (int i = 0; i < count; i++)
                {
                    double term = c * _values[p][at + i];
                    sums[i] += term;
                    size += Math.Abs(term);
                }

                error += Math.Abs(c) * _errors[e];
            }

            var line = Below(points, sums[..count]);
            results[p] = line.Slope;
            double least = double.PositiveInfinity;
            for (int i = 0; i < count; i++)
            {
                double product = line.Slope * points[i];
                size += Math.Abs(product);
                least = Math.Min(least, sums[i] - product);
            }

            offset += least - (error * (1 + rounding));
            size += error + Math.Abs(least);
        }

        return (offset, size);
    }

    /// <summary>The line through the side of the lower hull of some points above their middle; its offset is not used.</summary>
    private static LinearBound Below(List<double> points, ReadOnlySpan<double> values)
    {
        int count = points.Count;
        if (count == 1) return new(0, values[0]);
        double middle = points[0] + ((points[count - 1] - points[0]) / 2), best = double.PositiveInfinity, slope = 0;
        for (int i = 0; i < count && points[i] <= middle; i++)
        {
            for (int j = count - 1; j > i && points[j] > middle; j--)
            {
                double rise = (values[j] - values[i]) / (points[j] - points[i]), at = values[i] + (rise * (middle - points[i]));
                if (at < best) (best, slope) = (at, rise);
            }
        }

        return new(slope, 0);
    }
}
