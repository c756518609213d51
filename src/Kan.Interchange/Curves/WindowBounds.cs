using System;
using System.Collections.Immutable;
using System.Linq;
using Kan.Interchange.Symbolic;

namespace Kan.Interchange.Curves;

/// <summary>
/// What a layer over an image does to bounds of its nodes, tap by tap of its description: it has no edges to ask, and none of its functions
/// is curved.
/// </summary>
/// <param name="layer">The layer.</param>
internal sealed class WindowBounds(WindowDescription layer)
{
    private Interval[]? _weights;
    private double[]? _numbers;
    private int[][]? _windows;

    /// <summary>Inputs that the outputs read, counted for each output.</summary>
    public long TapCount { get; } = layer.EdgeCount;

    /// <summary>Whether largest numbers are taken, not sums.</summary>
    public bool IsMaximum => layer is MaximumDescription;

    private ConvolutionDescription? Convolution => layer as ConvolutionDescription;

    private ImmutableArray<Rational> Biases => Convolution?.Biases ?? [];

    private Interval[] Weights => _weights ??= [.. Convolution!.Weights.Select(Enclosing.Enclose)];

    private double[] Numbers => _numbers ??= [.. Convolution!.Weights.Select(static weight => weight.ToDouble())];

    private int[][] Windows =>
        _windows ??= [.. Enumerable.Range(0, layer.OutputCount).Select(q => ((MaximumDescription)layer).Window(q).ToArray())];

    /// <summary>What the outputs hold for what the inputs hold.</summary>
    public Interval[] Range(Interval[] inputs)
    {
        if (IsMaximum) return Array.ConvertAll(Windows, window => Largest(window, inputs));
        var outputs = new Interval[layer.OutputCount];
        for (int q = 0; q < outputs.Length; q++) outputs[q] = Biases.IsEmpty ? 0.0 : Biases[q % layer.OutputChannels].Enclose();
        Visit((output, input, weight) => outputs[output] += Weights[weight] * inputs[input]);
        return outputs;
    }

    /// <summary>How far the outputs are apart where the inputs are so far apart at most: numbers from 0 on.</summary>
    public Interval[] Errors(Interval[] inputs)
    {
        if (IsMaximum) return Array.ConvertAll(Windows, window => Largest(window, inputs));
        var outputs = new Interval[layer.OutputCount];
        Visit((output, input, weight) => outputs[output] += Weights[weight].Absolute() * inputs[input]);
        return outputs;
    }

    /// <summary>The slopes from the inputs on, from those that there are from the outputs on. A maximum follows some input.</summary>
    public Interval[] Behind(Interval[] outputs)
    {
        var inputs = new Interval[layer.InputCount];
        if (!IsMaximum)
        {
            Visit((output, input, weight) => inputs[input] += Weights[weight] * outputs[output]);
            return inputs;
        }

        for (int q = 0; q < outputs.Length; q++)
        {
            var slopes = Interval.Hull(0.0, outputs[q]);
            foreach (int p in Windows[q]) inputs[p] += slopes;
        }

        return inputs;
    }

    /// <summary>
    /// About the same, to share errors out by: takes each input and output with the slope between them. As all nodes behind an activation
    /// are off by as much, a maximum counts once, in equal parts.
    /// </summary>
    public void Slopes(Action<int, int, double> edge)
    {
        if (!IsMaximum)
        {
            Visit((output, input, weight) => edge(input, output, Numbers[weight]));
            return;
        }

        for (int q = 0; q < Windows.Length; q++)
        {
            foreach (int p in Windows[q]) edge(p, q, 1.0 / Windows[q].Length);
        }
    }

    /// <summary>The outputs in double.</summary>
    public double[] Evaluate(double[] inputs)
    {
        if (IsMaximum) return Array.ConvertAll(Windows, window => window.Max(p => inputs[p]));
        var outputs = new double[layer.OutputCount];
        for (int q = 0; q < outputs.Length; q++) outputs[q] = Biases.IsEmpty ? 0 : Biases[q % layer.OutputChannels].ToDouble();
        Visit((output, input, weight) => outputs[output] += Numbers[weight] * inputs[input]);
        return outputs;
    }

    private static Interval Largest(int[] window, Interval[] values)
    {
        var largest = values[window[0]];
        foreach (int p in window)
        {
            var value = values[p];
            if (largest.IsUndefined || value.IsUndefined) return Interval.Undefined;
            largest = new Interval(Math.Max(largest.Low, value.Low), Math.Max(largest.High, value.High));
        }

        return largest;
    }

    /// <summary>Output, input and weight of each tap that is not 0.</summary>
    private void Visit(Action<int, int, int> tap)
    {
        var weights = Convolution!.Weights;
        Convolution.Visit((output, input, weight) =>
        {
            if (!weights[weight].IsZero) tap(output, input, weight);
        });
    }
}
