using System.Collections.Generic;

namespace Kan.Interchange.Pykan;

/// <summary>
/// A node of a YAML document, with its tag and its location. A node that is named again is the same object, never a copy.
/// </summary>
/// <param name="tag">The tag, or empty.</param>
/// <param name="line">The line, from 1.</param>
/// <param name="column">The column, from 1.</param>
internal abstract class YamlNode(string tag, int line, int column)
{
    public string Tag { get; } = tag;

    public int Line { get; } = line;

    public int Column { get; } = column;
}

/// <summary>Text.</summary>
internal sealed class YamlText(string value, string tag, int line, int column) : YamlNode(tag, line, column)
{
    public string Value { get; } = value;
}

/// <summary>A list.</summary>
internal sealed class YamlList(string tag, int line, int column) : YamlNode(tag, line, column)
{
    public List<YamlNode> Items { get; } = [];
}

/// <summary>Pairs of a key and a value.</summary>
internal sealed class YamlMap(string tag, int line, int column) : YamlNode(tag, line, column)
{
    public List<KeyValuePair<YamlNode, YamlNode>> Entries { get; } = [];
}
