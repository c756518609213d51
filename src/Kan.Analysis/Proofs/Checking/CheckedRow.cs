using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using V = System.Runtime.Intrinsics.Vector512;
using Vectors = System.Runtime.Intrinsics.Vector512<double>;

namespace Kan.Analysis.Proofs;

/// <summary>
/// Lower bounds of a row, a weighted sum of the nodes of a level, by the intervals of the levels before it: substituted back to the inputs,
/// functions by lines below them. Each sum has a bound of its error. One thread uses it at a time.
/// </summary>
internal sealed class CheckedRow
{
    private const int Lanes = CheckedNodes.Lanes;

    private readonly CheckedNodes _nodes;
    private readonly double _gamma;

    // Of diagonal layers: lines below the functions, and below their negatives.
    private readonly double[][] _slope, _offset, _minusSlope, _minusOffset;
    private readonly List<(double X, double Value, double Error)> _points = [];
    private double[] _row, _next;

    public CheckedRow(CheckedNodes nodes)
    {
        _nodes = nodes;
        _gamma = nodes.Gamma;
        (_slope, _offset, _minusSlope, _minusOffset) = (New(), New(), New(), New());
        (_row, _next) = (new double[nodes.Widest], new double[nodes.Widest]);

        double[][] New() => Array.ConvertAll(nodes.Low, static level => new double[level.Length]);
    }

    /// <summary>The row of zeros, to be filled in.</summary>
    public Span<double> Cleared()
    {
        Array.Clear(_row);
        return _row;
    }

    /// <summary>Takes the lines of a diagonal layer, once the intervals before it are there.</summary>
    public void SetLines(int level)
    {
        double[] low = _nodes.Low[level], high = _nodes.High[level];
        for (int p = 0; p < _nodes.Layers[level].Inputs; p++)
        {
            if (_nodes.Layers[level].Pieces[p] is [var piece] && piece.LineOn(low[p], high[p]) is var (slope, intercept))
            {
                (_slope[level][p], _offset[level][p]) = (slope, intercept);
                (_minusSlope[level][p], _minusOffset[level][p]) = (-slope, -intercept);
                continue;
            }

            (_slope[level][p], _offset[level][p]) = Below(level, p, [], 1);
            (_minusSlope[level][p], _minusOffset[level][p]) = Below(level, p, [], -1);
        }
    }

    /// <summary>
    /// A line below the weighted sum of the functions of an input on its interval: below its values at both ends and at all knots.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (double Slope, double Offset) Below(int level, int p, double[] weights, double weight)
    {
        double low = _nodes.Low[level][p], high = _nodes.High[level][p], middle = low + ((high - low) / 2);
        var pieces = _nodes.Layers[level].Pieces[p];
        _points.Clear();
        _points.Add((low, 0, 0));
        foreach (var piece in pieces) piece.AddInside(low, high, _points);
        if (pieces.Length > 1) _points.Sort(static (a, b) => a.X.CompareTo(b.X));
        _points.Add((high, 0, 0));
        var points = CollectionsMarshal.AsSpan(_points);
        int count = points.Length;
        for (int i = 0; i < count; i++)
        {
            double sum = 0, error = 0;
            foreach (var piece in pieces)
            {
                double w = weights.Length > 0 ? weights[piece.Output] : weight;
                var (value, off) = piece.At(points[i].X, i == 0 ? high : low);
                (sum, error) = (sum + (w * value), error + (Math.Abs(w) * (off + (Math.Abs(value) * _gamma))));
            }

            points[i] = (points[i].X, sum, error);
        }

        // The slope of the side of their hull above the middle; any slope would do.
        double slope = 0, best = double.PositiveInfinity, offset = double.PositiveInfinity;
        for (int i = 0; i < count && points[i].X <= middle; i++)
        {
            for (int j = count - 1; j > i && points[j].X > middle; j--)
            {
                double rise = (points[j].Value - points[i].Value) / (points[j].X - points[i].X),
                    at = points[i].Value + (rise * (middle - points[i].X));
                if (at < best) (best, slope) = (at, rise);
            }
        }

        foreach (var (x, value, error) in points)
        {
            double product = slope * x, all = error + ((Math.Abs(value) + Math.Abs(product)) * 1e-15);
            offset = Math.Min(offset, all == 0 ? value - product : Math.BitDecrement(value - product - all));
        }

        return (slope, offset);
    }

