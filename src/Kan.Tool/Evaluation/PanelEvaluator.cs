using System;
using System.Linq;
using System.Numerics;

namespace Kan.Tool;

/// <summary>
/// Evaluates a form with vectors over the outputs of a layer: each output sees the operations of the contract in their order, so the bits
/// are those of <see cref="Evaluation.ReferenceEvaluator{T}"/> and of generated code, at a tenth of their speed at worst and without a
/// compiler.
/// </summary>
/// <remarks>An instance keeps its working memory, so one thread may use it at a time.</remarks>
/// <typeparam name="T"><c>float</c> or <c>double</c>, the precision of the form.</typeparam>
internal sealed class PanelEvaluator<T> : IRowEvaluator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    private readonly LayerKernel<T>[] _layers;
    private readonly T[][] _values;

    /// <exception cref="ArgumentException">The form's precision is not that of <typeparamref name="T"/>.</exception>
    public PanelEvaluator(NetworkForm form)
    {
        var precision = typeof(T) == typeof(float) ? Precision.Single : Precision.Double;
        if (form.Precision != precision)
            throw new ArgumentException($"The form computes in {form.Precision}, not {precision}.", nameof(form));
        InputCount = form.InputCount;
        OutputCount = form.OutputCount;
        _layers = [.. form.Layers.Select(layer => LayerKernel<T>.Create(layer, precision))];
        _values = [.. form.Layers.Select(static layer => new T[layer.OutputCount])];
    }

    public int InputCount { get; }

    public int OutputCount { get; }

    /// <summary>Computes one sample.</summary>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public void Evaluate(ReadOnlySpan<T> inputs, Span<T> outputs)
    {
        if (inputs.Length != InputCount)
            throw new ArgumentException($"The network has {InputCount} inputs, not {inputs.Length}.", nameof(inputs));
        if (outputs.Length != OutputCount)
            throw new ArgumentException($"The network has {OutputCount} outputs, not {outputs.Length}.", nameof(outputs));
        for (int l = 0; l < _layers.Length; l++)
        {
            _layers[l].Run(inputs, _values[l]);
            inputs = _values[l];
        }

        inputs.CopyTo(outputs);
    }
}
