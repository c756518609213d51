using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Kan.Networks;

/// <summary>A layer that is trained.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Blocks">Its terms.</param>
/// <param name="Weights">By block, then term and output, their numbers.</param>
internal sealed record TunedPart(KanLayer Layer, TermBlock[] Blocks, double[][,] Weights);

/// <summary>
/// Trains the numbers that are left of a network, all layers together, so that its outputs on samples are those of the network before: what
/// a layer cannot keep, others may make up for. Which terms are left stays as it is.
/// </summary>
internal sealed class SampledTuning
{
    private const int Rows = 120_000, BatchSize = 32, Seed = 1;
    private const int MostEpochs = 200;

    // The length of the first steps, in units of the numbers, and how many times the unit of a softmax margins are.
    private const double Rate = 2e-3, MarginScale = 6;
    private const double MeanDecay = 0.9, SquareDecay = 0.999;

    private readonly TunedLayer[] _layers;
    private readonly double[][] _inputs, _expected;
    private readonly double _scale;
    private readonly bool _isChoice;

    /// <summary>Prepares a network.</summary>
    /// <param name="network">The layers of the network.</param>
    /// <param name="inputs">The samples.</param>
    /// <param name="expected">What the outputs should be on them.</param>
    /// <param name="isChoice">Whether only the largest output counts: outputs are then compared as the shares of a softmax.</param>
    public SampledTuning(IEnumerable<TunedPart> network, double[][] inputs, double[][] expected, bool isChoice)
    {
        _layers = [.. network.Select(static own => new TunedLayer(own.Layer, own.Blocks, own.Weights))];
        (_inputs, _expected) = (inputs, expected);
        _isChoice = isChoice && expected[0].Length > 1;
        double typical = expected.Average(outputs => _isChoice ? Margin(outputs) / MarginScale : outputs.Max(Math.Abs));
        _scale = typical > 0 && double.IsFinite(typical) ? typical : 1;
    }

    /// <summary>Trains, and gives the layers.</summary>
    public KanNetwork Run(CancellationToken cancellation)
    {
        var random = new Random(Seed);
        int[] order = [.. Enumerable.Range(0, _inputs.Length)];
        int epochs = Math.Clamp(Rows / order.Length, 1, MostEpochs);
        int step = 0, steps = epochs * ((order.Length + BatchSize - 1) / BatchSize);
        double[] gradient = new double[_expected[0].Length];
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            cancellation.ThrowIfCancellationRequested();
            random.Shuffle(order);
            for (int first = 0; first < order.Length; first += BatchSize)
            {
                int count = Math.Min(BatchSize, order.Length - first);
                foreach (int row in order.AsSpan(first, count))
                {
                    double[] values = _inputs[row];
                    foreach (var layer in _layers) values = layer.Forward(values);
                    Differentiate(values, _expected[row], gradient);
                    double[] slopes = gradient;
                    for (int l = _layers.Length - 1; l >= 0; l--) slopes = _layers[l].Backward(slopes, isFirst: l == 0);
                }

                // The rate falls to nothing, so that the last steps settle.
                step++;
                double rate = Rate * (1 - ((double)step / (steps + 1)));
                double correction = 1 / (1 - Math.Pow(SquareDecay, step));
                foreach (var layer in _layers) layer.Step(rate / (1 - Math.Pow(MeanDecay, step)), correction, 1.0 / count);
            }
        }

