using System;

namespace Kan.Tool;

/// <summary>Computes samples with the integers of a network.</summary>
/// <param name="form">The integers.</param>
internal sealed class IntegerRows(IntegerForm form) : IRowEvaluator<float>
{
    private readonly IntegerEvaluator _evaluator = new(form);

    public int InputCount => form.InputCount;

    public int OutputCount => form.OutputCount;

    public void Evaluate(ReadOnlySpan<float> inputs, Span<float> outputs)
    {
        if (outputs.Length != OutputCount)
            throw new ArgumentException($"The network has {OutputCount} outputs, not {outputs.Length}.", nameof(outputs));
        _evaluator.Evaluate(inputs).CopyTo(outputs);
    }
}
