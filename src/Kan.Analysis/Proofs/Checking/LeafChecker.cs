using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using V = System.Runtime.Intrinsics.Vector512;
using Vectors = System.Runtime.Intrinsics.Vector512<double>;

namespace Kan.Analysis.Proofs;

/// <summary>Intervals of all nodes that the checker derived for a box, to start from in its parts.</summary>
internal sealed record CheckedIntervals(double[][] Low, double[][] High, IReadOnlyList<NodePart> Parts)
{
    /// <summary>Whether intervals are kept for parts this deep: of all, or where there are many inputs, of every fourth.</summary>
    public static bool IsBasis(int depth, int inputs) => inputs <= 16 || depth % 4 == 3;
}

/// <summary>
/// Re-derives from the exact network that the conditions of a case do not all hold anywhere in a box: lower bounds of combinations of the
/// conditions, substituted back to the inputs. Each sum has a bound of its error, each result is rounded to its safe side. Written apart
/// from the prover and without its code, so that a wrong proof needs a mistake in both. One thread uses it at a time.
/// </summary>
internal sealed class LeafChecker
{
    private const int Lanes = 8;

    // A sum of n products is off by at most (n + 1) 2^-53 of the sum of their sizes; each level needs three such sums.
    private readonly double _gamma;
    private readonly CheckedLayer[] _layers;
    private readonly ImmutableArray<ForbiddenCase> _cases;

    // By level and node: intervals, the value at the middle of the box, and the sizes of the values and of the terms behind them.
    private readonly double[][] _low, _high, _middle, _size;

    // Of diagonal layers: lines below the functions, and below their negatives.
    private readonly double[][] _slope, _offset, _minusSlope, _minusOffset;
    private readonly List<(double X, double Value, double Error)> _points = [];
    private double[] _row, _next;

    public LeafChecker(KanNetwork network, ImmutableArray<ForbiddenCase> cases, CancellationToken cancellation)
    {
        _cases = cases;
        _layers = new CheckedLayer[network.Layers.Length];
        for (int l = 0; l < _layers.Length; l++)
        {
            cancellation.ThrowIfCancellationRequested();
            _layers[l] = new CheckedLayer(network.Layers[l]);
        }

        int[] lengths = [(network.InputCount + Lanes - 1) / Lanes * Lanes,
            .. _layers.Select(static layer => (layer.Outputs + Lanes - 1) / Lanes * Lanes)];
        double[][] New() => [.. lengths.Select(static length => new double[length])];
        (_low, _high, _middle, _size) = (New(), New(), New(), New());
        (_slope, _offset, _minusSlope, _minusOffset) = (New(), New(), New(), New());
        (_row, _next) = (new double[lengths.Max()], new double[lengths.Max()]);
        _gamma = (lengths.Max() + 20) * 2.5e-16;
    }

    /// <summary>
    /// Whether each claim holds in a box: that the combination of the conditions of its case is above 0, or not below where one of them is
    /// strict.
    /// </summary>
    /// <param name="low">The lower ends.</param>
    /// <param name="high">The upper ends.</param>
    /// <param name="parts">The sides of nodes that are in question.</param>
    /// <param name="within">Intervals of a box around this one, or null.</param>
    /// <param name="claims">The claims.</param>
    public bool[] Check(double[] low, double[] high, IReadOnlyList<NodePart> parts, CheckedIntervals? within,
        IReadOnlyList<ProofClaim> claims)
    {
        Bound(low, high, parts, within);

        // Nothing is left of a part with an empty interval.
        bool isEmpty = Enumerable.Range(0, _low.Length).Any(l => Enumerable.Range(0, _low[l].Length).Any(q => _low[l][q] > _high[l][q]));
        return [.. claims.Select(claim => isEmpty || IsExcluded(_cases[claim.Case], claim.Factors, parts, claim.Weights))];
    }

    /// <summary>The intervals of a box, for its parts.</summary>
    public CheckedIntervals Enclose(double[] low, double[] high, IReadOnlyList<NodePart> parts, CheckedIntervals? within)
    {
        Bound(low, high, parts, within);
        return new CheckedIntervals([.. _low.Select(static level => level.ToArray())], [.. _high.Select(static level => level.ToArray())],
            parts);
    }

