using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;

namespace Kan.Interchange.NumPy;

/// <summary>
/// Reads the KAN layout: <c>layerL_values[p, g, q]</c> is the value at knot g of the edge from p to q, <c>layerL_range</c> holds the
/// first and the last knot, and the G knots between them are evenly spaced; the end segments extend.
/// </summary>
internal static class NumPyKanImporter
{
    private const string Expected = "Expected arrays: layer0_values, layer0_range, layer1_values, layer1_range, and so on.";

    /// <exception cref="ModelFileException">The file is damaged, or of another layout.</exception>
    public static ImportedModel Import(ModelFile file)
    {
        using var work = file.LimitWork();
        var arrays = NpzArchive.Read(file);
        var layers = new List<LayerDescription>();
        for (int index = 0; ; index++)
        {
            string prefix = "layer" + index.ToString(CultureInfo.InvariantCulture);
            if (!arrays.Remove(prefix + "_values", out var values)) break;
            if (!arrays.Remove(prefix + "_range", out var range))
                throw file.Malformed($"The array '{prefix}_range' is missing. {Expected}");
            file.WorkingOn = $"The array '{values.Name}'";
            var layer = Layer(values, range, file);
            if (layers.Count > 0 && layers[^1].OutputCount != layer.InputCount)
                throw file.Malformed(
                    $"The array '{values.Name}' of shape {values.Shape} does not follow a layer of {layers[^1].OutputCount} outputs.");
            layers.Add(layer);
        }

        if (arrays.Count > 0)
            throw file.Unsupported($"The array '{arrays.Keys.Order().First()}' does not belong to the KAN layout. {Expected}");
        return layers.Count > 0 ? new ImportedModel(layers) : throw file.Malformed($"The archive holds no layer. {Expected}");
    }

    private static GridDescription Layer(NpyArray values, NpyArray range, ModelFile file)
    {
        if (values.Dimensions is not [var inputs and > 0, var knotCount and > 1, var outputs and > 0])
            throw file.Malformed(
                $"The array '{values.Name}' has the shape {values.Shape}; expected (inputs, knots, outputs) with at least two knots.");
        if (range.Values.Length != 2) throw file.Malformed($"The array '{range.Name}' has the shape {range.Shape}; expected two numbers, "
            + $"the first and the last knot.");
        var ends = range.ToRationals(file);
        Rational low = ends[0], high = ends[1];
        if (low >= high) throw file.Malformed($"The array '{range.Name}' holds {range.Values[0]} and {range.Values[1]}; the first knot "
            + $"must be less than the last.");

        // The same knots for every input, shared.
        ImmutableArray<Rational> knots = [.. Enumerable.Range(0, knotCount).Select(g => low + ((high - low) * g / (knotCount - 1)))];
        return new GridDescription(outputs, [.. Enumerable.Repeat(knots, inputs)], ImmutableArray.Create(values.ToRationals(file)), []);
    }
}
