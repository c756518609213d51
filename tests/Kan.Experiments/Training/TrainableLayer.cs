using System;
using System.Collections.Generic;
using System.Numerics;

namespace Kan.Experiments.Training;

/// <summary>
/// A layer that can be trained, one sample at a time. Inputs and outputs are rows of whole vectors (see <see cref="Rows"/>).
/// </summary>
/// <typeparam name="T"><c>float</c> or <c>double</c>.</typeparam>
internal abstract class TrainableLayer<T>(int inputCount, int outputCount)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int InputCount => inputCount;

    public int OutputCount => outputCount;

    /// <summary>What is trained or could be.</summary>
    public abstract IReadOnlyList<Parameters<T>> Parameters { get; }

    /// <summary>The outputs for some inputs.</summary>
    public abstract void Forward(ReadOnlySpan<T> x, Span<T> y);

    /// <summary>Adds to the gradients of the parameters, and gives the gradient by the inputs.</summary>
    /// <param name="x">What went in.</param>
    /// <param name="dy">The gradient by the outputs.</param>
    /// <param name="dx">The gradient by the inputs, or empty where nobody asks.</param>
    public abstract void Backward(ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> dx);

    /// <summary>Brings the parameters back to where they have a meaning, after a step.</summary>
    public virtual void Repair()
    {
    }

    /// <summary>The layer as it stands, exactly.</summary>
    public abstract KanLayer ToKanLayer();

    protected static Rational Exact(T value) => Rational.FromDouble(double.CreateChecked(value));
}
