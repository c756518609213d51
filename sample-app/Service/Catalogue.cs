using System;
using System.Collections.Generic;
using System.Linq;

namespace SampleApp.Service;

/// <summary>The networks that the service answers with, by name; the first is what a request gets that names none.</summary>
internal sealed class Catalogue
{
    private readonly Dictionary<string, IClassifier> _byName;

    public Catalogue()
    {
        All = [new Classifier<MnistMlp>(), new Classifier<MnistKan>()];
        foreach (var classifier in All) WarmUp(classifier);
        _byName = All.ToDictionary(static classifier => classifier.Info.Name, StringComparer.Ordinal);
    }

    /// <summary>Tables are decoded and methods compiled before the first request, not during it.</summary>
    private static void WarmUp(IClassifier classifier)
    {
        var samples = new float[2 * classifier.InputCount];
        var outputs = new float[2 * classifier.OutputCount];
        classifier.Evaluate(samples, outputs);
        classifier.Evaluate(samples.AsSpan(0, classifier.InputCount), outputs.AsSpan(0, classifier.OutputCount));
    }

    public IReadOnlyList<IClassifier> All { get; }

    /// <exception cref="BadRequestException">There is no such network.</exception>
    public IClassifier Get(string? name)
    {
        if (name is null) return All[0];
        return _byName.TryGetValue(name, out var classifier)
            ? classifier
            : throw new BadRequestException($"The model '{name}' does not exist: the models are {string.Join(" and ", _byName.Keys)}.");
    }
}
