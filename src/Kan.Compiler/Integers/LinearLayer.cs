using System;
using System.Collections.Generic;
using System.Threading;

namespace Kan.Compiler.Integers;

/// <summary>
/// A layer that is an affine map of its inputs, or of their ReLUs: what has an integer form. Numbers are the nearest doubles; a model's
/// floats are among them.
/// </summary>
/// <param name="Inputs">n.</param>
/// <param name="Outputs">m.</param>
/// <param name="Weights">n * m weights, ordered by input, then output.</param>
/// <param name="Biases">m biases.</param>
/// <param name="IsRelu">Whether the map is one of the ReLUs of the inputs.</param>
internal sealed record LinearLayer(int Inputs, int Outputs, double[] Weights, double[] Biases, bool IsRelu)
{
    /// <summary>A bound of |double - exact| of a weight or bias, relative to the double.</summary>
    public const double Relative = 1.2e-16;

    /// <summary>The layers of a network.</summary>
    /// <exception cref="NoIntegerFormException">A layer is not of that kind.</exception>
    public static LinearLayer[] Of(KanNetwork network, CancellationToken cancellation)
    {
        var layers = new LinearLayer[network.Layers.Length];
        for (int l = 0; l < layers.Length; l++)
        {
            cancellation.ThrowIfCancellationRequested();
            layers[l] = Of(network.Layers[l], l);
        }

        return layers;
    }

    /// <summary>What the layers of a quantised network stand for: scale * integer.</summary>
    /// <param name="form">Its integers.</param>
    /// <param name="codes">What they stand for.</param>
    public static LinearLayer[] Of(IntegerForm form, QuantizedCodes codes)
    {
        var layers = new LinearLayer[form.Layers.Length];
        int affine = 0;
        for (int l = 0; l < layers.Length; l++)
        {
            var integers = form.Layers[l];
            int m = integers.OutputCount;
            double[] weights = new double[integers.Weights.Length], biases = new double[m];
            var scales = integers.IsIdentity ? [1f] : codes.Layers[affine++].WeightScales;
            for (int i = 0; i < weights.Length; i++) weights[i] = (double)scales[scales.Length == 1 ? 0 : i % m] * integers.Weights[i];
            for (int q = 0; q < m; q++) biases[q] = (double)integers.Units[q] * integers.Biases[q];
            layers[l] = new LinearLayer(integers.InputCount, m, weights, biases, l > 0 && form.Layers[l - 1].IsRelu);
        }

        return layers;
    }

    private static LinearLayer Of(KanLayer layer, int index)
    {
        if (layer.Window is not null) throw new NoIntegerFormException($"layer {index} is over an image");
        bool isRelu = !layer.IsAffine;
        if (isRelu && index == 0)
            throw new NoIntegerFormException("its first layer bends: the first must be affine, each later one an affine map of ReLUs");
        int n = layer.InputCount, m = layer.OutputCount;
        double[] weights = new double[(long)n * m], biases = new double[m];
        var constants = new Rational[m];
        for (int q = 0; q < m; q++) constants[q] = layer.Biases[q];
        foreach (var edge in layer.Edges)
        {
            var function = edge.Function;
            if (isRelu && !function.IsConstant && !IsMultipleOfRelu(function))
                throw new NoIntegerFormException($"the edge ({edge.Input}, {edge.Output}) of layer {index} is not a multiple of ReLU: "
                    + $"{MessageText.Bound(function.ToString())}");
            weights[(edge.Input * m) + edge.Output] = function.Slopes[function.Slopes.Length - 1].ToDouble();
            if (!function.AnchorValue.IsZero) constants[edge.Output] += function.AnchorValue;
        }

        for (int q = 0; q < m; q++) biases[q] = constants[q].ToDouble();
        Require(weights, index);
        Require(biases, index);
        return new LinearLayer(n, m, weights, biases, isRelu);
    }

    /// <summary>Whether a function is c * max(x, 0).</summary>
    internal static bool IsMultipleOfRelu(PiecewiseLinearFunction function) =>
        function.Breakpoints.Length == 1 && function.Breakpoints[0].IsZero && function.Slopes[0].IsZero;

    private static void Require(IEnumerable<double> numbers, int index)
    {
        foreach (double number in numbers)
        {
            if (!(Math.Abs(number) <= float.MaxValue)) throw new NoIntegerFormException($"a number of layer {index} is beyond float");
        }
    }
}
