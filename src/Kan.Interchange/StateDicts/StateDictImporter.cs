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
        (dict, var skipped) = Select(file, dict, options);
        var model = ImportSelected(file, dict, options);
        return skipped is null ? model : model with { Notes = [.. model.Notes, skipped] };
    }

    private static ImportedModel ImportSelected(ModelFile file, StateDict dict, ImportOptions options)
    {
        bool Any(string ending) => dict.Tensors.Any(tensor => tensor.Name.EndsWith(ending, StringComparison.Ordinal));
        if (dict.Tensors.Any(static tensor => tensor.Name.StartsWith("act_fun.", StringComparison.Ordinal)))
            throw file.Unsupported("The file holds the weights of a pykan network, whose base function and symbolic edges are in "
                + "NAME_config.yml. Save it with model.saveckpt(NAME), and name NAME_config.yml.");
        if (Any(".rbf.grid") || Any(".spline_linear.weight"))
            throw file.Unsupported("The file holds a FastKAN network. Its LayerNorm divides by a value computed from all inputs of a "
                + "sample, so its edges are not functions of one input and cannot be approximated individually. Train with efficient-kan "
                + "or pykan.");
        if (Any("spline_weight")) return EfficientKanImporter.Import(file, dict, options);
        return DenseImporter.Import(file, dict, options);
    }

    /// <summary>The tensors that belong to the network, with their names behind the prefix, and a note on the others.</summary>
    private static (StateDict Dict, string? Note) Select(ModelFile file, StateDict dict, ImportOptions options)
    {
        string prefix = options.Prefix is { Length: > 0 } given ? given.EndsWith('.') ? given : given + "." : string.Empty;
        var kept = dict.Tensors.Where(tensor => prefix.Length > 0
            ? tensor.Name.StartsWith(prefix, StringComparison.Ordinal)
            : !IsOfDistribution(tensor)).ToList();
        if (kept.Count == 0 && prefix.Length > 0)
        {
            var roots = dict.Tensors.Select(static tensor => tensor.Name[..(tensor.Name.LastIndexOf('.') + 1)])
                .Where(static root => root.Length > 0).Distinct().Take(8).Select(static root => $"'{root}'");
            throw file.DoesNotFit(
                $"No tensor has a name that begins with the Prefix '{prefix}'. Names begin with {string.Join(", ", roots)}.");
        }

        if (kept.Count == dict.Tensors.Count && prefix.Length == 0) return (dict, null);
        var skipped = dict.Tensors.Except(kept).ToList();
        const int Most = 8;
        string names = string.Join(", ",
            skipped.Take(Most).Select(static tensor => $"'{MessageText.Name(tensor.Name)}' of shape {tensor.Shape}"))
            + (skipped.Count > Most ? $" and {skipped.Count - Most} more" : string.Empty);
        string why = prefix.Length > 0
            ? $"do not begin with '{MessageText.Name(prefix)}'"
            : "belong to no layer but to the distribution of actions";
        var selected = new StateDict([.. kept.Select(tensor => tensor with { Name = tensor.Name[prefix.Length..] })], dict.IsInModelOrder);
        return (selected, skipped.Count > 0 ? $"Skipped, since they {why}: {names}." : null);
    }

    /// <summary>Whether a tensor is the spread of actions of a policy, which training needs and evaluation does not.</summary>
    private static bool IsOfDistribution(StoredTensor tensor) =>
        tensor.Rank <= 2 && tensor.Name[(tensor.Name.LastIndexOf('.') + 1)..] is "log_std" or "logstd" or "log_sigma";
}
