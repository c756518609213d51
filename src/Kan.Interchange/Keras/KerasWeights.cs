using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using Kan.Interchange.Hdf5;
using Kan.Interchange.Tensors;

namespace Kan.Interchange.Keras;

/// <summary>The weights of layers, in one of the two layouts of Keras.</summary>
internal abstract class KerasWeights
{
    /// <summary>The weights of a layer, in the order in which Keras saves them.</summary>
    public abstract IReadOnlyList<StoredTensor> Of(KerasLayer layer);

    /// <summary>Whether a layer of a class that is read has weights.</summary>
    public static bool Has(KerasLayer layer) => layer.Kind switch
    {
        "Dense" or "BatchNormalization" or "PReLU" or "Conv1D" or "Conv2D" or "DepthwiseConv2D"
            or "SeparableConv1D" or "SeparableConv2D" => true,
        "Normalization" => layer.Find("mean") is null,
        _ => false,
    };
}

/// <summary>Keras 1 and 2, <c>.h5</c>: a group for each layer by its name, with the names of its weights in their order.</summary>
internal sealed class NamedWeights(Hdf5Content content, ModelFile file) : KerasWeights
{
    private const string Root = "model_weights", Names = "weight_names";
    private const int MostWeights = 16;

    public override IReadOnlyList<StoredTensor> Of(KerasLayer layer)
    {
        string group = $"{Root}/{layer.Name}";
        if (!content.Has(group) || !content.HasAttribute(group, Names))
            throw file.Malformed($"{layer.Title} has no weights in the file, which should be in the group '{group}'. The file is damaged.");
        string[] names = content.Texts(group, Names);
        if (names.Length > MostWeights)
            throw file.Malformed($"{layer.Title} has {names.Length} weights, more than any layer that is read. The file is damaged.");
        return [.. names.Select(name => content.Tensor($"{group}/{name}"))];
    }
}

/// <summary>
/// Keras 3, <c>model.weights.h5</c>: numbered weights in a group for each layer, which is named after its class and numbered among the
/// layers of it.
/// </summary>
internal sealed partial class NumberedWeights : KerasWeights
{
    private const int MostWeights = 16;

    private readonly Hdf5Content _content;
    private readonly Dictionary<KerasLayer, string> _groups = new(ReferenceEqualityComparer.Instance);

    /// <exception cref="ModelFileException">Layers and groups of weights are not as many.</exception>
    public NumberedWeights(Hdf5Content content, ModelFile file, IReadOnlyList<KerasLayer> stored)
    {
        _content = content;
        string root = content.Has("layers") ? "layers" : "_layer_checkpoint_dependencies";
        foreach (var layers in stored.Where(Has).GroupBy(static layer => layer.Kind))
        {
            // Versions that saved layers twice counted them twice, so that numbers are left out.
            string name = SnakeCase(layers.Key);
            int most = 2 * stored.Count(layer => SnakeCase(layer.Kind) == name);
            List<string> groups = [.. Enumerable.Range(0, most)
                .Select(i => i == 0 ? $"{root}/{name}" : string.Create(CultureInfo.InvariantCulture, $"{root}/{name}_{i}"))
                .Where(group => content.Has($"{group}/vars/0"))];
            if (groups.Count != layers.Count())
                throw file.Malformed($"The model has {layers.Count()} layers of class {layers.Key}, but model.weights.h5 has the weights "
                    + $"of {groups.Count} in '{root}'. The file is damaged, or was saved before the model was built.");
            foreach (var (layer, group) in layers.Zip(groups)) _groups.Add(layer, group);
        }
    }

    public override IReadOnlyList<StoredTensor> Of(KerasLayer layer)
    {
        var tensors = new List<StoredTensor>();
        string group = _groups[layer];
        bool isCounted = layer.Kind == "Normalization";
        for (int i = 0; i < MostWeights && !(isCounted && i == 2); i++)
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"{group}/vars/{i}");
            if (!_content.Has(path)) break;
            tensors.Add(_content.Tensor(path));
        }

        return tensors;
    }

    /// <summary>How Keras names the group of a class: <c>batch_normalization</c>, <c>p_re_lu</c>, <c>conv2d</c>.</summary>
    internal static string SnakeCase(string kind) =>
        LowerThenUpper().Replace(AnyThenWord().Replace(kind, "$1_$2"), "$1_$2").ToLowerInvariant();

    [GeneratedRegex("(.)([A-Z][a-z]+)", RegexOptions.CultureInvariant)]
    private static partial Regex AnyThenWord();

    [GeneratedRegex("([a-z])([A-Z])", RegexOptions.CultureInvariant)]
    private static partial Regex LowerThenUpper();
}
