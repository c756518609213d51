using System;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Networks;

/// <summary>The fields of an object, of which only the expected ones may appear, and each once.</summary>
internal sealed class JsonFields
{
    private readonly string _text;
    private readonly string[] _names;
    private readonly JsonValue?[] _values;

    /// <summary>Takes an object apart.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="value">The value that must be an object.</param>
    /// <param name="what">What the object is, for messages: "a layer".</param>
    /// <param name="names">The fields it may have.</param>
    public JsonFields(string text, JsonValue value, string what, params string[] names)
    {
        _text = text;
        _names = names;
        _values = new JsonValue?[names.Length];
        Object = value;
        What = what;
        if (value.Kind != JsonKind.Object) throw Fail($"Found {JsonText.Describe(value)} where {what}, an object, was expected.", value);
        foreach (var member in value.Members)
        {
            int index = Array.IndexOf(names, member.Name.Text);
            if (index < 0) throw Fail($"Found the unknown field {Quote(member.Name.Text)} in {what}; expected "
                + $"{string.Join(", ", names.Select(Quote))}.", member.Name);
            if (_values[index] is not null) throw Fail($"The field {Quote(member.Name.Text)} appears twice in {what}.", member.Name);
            _values[index] = member.Value;
        }
    }

    /// <summary>The object itself.</summary>
    public JsonValue Object { get; }

    /// <summary>What the object is, for messages.</summary>
    public string What { get; }

    /// <summary>A field that may be absent.</summary>
    public JsonValue? Find(string name) => _values[Array.IndexOf(_names, name)];

    /// <summary>A field that must be there; the error is reported at the opening brace.</summary>
    public JsonValue Get(string name) => Find(name)
        ?? throw new KanFormatException($"The field {Quote(name)} is missing in {What}.", _text, Object.Start, 1);

    /// <summary>A field that must be a string.</summary>
    public string GetString(string name) => ReadString(Get(name));

    /// <summary>A field that must be a string where it appears.</summary>
    public string? FindString(string name) => Find(name) is { } value ? ReadString(value) : null;

    /// <summary>A field that must be an integer written as digits.</summary>
    public int GetInteger(string name, int minimum, int maximum) => ToInteger(Get(name), minimum, maximum);

    /// <summary>A value that must be an integer written as digits.</summary>
    public int ToInteger(JsonValue value, int minimum, int maximum)
    {
        long number = -1;
        if (value.Kind == JsonKind.Number && value.Length <= 10)
        {
            number = 0;
            for (int i = value.Start; i < value.Start + value.Length; i++)
            {
                char c = _text[i];
                if (c is < '0' or > '9')
                {
                    number = -1;
                    break;
                }

                number = (number * 10) + (c - '0');
            }
        }

        if (number < minimum || number > maximum)
        {
            string found = value.Kind == JsonKind.Number && value.Length <= 24
                ? _text.Substring(value.Start, value.Length)
                : JsonText.Describe(value);
            throw Fail($"Found {found} where an integer from {minimum} to {maximum} was expected.", value);
        }

        return (int)number;
    }

    /// <summary>A field that must be an array where it appears; the items, or none.</summary>
    public ImmutableArray<string> FindStrings(string name) =>
        Find(name) is { } value ? [.. ItemsOf(value).Items.Select(ReadString)] : [];

    /// <summary>The value, which must be an array.</summary>
    public JsonValue ItemsOf(JsonValue value) => value.Kind == JsonKind.Array
        ? value
        : throw Fail($"Found {JsonText.Describe(value)} where an array was expected.", value);

    /// <summary>An error at a value.</summary>
    public KanFormatException Fail(string message, JsonValue value) => new(message, _text, value.Start, value.Length);

    private string ReadString(JsonValue value) => value.Kind == JsonKind.String
        ? value.Text
        : throw Fail($"Found {JsonText.Describe(value)} where a string was expected.", value);

    private static string Quote(string name) => "\"" + (name.Length <= 40 ? name : name.Substring(0, 40) + "...") + "\"";
}
