using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace Kan.Interchange.Keras;

/// <summary>A layer as the configuration of a model describes it.</summary>
/// <param name="File">The file.</param>
/// <param name="Name">The name that it has in the model.</param>
/// <param name="Kind">Its class.</param>
/// <param name="Place">What is said of it.</param>
/// <param name="Config">The arguments of its class.</param>
internal sealed record KerasLayer(ModelFile File, string Name, string Kind, JsonPlace Place, JsonPlace Config)
{
    /// <summary>The layer as a sentence begins with it.</summary>
    public string Title { get; } = $"The layer '{MessageText.Name(Name)}' ({MessageText.Name(Kind)})";

    /// <summary>Whether the layer computes in double; all others round their arguments to float.</summary>
    public bool IsDouble { get; init; }

    public static KerasLayer Read(ModelFile file, JsonPlace place)
    {
        string kind = place["class_name"].Text();
        var config = place["config"];
        string name = (Given(config, "name") ?? Given(place, "name"))?.Text() ?? kind;
        var layer = new KerasLayer(file, name, kind, place, config);
        if ((Given(place, "module")?.Text() is { } module && !module.Contains("keras", StringComparison.Ordinal))
            || Given(place, "registered_name")?.Text().Contains('>', StringComparison.Ordinal) == true)
            throw file.Unsupported($"{layer.Title} is of a class that is not Keras's, and its code is not in the file. Use the layers of "
                + $"Keras, or export the model to ONNX.");
        return layer with { IsDouble = Precision(layer) == "float64" };
    }

    /// <summary>An argument; null if it is missing or None.</summary>
    public JsonPlace? Find(string name) => Given(Config, name);

    public bool Flag(string name, bool silent) => Find(name) is not { } place ? silent
        : place.Value.ValueKind is JsonValueKind.True or JsonValueKind.False ? place.Value.GetBoolean()
        : place.Number() != 0;

    /// <summary>A number as the layer has it, which is the nearest float but in models of doubles.</summary>
    public Rational? Number(string name) => Find(name) is { } place ? Rounded(place) : null;

    /// <summary>One number, or one for each channel.</summary>
    public Rational[]? Numbers(string name) => Find(name) is not { } place ? null
        : place.Value.ValueKind == JsonValueKind.Array ? [.. Enumerable.Range(0, place.Count).Select(i => Rounded(place[i]))]
        : [Rounded(place)];

    /// <summary>Sizes along some axes: one number for all, or one for each.</summary>
    public int[] Sizes(string name, int axes, int silent)
    {
        if (Find(name) is not { } place) return [.. Enumerable.Repeat(silent, axes)];
        if (place.Value.ValueKind == JsonValueKind.Number) return [.. Enumerable.Repeat(Size(place), axes)];
        var items = Items(place);
        return items.Count == axes
            ? [.. items.Select(Size)]
            : throw File.Malformed($"{place.Path} has {items.Count} members; expected {axes}. The file is damaged.");
    }

    /// <summary>The members of a list or of a tuple.</summary>
    public static IReadOnlyList<JsonPlace> Items(JsonPlace place)
    {
        if (place.Value.ValueKind == JsonValueKind.Object && place.Find("items") is { } items) place = items;
        var list = place;
        return [.. Enumerable.Range(0, list.Count).Select(i => list[i])];
    }

    /// <summary>The shape of one sample, from that of a batch; null if it is not said, -1 for what is open.</summary>
    public static int[]? SampleShape(JsonPlace? place) => place is { } given
        ? [.. Items(given).Skip(1).Select(static size => size.Value.ValueKind == JsonValueKind.Null ? -1 : Size(size))]
        : null;

    /// <summary>A positive number of at most as many nodes as a layer has.</summary>
    public static int Size(JsonPlace place) =>
        place.Value.ValueKind == JsonValueKind.Number && place.Value.TryGetInt32(out int size) && size is > 0 and <= ModelLimits.Width
            ? size
            : throw place.File.Malformed($"{place.Path} holds {place.Value.GetRawText()} where a size from 1 to {ModelLimits.Width} was "
            + $"expected. The file is damaged.");

    /// <summary>A member that is neither missing nor None.</summary>
    public static JsonPlace? Given(JsonPlace place, string name) =>
        place.Find(name) is { Value.ValueKind: not JsonValueKind.Null } member ? member : null;

    private Rational Rounded(JsonPlace place)
    {
        // Old versions write what NumPy computed as an object.
        if (place.Value.ValueKind == JsonValueKind.Object) place = place["value"];
        double value = place.Number();
        if (IsDouble) return Rational.FromDouble(value);
        return float.IsFinite((float)value)
            ? Rational.FromSingle((float)value)
            : throw File.Malformed($"{place.Path} is {value}, which is out of the range of floats. The file is damaged.");
    }

    /// <summary>The name of the numbers that a layer computes with; null for the usual ones.</summary>
    private static string? Precision(KerasLayer layer)
    {
        if (layer.Find("dtype") is not { } place) return null;
        string? name = place.Value.ValueKind == JsonValueKind.String ? place.Text()
            : Given(place, "config") is { Value.ValueKind: JsonValueKind.Object } config ? Given(config, "name")?.Text()
            : null;
        bool isOfOtherKind = place.Value.ValueKind == JsonValueKind.Object && place["class_name"].Text() is not ("DTypePolicy" or "Policy");
        if (isOfOtherKind || layer.Find("quantization_config") is not null || name?.Contains("int", StringComparison.Ordinal) == true)
            throw layer.File.Unsupported($"{layer.Title} is quantized ({MessageText.Name(name ?? "by a configuration")}). Save the model "
                + $"in float32; a class with Precision = Int8 quantizes it again.");
        return name;
    }
}
