using System;
using System.ComponentModel;

namespace Kan.Panels;

/// <summary>The slopes of a compiled network around a point, layer by layer: what <see cref="LocalMap"/> multiplies together.</summary>
/// <typeparam name="T">The number type of the network.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface ILocalNetwork<T>
    where T : unmanaged
{
    /// <summary>The number of inputs of each layer, first to last, then the number of outputs of the network.</summary>
    static abstract ReadOnlySpan<int> Widths { get; }

    /// <summary>For each layer after the first, the index of its first input among the hidden values; 0 for the first layer.</summary>
    static abstract ReadOnlySpan<int> HiddenStarts { get; }

    /// <summary>Whether each output of the last layer depends on the input with the same index alone.</summary>
    static abstract bool IsLastElementwise { get; }

    /// <summary>
    /// Whether each output of a layer depends on the input with the same index alone: <see cref="Column"/> then has one output.
    /// </summary>
    static virtual bool IsElementwise(int layer) => false;

    /// <summary>The window of a layer over an image, which has no <see cref="Column"/>; empty if the layer is another one.</summary>
    static virtual LocalWindow Window(int layer) => default;

    /// <summary>Writes the weights of a filter of such a layer, by row and column of the kernel, then channel.</summary>
    static virtual void Filter(int layer, int filter, Span<double> weights) => throw new NotSupportedException();

    /// <summary>Writes the biases of a layer.</summary>
    static abstract void Biases(int layer, Span<double> constants);

    /// <summary>Whether x equals a knot of the input at which the slope of some edge changes.</summary>
    static abstract bool Bends(int layer, int input, T x);

    /// <summary>The lines of the edges of one input around x: writes a slope and adds an intercept for each output of the layer.</summary>
    /// <param name="layer">The layer, from 0.</param>
    /// <param name="input">The input of the layer.</param>
    /// <param name="x">Its value.</param>
    /// <param name="isLeft">Whether the segment on the left holds where x equals a knot, instead of the segment on the right.</param>
    /// <param name="slopes">Receives the slopes.</param>
    /// <param name="constants">Accumulates the intercepts.</param>
    static abstract void Column(int layer, int input, T x, bool isLeft, Span<double> slopes, Span<double> constants);
}
