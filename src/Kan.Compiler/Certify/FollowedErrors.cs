using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Kan.Compiler.Integers;

namespace Kan.Compiler.Certify;

/// <summary>
/// What a code of a hidden node is off: <c>share * (what the sum is off) + coding</c>, the share from 0 to 1 as the ReLU passes it.
/// </summary>
/// <param name="Sum">What the sum is off at most, up or down.</param>
/// <param name="LeastShare">The least share: 1 where the node is active for all inputs, exactly and in integers.</param>
/// <param name="MostShare">The greatest share: 0 where it is never active.</param>
/// <param name="Below">What coding adds at least, of at most 0: half a step, and what is cut off above.</param>
/// <param name="Above">What coding adds at most: half a step, and what is cut off below.</param>
internal readonly record struct CodedError(double Sum, double LeastShare, double MostShare, double Below, double Above)
{
    /// <summary>What coding adds at most, up or down.</summary>
    public double Largest => Math.Max(-Below, Above);

    /// <summary>The middle of the share, and what the share is off it.</summary>
    public (double Middle, double Radius) Share => ((LeastShare + MostShare) / 2, (MostShare - LeastShare) / 2);
}

/// <summary>
/// Errors of a sum followed back to the inputs of the network with their signs. A ReLU passes a share of what its sum is off, from 0 to 1.
/// With the middle of that share all nodes of a layer are taken together, so that what cancels between them does; what the shares are off
/// their middle is weighed by magnitudes: those of all errors of the layer, or the length of their vector, whichever is less.
/// </summary>
/// <param name="bound">What is known of each layer.</param>
/// <param name="layers">The exact layers.</param>
/// <param name="form">The integers.</param>
/// <param name="inputs">What the codes of the inputs are off at most.</param>
/// <param name="cancellation">Observed between layers.</param>
internal sealed class FollowedErrors(IntegerBound bound, LinearLayer[] layers, IntegerForm form, double[] inputs,
    CancellationToken cancellation)
{
    /// <summary>What a sum of floating-point numbers may be off, relative to the sum of their magnitudes, for each term.</summary>
    private const double Unit = 2.3e-16;

    /// <summary>Products of a layer beyond which following its sums would take a build too long.</summary>
    private const double MostProducts = 1e8;

    private readonly List<CodedError[]> _coded = [];
    private readonly List<double[]> _errors = [inputs];
    private readonly List<double> _lengths = [];
    private readonly double[]?[] _deviations = new double[]?[layers.Length], _slacks = new double[]?[layers.Length];

    /// <summary>Adds what is known of the nodes behind the last layer that was added.</summary>
    /// <param name="coded">Each node's code.</param>
    /// <param name="errors">What the code is off at most in all.</param>
    public void Add(CodedError[] coded, double[] errors)
    {
        int k = _coded.Count;
        double length = IntegerBound.Length(coded.Length, q => coded[q].Sum);
        if (IsWorthIt(k + 1)) length = Math.Min(length, LengthOf(k));
        _lengths.Add(length);
        _coded.Add(coded);
        _errors.Add(errors);
    }

    /// <summary>Whether the sums of a layer are followed: there are layers before it, and not too many weights.</summary>
    public bool IsWorthIt(int l) => l > 0
        && layers[l].Outputs * layers.Take(l + 1).Sum(static layer => (double)layer.Inputs * layer.Outputs) <= MostProducts;

    /// <summary>What a sum is off at most, if all layers before it were added.</summary>
    /// <param name="l">The layer.</param>
    /// <param name="output">The sum.</param>
    public double Bound(int l, int output)
    {
        var found = new Interval();
        double[] factors = new double[layers[l].Outputs];
        factors[output] = 1;
        int terms = 0;
        for (int k = l; k >= 0; k--)
        {
            AddBiases(k, factors, ref found);
            double[] before = new double[layers[k].Inputs];
            double magnitudes = 0, squares = 0;
            for (int p = 0; p < before.Length; p++) before[p] = AddInput(k, p, factors, ref found, ref magnitudes, ref squares);
            if (k > 0) found.Widen(Math.Min(magnitudes, Math.Sqrt(squares) * _lengths[k - 1]));
            terms += (2 * layers[k].Outputs) + (6 * layers[k].Inputs);
            factors = before;
        }

        return found.Largest(terms);
    }

    /// <summary>
    /// A bound of the length of the vector of what the sums of a layer are off: weights and their rounding errors multiply lengths with
    /// their largest singular value at most.
    /// </summary>
    private double LengthOf(int k)
    {
        var layer = layers[k];
        int n = layer.Inputs, m = layer.Outputs;
        var norms = bound.Norms(k, cancellation);
        double[] middles = new double[m], sizes = new double[m], deviations = Deviations(k);
        for (int p = 0; p < n; p++)
        {
            var (low, high) = bound.StepsOf(k, p);
            for (int q = 0; q < m; q++)
            {
                double own = (low + high) / 2 * deviations[(p * m) + q];
                middles[q] += own;
                sizes[q] += Math.Abs(own);
            }
        }

        double middle = IntegerBound.Length(m, q => Math.Abs(middles[q]) + (sizes[q] * (n + 4) * Unit)),
            spread = IntegerBound.Length(n, p => (bound.StepsOf(k, p).High - bound.StepsOf(k, p).Low) / 2),
            size = IntegerBound.Length(n, p => Math.Max(Math.Abs(bound.StepsOf(k, p).Low), Math.Abs(bound.StepsOf(k, p).High))),
            slack = IntegerBound.Length(n * m, i => (_slacks[k] ??= Table(k, bound.DeviationSlack))[i]),
            before = k == 0 ? IntegerBound.Length(n, p => inputs[p])
                : _lengths[k - 1] + IntegerBound.Length(n, p => _coded[k - 1][p].Largest);
        return (middle + (spread * norms.Deviations) + (size * slack) + (before * norms.Weights) + norms.Biases) * (1 + (16 * Unit));
    }

    private double[] Deviations(int k) => _deviations[k] ??= Table(k, bound.Deviation);

    private void AddBiases(int k, double[] factors, ref Interval found)
    {
        for (int q = 0; q < factors.Length; q++)
        {
            double exact = layers[k].Biases[q], rounded = (double)form.Layers[k].Units[q] * form.Layers[k].Biases[q];
            found.Add(factors[q] * (rounded - exact));
            found.Widen(Math.Abs(factors[q]) * (Math.Abs(exact) + Math.Abs(rounded)) * 2 * Unit);
        }
    }

    /// <summary>Adds what an input of a layer makes of some factors of its sums.</summary>
    /// <returns>The factor with which what the sum of that node is off counts further; 0 for an input of the network.</returns>
    /// <remarks>
    /// What shares are off their middle goes to the sums of magnitudes, with what the sum of the node is off, and of squares, without.
    /// </remarks>
    private double AddInput(int k, int p, double[] factors, ref Interval found, ref double magnitudes, ref double squares)
    {
        int m = factors.Length;
        double[] weights = layers[k].Weights, deviations = Deviations(k),
            slacks = _slacks[k] ??= Table(k, bound.DeviationSlack);
        double weight = 0, size = 0, deviation = 0, slack = 0;
        for (int q = 0, i = p * m; q < m; q++, i++)
        {
            double factor = factors[q], w = factor * weights[i], d = factor * deviations[i];
            weight += w;
            size += Math.Abs(w);
            deviation += d;
            slack += (Math.Abs(d) * (m + 8) * Unit) + (Math.Abs(factor) * slacks[i]);
        }

        // A deviation is what a step of the code adds too little.
        var (low, high) = bound.StepsOf(k, p);
        found.Add(deviation * -low, deviation * -high);
        found.Widen(slack * bound.CodesBefore(k, p).Most);
        found.Widen(size * (m + 8) * Unit * _errors[k][p]);
        if (k == 0)
        {
            found.Widen(Math.Abs(weight) * inputs[p]);
            return 0;
        }

        var coded = _coded[k - 1][p];
        var (middle, radius) = coded.Share;
        found.Add(weight * coded.Below, weight * coded.Above);
        double share = Math.Abs(weight) * radius;
        magnitudes += share * coded.Sum;
        squares += share * share;
        return weight * middle;
    }

    private double[] Table(int k, Func<int, int, int, double> number)
    {
        int m = layers[k].Outputs;
        return [.. Enumerable.Range(0, layers[k].Inputs * m).Select(i => number(k, i / m, i % m))];
    }

    /// <summary>A sum of intervals, and of the magnitudes that were added.</summary>
    private struct Interval
    {
        private double _low, _high, _size;

        public void Add(double number) => Add(number, number);

        /// <summary>Adds whatever lies between two numbers.</summary>
        public void Add(double one, double other)
        {
            _low += Math.Min(one, other);
            _high += Math.Max(one, other);
            _size += Math.Max(Math.Abs(one), Math.Abs(other));
        }

        /// <summary>Adds whatever is of no larger magnitude.</summary>
        public void Widen(double magnitude) => Add(-magnitude, magnitude);

        /// <summary>The magnitude of what was added at most, where products and sums are rounded.</summary>
        public readonly double Largest(int terms) =>
            (Math.Max(Math.Abs(_low), Math.Abs(_high)) + (_size * (terms + 8) * Unit)) * (1 + (8 * Unit));
    }
}
