using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Kan.Interchange.Curves;
using Kan.Interchange.Tensors;

namespace Kan.Interchange.StateDicts;

/// <summary>
/// Reads the state dict of a plain network: Linear modules in a chain, with BatchNorm1d and PReLU between them and one activation, which
/// must be specified, between two of them.
/// </summary>
internal static class DenseImporter
{
    // The default of torch.nn.BatchNorm1d; no state dict holds it.
    private const double Epsilon = 1e-5;

    /// <exception cref="ModelFileException">The tensors are not such a network, or the activation is missing.</exception>
    public static ImportedModel Import(ModelFile file, StateDict dict, ImportOptions options)
    {
        var groups = DenseModule.Group(dict.Tensors, file);
        bool isDouble = groups.Exists(static module => module.Kind == DenseKind.Linear && module.Weight!.Type == ElementType.Float64);
        var steps = options.Order.IsDefaultOrEmpty
            ? Steps(groups, dict, options, isDouble, file)
            : DenseSequence.Of(groups, options, isDouble, file);
        if (!steps.Exists(static step => step.Module?.Kind == DenseKind.Linear))
            throw file.Unsupported("The state dict holds no Linear module (a matrix named weight). Export the model to ONNX.");

        var layers = new List<CurvedLayer>();
        bool hasNormalisation = false;
        int width = steps.First(static step => step.Module is { Inputs: > 0 }).Module!.Inputs;
        using var work = file.LimitWork();
        string behind = "the input";
        foreach (var (module, activation) in steps)
        {
            if (activation is not null)
            {
                if (activation.Exact?.Equals(PiecewiseLinearFunction.Identity) != true)
                    layers.Add(CurvedLayer.Activation(width, activation, $"the activation behind {behind}"));
                continue;
            }

            file.WorkingOn = $"The module '{module!.Name}'";
            hasNormalisation |= module.Kind == DenseKind.Normalisation;
            if (module.Outputs > 0) width = module.Outputs;
            layers.Add(new CurvedLayer(Layer(module, width, file)));
            behind = $"'{module.Name}'";
        }

        string order = string.Join(", ", steps.Select(static step => step.Module?.Title ?? step.Activation!.Name));
        bool isGuess = options.Order.IsDefaultOrEmpty && DenseOrder.IsGuess(groups, dict);
        var notes = ImmutableArray.Create(isGuess
            ? $"A state dict has no structure, and neither names nor shapes determine it: the order in which the file declares the "
            + $"modules is a guess. It is {order}. Specify Order if it is another one."
            : $"A state dict has no structure; the modules are used in this order: {order}.");
        if (hasNormalisation) notes = notes.Add("BatchNorm1d uses its running statistics, with eps = 1e-05: weight / sqrt(variance + "
            + "eps) is irrational, so the parameter is the nearest double.");
        string[] unused = [.. groups.Where(module => !steps.Exists(step => step.Module == module)).Select(static module => module.Title)];
        if (unused.Length > 0) notes = notes.Add($"Skipped, since Order does not name them: "
            + $"{string.Join(", ", unused.Take(8))}{(unused.Length > 8 ? $" and {unused.Length - 8} more" : "")}.");

        // Curves have their own limit.
        work.Dispose();
        var model = NetworkApproximator.Approximate(file, layers, options, gridDomain: []);
        return model with { Notes = [.. notes, .. model.Notes] };
    }

    /// <summary>The modules in the order that names and shapes tell, with the activation between linear ones.</summary>
    private static List<DenseStep> Steps(List<DenseModule> groups, StateDict dict, ImportOptions options, bool isDouble, ModelFile file)
    {
        var modules = DenseOrder.Of(groups, dict, file);
        var slots = ActivationSlots(modules, out var unknown);
        int linear = modules.Count(static module => module.Kind == DenseKind.Linear);
        if (slots.Contains(true) && options.Activation is null)
            throw file.Unsupported($"The state dict holds {linear} linear modules, but does not say which activation is between them. "
                + $"{ActivationFunction.Remedy}");
        var activation = options.Activation is { } text ? ActivationFunction.Parse(text, isDouble, file) : ActivationFunction.Identity;
        bool isIdentity = activation.Exact?.Equals(PiecewiseLinearFunction.Identity) == true;
        if (!isIdentity && unknown is { } norm)
        {
            int place = modules.IndexOf(norm);
            string before = modules[place - 1].Name, next = modules[place + 1].Name;
            throw file.Unsupported($"A state dict does not say whether the activation is before or after the normalization "
                + $"'{norm.Name}'. Specify Order = {before},{norm.Name},activation,{next} or Order = "
                + $"{before},activation,{norm.Name},{next}, with all modules of the network.");
        }

        var steps = new List<DenseStep>();
        for (int i = 0; i < modules.Count; i++)
        {
            steps.Add(new DenseStep(modules[i], null));
            if (slots[i]) steps.Add(new DenseStep(null, activation));
        }

        return steps;
    }