        return new KanNetwork(_layers.Select(static layer => layer.ToLayer()));
    }

    private static double Margin(double[] outputs)
    {
        double largest = outputs.Max(), second = outputs.OrderDescending().ElementAt(1);
        return largest - second;
    }

    /// <summary>The gradient of the loss by the outputs.</summary>
    private void Differentiate(double[] outputs, double[] expected, double[] gradient)
    {
        if (!_isChoice)
        {
            for (int q = 0; q < gradient.Length; q++) gradient[q] = (outputs[q] - expected[q]) / _scale;
            return;
        }

        // A little of the plain difference keeps what no choice depends on near.
        const double Plain = 0.01;
        double[] own = Shares(outputs), other = Shares(expected);
        for (int q = 0; q < gradient.Length; q++) gradient[q] = own[q] - other[q] + (Plain * (outputs[q] - expected[q]) / _scale);
    }

    private double[] Shares(double[] outputs)
    {
        double largest = outputs.Max();
        double[] shares = Array.ConvertAll(outputs, output => Math.Exp((output - largest) / _scale));
        double sum = shares.Sum();
        return Array.ConvertAll(shares, share => share / sum);
    }

    /// <summary>A layer, the values that it saw last, and the state of Adam.</summary>
    private sealed class TunedLayer
    {
        private readonly KanLayer _layer;
        private readonly TunedBlock[] _blocks;
        private readonly TunedNumbers _biases;
        private double[] _inputs = [];

        public TunedLayer(KanLayer layer, TermBlock[] blocks, double[][,] weights)
        {
            _layer = layer;
            _blocks = [.. blocks.Zip(weights, static (block, own) => new TunedBlock(block, own))];
            _biases = new TunedNumbers([.. layer.Biases.Select(static bias => bias.ToDouble())]);
        }

        public double[] Forward(double[] inputs)
        {
            _inputs = inputs;
            double[] outputs = [.. _biases.Values];
            foreach (var block in _blocks) block.Forward(inputs, outputs);
            return outputs;
        }

        public double[] Backward(double[] slopes, bool isFirst)
        {
            for (int q = 0; q < slopes.Length; q++) _biases.Gradients[q] += slopes[q];
            double[] before = isFirst ? [] : new double[_layer.InputCount];
            foreach (var block in _blocks) block.Backward(_inputs, slopes, before);
            return before;
        }

        public void Step(double rate, double correction, double share)
        {
            _biases.Step(rate, correction, share);
            foreach (var block in _blocks) block.Numbers.Step(rate, correction, share);
        }

        public KanLayer ToLayer() => new(
            _layer.InputCount, _layer.OutputCount, _blocks.SelectMany(static block => block.Edges()),
            [.. _biases.Values.Select(static bias => float.IsFinite((float)bias) ? Rational.FromSingle((float)bias) : Rational.Zero)]);
    }

    /// <summary>The terms that are left of a block.</summary>
    private sealed class TunedBlock
    {
        private readonly TermBlock _block;
        private readonly int[] _terms;
        private readonly SampledFunction[] _functions;
        private readonly int _width;

        public TunedBlock(TermBlock block, double[,] weights)
        {
            _block = block;
            _width = block.Outputs.Length;
            _terms = [.. Enumerable.Range(0, block.Terms.Length).Where(t => Enumerable.Range(0, _width).Any(q => weights[t, q] != 0))];
            _functions = [.. _terms.Select(t => new SampledFunction(block.Terms[t].Function))];
            Numbers = new TunedNumbers([.. _terms.SelectMany(t => Enumerable.Range(0, _width).Select(q => weights[t, q]))]);
        }

        public TunedNumbers Numbers { get; }

        private bool IsWhole => _width > 1;

        public void Forward(double[] inputs, double[] outputs)
        {
            for (int i = 0; i < _terms.Length; i++)
            {
                double value = _functions[i].At(inputs[_block.Terms[_terms[i]].Input]);
                if (value == 0) continue;
                if (IsWhole) EliminationSystem.Add(outputs, Numbers.Values.AsSpan(i * _width, _width), value);
                else outputs[_block.Outputs[0]] += Numbers.Values[i] * value;
            }
        }

        public void Backward(double[] inputs, double[] slopes, double[] before)
        {
            for (int i = 0; i < _terms.Length; i++)
            {
                int input = _block.Terms[_terms[i]].Input;
                double value = _functions[i].At(inputs[input]);
                if (value != 0)
                {
                    if (IsWhole) EliminationSystem.Add(Numbers.Gradients.AsSpan(i * _width, _width), slopes, value);
                    else Numbers.Gradients[i] += slopes[_block.Outputs[0]] * value;
                }

                if (before.Length == 0) continue;
                double slope = _functions[i].SlopeAt(inputs[input]);
                if (slope == 0) continue;
                double sum = 0;
                for (int q = 0; q < _width; q++) sum += Numbers.Values[(i * _width) + q] * slopes[_block.Outputs[q]];
                before[input] += slope * sum;
            }
        }

        public IEnumerable<KanEdge> Edges()
        {
            var weights = new double[_block.Terms.Length, _width];
            for (int i = 0; i < _terms.Length; i++)
            {
                for (int q = 0; q < _width; q++) weights[_terms[i], q] = Numbers.Values[(i * _width) + q];
            }

            return _block.Edges(weights);
        }
    }

    /// <summary>Numbers that are trained, by Adam (Kingma and Ba, 2015), in units of the size that they have at the start.</summary>
    private sealed class TunedNumbers
    {
        private readonly double[] _means, _squares;
        private readonly double _unit;

        public TunedNumbers(double[] values)
        {
            Values = values;
            (Gradients, _means, _squares) = (new double[values.Length], new double[values.Length], new double[values.Length]);
            _unit = values.Length == 0 ? 1 : Math.Max(Math.Sqrt(values.Average(static value => value * value)), 1e-3);
        }

        public double[] Values { get; }

        public double[] Gradients { get; }

        public void Step(double rate, double correction, double share)
        {
            for (int i = 0; i < Values.Length; i++)
            {
                double gradient = Gradients[i] * share;
                Gradients[i] = 0;
                _means[i] += (1 - MeanDecay) * (gradient - _means[i]);
                _squares[i] += (1 - SquareDecay) * ((gradient * gradient) - _squares[i]);
                if (Values[i] != 0) Values[i] -= rate * _unit * _means[i] / (Math.Sqrt(_squares[i] * correction) + 1e-12);
            }
        }
    }
}
