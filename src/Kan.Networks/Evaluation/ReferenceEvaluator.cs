using System;
using System.Numerics;

namespace Kan.Networks;

/// <summary>
/// The arithmetic contract as code: one number at a time, each operation correctly rounded, in the order that <see cref="SummationOrder"/>
/// fixes. Generated code gives the same bits on every machine; the sign and payload of a NaN are unspecified.
/// </summary>
/// <typeparam name="T"><c>float</c> or <c>double</c>, the precision of the form.</typeparam>
public sealed class ReferenceEvaluator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    private readonly NetworkForm _form;
    private readonly FormEvaluator<T, FloatOps<T>> _evaluator;

    /// <summary>An evaluator of a form.</summary>
    /// <exception cref="ArgumentException">The form's precision is not that of <typeparamref name="T"/>.</exception>
    public ReferenceEvaluator(NetworkForm form)
    {
        ArgumentNullException.ThrowIfNull(form);
        var precision = typeof(T) == typeof(float) ? Precision.Single : Precision.Double;
        if (form.Precision != precision)
            throw new ArgumentException($"The form computes in {form.Precision}, not {precision}.", nameof(form));
        _form = form;
        _evaluator = new FormEvaluator<T, FloatOps<T>>(form);
    }

    /// <summary>The outputs for some inputs.</summary>
    /// <exception cref="ArgumentException">The number of inputs is wrong.</exception>
    public T[] Evaluate(ReadOnlySpan<T> inputs)
    {
        if (inputs.Length != _form.InputCount)
            throw new ArgumentException($"The network has {_form.InputCount} inputs, not {inputs.Length}.", nameof(inputs));
        return _evaluator.Evaluate(inputs);
    }
}
