using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Tensors;

namespace Kan.Interchange.StateDicts;

/// <summary>The order of the modules of a plain network, which a file of weights does not state: the first likely one that their shapes allow.</summary>
internal static class DenseOrder
{
    // Chains are sought by trying; more modules have names that tell.
    private const int MostSearched = 12;

    /// <exception cref="ModelFileException">No order fits, or several do.</exception>
    public static List<DenseModule> Of(List<DenseModule> modules, StateDict dict, ModelFile file)
    {
        var byNumbers = modules.OrderBy(static module => Numbers(module.Name), Comparer<int[]>.Create(Compare)).ThenBy(static module => module.Kind).ThenBy(static module => module.Name, StringComparer.Ordinal).ToList();
        var byName = modules.OrderBy(static module => Stem(module.Name), StringComparer.Ordinal).ThenBy(static module => Numbers(module.Name), Comparer<int[]>.Create(Compare)).ThenBy(static module => module.Kind).ToList();
        bool hasNumbers = modules.TrueForAll(static module => Numbers(module.Name).Length > 0);
        List<List<DenseModule>> candidates = dict.IsInModelOrder ? [modules] : hasNumbers ? [byNumbers, byName] : [];
        if (candidates.Find(static candidate => Mismatch(candidate) is null) is { } fitting) return fitting;

        var chains = dict.IsInModelOrder ? [] : Chains(modules);
        if (chains.Count == 1) return chains[0];
        string titles = string.Join(", ", modules.Take(8).Select(static module => module.Title));
        throw file.Unsupported(chains.Count > 1
            ? $"The file does not store the order of its modules, and neither their names nor their shapes determine it: {titles}. Save it with torch.save, number the modules, or export the model to ONNX."
            : $"The modules do not form a chain: {Mismatch(candidates.FirstOrDefault() ?? modules)}. A state dict does not store how modules are connected; export models with branches to ONNX.");
    }

    private static string? Mismatch(List<DenseModule> modules)
    {
        DenseModule? before = null;
        int width = 0;
        foreach (var module in modules)
        {
            if (before is not null && width > 0 && module.Inputs > 0 && module.Inputs != width) return $"'{module.Name}' has {module.Inputs} inputs, but '{before.Name}' before it has {width} output{(width == 1 ? "" : "s")}";
            if (module.Outputs > 0) width = module.Outputs;
            before = module;
        }

        return null;
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