    /// <summary>
    /// Whether the activation follows each module: once between two linear ones. Where modules are numbered as in nn.Sequential, a
    /// missing number shows where; otherwise it is before the next linear module, and on which side of a normalization is unknown.
    /// </summary>
    private static bool[] ActivationSlots(List<DenseModule> modules, out DenseModule? unknown)
    {
        unknown = null;
        var slots = new bool[modules.Count];
        bool showsGaps = Enumerable.Range(0, modules.Count - 1).Any(i => GapBehind(modules, i) == true);
        int linear = -1;
        for (int i = 0; i < modules.Count; i++)
        {
            if (modules[i].Kind != DenseKind.Linear) continue;
            if (linear >= 0)
            {
                var between = Enumerable.Range(linear, i - linear).ToList();
                bool isTrained = between.Exists(place => modules[place].Kind == DenseKind.Activation);
                int gap = between.FindIndex(place => GapBehind(modules, place) == true);
                bool isKnown = showsGaps && between.TrueForAll(place => GapBehind(modules, place) is not null);
                if (!isTrained && gap >= 0) slots[between[gap]] = true;
                else if (!isTrained && !isKnown)
                {
                    slots[i - 1] = true;
                    unknown ??= between.Skip(1).Select(place => modules[place])
                        .FirstOrDefault(static module => module.Kind == DenseKind.Normalisation);
                }
            }

            linear = i;
        }

        return slots;
    }

    /// <summary>Whether a number is left out between a module and the next one; null if they are not numbered as neighbors.</summary>
    private static bool? GapBehind(List<DenseModule> modules, int index)
    {
        if (index + 1 >= modules.Count) return null;
        return Place(modules[index].Name) is { } own && Place(modules[index + 1].Name) is { } next && own.Parent == next.Parent
            ? next.Number > own.Number + 1
            : null;

        static (string Parent, int Number)? Place(string name)
        {
            int dot = name.LastIndexOf('.');
            return int.TryParse(name.AsSpan(dot + 1), System.Globalization.NumberStyles.None,
                System.Globalization.CultureInfo.InvariantCulture, out int number) ? (name[..Math.Max(dot, 0)], number) : null;
        }
    }

    private static LayerDescription Layer(DenseModule module, int width, ModelFile file)
    {
        switch (module.Kind)
        {
            case DenseKind.Linear:
                return new AffineDescription(module.Inputs, module.Outputs, ImmutableArray.Create(module.Weight!.ToRationals(file)),
                    module.Find("bias") is { } bias ? ImmutableArray.Create(bias.ToRationals(file)) : []);
            case DenseKind.Normalisation:
                return new ActivationDescription(width, Normalisation(module, file));
            default:
                var slopes = module.Weight!.ToRationals(file);
                return new ActivationDescription(width, [.. slopes.Select(TrainedFunctions.Leaky)]);
        }
    }

    private static ImmutableArray<PiecewiseLinearFunction> Normalisation(DenseModule module, ModelFile file)
    {
        StoredTensor mean = module.Find("running_mean")!.RequireFinite(file), variance = module.Find("running_var")!.RequireFinite(file);
        StoredTensor? weight = module.Weight?.RequireFinite(file), bias = module.Find("bias")?.RequireFinite(file);
        var functions = ImmutableArray.CreateBuilder<PiecewiseLinearFunction>(mean.Values.Length);
        for (int i = 0; i < mean.Values.Length; i++)
        {
            functions.Add(TrainedFunctions.Normalization(
                file, $"The module '{module.Name}'", i, mean.Values[i], variance.Values[i], Epsilon, weight?.Values[i] ?? 1,
                bias?.Values[i] ?? 0));
        }

        return functions.MoveToImmutable();
    }
}
