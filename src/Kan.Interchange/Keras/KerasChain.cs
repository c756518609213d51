using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace Kan.Interchange.Keras;

/// <summary>The layers of a model that is a chain, Sequential or Functional.</summary>
/// <param name="Layers">The layers as they are applied.</param>
/// <param name="Stored">The layers as the file has them.</param>
/// <param name="Shape">The shape of a sample; null if the configuration does not say it.</param>
internal sealed record KerasChain(IReadOnlyList<KerasLayer> Layers, IReadOnlyList<KerasLayer> Stored, int[]? Shape)
{
    /// <exception cref="ModelFileException">The model is not a chain.</exception>
    public static KerasChain Read(ModelFile file, JsonPlace model)
    {
        string kind = model["class_name"].Text();
        if (kind is not ("Sequential" or "Functional" or "Model"))
            throw file.Unsupported($"The model is of class '{MessageText.Name(kind)}', whose code is not in the file. Supported are "
                + $"Sequential, and Functional where each layer reads the one before. Export the model to ONNX.");

        // The first versions wrote the layers of Sequential without anything around them.
        var config = model["config"];
        var list = config.Value.ValueKind == JsonValueKind.Array ? config : config["layers"];
        if (list.Count > ModelLimits.Layers)
            throw file.Unsupported($"The model has {list.Count} layers; at most {ModelLimits.Layers} are supported.");
        List<KerasLayer> stored = [.. Enumerable.Range(0, list.Count).Select(i => KerasLayer.Read(file, list[i]))];
        if (stored.Count == 0) throw file.Malformed($"{list.Path} is empty. The file holds no network.");
        var layers = kind == "Sequential" ? stored : Order(file, stored);
        var shape = ShapeOf(layers[0]) ?? (config.Value.ValueKind == JsonValueKind.Object
            ? KerasLayer.SampleShape(KerasLayer.Given(config, "build_input_shape"))
            : null);
        return new KerasChain(layers, stored, shape);
    }

    private static int[]? ShapeOf(KerasLayer first)
    {
        if ((first.Find("batch_shape") ?? first.Find("batch_input_shape")) is { } shape) return KerasLayer.SampleShape(shape);
        if (first.Find("input_dim") is { } width) return [KerasLayer.Size(width)];
        return KerasLayer.Given(first.Place, "build_config") is { Value.ValueKind: JsonValueKind.Object } build
            ? KerasLayer.SampleShape(KerasLayer.Given(build, "input_shape"))
            : null;
    }

    /// <summary>The layers of a graph in the order in which they are applied.</summary>
    private static List<KerasLayer> Order(ModelFile file, List<KerasLayer> stored)
    {
        var behind = new Dictionary<string, KerasLayer>(StringComparer.Ordinal);
        KerasLayer? layer = null;
        foreach (var next in stored)
        {
            var nodes = next.Place.Find("inbound_nodes") is { } place ? KerasLayer.Items(place) : [];
            if (next.Kind == "InputLayer" || nodes.Count == 0)
            {
                if (layer is not null)
                    throw file.Unsupported($"The model has the inputs '{layer.Name}' and '{next.Name}'. Only models with one input are "
                        + $"read: export the model to ONNX.");
                layer = next;
                continue;
            }

            if (nodes.Count > 1)
                throw file.Unsupported($"{next.Title} is used {nodes.Count} times. Only models where each layer reads the one before are "
                    + $"read: export the model to ONNX.");
            string[] read = Inputs(nodes[0]);
            if (read.Length != 1)
                throw file.Unsupported($"{next.Title} reads {read.Length} values. Only models where each layer reads the one before are "
                    + $"read: export the model to ONNX.");
            if (!behind.TryAdd(read[0], next))
                throw file.Unsupported($"'{read[0]}' is read by '{behind[read[0]].Name}' and '{next.Name}'. Only models where each layer "
                    + $"reads the one before are read: export the model to ONNX.");
        }

        if (layer is null) throw file.Malformed("No layer of the model is its input. The file is damaged.");
        var layers = new List<KerasLayer>();
        for (KerasLayer? at = layer; at is not null; at = behind.GetValueOrDefault(at.Name)) layers.Add(at);
        return layers.Count == stored.Count
            ? layers
            : throw file.Malformed($"The model has {stored.Count} layers, but only {layers.Count} are reached from its input. The file is "
            + $"damaged.");
    }

    /// <summary>The layers that a layer reads.</summary>
    private static string[] Inputs(JsonPlace node)
    {
        // Keras 2: [["dense", 0, 0, {}], ...], with any further tensor in the last object.
        if (node.Value.ValueKind == JsonValueKind.Array)
        {
            var places = KerasLayer.Items(node);
            bool isSingle = places is [{ Value.ValueKind: JsonValueKind.String }, ..];
            return [.. (isSingle ? [node] : places).Select(static input => input[0].Text())];
        }

        // Keras 3: {"args": [...], "kwargs": {...}}, with tensors anywhere in it.
        var names = new List<string>();
        Collect(node);
        return [.. names];

        void Collect(JsonPlace place)
        {
            if (place.Value.ValueKind == JsonValueKind.Array)
            {
                for (int i = 0; i < place.Count; i++) Collect(place[i]);
            }
            else if (place.Value.ValueKind == JsonValueKind.Object)
            {
                if (place.Find("class_name") is { Value.ValueKind: JsonValueKind.String } kind && kind.Text() == "__keras_tensor__")
                {
                    names.Add(place["config"]["keras_history"][0].Text());
                    return;
                }

                foreach (var member in place.Value.EnumerateObject())
                    Collect(new JsonPlace(place.File, $"{place.Path}.{member.Name}", member.Value));
            }
        }
    }
}
