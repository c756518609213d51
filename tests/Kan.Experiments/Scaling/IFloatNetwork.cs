using System;

namespace Kan.Experiments.Scaling;

/// <summary>A network in float, one sample at a time.</summary>
internal interface IFloatNetwork
{
    /// <summary>The bytes of its numbers and indices.</summary>
    long Bytes { get; }

    void Evaluate(ReadOnlySpan<float> inputs, Span<float> outputs);
}
