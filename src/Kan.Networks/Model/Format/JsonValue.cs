using System.Collections.Generic;

namespace Kan.Networks;

/// <summary>The kinds of JSON values.</summary>
internal enum JsonKind
{
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
}

/// <summary>A JSON value and its location.</summary>
internal sealed class JsonValue(JsonKind kind, int start)
{
    public JsonKind Kind { get; } = kind;

    /// <summary>The offset of the first character, the quote or bracket included.</summary>
    public int Start { get; } = start;

    public int Length { get; set; }

    /// <summary>The unescaped text of a string.</summary>
    public string Text { get; set; } = "";

    /// <summary>The items of an array.</summary>
    public List<JsonValue> Items { get; } = kind == JsonKind.Array ? [] : s_noItems;

    /// <summary>The members of an object, in order, duplicates kept.</summary>
    public List<JsonMember> Members { get; } = kind == JsonKind.Object ? [] : s_noMembers;

    private static readonly List<JsonValue> s_noItems = [];
    private static readonly List<JsonMember> s_noMembers = [];
}

/// <summary>A name, the string that contains it, and the value it names.</summary>
internal readonly record struct JsonMember(JsonValue Name, JsonValue Value);
