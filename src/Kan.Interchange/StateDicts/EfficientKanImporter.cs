using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Curves;
using Kan.Interchange.Tensors;

namespace Kan.Interchange.StateDicts;

/// <summary>
/// Reads the state dict of an efficient-kan network: for each layer <c>grid</c> (inputs, knots), <c>base_weight</c> (outputs, inputs),
/// <c>spline_weight</c> (outputs, inputs, coefficients) and maybe <c>spline_scaler</c> (outputs, inputs).
/// </summary>
internal static class EfficientKanImporter
{
    /// <exception cref="ModelFileException">The tensors do not fit, or a curve may not be approximated.</exception>
    public static ImportedModel Import(ModelFile file, StateDict dict, ImportOptions options)
    {
        var groups = new SortedDictionary<int, Dictionary<string, StoredTensor>>();
        string? root = null;
        foreach (var tensor in dict.Tensors)
        {
            string[] parts = tensor.Name.Split('.');
            if (parts.Length < 3 || parts[^1] is not ("grid" or "base_weight" or "spline_weight" or "spline_scaler")
                || !int.TryParse(parts[^2], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture,
                    out int index)
                || (root ??= string.Join('.', parts[..^2])) != string.Join('.', parts[..^2]))
            {
                throw file.Unsupported($"The tensor '{tensor.Name}' does not belong to an efficient-kan network, whose tensors are "
                    + $"layers.N.grid, .base_weight, .spline_weight and .spline_scaler. Save the network alone.");
            }

            if (!groups.TryGetValue(index, out var group)) groups.Add(index, group = new(StringComparer.Ordinal));
            group.Add(parts[^1], tensor.RequireFinite(file));
        }

        bool isDouble = dict.Tensors.Any(static tensor => tensor.Type == ElementType.Float64);
        var activation = options.Activation is { } text ? ActivationFunction.Parse(text, isDouble, file) : ActivationFunction.Silu;
        var layers = new List<SplineLayer>();
        foreach (var (index, group) in groups)
        {
            var layer = Layer($"{root}.{index}", group, layers.Count, file);
            if (layers.Count > 0 && layers[^1].Outputs != layer.Inputs)
                throw file.Malformed($"The layer '{root}.{index}' has {layer.Inputs} inputs, but the layer before it has "
                    + $"{layers[^1].Outputs} outputs. Save the network alone.");
            layers.Add(layer);
        }

        var model = NetworkApproximator.Approximate(file, SplineLayer.ToCurved(layers, activation, file), options, layers[0].Domain());
        string note = options.Activation is null ? "The base function is assumed to be silu, the default of efficient-kan; the file does "
            + "not store it." : $"The base function is {activation.Name}, as specified; the file does not store it.";
        return model with { Notes = [note, .. model.Notes] };
    }

    private static SplineLayer Layer(string name, Dictionary<string, StoredTensor> group, int number, ModelFile file)
    {
        StoredTensor Get(string tensor) =>
            group.GetValueOrDefault(tensor) ?? throw file.Malformed($"The tensor '{name}.{tensor}' is missing. Save the whole state dict.");
        StoredTensor grid = Get("grid"), baseWeight = Get("base_weight"), spline = Get("spline_weight");
        var scaler = group.GetValueOrDefault("spline_scaler");
        if (grid.Rank != 2 || spline.Rank != 3) throw Mismatch(grid, spline);
        int inputs = grid.Dimensions[0], outputs = spline.Dimensions[0], coefficients = spline.Dimensions[2];
        if (inputs == 0 || outputs == 0 || spline.Dimensions[1] != inputs) throw Mismatch(grid, spline);
        if (!baseWeight.Dimensions.AsSpan().SequenceEqual([outputs, inputs])) throw Mismatch(baseWeight, spline);
        if (scaler is not null && !scaler.Dimensions.AsSpan().SequenceEqual([outputs, inputs])) throw Mismatch(scaler, spline);
        return new SplineLayer(file, $"layer {number}", inputs, outputs, grid, coefficients)
        {
            Coefficients = (p, q) => spline.Values.AsSpan(((q * inputs) + p) * coefficients, coefficients).ToArray(),
            BaseFactor = (p, q) => baseWeight.Values[(q * inputs) + p],
            SplineFactor = (p, q) => scaler?.Values[(q * inputs) + p] ?? 1,
        };

        ModelFileException Mismatch(StoredTensor left, StoredTensor right) => file.Malformed($"The tensors '{left.Name}' of shape "
            + $"{left.Shape} and '{right.Name}' of shape {right.Shape} do not match. Save the network again.");
    }
}
