using System;
using System.Numerics;

namespace Kan.Panels;

/// <summary>A point of a network: the values of all nodes, and which side of a knot holds for those that are on one.</summary>
/// <typeparam name="T">The number type of the network.</typeparam>
/// <typeparam name="TNetwork">The network.</typeparam>
internal ref struct LocalPoint<T, TNetwork>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TNetwork : ILocalNetwork<T>
{
    private readonly ReadOnlySpan<T> _inputs;
    private readonly ReadOnlySpan<T> _hidden;

    /// <summary>For each layer its inputs; empty if the right side holds for all.</summary>
    private Span<bool> _isLeft;

    /// <summary>
    /// For each output of a layer that is a maximum the input that it follows; those of layer l begin with its outputs. Empty if there are
    /// none.
    /// </summary>
    private readonly Span<int> _largest;

    public LocalPoint(ReadOnlySpan<T> inputs, ReadOnlySpan<T> hidden)
    {
        _inputs = inputs;
        _hidden = hidden;
        foreach (int width in TNetwork.Widths) Widest = Math.Max(Widest, width);
        if (LocalEdges<T, TNetwork>.HasWindows) _largest = Scratch<int>.Get(Start(LayerCount + 1));
    }

    /// <summary>The number of layers.</summary>
    public static int LayerCount => TNetwork.Widths.Length - 1;

    /// <summary>The maximum number of nodes of a layer.</summary>
    public int Widest { get; }

    /// <summary>The values that a layer reads.</summary>
    public readonly ReadOnlySpan<T> Inputs(int layer) =>
        layer == 0 ? _inputs : _hidden.Slice(TNetwork.HiddenStarts[layer], TNetwork.Widths[layer]);

    /// <summary>The inputs that the outputs of a maximum follow.</summary>
    public readonly Span<int> Largest(int layer) => _largest.Slice(Start(layer + 1), TNetwork.Widths[layer + 1]);

    /// <summary>Whether the value of a layer's input equals a knot.</summary>
    public readonly bool Bends(int layer, int input) => TNetwork.Bends(layer, input, Inputs(layer)[input]);

    /// <summary>Lets the segment on the left hold for an input that is on a knot.</summary>
    public void TakeLeft(int layer, int input)
    {
        if (_isLeft.IsEmpty)
        {
            int count = Start(LayerCount);
            _isLeft = Scratch<bool>.Get(count)[..count];
            _isLeft.Clear();
        }

        _isLeft[Start(layer) + input] = true;
    }

    /// <summary>The lines of the edges of one input: writes slopes, adds intercepts.</summary>
    public readonly void Column(int layer, int input, Span<double> slopes, Span<double> constants) =>
        TNetwork.Column(layer, input, Inputs(layer)[input], !_isLeft.IsEmpty && _isLeft[Start(layer) + input], slopes, constants);

    private static int Start(int layer)
    {
        int start = 0;
        foreach (int width in TNetwork.Widths[..layer]) start += width;
        return start;
    }
}
