using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Kan.Interchange.Curves;
using Kan.Interchange.StateDicts;

namespace Kan.Interchange.Pykan;

/// <summary>
/// What only the configuration of a checkpoint says: widths, base function and symbolic names. Sizes of grids are taken from the tensors,
/// since pykan also writes numbers that its own reader cannot read.
/// </summary>
internal sealed class PykanConfig
{
    private readonly ModelFile _file;
    private readonly Dictionary<string, YamlNode> _entries = new(StringComparer.Ordinal);

    private PykanConfig(ModelFile file, YamlMap map)
    {
        _file = file;
        foreach (var (key, value) in map.Entries)
        {
            if (key is not YamlText { Value: var name }) throw Malformed(key, "The file has a key that is not a string");
            if (!_entries.TryAdd(name, value)) throw Malformed(key, $"The file contains '{Shorten(name)}' twice");
        }

        Widths = ReadWidths();
        IsSymbolicEnabled = _entries.GetValueOrDefault("symbolic_enabled") switch
        {
            null or YamlText { Value: "true" or "True" } => true,
            YamlText { Value: "false" or "False" } => false,
            var other => throw Malformed(other, "symbolic_enabled is neither true nor false"),
        };
    }

    /// <summary>The numbers of nodes: inputs, then each layer's.</summary>
    public int[] Widths { get; }

    /// <summary>Whether symbolic parts of edges count, whatever their masks are.</summary>
    public bool IsSymbolicEnabled { get; }

    /// <summary>Whether the base function was written as an object, as pykan does after inputs were pruned.</summary>
    public bool HasPrunedInputs { get; private set; }

    /// <exception cref="ModelFileException">The file is not a configuration of pykan, or says what is not supported.</exception>
    public static PykanConfig Read(ModelFile file) =>
        new(file, YamlReader.Read(file) as YamlMap ?? throw file.Malformed("The file is not a pykan configuration, which consists of "
            + "keys and values. Save the checkpoint again with model.saveckpt(NAME)."));

    /// <summary>The base function of all edges.</summary>
    public ActivationFunction BaseFunction(ImportOptions options)
    {
        var node = Required("base_fun_name");
        string name = node is YamlText { Value: { Length: > 0 } text } ? text : ObjectName(node.Tag);
        HasPrunedInputs = node is not YamlText || node.Tag.Length > 0;
        var known = name.ToLowerInvariant() switch
        {
            "silu" => ActivationFunction.Silu,
            "identity" => ActivationFunction.Identity,
            "zero" => ActivationFunction.Zero,
            _ => null,
        };
        if (options.Activation is not { } told) return known ?? throw Unsupported(node, $"The base function is '{Shorten(name)}'; silu, "
            + $"identity and zero are known. If it is a known function under another name, specify it: {ActivationFunction.Remedy}");
        var activation = ActivationFunction.Parse(told, isDouble: false, _file);
        if (known is not null && known.Name != activation.Name && known.Exact?.Equals(activation.Exact) != true)
            throw Unsupported(node, $"The base function is {known.Name}, but Activation specifies {activation.Name}. Omit Activation");
        return activation;
    }

    /// <summary>The symbolic function of each edge of a layer, [output][input]; null if the file gives none.</summary>
    public string[][]? SymbolicNames(int layer, int inputs, int outputs)
    {
        if (_entries.GetValueOrDefault("symbolic.funs_name." + layer.ToString(CultureInfo.InvariantCulture)) is not { } node) return null;
        if (node is not YamlList { Items: var rows } || rows.Count != outputs)
            throw Malformed(node, $"symbolic.funs_name.{layer} is not a list of {outputs} rows");
        return [.. rows.Select(row => row is YamlList { Items: var names } && names.Count == inputs
            ? names.Select(Name).ToArray()
            : throw Malformed(row, $"A row of symbolic.funs_name.{layer} is not a list of {inputs} names"))];

        string Name(YamlNode name) => name is YamlText { Value: var value }
            ? value
            : throw Malformed(name, $"symbolic.funs_name.{layer} holds something other than names");
    }

    private int[] ReadWidths()
    {
        var node = Required("width");
        if (node is not YamlList { Items: var entries } || entries.Count < 2)
            throw Malformed(node, "width is not a list of at least two layers");
        if (entries.Count > ModelLimits.Width) throw Malformed(node, $"width has {entries.Count} layers");
        var widths = new int[entries.Count];
        for (int l = 0; l < widths.Length; l++)
        {
            // Earlier releases have one number for each layer, later ones [sums, products].
            int[] counts = entries[l] switch
            {
                YamlText single => [Number(single)],
                YamlList { Items: { Count: 1 or 2 } pair } => [.. pair.Select(Number)],
                var other => throw Malformed(other, "An entry of width is neither a number nor two"),
            };
            if (counts.Length == 2 && counts[1] != 0)
                throw Unsupported(entries[l], $"The layer {l} has {counts[1]} multiplication nodes. A product of two values is not "
                    + $"piecewise linear: train with sums only (width = [n, 0])");
            if (counts[0] < 1) throw Malformed(entries[l], $"The layer {l} has {counts[0]} nodes");
            widths[l] = counts[0];
        }

        return widths;

        int Number(YamlNode number) => number is YamlText { Value: var text }
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value <= ModelLimits.Width
            ? value
            : throw Malformed(number, $"width holds something other than numbers of nodes up to {ModelLimits.Width}");
    }

    /// <summary>The last name in a tag such as <c>tag:yaml.org,2002:python/object:torch.nn.modules.activation.SiLU</c>.</summary>
    private static string ObjectName(string tag) => tag[(tag.LastIndexOfAny(['.', ':', '/']) + 1)..];

    private YamlNode Required(string key) => _entries.GetValueOrDefault(key) ?? throw _file.Malformed($"The file has no '{key}', which "
        + $"every configuration since pykan 0.2 has. Save the checkpoint again with model.saveckpt(NAME).");

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "...";

    private ModelFileException Malformed(YamlNode node, string what) =>
        new(_file.Path, ModelFileProblem.Malformed, $"{what}. Save the checkpoint again with model.saveckpt(NAME).", node.Line,
            node.Column);

    private ModelFileException Unsupported(YamlNode node, string what) =>
        new(_file.Path, ModelFileProblem.Unsupported, what.TrimEnd('.') + ".", node.Line, node.Column);
}
