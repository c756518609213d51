using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Kan.Interchange.Pykan;

/// <summary>
/// The nodes of a YAML file, built from the events of its parser without recursion: no tag makes an object, and a name refers to a node
/// without copying it, so that what a file expands to is never larger than the file.
/// </summary>
internal static class YamlReader
{
    private const int MaximumBytes = 1 << 24, MaximumDepth = 64;

    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The top node.</summary>
    /// <exception cref="ModelFileException">The file is not YAML, too deep or too large.</exception>
    public static YamlNode Read(ModelFile file)
    {
        if (file.Bytes.Length > MaximumBytes)
            throw file.Unsupported($"The file has {file.Bytes.Length} bytes; at most {MaximumBytes} of YAML are read.");
        string text;
        try
        {
            text = s_strictUtf8.GetString(file.Bytes);
        }
        catch (DecoderFallbackException exception)
        {
            throw file.Malformed("The file is not UTF-8 text. Save it as UTF-8.", exception);
        }

        var parser = new Parser(new StringReader(text));
        try
        {
            return Build(parser, file);
        }
        catch (YamlException exception)
        {
            throw NoYaml(exception, exception.Start);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or IndexOutOfRangeException
            or OverflowException or FormatException)
        {
            // The parser itself fails on some texts, such as a list that ends in the middle of a mapping.
            throw NoYaml(exception, parser.Current?.End ?? Mark.Empty);
        }

        ModelFileException NoYaml(Exception exception, Mark place) => new(
            file.Path, ModelFileProblem.Malformed, $"The file is not the YAML that pykan writes ({exception.Message.TrimEnd('.')}). Save "
            + $"the checkpoint again.", (int)place.Line, (int)place.Column, exception);
    }

    private static YamlNode Build(Parser parser, ModelFile file)
    {
        var named = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        var open = new Stack<(YamlNode Node, YamlNode? Key)>();
        YamlNode? top = null;
        while (parser.MoveNext())
        {
            var current = parser.Current!;
            int line = (int)current.Start.Line, column = (int)current.Start.Column;
            switch (current)
            {
                case Scalar scalar:
                    Add(Named(scalar, new YamlText(scalar.Value, TagOf(scalar), line, column)));
                    break;
                case AnchorAlias alias:
                    Add(named.TryGetValue(alias.Value.Value, out var known)
                        ? known
                        : throw Bad($"refers to '*{alias.Value.Value}', which is not defined earlier"));
                    break;
                case SequenceStart start:
                    Open(Named(start, new YamlList(TagOf(start), line, column)));
                    break;
                case MappingStart start:
                    Open(Named(start, new YamlMap(TagOf(start), line, column)));
                    break;
                case SequenceEnd or MappingEnd:
                    Add(open.Pop().Node);
                    break;
                case DocumentStart when top is not null:
                    throw Bad("contains a second document");
            }

            void Open(YamlNode node)
            {
                if (open.Count >= MaximumDepth) throw Bad($"is nested more than {MaximumDepth} levels deep");
                open.Push((node, null));
            }

            ModelFileException Bad(string what) =>
                new(file.Path, ModelFileProblem.Malformed, $"The file {what}. Save the checkpoint again.", line, column);
        }

        return top ?? throw file.Malformed("The file holds no YAML document. Save the checkpoint again.");

        void Add(YamlNode node)
        {
            if (!open.TryPeek(out var owner))
            {
                top = node;
            }
            else if (owner.Node is YamlList list)
            {
                list.Items.Add(node);
            }
            else
            {
                open.Pop();
                if (owner.Key is { } key) ((YamlMap)owner.Node).Entries.Add(new(key, node));
                open.Push((owner.Node, owner.Key is null ? node : null));
            }
        }

        YamlNode Named(NodeEvent source, YamlNode node)
        {
            if (!source.Anchor.IsEmpty) named[source.Anchor.Value] = node;
            return node;
        }
    }

    private static string TagOf(NodeEvent node) => node.Tag.IsEmpty ? string.Empty : node.Tag.Value;
}