    private void Bound(double[] low, double[] high, IReadOnlyList<NodePart> parts, CheckedIntervals? within)
    {
        low.CopyTo(_low[0], 0);
        high.CopyTo(_high[0], 0);
        for (int p = 0; p < low.Length; p++)
        {
            (_middle[0][p], _size[0][p]) = ((low[p] / 2) + (high[p] / 2), 4 * Math.Max(Math.Abs(low[p]), Math.Abs(high[p])));
            if (within is not null && !(within.Low[0][p] <= low[p] && high[p] <= within.High[0][p])) within = null;
        }

        if (within is not null && !within.Parts.All(parts.Contains)) within = null;
        for (int l = 1; l <= _layers.Length; l++)
        {
            if (_layers[l - 1].IsDiagonal) SetLines(l - 1);
            Forward(l);
            for (int q = 0; within is not null && q < _layers[l - 1].Outputs; q++) Narrow(l, q, within.Low[l][q], within.High[l][q]);
            foreach (var part in parts)
            {
                if (part.Level == l)
                    Narrow(l, part.Node, part.IsAbove ? part.At : double.NegativeInfinity,
                        part.IsAbove ? double.PositiveInfinity : part.At);
            }

            if (l < _layers.Length && !_layers[l].IsAffine && !(l == 1 && _layers[0].IsAffine)) Narrow(l);
        }
    }

    private void Narrow(int level, int node, double low, double high)
    {
        if (low > _low[level][node]) _low[level][node] = low;
        if (high < _high[level][node]) _high[level][node] = high;
    }

    private bool IsExcluded(ForbiddenCase forbidden, ImmutableArray<int> factors, IReadOnlyList<NodePart> parts,
        ImmutableArray<double> weights)
    {
        // How far a node is beyond the number that splits it is not below 0 in the part: some of it may be taken off.
        if (!weights.IsEmpty && weights.Length != parts.Count) return false;
        if (weights.Any(static weight => !(weight is >= 0 and <= double.MaxValue))) return false;
        var beyond = parts.Zip(weights).Where(static pair => pair.Second > 0).ToArray();
        double[] inputs = new double[_low[0].Length];
        var used = forbidden.Conditions.Select((condition, i) => (Condition: condition, Factor: factors[i]))
            .Where(static part => part.Factor != 0).ToArray();
        if ((used.Length == 0 && beyond.Length == 0) || used.Any(static part => part.Factor < 0)) return false;
        Rational Sum(Func<LinearCondition, Rational> part) =>
            used.Aggregate(Rational.Zero, (sum, term) => sum + (term.Factor * part(term.Condition)));

        // One output alone is bounded by its interval too, exactly.
        if (used is [var only] && only.Condition.Inputs.IsEmpty && only.Condition.Outputs.Count(static weight => !weight.IsZero) == 1)
        {
            int q = 0;
            while (only.Condition.Outputs[q].IsZero) q++;
            double end = only.Condition.Outputs[q].Sign > 0 ? _low[^1][q] : _high[^1][q];
            int sign = double.IsFinite(end) ? ((only.Condition.Outputs[q] * Rational.FromDouble(end)) + only.Condition.Constant).Sign : -1;
            if (sign > 0 || (sign == 0 && only.Condition.IsStrict)) return true;
        }

        Array.Clear(_row);
        for (int q = 0; q < _layers[^1].Outputs; q++) _row[q] = Sum(condition => condition.Outputs[q]).ToDouble();
        for (int p = 0; p < _layers[0].Inputs; p++)
            inputs[p] = Sum(condition => condition.Inputs.IsEmpty ? Rational.Zero : condition.Inputs[p]).ToDouble();
        double bound = Least(_layers.Length, Sum(static condition => condition.Constant).ToDouble(), inputs, beyond);
        return used.Any(static part => part.Condition.IsStrict) ? bound >= 0 : bound > 0;
    }

