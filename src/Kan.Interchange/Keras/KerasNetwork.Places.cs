using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text.Json;
using Kan.Interchange.Curves;

namespace Kan.Interchange.Keras;

/// <summary>Layers that place values anew: borders of zeros, crops, copies and another order of axes.</summary>
internal sealed partial class KerasNetwork
{
    private void Pad(KerasLayer layer)
    {
        int axes = AxesOf(layer);
        RequireImage(layer, axes);
        var borders = Borders(layer, "padding", axes);
        int[] shape = [.. _shape.Select((size, axis) => axis < axes ? size + borders[axis].Before + borders[axis].After : size)];
        Place(layer, shape, place => Shifted(place, axes, axis => -borders[axis].Before));
    }

    private void Crop(KerasLayer layer)
    {
        int axes = AxesOf(layer);
        RequireImage(layer, axes);
        var borders = Borders(layer, "cropping", axes);
        int[] shape = [.. _shape.Select((size, axis) => axis < axes ? size - borders[axis].Before - borders[axis].After : size)];
        if (shape.Any(static size => size < 1))
            throw file.Malformed($"{layer.Title} leaves nothing of values of shape {Text(_shape)}. The file is damaged.");
        Place(layer, shape, place => Shifted(place, axes, axis => borders[axis].Before));
    }

    private void Enlarge(KerasLayer layer)
    {
        int axes = AxesOf(layer);
        RequireImage(layer, axes);
        if (layer.Find("interpolation")?.Text() is { } interpolation && interpolation != "nearest")
            throw file.Unsupported($"{layer.Title} has the interpolation '{MessageText.Name(interpolation)}'; supported is 'nearest'. Use "
                + $"it, or export the model to ONNX.");
        int[] sizes = layer.Sizes("size", axes, 2);
        long[] large = [.. _shape.Select((size, axis) => axis < axes ? (long)size * sizes[axis] : size)];
        if (large.Any(static size => size > ModelLimits.Width))
            throw file.Unsupported($"{layer.Title} makes an axis of {large.Max()} places; at most {ModelLimits.Width} are supported.");
        Place(layer, [.. large.Select(static size => (int)size)], place =>
            [.. place.Select((at, axis) => axis < axes ? at / sizes[axis] : at)]);
    }

    private void Permute(KerasLayer layer)
    {
        int[] order = layer.Sizes("dims", _shape.Length, 1);
        if (!order.Order().SequenceEqual(Enumerable.Range(1, _shape.Length)))
            throw file.Malformed($"{layer.Title} has the order {Text(order)} for values of shape {Text(_shape)}. The file is damaged.");
        Place(layer, [.. order.Select(axis => _shape[axis - 1])], place =>
        {
            var before = new int[place.Length];
            for (int i = 0; i < place.Length; i++) before[order[i] - 1] = place[i];
            return before;
        });
    }

    private void Repeat(KerasLayer layer)
    {
        if (_shape.Length != 1)
            throw file.Malformed($"{layer.Title} repeats a vector, but the values have the shape {Text(_shape)}. The file is damaged.");
        Place(layer, [layer.Sizes("n", 1, 1)[0], Channels], static place => [place[1]]);
    }

    /// <summary>Each place of the result is one of the values before, or zero where it lies outside of them.</summary>
    private void Place(KerasLayer layer, int[] shape, Func<int[], int[]> from)
    {
        int inputs = Width;
        long count = shape.Aggregate(1L, static (product, size) => product > ModelLimits.Width ? product : product * size);
        if (count > ModelLimits.Width || count * inputs > MostPairs)
            throw file.Unsupported($"{layer.Title} makes {Text(shape)} values of {Text(_shape)}, and compiled networks hold a number for "
                + $"each pair of them; at most {MostPairs} are supported. Reduce the model, or change the size of its inputs instead.");
        var edges = ImmutableArray.CreateBuilder<KanEdge>();
        var place = new int[shape.Length];
        for (int output = 0; output < count; output++)
        {
            int[] before = from(place);
            if (!before.Where((at, axis) => at < 0 || at >= _shape[axis]).Any())
            {
                int input = 0;
                for (int axis = 0; axis < before.Length; axis++) input = (input * _shape[axis]) + before[axis];
                edges.Add(new KanEdge(input, output, PiecewiseLinearFunction.Identity));
            }

            for (int axis = shape.Length - 1; axis >= 0 && ++place[axis] == shape[axis]; axis--) place[axis] = 0;
        }

        Layers.Add(new CurvedLayer(new EdgesDescription(inputs, (int)count, edges.ToImmutable(), [])));
        _shape = shape;
    }

    private const int MostPairs = 1 << 23;

    private static int AxesOf(KerasLayer layer) => layer.Kind.EndsWith("1D", StringComparison.Ordinal) ? 1 : 2;

    private static int[] Shifted(int[] place, int axes, Func<int, int> by) =>
        [.. place.Select((at, axis) => axis < axes ? at + by(axis) : at)];

    /// <summary>How many places there are before and after an image: one number, one for each axis, or two for each.</summary>
    private List<(int Before, int After)> Borders(KerasLayer layer, string name, int axes)
    {
        if (layer.Find(name) is not { } given) return [.. Enumerable.Repeat((1, 1), axes)];
        if (given.Value.ValueKind == JsonValueKind.Number)
            return [.. Enumerable.Repeat((Border(given), Border(given)), axes)];
        var items = KerasLayer.Items(given);
        if (axes == 1 && items.Count == 2 && items[0].Value.ValueKind == JsonValueKind.Number)
            return [(Border(items[0]), Border(items[1]))];
        if (items.Count != axes)
            throw file.Malformed($"{given.Path} has {items.Count} members; expected {axes}. The file is damaged.");
        return [.. items.Select(item =>
        {
            if (item.Value.ValueKind == JsonValueKind.Number) return (Border(item), Border(item));
            var both = KerasLayer.Items(item);
            return both.Count == 2 ? (Border(both[0]), Border(both[1]))
                : throw file.Malformed($"{item.Path} has {both.Count} members; expected 2. The file is damaged.");
        })];
    }

    private int Border(JsonPlace place) =>
        place.Value.ValueKind == JsonValueKind.Number && place.Value.TryGetInt32(out int size)
        && size is >= 0 and <= ModelLimits.Width
            ? size
            : throw file.Malformed($"{place.Path} holds {place.Value.GetRawText()} where a number from 0 to {ModelLimits.Width} was "
                + $"expected. The file is damaged.");
}
