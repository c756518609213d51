using System;
using System.Collections.Generic;
using Kan.Experiments.Conversions;
using Kan.Experiments.Edges;
using Kan.Experiments.Learning;
using Kan.Experiments.Minimal;
using Kan.Experiments.Precision;
using Kan.Experiments.Regions;
using Kan.Experiments.Reports;
using Kan.Experiments.Scaling;

namespace Kan.Experiments;

/// <summary>A question that is answered by measuring.</summary>
internal interface IExperiment
{
    /// <summary>The name of the command and of the page.</summary>
    string Name { get; }

    /// <summary>What is asked, in one line.</summary>
    string Question { get; }

    /// <summary>Measures, and writes the answer down.</summary>
    Page Run(Session session);
}

/// <summary>What an experiment is given.</summary>
/// <param name="IsQuick">Whether a small run will do: the same code on less data, in seconds.</param>
/// <param name="Progress">Takes what is being done, in a few words.</param>
internal sealed record Session(bool IsQuick, IProgress<string> Progress)
{
    /// <summary>One of two sizes.</summary>
    public T Choose<T>(T full, T quick) => IsQuick ? quick : full;

    public void Report(FormattableString what) => Progress.Report(FormattableString.Invariant(what));
}

/// <summary>All experiments.</summary>
internal static class Experiments
{
    public static IReadOnlyList<IExperiment> All { get; } =
        [new TrainingExperiment(), new PrecisionExperiment(), new ScalingExperiment(), new MnistMlpExperiment(), new EdgesExperiment(),
        new RegionsExperiment(), new MinimalFormsExperiment(), new EqualBudgetsExperiment()];
}
