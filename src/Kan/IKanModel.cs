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
    /// <remarks>Every machine computes the same bits, and the same outputs are NaN; the sign and payload of a NaN are unspecified.</remarks>
    /// <param name="inputs">n numbers.</param>
    /// <param name="outputs">m numbers.</param>
    /// <exception cref="ArgumentException">A span has the wrong length; nothing was written.</exception>
    static abstract void Evaluate(ReadOnlySpan<T> inputs, Span<T> outputs);

    /// <summary>Computes rows of samples, bit for bit as <see cref="Evaluate"/> does.</summary>
    /// <param name="inputs">Rows of n numbers.</param>
    /// <param name="outputs">As many rows of m numbers; must not overlap the inputs.</param>
    /// <exception cref="ArgumentException">A span has the wrong length, or the spans overlap; nothing was written.</exception>
    static abstract void EvaluateBatch(ReadOnlySpan<T> inputs, Span<T> outputs);

    /// <summary>Computes the affine map y = J x + c that the network equals on a linear region that contains the sample.</summary>
    /// <remarks>
    /// A sample on a border belongs to several regions. The map is then that of the region that the sample enters when it moves by (e, e^2, e^3, ...)
    /// for a tiny e &gt; 0: along the first input, and along later ones where that moves no node off its breakpoint. An output that is NaN because an
    /// input is NaN has NaN in its row and its offset.
    /// </remarks>
    /// <param name="inputs">n numbers.</param>
    /// <param name="jacobian">m * n numbers, J row by row: one row for each output.</param>
    /// <param name="offset">m numbers, c.</param>
    /// <returns>Whether the sample lies on a border: the computed value of a node equals a breakpoint and changes with the inputs.</returns>
    /// <exception cref="ArgumentException">A span has the wrong length, or spans overlap; nothing was written.</exception>
    static abstract bool Explain(ReadOnlySpan<T> inputs, Span<T> jacobian, Span<T> offset);
}
