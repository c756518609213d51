using System;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Kan.Analysis.Proofs;

/// <summary>Lower bounds of weighted sums of the nodes of a level, substituted back to the inputs layer by layer.</summary>
internal sealed class RowBounds
{
    // Rows that go through the layers together: they and a block of weights stay in the cache.
    private const int Together = 64;

    private readonly ProofNetwork _network;
    private readonly BoundPass _pass;
    private readonly double _rounding;
    private readonly int _stride;
    private double[] _rows, _next;
    private readonly double[] _constants = new double[Together], _errors = new double[Together], _best = new double[Together];
    private readonly int[] _active, _nodes = new int[Together];
    private readonly bool[] _isUpper = new bool[Together];
    private readonly double[]?[] _inputRows = new double[]?[Together];

    // Of rows that have terms of inputs too: the least that these add up to, and what its roundoff is at most.
    private readonly double[] _inputLeast = new double[Together], _inputErrors = new double[Together];
    private readonly ImmutableArray<NodeTerm>[] _terms = new ImmutableArray<NodeTerm>[Together];

    public RowBounds(ProofNetwork network, BoundPass pass)
    {
        _network = network;
        _pass = pass;
        _rounding = BoundPass.RoundingOf(network);
        _stride = network.Widest;
        _rows = new double[Together * _stride];
        _next = new double[Together * _stride];
        _active = new int[_stride];
    }

    /// <summary>Of the last rows bounded: their coefficients of the inputs.</summary>
    public ReadOnlySpan<double> InputCoefficients(int row) => _rows.AsSpan(row * _stride, _network.InputCount);

    /// <summary>Of the same: what is added to the sum over the inputs to bound the row from below.</summary>
    public double Constant(int row) => _constants[row] - _errors[row];

    /// <summary>Narrows the intervals of the nodes of a level whose functions bend inside them.</summary>
    public void Tighten(int level)
    {
        // The end on the side of the middle of the box first: where it shows that the function does not bend, the other end is of little
        // use.
        var next = _network.Layers[level];
        int count = 0;
        for (int round = 0; round < 2; round++)
        {
            for (int q = 0; q < _network.Sizes[level]; q++)
            {
                if (next.IsDecided(q, _pass.Low[level][q], _pass.High[level][q])) continue;
                bool isUpperFirst = IsBelow(next, q, _pass.Points[level][q]);
                _nodes[count] = q;
                _isUpper[count++] = isUpperFirst == (round == 0);
                if (count < Together) continue;
                TightenTogether(level, count);
                count = 0;
            }

            if (count > 0) TightenTogether(level, count);
            count = 0;
        }
    }

    private static bool IsBelow(ProofLayer layer, int node, double value)
    {
        var knots = layer.KnotsOf(node);
        return knots.Length > 0 && value < knots[knots.Length / 2];
    }

    private void TightenTogether(int level, int count)
    {
        for (int r = 0; r < count; r++)
        {
            var row = _rows.AsSpan(r * _stride, _network.Strides[level]);
            row.Clear();
            row[_nodes[r]] = _isUpper[r] ? -1 : 1;
            _constants[r] = _errors[r] = 0;
            _inputRows[r] = null;
            _terms[r] = [];
        }

        Substitute(level, count);
        for (int r = 0; r < count; r++)
        {
            int q = _nodes[r];
            if (_isUpper[r])
            {
                if (-_best[r] < _pass.High[level][q]) _pass.High[level][q] = -_best[r];
            }
            else if (_best[r] > _pass.Low[level][q])
            {
                _pass.Low[level][q] = _best[r];
            }
        }
    }

