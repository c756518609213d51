using System;

namespace Kan;

/// <summary>What every compiled network offers, so that code can be generic over networks.</summary>
/// <typeparam name="T"><c>float</c> or <c>double</c>.</typeparam>
public interface IKanModel<T>
    where T : unmanaged
{
    /// <summary>The number of inputs, n.</summary>
    static abstract int InputCount { get; }

    /// <summary>The number of outputs, m.</summary>
    static abstract int OutputCount { get; }

    /// <summary>What the network is, and how it was compiled.</summary>
    static abstract KanModelInfo Info { get; }

    /// <summary>Computes one sample. The spans may overlap.</summary>
    /// <param name="inputs">n numbers.</param>
    /// <param name="outputs">m numbers.</param>
    /// <exception cref="ArgumentException">A span has the wrong length; nothing was written.</exception>
    static abstract void Evaluate(ReadOnlySpan<T> inputs, Span<T> outputs);

    /// <summary>Computes rows of samples, bit for bit as <see cref="Evaluate"/> does.</summary>
    /// <param name="inputs">Rows of n numbers.</param>
    /// <param name="outputs">As many rows of m numbers; must not overlap the inputs.</param>
    /// <exception cref="ArgumentException">A span has the wrong length, or the spans overlap; nothing was written.</exception>
    static abstract void EvaluateBatch(ReadOnlySpan<T> inputs, Span<T> outputs);

    /// <summary>The affine map y = J x + c that the network is on the linear region of a sample.</summary>
    /// <param name="inputs">n numbers.</param>
    /// <param name="jacobian">m * n numbers, J row by row: one row for each output.</param>
    /// <param name="offset">m numbers, c.</param>
    /// <exception cref="ArgumentException">A span has the wrong length, or spans overlap; nothing was written.</exception>
    static abstract void Explain(ReadOnlySpan<T> inputs, Span<T> jacobian, Span<T> offset);
}
