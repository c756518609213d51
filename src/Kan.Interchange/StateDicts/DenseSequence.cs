using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Curves;

namespace Kan.Interchange.StateDicts;

/// <summary>One step of a plain network: a module of the file or an activation.</summary>
internal sealed record DenseStep(DenseModule? Module, ActivationFunction? Activation);

/// <summary>The steps of a plain network as the option Order names them.</summary>
internal static class DenseSequence
{
    private const string Given = "activation";

    /// <exception cref="ModelFileException">
    /// A name is of no module and no activation, occurs twice, or the modules do not fit together.
    /// </exception>
    public static List<DenseStep> Of(List<DenseModule> modules, ImportOptions options, bool isDouble, ModelFile file)
    {
        var steps = new List<DenseStep>();
        foreach (string name in options.Order)
        {
            var module = modules.Find(module => module.Name == name);
            if (module is not null)
            {
                if (steps.Exists(step => step.Module == module)) throw file.DoesNotFit($"Order names the module '{name}' twice.");
                steps.Add(new DenseStep(module, null));
            }
            else
            {
                steps.Add(new DenseStep(null, Activation(name, modules, options, isDouble, file)));
            }
        }

        var chain = steps.Select(static step => step.Module).OfType<DenseModule>().ToList();
        if (chain.Count == 0) throw file.DoesNotFit($"Order names no module of the file. Its modules are {Names(modules)}.");
        return DenseOrder.Mismatch(chain) is { } mismatch ? throw file.DoesNotFit($"In the Order that is given, {mismatch}.") : steps;
    }

    private static ActivationFunction Activation(string name, List<DenseModule> modules, ImportOptions options, bool isDouble,
        ModelFile file)
    {
        if (name == Given) return ActivationFunction.Parse(options.Activation ?? throw file.DoesNotFit($"Order has '{Given}', but no "
            + $"Activation is given. {ActivationFunction.Remedy}"), isDouble, file);
        try
        {
            return ActivationFunction.Parse(name, isDouble, file);
        }
        catch (ModelFileException)
        {
            throw file.DoesNotFit($"Order names '{name}', which is no module of the file and no activation. Its modules are "
                + $"{Names(modules)}. {ActivationFunction.Remedy}");
        }
    }

    private static string Names(List<DenseModule> modules) =>
        string.Join(", ", modules.Take(12).Select(static module => $"'{module.Name}'"));
}