    /// <summary>Lower bounds of some rows over the outputs.</summary>
    /// <param name="rows">The rows; at most 64.</param>
    /// <param name="bounds">Where the bounds go.</param>
    /// <param name="trace">Takes the coefficients of the first row by level, or null.</param>
    public void OfOutputs(ReadOnlySpan<ConditionRow> rows, Span<double> bounds, double[][]? trace = null)
    {
        int level = _network.Depth;
        for (int r = 0; r < rows.Length; r++)
        {
            var row = _rows.AsSpan(r * _stride, _network.Strides[level]);
            row.Clear();
            rows[r].Outputs.CopyTo(row);
            _constants[r] = rows[r].Constant;
            _errors[r] = Math.Abs(rows[r].Constant) * _rounding;
            _inputRows[r] = rows[r].Inputs;
            _terms[r] = rows[r].Terms;
        }

        Substitute(level, rows.Length, trace);
        _best.AsSpan(0, rows.Length).CopyTo(bounds);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Substitute(int level, int count, double[][]? trace = null)
    {
        _best.AsSpan(0, count).Fill(double.NegativeInfinity);
        for (int r = 0; r < count; r++)
        {
            (double least, double size) = _inputRows[r] is { } inputs
                ? Kernels.Least(inputs, _pass.Low[0], _pass.High[0], _pass.Sizes[0]) : (0, 0);
            (_inputLeast[r], _inputErrors[r]) = (least, size * _rounding);
        }

        for (int l = level; l > 0; l--)
        {
            AddTerms(l, count);
            Charge(l, count, isKept: l < level && _network.Layers[l].Kind != ProofLayerKind.Affine);
            if (trace is not null) _rows.AsSpan(0, _network.Strides[l]).CopyTo(trace[l]);
            var layer = _network.Layers[l - 1];
            switch (layer.Kind)
            {
                case ProofLayerKind.Diagonal:
                    var lines = _pass.Lines[l - 1];
                    for (int r = 0; r < count; r++)
                    {
                        var (offset, size) = Kernels.Relax(_rows.AsSpan(r * _stride, layer.Stride), lines.LowerSlopes, lines.LowerOffsets,
                            lines.UpperSlopes, lines.UpperOffsets);
                        _constants[r] += offset;
                        _errors[r] += size * _rounding;
                    }

                    break;
                case ProofLayerKind.Curved:
                    SubstituteCurves(l, layer, count);
                    break;
                default:
                    SubstituteAffine(layer, count);
                    break;
            }
        }

        for (int r = 0; r < count; r++)
        {
            if (_inputRows[r] is not { } inputs) continue;
            for (int p = 0; p < inputs.Length; p++) _rows[(r * _stride) + p] += inputs[p];
            _errors[r] += _inputErrors[r];
        }

        Charge(0, count, isKept: true);
    }

    /// <summary>Adds the terms of a level; what is bounded before that is the row without them, which is no less.</summary>
    private void AddTerms(int level, int count)
    {
        for (int r = 0; r < count; r++)
        {
            foreach (var term in _terms[r])
            {
                if (term.Level != level) continue;
                _rows[(r * _stride) + term.Node] += term.Weight;
                _constants[r] += term.Constant;
                _errors[r] += Math.Abs(term.Constant) * _rounding;
            }
        }
    }

    /// <summary>Adds what rounding around a level can change, and keeps the bounds that its intervals give.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Charge(int level, int count, bool isKept)
    {
        int stride = _network.Strides[level];
        for (int r = 0; r < count; r++)
        {
            var (least, size) = Kernels.Least(_rows.AsSpan(r * _stride, stride), _pass.Low[level], _pass.High[level], _pass.Sizes[level]);
            _errors[r] += size * _rounding;
            if (!isKept) continue;

            // At level 0 the terms of inputs are in the row; before, they are apart from the terms of nodes.
            double apart = level == 0 ? 0 : _inputLeast[r], rounded = level == 0 ? 0 : _inputErrors[r];
            double sum = _constants[r] + least + apart;
            double error = ((_errors[r] + rounded) * 1.0001) + (Math.Abs(_constants[r]) * _rounding);

            // Products may also have been too small for a double.
            double bound = Math.BitDecrement(sum - error - 1e-200);
            if (bound > _best[r]) _best[r] = bound;
        }
    }

    private void SubstituteCurves(int level, ProofLayer layer, int count)
    {
        for (int r = 0; r < count; r++)
        {
            var row = _rows.AsSpan(r * _stride, _network.Strides[level]);
            var result = _next.AsSpan(r * _stride, layer.Stride);
            result.Clear();
            var (offset, size) = _pass.Lines[level - 1].Substitute(row, result, _rounding);
            double biases = 0;
            for (int q = 0; q < layer.OutputCount; q++) biases += row[q] * layer.Biases[q];
            _constants[r] += offset + biases;
            _errors[r] += (size + Math.Abs(biases)) * _rounding;
        }

        (_rows, _next) = (_next, _rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SubstituteAffine(ProofLayer layer, int count)
    {
        int active = 0;
        for (int q = 0; q < layer.OutputCount; q++)
        {
            bool isZero = true;
            for (int r = 0; r < count; r++)
            {
                double c = _rows[(r * _stride) + q];
                if (c == 0) continue;
                isZero = false;
                _constants[r] += c * layer.Biases[q];
            }

            if (!isZero) _active[active++] = q;
        }

        if (layer.Weights is { } weights)
            Kernels.Multiply(_rows, _stride, count, _active.AsSpan(0, active), weights, layer.Stride, _next, _stride);
        else MultiplyListed(layer, count, active);
        (_rows, _next) = (_next, _rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyListed(ProofLayer layer, int count, int active)
    {
        for (int r = 0; r < count; r++) _next.AsSpan(r * _stride, layer.Stride).Clear();
        for (int i = 0; i < active; i++)
        {
            int q = _active[i];
            for (int r = 0; r < count; r++)
            {
                double c = _rows[(r * _stride) + q];
                if (c == 0) continue;
                for (int k = layer.Starts[q]; k < layer.Starts[q + 1]; k++) _next[(r * _stride) + layer.Columns[k]] += c * layer.Values[k];
            }
        }
    }
}
