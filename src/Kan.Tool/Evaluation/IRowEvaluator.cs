using System;

namespace Kan.Tool;

/// <summary>Computes samples one at a time, with the bits of the compiled network.</summary>
/// <typeparam name="T">The type of inputs and outputs.</typeparam>
internal interface IRowEvaluator<T>
{
    /// <summary>The number of inputs.</summary>
    int InputCount { get; }

    /// <summary>The number of outputs.</summary>
    int OutputCount { get; }

    /// <summary>Computes one sample.</summary>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    void Evaluate(ReadOnlySpan<T> inputs, Span<T> outputs);
}
