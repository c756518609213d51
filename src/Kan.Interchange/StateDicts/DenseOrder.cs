using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Tensors;

namespace Kan.Interchange.StateDicts;

/// <summary>
/// The order of the modules of a plain network, which a file of weights does not state: the first likely one that their shapes allow.
/// </summary>
internal static class DenseOrder
{
    // Chains are sought by trying; more modules have names that tell.
    private const int MostSearched = 12;

    // What people call the first and the last layer.
    private static readonly HashSet<string> s_inputs =
        ["in", "inp", "input", "first", "embed", "embedding", "stem", "fc_in", "in_proj", "input_layer", "in_layer"];
    private static readonly HashSet<string> s_outputs =
        ["out", "output", "last", "final", "head", "fc_out", "out_proj", "output_layer", "out_layer", "classifier", "predictor"];

    /// <exception cref="ModelFileException">No order fits, or several do.</exception>
    public static List<DenseModule> Of(List<DenseModule> modules, StateDict dict, ModelFile file)
    {
        var byNumbers = modules.OrderBy(static module => Numbers(module.Name), Comparer<int[]>.Create(Compare))
            .ThenBy(static module => module.Kind).ThenBy(static module => module.Name, StringComparer.Ordinal).ToList();
        var byName = modules.OrderBy(static module => Stem(module.Name), StringComparer.Ordinal)
            .ThenBy(static module => Numbers(module.Name), Comparer<int[]>.Create(Compare)).ThenBy(static module => module.Kind).ToList();
        bool hasNumbers = modules.TrueForAll(static module => Numbers(module.Name).Length > 0);
        List<List<DenseModule>> candidates = dict.IsInModelOrder ? [modules] : hasNumbers ? [byNumbers, byName] : [];
        if (candidates.Find(static candidate => Mismatch(candidate) is null) is { } fitting)
        {
            if (Contradiction(fitting) is { } contradiction)
                throw file.Unsupported($"The file declares its modules in the order "
                    + $"{string.Join(", ", fitting.Take(8).Select(static module => $"'{module.Name}'"))}, which {contradiction}. A state "
                    + $"dict does not store how modules are connected: specify Order = the names of the modules and activations, in the "
                    + $"order in which they are applied.");
            return fitting;
        }

        var chains = dict.IsInModelOrder ? [] : Chains(modules);
        if (chains.Count == 1) return chains[0];
        string titles = string.Join(", ", modules.Take(8).Select(static module => module.Title));
        throw file.Unsupported(chains.Count > 1
            ? $"The file does not store the order of its modules, and neither their names nor their shapes determine it: {titles}. Save "
            + $"it with torch.save, number the modules, or export the model to ONNX."
            : $"The modules do not form a chain: {Mismatch(candidates.FirstOrDefault() ?? modules)}. A state dict does not store how "
            + $"modules are connected; export models with branches to ONNX.");
    }

    /// <summary>Where modules in an order do not fit together; null if they do.</summary>
    public static string? Mismatch(List<DenseModule> modules)
    {
        DenseModule? before = null;
        int width = 0;
        foreach (var module in modules)
        {
            if (before is not null && width > 0 && module.Inputs > 0 && module.Inputs != width)
                return $"'{module.Name}' has {module.Inputs} inputs, but '{before.Name}' before it has {width} "
                    + $"output{(width == 1 ? "" : "s")}";
            if (module.Outputs > 0) width = module.Outputs;
            before = module;
        }

        return null;
    }

    /// <summary>Whether the order of the file is all there is to go by, and others fit as well.</summary>
    public static bool IsGuess(List<DenseModule> modules, StateDict dict)
    {
        if (!dict.IsInModelOrder || modules.TrueForAll(static module => Numbers(module.Name).Length > 0)) return false;
        var linear = modules.Where(static module => module.Kind == DenseKind.Linear).ToList();
        return linear.Count > 1 && (linear.Count > MostSearched || Chains(linear).Count > 1);
    }

    /// <summary>What the names of modules say against their order, where their shapes do not settle it; null for nothing.</summary>
    private static string? Contradiction(List<DenseModule> modules)
    {
        var linear = modules.Where(static module => module.Kind == DenseKind.Linear).ToList();
        if (linear.Count < 2 || (linear.Count <= MostSearched && Chains(linear).Count < 2)) return null;
        string[] words = [.. linear.Select(static module => module.Name[(module.Name.LastIndexOf('.') + 1)..].ToLowerInvariant())];
        int input = Array.FindIndex(words, static word => s_inputs.Contains(word)),
            output = Array.FindIndex(words, static word => s_outputs.Contains(word));
        if (input > 0) return $"has '{linear[input].Name}' after '{linear[input - 1].Name}'";
        return output >= 0 && output < words.Length - 1 ? $"has '{linear[output].Name}' before '{linear[output + 1].Name}'" : null;
    }

    /// <summary>The orders of linear modules that fit, at most two.</summary>
    private static List<List<DenseModule>> Chains(List<DenseModule> modules)
    {
        var found = new List<List<DenseModule>>();
        if (modules.Count > MostSearched || !modules.TrueForAll(static module => module.Kind == DenseKind.Linear)) return found;
        int budget = 100_000;
        Extend([]);
        return found;

        void Extend(List<DenseModule> chain)
        {
            if (found.Count > 1 || budget-- <= 0) return;
            if (chain.Count == modules.Count)
            {
                found.Add([.. chain]);
                return;
            }

            foreach (var module in modules)
            {
                if (chain.Contains(module) || (chain.Count > 0 && chain[^1].Outputs != module.Inputs)) continue;
                chain.Add(module);
                Extend(chain);
                chain.RemoveAt(chain.Count - 1);
            }
        }
    }

    /// <summary>The numbers in a name: <c>layers.3.fc1</c> gives 3, 1.</summary>
    internal static int[] Numbers(string name)
    {
        var numbers = new List<int>();
        for (int i = 0; i < name.Length; i++)
        {
            if (!char.IsAsciiDigit(name[i])) continue;
            int end = i;
            while (end < name.Length && char.IsAsciiDigit(name[end])) end++;
            numbers.Add(int.TryParse(name.AsSpan(i, end - i), out int number) ? number : int.MaxValue);
            i = end;
        }

        return [.. numbers];
    }

    private static string Stem(string name) => string.Concat(name.Where(static character => !char.IsAsciiDigit(character)));

    private static int Compare(int[] left, int[] right)
    {
        for (int i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            if (left[i] != right[i]) return left[i].CompareTo(right[i]);
        }

        return left.Length.CompareTo(right.Length);
    }
}
