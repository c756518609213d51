using System;
using System.Collections.Immutable;
using System.Threading;

namespace Kan.Networks;

/// <summary>Reads <c>.kan.json</c>, version 1.</summary>
/// <remarks>
/// A document that reads is valid: sizes fit, knots and breakpoints increase, numbers are finite, so that
/// <see cref="KanDocument.ToNetwork()"/> does not throw. The only exception is <see cref="KanFormatException"/>, whatever the text.
/// </remarks>
public static class KanDocumentReader
{
    /// <summary>
    /// Steps of exact arithmetic that reading any text may take, and more for each of its characters; see <see cref="ExactWork"/>.
    /// </summary>
    internal const long BaseSteps = 200_000_000, StepsOfCharacter = 100;

    /// <summary>Reads a document from a text.</summary>
    /// <param name="text">The whole text of a <c>.kan.json</c> file.</param>
    /// <exception cref="KanFormatException">The text is not a valid document; the exception says where and why.</exception>
    public static KanDocument Read(string text) => ReadUnlessCancelled(text, CancellationToken.None);

    /// <summary>As <see cref="Read"/>; the token is observed between numbers.</summary>
    internal static KanDocument ReadUnlessCancelled(string text, CancellationToken cancellation)
    {
        if (text is null) throw new ArgumentNullException(nameof(text));
        cancellation.ThrowIfCancellationRequested();
        using var work = ExactWork.Limit(BaseSteps + (StepsOfCharacter * text.Length), cancellation: cancellation);
        try
        {
            return ReadWithin(text, cancellation);
        }
        catch (ExactWorkException exception)
        {
            throw NumberArray.TooLong(exception, text, 0, 0);
        }
    }

    private static KanDocument ReadWithin(string text, CancellationToken cancellation)
    {
        var root = new JsonParser(text).Parse();
        var fields = new JsonFields(text, root, "the document", "format", "version", "name", "source", "inputs", "hidden", "codes",
            "outputs", "layers");
        if (fields.GetString("format") != "kan")
            throw fields.Fail($"Found {JsonText.Describe(fields.Get("format"))} where the format \"kan\" was expected.",
                fields.Get("format"));
        fields.GetInteger("version", 1, 1);
        string name = fields.GetString("name");
        var layers = ReadLayers(text, fields, cancellation);
        int inputCount = layers[0].InputCount;
        int outputCount = layers[layers.Length - 1].OutputCount;

        var document = new KanDocument { Name = name, Layers = layers };
        if (fields.Find("source") is { } source) document = ReadSource(text, source, document);
        if (fields.Find("inputs") is { } inputs)
        {
            var about = new JsonFields(text, inputs, "\"inputs\"", "names", "units", "ranges");
            document = document with
            {
                InputNames = ReadNames(about, "names", inputCount, "inputs"),
                InputUnits = ReadNames(about, "units", inputCount, "inputs"),
                InputRanges = ReadRanges(text, about, inputCount),
            };
        }

        if (fields.Find("hidden") is { } hidden)
            document = ReadHidden(text, new JsonFields(text, hidden, "\"hidden\"", "ranges", "tolerance"), document);

        if (fields.Find("codes") is { } codes) document = document with { Codes = CodesReader.Read(text, codes, layers) };

        if (fields.Find("outputs") is { } outputs)
        {
            var about = new JsonFields(text, outputs, "\"outputs\"", "names", "labels", "head");
            document = document with
            {
                OutputNames = ReadNames(about, "names", outputCount, "outputs"),
                Labels = ReadNames(about, "labels", outputCount, "outputs"),
                Head = ReadHead(about),
            };
        }

        return document;
    }

    /// <summary>Whether a text is a SHA-256 in lower-case hexadecimal.</summary>
    internal static bool IsHash(string text)
    {
        if (text.Length != 64) return false;
        foreach (char c in text)
        {
            if (c is not (>= '0' and <= '9' or >= 'a' and <= 'f')) return false;
        }

        return true;
    }

    private static ImmutableArray<LayerDescription> ReadLayers(string text, JsonFields fields, CancellationToken cancellation)
    {
        var items = fields.ItemsOf(fields.Get("layers"));
        if (items.Items.Count == 0) throw fields.Fail("A network needs at least one layer.", items);
        var layers = ImmutableArray.CreateBuilder<LayerDescription>(items.Items.Count);
        foreach (var item in items.Items)
        {
            var layer = LayerReader.Read(text, item, cancellation);
            if (layers.Count > 0 && layers[layers.Count - 1].OutputCount != layer.InputCount)
            {
                throw new KanFormatException(
                    $"Layer {layers.Count} has {layer.InputCount} inputs, but layer {layers.Count - 1} has "
                    + $"{layers[layers.Count - 1].OutputCount} outputs.",
                    text,
                    item.Start,
                    1);
            }

            layers.Add(layer);
        }

        return layers.MoveToImmutable();
    }

    private static KanDocument ReadSource(string text, JsonValue value, KanDocument document)
    {
        var source = new JsonFields(text, value, "\"source\"", "file", "sha256", "notes");
        string? hash = source.FindString("sha256");
        if (hash is not null && !IsHash(hash))
            throw source.Fail("A SHA-256 must be 64 lowercase hexadecimal digits.", source.Get("sha256"));
        return document with { SourceFile = source.FindString("file"), SourceHash = hash, SourceNotes = source.FindStrings("notes") };
    }

    private static KanDocument ReadHidden(string text, JsonFields about, KanDocument document)
    {
        document = document with { HiddenRanges = ReadRanges(text, about) };
        if (about.Find("tolerance") is not { } value) return document;
        double tolerance = NumberArray.ReadNumber(text, value).ToDouble();
        return tolerance > 0 && !double.IsInfinity(tolerance)
            ? document with { IntegerTolerance = tolerance }
            : throw about.Fail("A tolerance must be a number above 0.", value);
    }

    private static ImmutableArray<string> ReadNames(JsonFields about, string field, int count, string what)
    {
        var names = about.FindStrings(field);
        if (names.Length != 0 && names.Length != count)
            throw about.Fail($"Found {names.Length} {field} for {count} {what}.", about.Get(field));
        return names;
    }

    private static NetworkHead ReadHead(JsonFields about)
    {
        if (about.FindString("head") is not { } name) return NetworkHead.None;
        return HeadNames.Find(name) ?? throw about.Fail($"Found the unknown head; expected one of {string.Join(", ", HeadNames.All)}.",
            about.Get("head"));
    }

    private static ImmutableArray<InputRange> ReadRanges(string text, JsonFields about, int count)
    {
        var ranges = ReadRanges(text, about);
        if (ranges.Length > 1 && ranges.Length != count)
            throw about.Fail($"Found {ranges.Length} ranges for {count} inputs; expected one for each or one for all.",
                about.Get("ranges"));
        return ranges;
    }

    private static ImmutableArray<InputRange> ReadRanges(string text, JsonFields about)
    {
        if (about.Find("ranges") is not { } value) return [];
        var items = about.ItemsOf(value).Items;
        var ranges = ImmutableArray.CreateBuilder<InputRange>(items.Count);
        foreach (var item in items)
        {
            var ends = NumberArray.Read(text, item);
            if (ends.Length != 2) throw about.Fail($"Found {ends.Length} numbers where a range [low, high] was expected.", item);
            if (ends[0] > ends[1]) throw about.Fail("The low end of the range exceeds the high end.", item);
            ranges.Add(new InputRange(ends[0], ends[1]));
        }

        return ranges.MoveToImmutable();
    }
}