    /// <summary>A lower bound of the row in hand over a level, plus a constant and a sum over the inputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Least(int level, double constant, double[] inputs, (NodePart Part, double Weight)[] beyond)
    {
        double error = Math.Abs(constant) * _gamma, best = double.NegativeInfinity, ofInputs = 0, inputSize = 0;
        for (int p = 0; p < inputs.Length; p++)
        {
            ofInputs += Math.Min(inputs[p] * _nodes.Low[0][p], inputs[p] * _nodes.High[0][p]);
            inputSize += Math.Abs(inputs[p]) * _nodes.Size[0][p];
        }

        for (int l = level; l > 0; l--)
        {
            var layer = _nodes.Layers[l - 1];
            foreach (var (part, weight) in beyond)
            {
                if (part.Level != l) continue;
                double sign = part.IsAbove ? -weight : weight, product = sign * part.At;
                _row[part.Node] += sign;
                (constant, error) = (constant - product, error + (Math.Abs(product) * _gamma));
            }

            // What the intervals of the level and of the inputs give is a bound too, of the row without what is still to be taken off.
            var (here, terms) = Sums(l);
            error += terms * _gamma;
            if (l < level && Below(constant, here + ofInputs, terms + inputSize, error) is var bound && bound > best) best = bound;
            Vectors biases = default;
            for (int q = 0; q < layer.Biases.Length; q += Lanes) biases += V.Create(_row, q) * V.Create(layer.Biases, q);
            constant += V.Sum(biases);
            Array.Clear(_next);
            if (layer.IsAffine) Multiply(layer);
            else
            {
                // Offsets are safe as they are; adding them up is not.
                var (sum, offsets) = layer.IsDiagonal ? Replace(l - 1) : ReplaceCurves(layer, l - 1);
                (constant, error) = (constant + sum, error + (offsets * _gamma));
            }

            (_row, _next) = (_next, _row);
        }

        for (int p = 0; p < inputs.Length; p++) _row[p] += inputs[p];
        error += inputSize * _gamma;
        var (least, size) = Sums(0);
        double last = Below(constant, least, size, error);
        return best > last ? best : last;
    }

    /// <summary>Takes the row in hand through a diagonal layer, by lines; the sums of the offsets and of their sizes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (double Sum, double Size) Replace(int level)
    {
        Vectors sum = default, size = default;
        for (int p = 0; p < _slope[level].Length; p += Lanes)
        {
            // Where the coefficient is zero a line need not be finite.
            Vectors c = V.Create(_row, p), factor = V.Abs(c), isPositive = V.GreaterThan(c, Vectors.Zero),
                isZero = V.Equals(c, Vectors.Zero),
                slope = V.ConditionalSelect(isPositive, V.Create(_slope[level], p), V.Create(_minusSlope[level], p)),
                offset = V.ConditionalSelect(isPositive, V.Create(_offset[level], p), V.Create(_minusOffset[level], p));
            V.CopyTo(V.ConditionalSelect(isZero, Vectors.Zero, factor * slope), _next, p);
            offset = V.ConditionalSelect(isZero, Vectors.Zero, factor * offset);
            (sum, size) = (sum + offset, size + V.Abs(offset));
        }

        return (V.Sum(sum), V.Sum(size));
    }

    /// <summary>The same for a layer with more functions than one of an input.</summary>
    private (double Sum, double Size) ReplaceCurves(CheckedLayer layer, int level)
    {
        double sum = 0, size = 0;
        for (int p = 0; p < layer.Inputs; p++)
        {
            (_next[p], double offset) = Below(level, p, _row, 0);
            (sum, size) = (sum + offset, size + Math.Abs(offset));
        }

        return (sum, size);
    }

    /// <summary>The sum of two numbers less their errors.</summary>
    private double Below(double constant, double least, double size, double error) =>
        Math.BitDecrement(constant + least - (1.001 * (error + ((size + Math.Abs(constant)) * _gamma))) - 1e-200);

    /// <summary>The least value of the row in hand on the intervals of a level, and the sum of the sizes of its terms.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (double Least, double Size) Sums(int level)
    {
        Vectors least = default, size = default;
        for (int q = 0; q < _nodes.Low[level].Length; q += Lanes)
        {
            var c = V.Create(_row, q);
            least += V.Min(c * V.Create(_nodes.Low[level], q), c * V.Create(_nodes.High[level], q));
            size += V.Abs(c) * V.Create(_nodes.Size[level], q);
        }

        return (V.Sum(least), V.Sum(size));
    }

    /// <summary>The row in hand times the weights of a layer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(CheckedLayer layer)
    {
        for (int q = 0; q < layer.Outputs; q++)
        {
            double c = _row[q];
            if (c == 0) continue;
            if (layer.Dense is null)
            {
                foreach (var (p, w) in layer.Row(q)) _next[p] += c * w;
                continue;
            }

            // Two rows at a time: the sums are then read and written half as often.
            int other = q + 1;
            while (other < layer.Outputs && _row[other] == 0) other++;
            bool isPair = other < layer.Outputs;
            Vectors first = V.Create(c), second = V.Create(isPair ? _row[other] : 0);
            double[] one = layer.Dense[q], two = layer.Dense[isPair ? other : q];
            for (int p = 0; p < one.Length; p += Lanes)
                V.CopyTo(V.Create(_next, p) + (first * V.Create(one, p)) + (second * V.Create(two, p)), _next, p);
            q = other;
        }
    }
}
