using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text.Json;
using Kan.Interchange.Curves;
using Kan.Interchange.Tensors;

namespace Kan.Interchange.Keras;

/// <summary>Layers that bend or scale each value by itself.</summary>
internal sealed partial class KerasNetwork
{
    // The default of BatchNormalization.
    private const double BatchEpsilon = 1e-3;

    private PiecewiseLinearFunction Relu(KerasLayer layer)
    {
        Rational slope = layer.Number("negative_slope") ?? 0, threshold = layer.Number("threshold") ?? 0;
        if (!threshold.IsZero)
            throw file.Unsupported($"{layer.Title} has the threshold {threshold.ToDouble()}, where it jumps, and networks are continuous. "
                + $"Use a threshold of 0.");
        if (layer.Number("max_value") is not { } most) return TrainedFunctions.Leaky(slope);
        if (most.CompareTo(Rational.Zero) <= 0)
            throw file.Unsupported($"{layer.Title} has the largest value {most.ToDouble()}; expected a positive one.");
        return PiecewiseLinearFunction.FromSlopes([0, most], [slope, 1, 0], 0, 0);
    }

    private void Slopes(KerasLayer layer)
    {
        var tensors = weights.Of(layer);
        RequireCount(layer, tensors, 1, "its slopes");
        var slopes = tensors[0];
        if (slopes.Rank != _shape.Length || slopes.Dimensions.Zip(_shape).Any(static pair => pair.First != 1 && pair.First != pair.Second))
            throw file.Malformed($"{layer.Title} has slopes of shape {slopes.Shape} for values of shape "
                + $"{Text(_shape)}. The file is damaged.");
        PiecewiseLinearFunction[] functions = [.. slopes.ToRationals(file).Select(TrainedFunctions.Leaky)];
        Each(place =>
        {
            int index = 0, stride = 1;
            for (int axis = _shape.Length - 1; axis >= 0; axis--)
            {
                int at = place % _shape[axis];
                place /= _shape[axis];
                if (slopes.Dimensions[axis] > 1) index += at * stride;
                stride *= slopes.Dimensions[axis];
            }

            return functions[index];
        });
    }

    private void Normalize(KerasLayer layer)
    {
        if (!IsLastAxis(layer.Find("axis"))) throw ChannelsFirst(layer);
        bool hasScale = layer.Flag("scale", true), hasCenter = layer.Flag("center", true);
        var tensors = weights.Of(layer);
        RequireCount(layer, tensors, 2 + (hasScale ? 1 : 0) + (hasCenter ? 1 : 0),
            $"{(hasScale ? "gamma, " : "")}{(hasCenter ? "beta, " : "")}the mean and the variance");
        foreach (var tensor in tensors) RequireShape(layer, tensor.RequireFinite(file), "weight", [Channels]);
        double[]? gamma = hasScale ? tensors[0].Values : null, beta = hasCenter ? tensors[hasScale ? 1 : 0].Values : null;
        double[] mean = tensors[^2].Values, variance = tensors[^1].Values;
        double epsilon = layer.Find("epsilon")?.Number() ?? BatchEpsilon;
        PiecewiseLinearFunction[] functions = [.. Enumerable.Range(0, Channels).Select(i => TrainedFunctions.Normalization(
            file, layer.Title, i, mean[i], variance[i], epsilon, gamma?[i] ?? 1, beta?[i] ?? 0))];
        Notes.Add($"{layer.Title} normalizes by its running statistics: gamma / sqrt(variance + epsilon) is irrational, so the parameter "
            + $"is the nearest double.");
        Each(place => functions[place % functions.Length]);
    }

    private void Standardize(KerasLayer layer)
    {
        double[] mean, variance;
        if (layer.Numbers("mean") is { } means)
        {
            mean = Array.ConvertAll(means, static value => value.ToDouble());
            variance = layer.Numbers("variance") is { } variances && variances.Length == mean.Length
                ? Array.ConvertAll(variances, static value => value.ToDouble())
                : throw file.Malformed($"{layer.Title} has no variance for each mean. The file is damaged.");
        }
        else
        {
            var tensors = weights.Of(layer);
            if (tensors.Count != 2) RequireCount(layer, tensors, 2, "the mean and the variance");
            RequireShape(layer, tensors[1], "variance", tensors[0].Dimensions);
            (mean, variance) = (tensors[0].RequireFinite(file).Values, tensors[1].RequireFinite(file).Values);
        }

        if (!IsLastAxis(layer.Find("axis")) && mean.Length != 1)
            throw file.Unsupported($"{layer.Title} normalizes along another axis than the last. Flatten the values before it.");
        if (mean.Length != 1 && mean.Length != Channels)
            throw file.Malformed($"{layer.Title} has {mean.Length} means for {Channels} values. The file is damaged.");
        bool isInverse = layer.Flag("invert", false);
        PiecewiseLinearFunction[] functions = [.. mean.Select((center, i) =>
        {
            double deviation = Math.Max(Math.Sqrt(variance[i]), Epsilon), factor = isInverse ? deviation : 1 / deviation;
            if (!double.IsFinite(factor))
                throw file.Malformed($"{layer.Title} has the variance {variance[i]} for value {i}. The file is damaged.");
            Rational scale = Rational.FromDouble(factor), shift = Rational.FromDouble(center);
            return PiecewiseLinearFunction.Linear(scale, isInverse ? shift : -(scale * shift));
        })];
        Notes.Add($"{layer.Title} divides by the root of a variance, which is irrational, so the parameter is the nearest double.");
        Each(place => functions[place % functions.Length]);
    }

    private void Rescale(KerasLayer layer)
    {
        Rational[] scales = layer.Numbers("scale") ?? [Rational.One], offsets = layer.Numbers("offset") ?? [Rational.Zero];
        foreach (var numbers in new[] { scales, offsets })
        {
            if (numbers.Length != 1 && numbers.Length != Channels)
                throw file.Malformed($"{layer.Title} has {numbers.Length} numbers for {Channels} values. The file is damaged.");
        }

        Each(place => PiecewiseLinearFunction.Linear(scales[place % scales.Length], offsets[place % offsets.Length]));
    }

    /// <summary>Adds a function for each value.</summary>
    private void Each(Func<int, PiecewiseLinearFunction> function)
    {
        var functions = ImmutableArray.CreateBuilder<PiecewiseLinearFunction>(Width);
        for (int i = 0; i < Width; i++) functions.Add(function(i));
        Layers.Add(new CurvedLayer(new ActivationDescription(Width, functions.MoveToImmutable())));
    }

    /// <summary>Whether an axis, counted with that of samples or from the end, is the last one.</summary>
    private bool IsLastAxis(JsonPlace? axis)
    {
        if (axis is not { } place) return true;
        IReadOnlyList<JsonPlace> axes = place.Value.ValueKind == JsonValueKind.Number ? [place] : KerasLayer.Items(place);
        return axes is [var only] && (only.Number() == -1 || only.Number() == _shape.Length);
    }
}
