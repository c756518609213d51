using System;
using System.Globalization;
using System.Linq;
using System.Text.Json;

namespace Kan.Interchange;

/// <summary>A value of a JSON file and where it stands, for complaints.</summary>
/// <param name="File">The file.</param>
/// <param name="Path">Where the value stands, such as <c>layers[2].weights</c>.</param>
/// <param name="Value">The value.</param>
internal readonly record struct JsonPlace(ModelFile File, string Path, JsonElement Value)
{
    /// <summary>The number of members of an array.</summary>
    public int Count => Value.ValueKind == JsonValueKind.Array ? Value.GetArrayLength() : throw Expected("an array");

    /// <summary>A member of an array.</summary>
    public JsonPlace this[int index] => index < Count
        ? new(File, Path + "[" + index.ToString(CultureInfo.InvariantCulture) + "]", Value[index])
        : throw File.Malformed($"{Path} has {Count} members; expected at least {index + 1}. The file is damaged.");

    /// <summary>A member of an object.</summary>
    public JsonPlace this[string name] => Find(name)
        ?? throw File.Malformed($"{(Path.Length == 0 ? "The file" : Path)} has no '{name}'. The file is damaged, or of another format.");

    /// <summary>A member of an object; null if it is missing.</summary>
    public JsonPlace? Find(string name)
    {
        if (Value.ValueKind != JsonValueKind.Object) throw Expected("an object");
        return Value.TryGetProperty(name, out var member) ? new JsonPlace(File, Path.Length == 0 ? name : $"{Path}.{name}", member) : null;
    }

    /// <summary>The text.</summary>
    public string Text()
    {
        if (Value.ValueKind != JsonValueKind.String) throw Expected("text");
        try
        {
            return Value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half a pair of surrogates, as an escape.
            throw Expected("text of whole characters");
        }
    }

    /// <summary>The last number of a shape, which is the number of values.</summary>
    public int Width()
    {
        int axes = Count;
        return axes > 0 && this[axes - 1].Value is { ValueKind: JsonValueKind.Number } last && last.TryGetInt32(out int width) && width > 0
            && width <= ModelLimits.Width
            ? width
            : throw Expected($"a shape that ends in a number from 1 to {ModelLimits.Width}");
    }

    /// <summary>The number.</summary>
    public double Number() => Value.ValueKind == JsonValueKind.Number && Value.TryGetDouble(out double value) && double.IsFinite(value)
        ? value
        : throw Expected("a finite number");

    /// <summary>The numbers of an array.</summary>
    /// <param name="count">How many there must be.</param>
    public double[] Numbers(int count)
    {
        if (Count != count) throw File.Malformed($"{Path} has {Count} numbers; expected {count}. The file is damaged.");
        var place = this;
        return [.. Enumerable.Range(0, count).Select(i => place[i].Number())];
    }

    private ModelFileException Expected(string what) =>
        File.Malformed($"{(Path.Length == 0 ? "The file" : Path)} holds "
            + $"{MessageText.Name(Value.ValueKind.ToString().ToLowerInvariant())} where {what} was expected. The file is damaged, or of "
            + $"another format.");
}