    /// <summary>Intervals of a level from those before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Forward(int level)
    {
        var layer = _layers[level - 1];
        double[] low = _low[level - 1], high = _high[level - 1], middle = _middle[level - 1], least = _low[level], most = _high[level],
            center = _middle[level], size = _size[level];
        bool[] isExact = [.. layer.AreBiasesExact];
        for (int q = 0; q < layer.Outputs; q++)
        {
            (least[q], most[q], center[q], size[q]) = (layer.Biases[q], layer.Biases[q], layer.Biases[q], Math.Abs(layer.Biases[q]));
            if (layer.Dense is null) continue;
            Vectors l = default, u = default, c = default, s = default;
            for (int p = 0; p < low.Length; p += Lanes)
            {
                Vectors w = V.Create(layer.Dense[q], p), a = w * V.Create(low, p), b = w * V.Create(high, p);
                (l, u, c, s) = (l + V.Min(a, b), u + V.Max(a, b), c + (w * V.Create(middle, p)), s + V.Max(V.Abs(a), V.Abs(b)));
            }

            Add(q, V.Sum(l), V.Sum(u), V.Sum(c), V.Sum(s));
        }

        for (int q = 0; layer.IsAffine && layer.Dense is null && q < layer.Outputs; q++)
        {
            foreach (var (p, w) in layer.Row(q))
                Add(q, Math.Min(w * low[p], w * high[p]), Math.Max(w * low[p], w * high[p]), w * middle[p],
                    Math.Max(Math.Abs(w * low[p]), Math.Abs(w * high[p])));
        }

        for (int p = 0; p < layer.Pieces.Length; p++)
        {
            foreach (var piece in layer.Pieces[p])
            {
                var (l, el) = piece.At(low[p], high[p]);
                var (u, eu) = piece.At(high[p], low[p]);
                (l, u) = (Math.Min(l - el, u - eu), Math.Max(l + el, u + eu));
                _points.Clear();
                piece.AddInside(low[p], high[p], _points);
                foreach (var (x, _, _) in _points)
                {
                    var (value, error) = piece.At(x, x);
                    (l, u) = (Math.Min(l, value - error), Math.Max(u, value + error));
                }

                Add(piece.Output, l, u, piece.At(middle[p], high[p]).Value, Math.Max(Math.Abs(l), Math.Abs(u)));
            }
        }

        for (int q = 0; q < layer.Outputs; q++)
        {
            // Bounds of functions are safe as they are, and so are sums that a double holds; others are off by roundoff, and by products
            // that are too small for a double while nothing is larger than 1e100.
            double error = (size[q] * _gamma) + 1e-200;
            if (layer.IsAffine || !isExact[q])
                (least[q], most[q]) = (Math.BitDecrement(least[q] - error), Math.BitIncrement(most[q] + error));
            size[q] = (2 * size[q]) + (4 * Math.Max(Math.Abs(least[q]), Math.Abs(most[q])));
            if (!(size[q] <= 1e100)) size[q] = double.PositiveInfinity;
        }

        void Add(int q, double l, double u, double c, double s)
        {
            isExact[q] &= IsExact(least[q], l) && IsExact(most[q], u);
            (least[q], most[q], center[q], size[q]) = (least[q] + l, most[q] + u, center[q] + c, size[q] + s);
        }

        // Of two numbers and their rounded sum, what is left over is a double.
        static bool IsExact(double a, double b) => a + b is var sum && sum - a is var part && (a - (sum - part)) + (b - part) == 0;
    }

    /// <summary>Narrows the intervals of the nodes that bend in the next layer, the end nearer to the middle first.</summary>
    private void Narrow(int level)
    {
        for (int q = 0; q < _layers[level].Inputs; q++)
        {
            var pieces = _layers[level].Pieces[q];
            for (int side = 0; side < 2 && Array.Exists(pieces, piece => piece.Bends(_low[level][q], _high[level][q])); side++)
            {
                bool isLow = (side == 0) != pieces[0].Bends(_middle[level][q], double.PositiveInfinity);
                Array.Clear(_row);
                _row[q] = isLow ? 1 : -1;
                double bound = Least(level, 0, [], []);
                Narrow(level, q, isLow ? bound : double.NegativeInfinity, isLow ? double.PositiveInfinity : -bound);
            }
        }
    }

    private void SetLines(int level)
    {
        for (int p = 0; p < _layers[level].Inputs; p++)
        {
            if (_layers[level].Pieces[p] is [var piece] && piece.LineOn(_low[level][p], _high[level][p]) is var (slope, intercept))
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
        double low = _low[level][p], high = _high[level][p], middle = low + ((high - low) / 2);
        var pieces = _layers[level].Pieces[p];
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
    private double Least(int level, double constant, double[] inputs, (NodePart Part, double Weight)[] beyond)
    {
        double error = Math.Abs(constant) * _gamma, best = double.NegativeInfinity, ofInputs = 0, inputSize = 0;
        for (int p = 0; p < inputs.Length; p++)
        {
            ofInputs += Math.Min(inputs[p] * _low[0][p], inputs[p] * _high[0][p]);
            inputSize += Math.Abs(inputs[p]) * _size[0][p];
        }

        for (int l = level; l > 0; l--)
        {
            var layer = _layers[l - 1];
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
        for (int q = 0; q < _low[level].Length; q += Lanes)
        {
            var c = V.Create(_row, q);
            least += V.Min(c * V.Create(_low[level], q), c * V.Create(_high[level], q));
            size += V.Abs(c) * V.Create(_size[level], q);
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
