using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;

namespace Kan.Fuzzing.Json;

/// <summary>JSON that may be wrong: fields may repeat, and what is not a string, array or object is any text.</summary>
internal sealed class JsonTree
{
    private JsonTree(bool isObject, bool isArray, string? text, string raw)
    {
        IsObject = isObject;
        IsArray = isArray;
        String = text;
        Raw = raw;
    }

    public bool IsObject { get; }

    public bool IsArray { get; }

    /// <summary>The characters of a string, or null.</summary>
    public string? String { get; set; }

    /// <summary>What is written of a number or a word.</summary>
    public string Raw { get; set; }

    /// <summary>The values of an object or an array; names only in objects.</summary>
    public List<(string Name, JsonTree Value)> Members { get; } = [];

    public static JsonTree OfRaw(string raw) => new(false, false, null, raw);

    public static JsonTree OfString(string text) => new(false, false, text, "");

    public static JsonTree NewObject() => new(true, false, null, "");

    public static JsonTree NewArray() => new(false, true, null, "");

    public static JsonTree Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Of(document.RootElement);
    }

    public JsonTree Copy()
    {
        var copy = new JsonTree(IsObject, IsArray, String, Raw);
        copy.Members.AddRange(Members.Select(static member => (member.Name, member.Value.Copy())));
        return copy;
    }

    /// <summary>All values, each with the one it is in, in the order of the text.</summary>
    public List<(JsonTree? Parent, int Index, JsonTree Value)> All()
    {
        var all = new List<(JsonTree?, int, JsonTree)>();
        var open = new Stack<(JsonTree?, int, JsonTree)>([(null, 0, this)]);
        while (open.TryPop(out var entry) && all.Count < 5_000)
        {
            all.Add(entry);
            for (int i = entry.Item3.Members.Count - 1; i >= 0; i--) open.Push((entry.Item3, i, entry.Item3.Members[i].Value));
        }

        return all;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        Write(text, 0);
        return text.ToString();
    }

    private static JsonTree Of(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var owner = NewObject();
                owner.Members.AddRange(element.EnumerateObject().Select(static member => (member.Name, Of(member.Value))));
                return owner;
            case JsonValueKind.Array:
                var list = NewArray();
                list.Members.AddRange(element.EnumerateArray().Select(static item => ("", Of(item))));
                return list;
            case JsonValueKind.String:
                return OfString(element.GetString()!);
            default:
                return OfRaw(element.GetRawText());
        }
    }

    private void Write(StringBuilder text, int depth)
    {
        if (String is not null)
        {
            WriteString(text, String);
        }
        else if ((IsObject || IsArray) && depth < 500)
        {
            text.Append(IsObject ? '{' : '[');
            for (int i = 0; i < Members.Count; i++)
            {
                if (i > 0) text.Append(',');
                if (IsObject)
                {
                    WriteString(text, Members[i].Name);
                    text.Append(':');
                }

                Members[i].Value.Write(text, depth + 1);
            }

            text.Append(IsObject ? '}' : ']');
        }
        else
        {
            text.Append(Raw);
        }
    }

    private static void WriteString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (char c in value)
        {
            if (c is '"' or '\\' or < ' ') text.Append(FormattableString.Invariant($"\\u{(int)c:x4}"));
            else text.Append(c);
        }

        text.Append('"');
    }
}
