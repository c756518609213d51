using System;
using System.Linq;

namespace Kan.Networks;

/// <summary>A network in doubles, for samples: fast, with the rounding of doubles.</summary>
internal sealed class SampledNetwork
{
    private readonly (int Input, int Output, SampledFunction Function)[][] _layers;
    private readonly double[][] _biases;

    public SampledNetwork(KanNetwork network)
    {
        _layers =
            [.. network.Layers.Select(static layer =>
            layer.Edges.Select(static edge => (edge.Input, edge.Output, new SampledFunction(edge.Function))).ToArray())];
        _biases = [.. network.Layers.Select(static layer => layer.Biases.Select(static bias => bias.ToDouble()).ToArray())];
    }

    /// <summary>The values of all nodes for one sample, by level, the inputs first.</summary>
    public double[][] Values(double[] inputs)
    {
        var values = new double[_layers.Length + 1][];
        values[0] = inputs;
        for (int l = 0; l < _layers.Length; l++)
        {
            values[l + 1] = [.. _biases[l]];
            foreach (var (input, output, function) in _layers[l]) values[l + 1][output] += function.At(values[l][input]);
        }

        return values;
    }

    /// <summary>
    /// By level and node, the root of the mean over samples of the sum of squares by which a change of the node changes the outputs. Inputs
    /// are left out.
    /// </summary>
    /// <param name="rows">By sample the values of all nodes.</param>
    public double[][] Sensitivities(double[][][] rows)
    {
        var squares = rows[0].Select(static (level, l) => new double[l == 0 ? 0 : level.Length]).ToArray();
        int outputs = squares[^1].Length;
        foreach (double[][] values in rows)
        {
            var changes = new double[outputs, outputs];
            for (int q = 0; q < outputs; q++) changes[q, q] = 1;
            for (int l = _layers.Length; l > 0; l--)
            {
                for (int node = 0; node < squares[l].Length; node++)
                {
                    for (int q = 0; q < outputs; q++) squares[l][node] += changes[q, node] * changes[q, node] / rows.Length;
                }

                if (l == 1) break;
                var before = new double[outputs, squares[l - 1].Length];
                foreach (var (input, output, function) in _layers[l - 1])
                {
                    double slope = function.SlopeAt(values[l - 1][input]);
                    for (int q = 0; q < outputs && slope != 0; q++) before[q, input] += changes[q, output] * slope;
                }

                changes = before;
            }
        }

        return [.. squares.Select(static level => level.Select(Math.Sqrt).ToArray())];
    }

    /// <summary>The outputs for one sample.</summary>
    public double[] Outputs(double[] inputs) => Values(inputs)[^1];
}

/// <summary>A piecewise-linear function in doubles.</summary>
internal sealed class SampledFunction
{
    private readonly double[] _points, _values, _slopes;

    public SampledFunction(PiecewiseLinearFunction function)
    {
        _points = [.. function.Breakpoints.Select(static point => point.ToDouble())];
        _slopes = [.. function.Slopes.Select(static slope => slope.ToDouble())];
        _values = _points.Length == 0 ? [function.Evaluate(Rational.Zero).ToDouble()]
            : [.. function.Breakpoints.Select(point => function.Evaluate(point).ToDouble())];
    }

    public double At(double x)
    {
        if (_points.Length == 0) return _values[0] + (_slopes[0] * x);
        int segment = SegmentOf(x), anchor = Math.Max(0, segment - 1);
        return _values[anchor] + (_slopes[segment] * (x - _points[anchor]));
    }

    /// <summary>The slope of the segment to the right of a point.</summary>
    public double SlopeAt(double x) => _slopes[SegmentOf(x)];

    private int SegmentOf(double x)
    {
        int segment = 0;
        while (segment < _points.Length && x >= _points[segment]) segment++;
        return segment;
    }
}
