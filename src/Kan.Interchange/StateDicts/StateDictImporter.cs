using System;
using System.Linq;
using Kan.Interchange.Tensors;

namespace Kan.Interchange.StateDicts;

/// <summary>Knows by the names of its tensors what kind of network a state dict is.</summary>
internal static class StateDictImporter
{
    /// <exception cref="ModelFileException">The network is of no kind that is known.</exception>
    public static ImportedModel Import(ModelFile file, StateDict dict, ImportOptions options)
    {
        bool Any(string ending) => dict.Tensors.Any(tensor => tensor.Name.EndsWith(ending, StringComparison.Ordinal));
        if (dict.Tensors.Any(static tensor => tensor.Name.StartsWith("act_fun.", StringComparison.Ordinal)))
            throw file.Unsupported("The file holds the weights of a pykan network, whose base function and symbolic edges are in NAME_config.yml. Save it with model.saveckpt(NAME), and name NAME_config.yml.");
        if (Any(".rbf.grid") || Any(".spline_linear.weight"))
            throw file.Unsupported("The file holds a FastKAN network. Its LayerNorm divides by a value computed from all inputs of a sample, so its edges are not functions of one input and cannot be approximated individually. Train with efficient-kan or pykan.");
        if (Any("spline_weight")) return EfficientKanImporter.Import(file, dict, options);
        return DenseImporter.Import(file, dict, options);
    }
}
