using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Kan.Interchange.Curves;
using Kan.Interchange.Tensors;

namespace Kan.Interchange.StateDicts;

/// <summary>
/// Reads the state dict of a plain network: Linear modules in a chain, with BatchNorm1d and PReLU between them and one activation, which must be specified,
/// between two of them.
/// </summary>
internal static class DenseImporter
{
    // The default of torch.nn.BatchNorm1d; no state dict holds it.
    private const double Epsilon = 1e-5;

    /// <exception cref="ModelFileException">The tensors are not such a network, or the activation is missing.</exception>
    public static ImportedModel Import(ModelFile file, StateDict dict, ImportOptions options)
    {
        var modules = DenseOrder.Of(DenseModule.Group(dict.Tensors, file), dict, file);
        var linear = modules.Where(static module => module.Kind == DenseKind.Linear).ToList();
        if (linear.Count == 0) throw file.Unsupported("The state dict holds no Linear module (a matrix named weight). Export the model to ONNX.");
        var slots = ActivationSlots(modules);
        if (slots.Contains(true) && options.Activation is null)
            throw file.Unsupported($"The state dict holds {linear.Count} linear modules, but does not say which activation is between them. {ActivationFunction.Remedy}");
        bool isDouble = linear.Exists(static module => module.Weight!.Type == ElementType.Float64);
        var activation = options.Activation is { } text ? ActivationFunction.Parse(text, isDouble, file) : ActivationFunction.Identity;

        var layers = new List<CurvedLayer>();
        var order = new List<string>();
        bool hasNormalisation = false;
        int width = modules.First(static module => module.Inputs > 0).Inputs;
        using var work = file.LimitWork();
        for (int i = 0; i < modules.Count; i++)
        {
            var module = modules[i];
            file.WorkingOn = $"The module '{module.Name}'";
            hasNormalisation |= module.Kind == DenseKind.Normalisation;
            if (module.Outputs > 0) width = module.Outputs;
            layers.Add(new CurvedLayer(Layer(module, width, file)));
            order.Add(module.Title);
            if (!slots[i]) continue;
            order.Add(activation.Name);
            if (activation.Exact?.Equals(PiecewiseLinearFunction.Identity) != true) layers.Add(CurvedLayer.Activation(width, activation, $"the activation behind '{module.Name}'"));
        }

        var notes = ImmutableArray.Create($"A state dict has no structure; the modules are used in this order: {string.Join(", ", order)}.");
        if (hasNormalisation) notes = notes.Add("BatchNorm1d uses its running statistics, with eps = 1e-05: weight / sqrt(variance + eps) is irrational, so the parameter is the nearest double.");
        // Curves have their own limit.
        work.Dispose();
        var model = NetworkApproximator.Approximate(file, layers, options, gridDomain: []);
        return model with { Notes = [.. notes, .. model.Notes] };
    }

    /// <summary>
    /// Whether the activation follows each module: once between two linear ones. Where modules are numbered as in nn.Sequential, a
    /// missing number shows where; otherwise it is before the next linear module, after the normalization.
    /// </summary>
    private static bool[] ActivationSlots(List<DenseModule> modules)
    {
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
                else if (!isTrained && !isKnown) slots[i - 1] = true;
            }

            linear = i;
        }

        return slots;
    }

    /// <summary>Whether a number is left out between a module and the next one; null if they are not numbered as neighbors.</summary>
    private static bool? GapBehind(List<DenseModule> modules, int index)
    {
        if (index + 1 >= modules.Count) return null;
        return Place(modules[index].Name) is { } own && Place(modules[index + 1].Name) is { } next && own.Parent == next.Parent ? next.Number > own.Number + 1 : null;

        static (string Parent, int Number)? Place(string name)
        {
            int dot = name.LastIndexOf('.');
            return int.TryParse(name.AsSpan(dot + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int number) ? (name[..Math.Max(dot, 0)], number) : null;
        }
    }

    private static LayerDescription Layer(DenseModule module, int width, ModelFile file)
    {
        switch (module.Kind)
        {
            case DenseKind.Linear:
                return new AffineDescription(module.Inputs, module.Outputs, ImmutableArray.Create(module.Weight!.ToRationals(file)), module.Find("bias") is { } bias ? ImmutableArray.Create(bias.ToRationals(file)) : []);
            case DenseKind.Normalisation:
                return new ActivationDescription(width, Normalisation(module, file));
            default:
                var slopes = module.Weight!.ToRationals(file);
                return new ActivationDescription(width, [.. slopes.Select(static slope => PiecewiseLinearFunction.FromSlopes([Rational.Zero], [slope, Rational.One], Rational.Zero, Rational.Zero))]);
        }
    }

    private static ImmutableArray<PiecewiseLinearFunction> Normalisation(DenseModule module, ModelFile file)
    {
        StoredTensor mean = module.Find("running_mean")!.RequireFinite(file), variance = module.Find("running_var")!.RequireFinite(file);
        StoredTensor? weight = module.Weight?.RequireFinite(file), bias = module.Find("bias")?.RequireFinite(file);
        var functions = ImmutableArray.CreateBuilder<PiecewiseLinearFunction>(mean.Values.Length);
        for (int i = 0; i < mean.Values.Length; i++)
        {
            double factor = (weight?.Values[i] ?? 1) / Math.Sqrt(variance.Values[i] + Epsilon);
            if (!double.IsFinite(factor)) throw file.Malformed($"The module '{module.Name}' has the variance {variance.Values[i]} for value {i}. The file is damaged, or the training diverged.");
            var scale = Rational.FromDouble(factor);
            functions.Add(PiecewiseLinearFunction.Linear(scale, Rational.FromDouble(bias?.Values[i] ?? 0) - (scale * Rational.FromDouble(mean.Values[i]))));
        }

        return functions.MoveToImmutable();
    }
}
