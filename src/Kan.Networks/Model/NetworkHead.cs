namespace Kan.Networks;

/// <summary>
/// What a model applies to the outputs of a network. It is a step behind the network: conversions, bounds and proofs speak of the outputs
/// before it.
/// </summary>
public enum NetworkHead
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>exp(y) / sum of exp(y): the probabilities of classes of which one is right.</summary>
    Softmax,

    /// <summary>The logarithms of what <see cref="Softmax"/> gives.</summary>
    LogSoftmax,

    /// <summary>1 / (1 + exp(-y)), output by output: each is a probability by itself.</summary>
    Sigmoid,

    /// <summary>The index of the largest output, the first of several that are equal.</summary>
    ArgMax,
}
