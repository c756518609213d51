using System;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Kan.Panels;

/// <summary>The edges to one output of a layer that has few of the possible ones: over an image, or node for node.</summary>
/// <typeparam name="T">The number type of the network.</typeparam>
/// <typeparam name="TNetwork">The network.</typeparam>
internal ref struct LocalEdges<T, TNetwork>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TNetwork : ILocalNetwork<T>
{
    private static readonly (int Weights, int Edges) s_most = Count();

    private readonly Span<double> _weights;
    private readonly Span<double> _slopes;
    private readonly Span<int> _inputs;
    private int _count;

    /// <param name="memory"><see cref="Length"/> numbers of any value.</param>
    public LocalEdges(Span<double> memory)
    {
        _weights = memory[..s_most.Weights];
        _slopes = memory.Slice(s_most.Weights, s_most.Edges);
        _inputs = MemoryMarshal.Cast<double, int>(memory[(s_most.Weights + s_most.Edges)..]);
    }

    /// <summary>Numbers of memory.</summary>
    public static int Length => s_most.Weights + (2 * s_most.Edges);

    /// <summary>Whether a layer of the network is over an image.</summary>
    public static bool HasWindows => s_most.Edges > 1;

    /// <summary>The inputs of the edges.</summary>
    public readonly ReadOnlySpan<int> Inputs => _inputs[.._count];

    /// <summary>The slopes of the edges.</summary>
    public readonly ReadOnlySpan<double> Slopes => _slopes[.._count];

    /// <summary>Whether a layer has few edges.</summary>
    public static bool AreFew(int layer) => TNetwork.IsElementwise(layer) || !TNetwork.Window(layer).IsEmpty;

    /// <summary>The terms of an entry of a row before a layer, which bound its rounding.</summary>
    public static double Terms(int layer)
    {
        var window = TNetwork.Window(layer);
        return TNetwork.IsElementwise(layer) ? 1 : window.IsEmpty ? TNetwork.Widths[layer + 1] : (double)window.Taps * window.GroupFilters;
    }

    /// <summary>Turns to a layer.</summary>
    public readonly void Load(int layer)
    {
        var window = TNetwork.Window(layer);
        if (window.IsEmpty || window.IsMaximum) return;
        int terms = window.Taps * window.Seen;
        for (int filter = 0; filter < window.Filters; filter++) TNetwork.Filter(layer, filter, _weights.Slice(filter * terms, terms));
    }

    /// <summary>Turns to an output of the layer.</summary>
    public void Take(in LocalPoint<T, TNetwork> point, int layer, int output)
    {
        var window = TNetwork.Window(layer);
        _count = 1;
        _inputs[0] = output;
        _slopes[0] = 1;
        if (window.IsEmpty)
        {
            double unused = 0;
            point.Column(layer, output, _slopes[..1], new Span<double>(ref unused));
        }
        else if (window.IsMaximum)
        {
            _inputs[0] = point.Largest(layer)[output];
        }
        else
        {
            _count = 0;
            int weight = output % window.Filters * window.Taps * window.Seen;
            for (int tap = 0; tap < window.Taps; tap++, weight += window.Seen)
            {
                int input = window.Input(output, tap);
                if (input < 0) continue;
                for (int c = 0; c < window.Seen; c++)
                {
                    _inputs[_count] = input + (c * window.ChannelStep);
                    _slopes[_count++] = _weights[weight + c];
                }
            }
        }
    }

    /// <summary>The maximum number of weights of a layer, and of edges to an output; more than one if a layer is over an image.</summary>
    private static (int Weights, int Edges) Count()
    {
        var most = (Weights: 0, Edges: 1);
        for (int layer = 0; layer < LocalPoint<T, TNetwork>.LayerCount; layer++)
        {
            var window = TNetwork.Window(layer);
            if (window.IsEmpty) continue;
            int edges = window.Taps * window.Seen;
            most = (Math.Max(most.Weights, window.IsMaximum ? 0 : window.Filters * edges), Math.Max(most.Edges, edges + 1));
        }

        return most;
    }
}
