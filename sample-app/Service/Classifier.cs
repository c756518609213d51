using System;
using System.Diagnostics;
using Kan;

namespace SampleApp.Service;

/// <summary>A compiled network as a value, so that requests can choose one by name.</summary>
internal interface IClassifier
{
    KanModelInfo Info { get; }

    int InputCount { get; }

    int OutputCount { get; }

    /// <summary>The same network in double, layer by layer.</summary>
    NumericNetwork Numeric { get; }

    /// <summary>Computes rows of samples and says how long that took.</summary>
    TimeSpan Evaluate(ReadOnlySpan<float> samples, Span<float> outputs);

    /// <summary>The affine map y = J x + c around one sample.</summary>
    void Explain(ReadOnlySpan<float> sample, Span<float> jacobian, Span<float> offset);
}

/// <inheritdoc/>
internal sealed class Classifier<TModel> : IClassifier
    where TModel : IKanModel<float>
{
    public KanModelInfo Info => TModel.Info;

    public int InputCount => TModel.InputCount;

    public int OutputCount => TModel.OutputCount;

    public NumericNetwork Numeric { get; } = NumericNetwork.Load(TModel.Info.Name);

    public TimeSpan Evaluate(ReadOnlySpan<float> samples, Span<float> outputs)
    {
        long start = Stopwatch.GetTimestamp();
        if (samples.Length == TModel.InputCount) TModel.Evaluate(samples, outputs);
        else TModel.EvaluateBatch(samples, outputs);
        return Stopwatch.GetElapsedTime(start);
    }

    public void Explain(ReadOnlySpan<float> sample, Span<float> jacobian, Span<float> offset) => TModel.Explain(sample, jacobian, offset);
}
