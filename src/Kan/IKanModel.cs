using System;

namespace Kan;

/// <summary>The members of every compiled network, for code that is generic over networks.</summary>
/// <typeparam name="T">The number type of the network: <c>float</c> or <c>double</c>.</typeparam>
public interface IKanModel<T>
    where T : unmanaged
{
    /// <summary>The number of inputs, n.</summary>
    static abstract int InputCount { get; }

    /// <summary>The number of outputs, m.</summary>
    static abstract int OutputCount { get; }

    /// <summary>Describes the network and how it was compiled.</summary>
    static abstract KanModelInfo Info { get; }

    /// <summary>Evaluates one sample. The spans may overlap.</summary>
    /// <remarks>
    /// Results are bit-identical on every machine. The same outputs are NaN everywhere, but the sign and payload of a NaN are unspecified.
    /// </remarks>
    /// <param name="inputs">The sample, n numbers.</param>
    /// <param name="outputs">Receives the results, m numbers.</param>
    /// <exception cref="ArgumentException">A span has the wrong length. Nothing was written.</exception>
    static abstract void Evaluate(ReadOnlySpan<T> inputs, Span<T> outputs);

    /// <summary>Evaluates one sample per row. Results are bit-identical to <see cref="Evaluate"/>.</summary>
    /// <param name="inputs">The samples, n numbers per row.</param>
    /// <param name="outputs">Receives the results, m numbers per row, for the same number of rows. Must not overlap the inputs.</param>
    /// <exception cref="ArgumentException">A span has the wrong length, or the spans overlap. Nothing was written.</exception>
    static abstract void EvaluateBatch(ReadOnlySpan<T> inputs, Span<T> outputs);

    /// <summary>Computes the affine map y = J x + c that the network equals on the sample's linear region.</summary>
    /// <remarks>
    /// The map is accumulated in double. A sample on a border belongs to several regions. The map is then that of the region the sample
    /// enters when it moves by (e, e^2, e^3, ...) for a tiny e &gt; 0: along the first input, then along later inputs where the earlier
    /// ones move no node off its breakpoint. If an output is NaN because an input is NaN, its row and its offset are NaN.
    /// </remarks>
    /// <param name="inputs">The sample, n numbers.</param>
    /// <param name="jacobian">Receives J, m * n numbers in row-major order: one row per output.</param>
    /// <param name="offset">Receives c, m numbers.</param>
    /// <returns>
    /// <c>true</c> if the sample is on a border: the computed value of a node equals a breakpoint and changes with the inputs.
    /// </returns>
    /// <exception cref="ArgumentException">A span has the wrong length, or spans overlap. Nothing was written.</exception>
    static abstract bool Explain(ReadOnlySpan<T> inputs, Span<T> jacobian, Span<T> offset);
}
