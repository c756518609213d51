using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Analysis;

/// <summary>
/// The ranges of the values of nodes: by exact interval arithmetic from the ranges of the inputs, which gives the exact ranges for one
/// layer and for deeper ones ranges that contain them; or as observed on samples.
/// </summary>
public static class NodeRanges
{
    /// <summary>The ranges of the inputs of each layer, and last those of the outputs of the network.</summary>
    /// <param name="network">Any network.</param>
    /// <param name="inputs">
    /// One range for each input, one for all, or none: then the breakpoints of the first bending layer's inputs, or [-1, 1].
    /// </param>
    /// <exception cref="ArgumentException">The number of ranges is wrong, or the low end of a range exceeds its high end.</exception>
    public static ImmutableArray<ImmutableArray<InputRange>> Of(KanNetwork network, params IReadOnlyList<InputRange> inputs)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Count > 1 && inputs.Count != network.InputCount)
            throw new ArgumentException($"The network has {network.InputCount} inputs; there are {inputs.Count} ranges.", nameof(inputs));
        for (int i = 0; i < inputs.Count; i++)
        {
            if (inputs[i].Low > inputs[i].High) throw new ArgumentException($"Range {i} is [{inputs[i].Low}, {inputs[i].High}]; its low "
                + $"end exceeds its high end.", nameof(inputs));
        }

        var layers = ImmutableArray.CreateBuilder<ImmutableArray<InputRange>>(network.Layers.Length + 1);
        layers.Add([.. Enumerable.Range(0, network.InputCount).Select(p => inputs.Count switch
        {
            0 => AroundBreakpoints(network.Layers[0], p),
            1 => inputs[0],
            _ => inputs[p],
        })]);
        foreach (var layer in network.Layers)
        {
            var ranges = layer.Biases.Select(static bias => new InputRange(bias, bias)).ToArray();
            foreach (var edge in layer.Edges)
            {
                var (low, high) = Of(edge.Function, layers[^1][edge.Input]);
                ranges[edge.Output] = new InputRange(ranges[edge.Output].Low + low, ranges[edge.Output].High + high);
            }

            layers.Add([.. ranges]);
        }

        return layers.MoveToImmutable();
    }

    /// <summary>The ranges of the inputs of each layer and of the outputs of the network, as they are on some samples.</summary>
    /// <param name="network">Any network whose numbers fit doubles.</param>
    /// <param name="samples">At least one input of the network, finite.</param>
    /// <returns>The least and largest values met, computed in double.</returns>
    /// <exception cref="ArgumentException">No sample, or one with a wrong length or a number that is not finite.</exception>
    public static ImmutableArray<ImmutableArray<InputRange>> Observed(KanNetwork network, IEnumerable<double[]> samples)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(samples);
        var layers =
            network.Layers.Select(static layer =>
            new ReferenceEvaluator<double>(
            new NetworkForm(Precision.Double, [FormBuilder.Build(layer, LoweringOf(layer), Precision.Double)]))).ToList();
        double[][]? low = null, high = null;
        foreach (double[] sample in samples)
        {
            if (sample.Length != network.InputCount || !sample.All(double.IsFinite))
                throw new ArgumentException($"A sample of this network must be {network.InputCount} finite numbers.", nameof(samples));
            double[][] levels = new double[layers.Count + 1][];
            levels[0] = sample;
            for (int l = 0; l < layers.Count; l++) levels[l + 1] = layers[l].Evaluate(levels[l]);
            low = low is null ? levels : [.. low.Zip(levels, static (least, level) => (double[])[.. least.Zip(level, Math.Min)])];
            high = high is null ? levels : [.. high.Zip(levels, static (most, level) => (double[])[.. most.Zip(level, Math.Max)])];
        }

        if (low is null) throw new ArgumentException("At least one sample is required.", nameof(samples));
        return [.. low.Zip(high!, static (least, most) =>
            least.Zip(most, static (a, b) => new InputRange(Rational.FromDouble(a), Rational.FromDouble(b))).ToImmutableArray())];
    }

    private static LayerLowering LoweringOf(KanLayer layer) =>
        layer.IsAffine ? LayerLowering.Affine : layer.IsDiagonal ? LayerLowering.Elementwise : LayerLowering.Rows;

    /// <summary>The exact least and largest value of a function on a range.</summary>
    public static InputRange Of(PiecewiseLinearFunction function, InputRange range)
    {
        ArgumentNullException.ThrowIfNull(function);
        var (least, greatest) = function.RangeOn(range.Low, range.High);
        return new InputRange(least, greatest);
    }

    /// <summary>The breakpoints of a function with its values there.</summary>
    internal static IEnumerable<(Rational Point, Rational Value)> Corners(PiecewiseLinearFunction function)
    {
        var value = function.AnchorValue;
        for (int i = 0; i < function.Breakpoints.Length; i++)
        {
            if (i > 0) value += function.Slopes[i] * (function.Breakpoints[i] - function.Breakpoints[i - 1]);
            yield return (function.Breakpoints[i], value);
        }
    }

    private static InputRange AroundBreakpoints(KanLayer layer, int input)
    {
        var breakpoints = layer.Edges.Where(edge => edge.Input == input).SelectMany(static edge => edge.Function.Breakpoints).ToList();
        if (breakpoints.Count == 0) return new InputRange(-1, 1);
        Rational low = breakpoints.Min(), high = breakpoints.Max();
        var margin = low == high ? Rational.One : (high - low) / 8;
        return new InputRange(low - margin, high + margin);
    }
}
