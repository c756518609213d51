using System;
using System.Collections.Immutable;

namespace Kan.Networks;

/// <summary>Reads what the integers of a quantised network stand for.</summary>
internal static class CodesReader
{
    /// <summary>The codes of a network.</summary>
    /// <param name="text">The document.</param>
    /// <param name="value">The field <c>codes</c>.</param>
    /// <param name="layers">The layers of the document.</param>
    /// <exception cref="KanFormatException">They are not valid, or do not fit the layers.</exception>
    public static QuantizedCodes Read(string text, JsonValue value, ImmutableArray<LayerDescription> layers)
    {
        var fields = new JsonFields(text, value, "\"codes\"", "inputs", "layers");
        var items = fields.ItemsOf(fields.Get("layers")).Items;
        var found = ImmutableArray.CreateBuilder<QuantizedLayer>(items.Count);
        foreach (var item in items) found.Add(ReadLayer(text, item));
        var inputs = ReadStep(text, fields.Get("inputs"), "the codes of the inputs");
        var codes = new QuantizedCodes(inputs.Range, found.MoveToImmutable()) { LowestInput = inputs.Lowest };
        try
        {
            codes.FormOf(layers);
        }
        catch (ArgumentException exception)
        {
            throw fields.Fail(exception.Message, value);
        }

        return codes;
    }

    private static QuantizedLayer ReadLayer(string text, JsonValue value)
    {
        var fields = new JsonFields(text, value, "the codes of a layer", "weights", "nodes");
        var scales = ImmutableArray.CreateBuilder<float>();
        foreach (var scale in NumberArray.Read(text, fields.Get("weights"))) scales.Add(ToSingle(scale, fields, fields.Get("weights")));
        var steps = ImmutableArray.CreateBuilder<CodeStep>();
        if (fields.Find("nodes") is { } nodes)
        {
            foreach (var item in fields.ItemsOf(nodes).Items) steps.Add(ReadStep(text, item, "the codes of nodes"));
        }

        return new QuantizedLayer(scales.ToImmutable(), steps.ToImmutable());
    }

    private static CodeStep ReadStep(string text, JsonValue value, string what)
    {
        var fields = new JsonFields(text, value, what, "scale", "zero", "lowest");
        var scale = fields.Get("scale");
        return new CodeStep(
            new CodeRange(ToSingle(NumberArray.ReadNumber(text, scale), fields, scale), fields.GetInteger("zero", 0, CodeRange.Highest)),
            fields.Find("lowest") is null ? 0 : fields.GetInteger("lowest", 0, CodeRange.Highest));
    }

    private static float ToSingle(Rational number, JsonFields fields, JsonValue value)
    {
        float nearest = number.Sign > 0 ? number.ToSingle() : 0;
        if (!(nearest > 0) || float.IsInfinity(nearest) || Rational.FromSingle(nearest) != number)
            throw fields.Fail("A scale must be a float above 0.", value);
        return nearest;
    }
}
