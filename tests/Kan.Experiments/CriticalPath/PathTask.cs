using System;
using System.Linq;
using Kan.Experiments.Conversions;
using Kan.Experiments.Data;

namespace Kan.Experiments.CriticalPath;

/// <summary>A trained ReLU network, and what is known of the inputs that it will see.</summary>
internal sealed record PathTask
{
    /// <summary>What tables and files call it.</summary>
    public required string Part { get; init; }

    /// <summary>How it was trained.</summary>
    public required string Training { get; init; }

    public required ReluNetwork Network { get; init; }

    public required string[] InputNames { get; init; }

    public string[] OutputNames { get; init; } = [];

    /// <summary>The range of each input.</summary>
    public required InputRange[] Box { get; init; }

    /// <summary>Rows that were trained on: what is kept on samples is kept on them.</summary>
    public required double[][] Samples { get; init; }

    /// <summary>What must be kept of the outputs on the samples.</summary>
    public required SampledLimit Limit { get; init; }

    /// <summary>What may be lost of the outputs for all inputs in the box.</summary>
    public required double Tolerance { get; init; }

    /// <summary>How well a network does on rows that no training saw, in words.</summary>
    public required IScore Score { get; init; }

    /// <summary>The same on rows that were trained on, to choose by; null where nothing is chosen.</summary>
    public IScore? TrainingScore { get; init; }
}

/// <summary>How well networks do on test rows.</summary>
internal interface IScore
{
    /// <summary>What is counted.</summary>
    string Name { get; }

    double Of(KanNetwork network);

    string Words(double score);
}

/// <summary>The share of rows whose largest output is that of their class.</summary>
internal sealed class Accuracy(float[][] inputs, int[] classes) : IScore
{
    public string Name => "test accuracy";

    public double Of(KanNetwork network)
    {
        var evaluate = new Subject(network).In<float>();
        return (double)inputs.Where((row, i) => ClassOf(evaluate(row)) == classes[i]).Count() / inputs.Length;
    }

    public string Words(double score) => FormattableString.Invariant($"{100 * score:F2} %");

    private static int ClassOf(float[] outputs) => Array.IndexOf(outputs, outputs.Max());
}

/// <summary>The root of the mean square error of a network of one output.</summary>
internal sealed class RootMeanSquare(float[][] inputs, float[] targets) : IScore
{
    public string Name => "test error, RMS";

    public double Of(KanNetwork network)
    {
        var evaluate = new Subject(network).In<float>();
        return Math.Sqrt(inputs.Select((row, i) => Math.Pow(evaluate(row)[0] - targets[i], 2)).Average());
    }

    public string Words(double score) => FormattableString.Invariant($"{score:F4}");
}
