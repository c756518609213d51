using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Kan.Compiler.Integers;

namespace Kan.Compiler.Certify;

/// <summary>
/// Errors of a sum followed back to the inputs of the network with their signs. A ReLU passes a share of what its sum is off, from 0 to 1.
/// With the middle of that share all nodes of a layer are taken together, so that what cancels between them does; what the shares are off
/// their middle is weighed by magnitudes: those of all errors of the layer, or the length of their vector, whichever is less. What depends
/// on exact numbers, as the error of a weight does, and what a code cuts off, is followed back with them: as a sum of exact numbers, with a
/// line above or below each ReLU, down to the inputs, so that all of it is for one sample.
/// </summary>
/// <param name="bound">What is known of each layer.</param>
/// <param name="layers">The exact layers.</param>
/// <param name="form">The integers.</param>
/// <param name="inputs">What the codes of the inputs are off at most.</param>
/// <param name="ranges">The ranges of the inputs.</param>
/// <param name="cancellation">Observed between layers.</param>
internal sealed class FollowedErrors(IntegerBound bound, LinearLayer[] layers, IntegerForm form, double[] inputs,
    CodedRange[] ranges, CancellationToken cancellation)
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
        double up = Most(l, One(l, output, 1), new double[layers[l].Outputs]),
            down = Most(l, One(l, output, -1), new double[layers[l].Outputs]);
        return Math.Max(up, down);
    }

    /// <summary>The exact range of a sum, if all layers before it were added; it may be wider than intervals say.</summary>
    /// <param name="l">The layer.</param>
    /// <param name="output">The sum.</param>
    public CodedRange Range(int l, int output) =>
        new(-Most(l, new double[layers[l].Outputs], One(l, output, -1)), Most(l, new double[layers[l].Outputs], One(l, output, 1)));

    private double[] One(int l, int output, double factor)
    {
        double[] factors = new double[layers[l].Outputs];
        factors[output] = factor;
        return factors;
    }

    /// <summary>The most that some factors times what the sums of a layer are off, and others times the exact sums, add up to.</summary>
    private double Most(int l, double[] factors, double[] exact)
    {
        var found = new Sum();
        int terms = 0;
        for (int k = l; k >= 0; k--)
        {
            AddBiases(k, factors, exact, ref found);
            double[] before = new double[layers[k].Inputs], exactBefore = new double[layers[k].Inputs];
            double magnitudes = 0, squares = 0;
            for (int p = 0; p < before.Length; p++)
            {
                var own = Combined(k, p, factors, exact, ref found);
                if (k == 0)
                {
                    var (low, high) = ranges[p];
                    found.Add(Math.Max(own.Exact * low, own.Exact * high));
                    found.Add(Math.Abs(own.Weight) * inputs[p]);
                    continue;
                }

                var coded = _coded[k - 1][p];
                var (middle, radius) = coded.Share;
                double share = Math.Abs(own.Weight) * radius;
                magnitudes += share * coded.Sum;
                squares += share * share;
                before[p] = own.Weight * middle;
                exactBefore[p] = AddCode(coded, layers[k].IsRelu, own.Weight, own.Exact, ref found);
            }

            if (k > 0) found.Add(Math.Min(magnitudes, Math.Sqrt(squares) * _lengths[k - 1]));
            terms += (3 * layers[k].Outputs) + (10 * layers[k].Inputs);
            (factors, exact) = (before, exactBefore);
        }

        return found.Value(terms);
    }

    /// <summary>Adds what coding a sum does, and what a line in the sum leaves of the exact number behind it.</summary>
    /// <returns>The factor of the exact sum.</returns>
    private static double AddCode(CodedError coded, bool isRelu, double weight, double exact, ref Sum found)
    {
        found.Add(Math.Abs(weight) * coded.Half);
        var (slope, value) = coded.Cut(isAbove: weight < 0);
        double factor = Math.Abs(weight) * slope, rounded = Math.Abs(factor);
        found.Add(Math.Abs(weight) * value);
        if (isRelu)
        {
            (slope, value) = coded.Relu(isAbove: exact > 0);
            if (exact != 0) found.Add(exact * value);
            exact *= slope;
        }

        // A product and a sum are rounded, and the exact sum may be this large.
        found.Add((rounded + Math.Abs(exact)) * 4 * Unit * Math.Max(Math.Abs(coded.Range.Low), Math.Abs(coded.Range.High)));
        return factor + exact;
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

    private void AddBiases(int k, double[] factors, double[] exact, ref Sum found)
    {
        for (int q = 0; q < factors.Length; q++)
        {
            double bias = layers[k].Biases[q], rounded = (double)form.Layers[k].Units[q] * form.Layers[k].Biases[q];
            found.Add((factors[q] * (rounded - bias)) + (exact[q] * bias));
            found.Add(((Math.Abs(factors[q]) * (Math.Abs(bias) + Math.Abs(rounded))) + Math.Abs(exact[q] * bias)) * 4 * Unit);
        }
    }

    /// <summary>The factors of a node before a layer: of what its number is off, and of its exact number.</summary>
    private (double Weight, double Exact) Combined(int k, int p, double[] factors, double[] exact, ref Sum found)
    {
        int m = factors.Length;
        double[] weights = layers[k].Weights, deviations = Deviations(k), slacks = _slacks[k] ??= Table(k, bound.DeviationSlack);
        double weight = 0, size = 0, deviation = 0, slack = 0, value = 0, valueSize = 0;
        for (int q = 0, i = p * m; q < m; q++, i++)
        {
            double factor = factors[q], w = factor * weights[i], d = factor * deviations[i], v = exact[q] * weights[i];
            weight += w;
            size += Math.Abs(w);
            deviation += d;
            slack += (Math.Abs(d) * (m + 8) * Unit) + (Math.Abs(factor) * slacks[i]);
            value += v;
            valueSize += Math.Abs(v);
        }

        // A deviation is what a step of the code adds too little. What the number of the code is off the exact one counts on its own, if
        // that is less than for all codes.
        var codes = bound.CodesBefore(k, p);
        var (low, high) = bound.StepsOf(k, p);
        double scaled = deviation / codes.Scale, largest = Largest(k, p);
        found.Add(slack * codes.Most);
        found.Add(size * (m + 8) * Unit * _errors[k][p]);
        found.Add(((valueSize * (m + 8)) + Math.Abs(scaled)) * 4 * Unit * largest);
        if (_errors[k][p] * 4 < (high - low) * codes.Scale)
        {
            found.Add(Math.Abs(scaled) * _errors[k][p]);
            return (weight, value - scaled);
        }

        found.Add(Math.Max(deviation * -low, deviation * -high));
        return (weight, value);
    }

    /// <summary>The size of the exact numbers of a node before a layer.</summary>
    private double Largest(int k, int p)
    {
        var (low, high) = k == 0 ? ranges[p] : _coded[k - 1][p].Range;
        return Math.Max(Math.Abs(low), Math.Abs(high));
    }

    private double[] Table(int k, Func<int, int, int, double> number)
    {
        int m = layers[k].Outputs;
        return [.. Enumerable.Range(0, layers[k].Inputs * m).Select(i => number(k, i / m, i % m))];
    }

    /// <summary>A sum, and that of the magnitudes that were added.</summary>
    private struct Sum
    {
        private double _sum, _size;

        public void Add(double number)
        {
            _sum += number;
            _size += Math.Abs(number);
        }

        /// <summary>What was added at most, where products and sums are rounded.</summary>
        public readonly double Value(int terms) => _sum + (_size * (terms + 8) * 2 * Unit) + (Math.Abs(_sum) * 8 * Unit);
    }
}
