using System;
using System.Linq;

namespace Kan.Networks;

/// <summary>
/// A network in doubles, fast and inexact: good for finding points that are worth an exact evaluation, and for nothing else.
/// </summary>
internal sealed class ApproximateNetwork(KanNetwork network)
{
    private readonly Layer[] _layers = [.. network.Layers.Select(static layer => new Layer(layer))];

    /// <summary>The number of layers.</summary>
    public int LayerCount => _layers.Length;

    /// <summary>The values of all nodes: the inputs, then the outputs of each layer.</summary>
    public double[][] Evaluate(double[] inputs)
    {
        double[][] values = new double[_layers.Length + 1][];
        values[0] = inputs;
        for (int l = 0; l < _layers.Length; l++) values[l + 1] = _layers[l].Evaluate(values[l]);
        return values;
    }

    /// <summary>The gradient, with respect to the nodes of one level, of a weighted sum of the nodes of a later one.</summary>
    /// <param name="values">What <see cref="Evaluate"/> gave.</param>
    /// <param name="from">The later level.</param>
    /// <param name="weights">The weights of its nodes.</param>
    /// <param name="to">The earlier level; 0 is the inputs.</param>
    public double[] Gradient(double[][] values, int from, double[] weights, int to)
    {
        for (int l = from - 1; l >= to; l--) weights = _layers[l].Pull(values[l], weights);
        return weights;
    }

    private sealed class Layer(KanLayer layer)
    {
        private readonly double[] _biases = [.. layer.Biases.Select(static bias => bias.ToDouble())];

        private readonly Edge[] _edges = [.. layer.Edges.Select(static edge => new Edge(
            edge.Input,
            edge.Output,
            [.. edge.Function.Breakpoints.Select(static breakpoint => breakpoint.ToDouble())],
            [.. edge.Function.Slopes.Select(static slope => slope.ToDouble())],
            edge.Function.AnchorValue.ToDouble()))];

        public double[] Evaluate(double[] x)
        {
            double[] y = (double[])_biases.Clone();
            foreach (var edge in _edges) y[edge.Output] += edge.At(x[edge.Input]);
            return y;
        }

        public double[] Pull(double[] x, double[] weights)
        {
            double[] gradient = new double[x.Length];
            foreach (var edge in _edges)
            {
                if (weights[edge.Output] != 0) gradient[edge.Input] += weights[edge.Output] * edge.Slopes[edge.SegmentOf(x[edge.Input])];
            }

            return gradient;
        }
    }

    private readonly record struct Edge(int Input, int Output, double[] Breakpoints, double[] Slopes, double AnchorValue)
    {
        public int SegmentOf(double x)
        {
            int index = Array.BinarySearch(Breakpoints, x);
            return index < 0 ? ~index : index + 1;
        }

        public double At(double x)
        {
            if (Breakpoints.Length == 0) return AnchorValue + (Slopes[0] * x);
            if (x <= Breakpoints[0]) return AnchorValue + (Slopes[0] * (x - Breakpoints[0]));
            double value = AnchorValue;
            int i = 1;
            for (; i < Breakpoints.Length && Breakpoints[i] < x; i++) value += Slopes[i] * (Breakpoints[i] - Breakpoints[i - 1]);
            return value + (Slopes[i] * (x - Breakpoints[i - 1]));
        }
    }
}
