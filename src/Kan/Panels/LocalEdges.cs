using System;
using System.Numerics;

namespace Kan.Panels;

/// <summary>What a row of slopes behind a layer becomes before it, edge by edge.</summary>
internal interface IRowSums
{
    /// <summary>Turns to an output of the layer; false if the row does not depend on it.</summary>
    bool Take(int output);

    /// <summary>Adds the edge from an input to the output that was taken.</summary>
    void Add(int input, double slope);
}

/// <summary>The edges of layers that have few of the possible ones: over images, and node for node.</summary>
/// <typeparam name="T">The number type of the network.</typeparam>
/// <typeparam name="TNetwork">The network.</typeparam>
internal static class LocalEdges<T, TNetwork>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TNetwork : ILocalNetwork<T>
{
    /// <summary>Whether a layer is one.</summary>
    public static bool AreFew(int layer) => TNetwork.IsElementwise(layer) || !TNetwork.Window(layer).IsEmpty;

    /// <summary>Whether a layer of the network is over an image.</summary>
    public static bool HasWindows { get; } = Most(static window => window.IsEmpty ? 0 : 1) > 0;

    /// <summary>The maximum number of weights of a layer over an image.</summary>
    public static int MostWeights { get; } = Most(static window => window.IsEmpty ? 0 : window.WeightCount);

    /// <summary>The terms of an entry of a row before a layer, which bound its rounding.</summary>
    public static double Terms(int layer)
    {
        var window = TNetwork.Window(layer);
        if (!window.IsEmpty) return (double)window.Taps * window.Filters / window.Groups;
        return TNetwork.IsElementwise(layer) ? 1 : TNetwork.Widths[layer + 1];
    }

    /// <summary>Writes the weights of a layer, by filter, tap and channel.</summary>
    public static void Weights(int layer, Span<double> weights)
    {
        var window = TNetwork.Window(layer);
        if (window.IsEmpty || window.IsMaximum) return;
        int terms = window.Taps * window.Seen;
        for (int filter = 0; filter < window.Filters; filter++) TNetwork.Filter(layer, filter, weights.Slice(filter * terms, terms));
    }

    /// <summary>Adds the edges of the outputs that a row depends on.</summary>
    /// <param name="point">The point.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="sums">The row.</param>
    public static void Add<TSums>(in LocalPoint<T, TNetwork> point, int layer, ReadOnlySpan<double> weights, ref TSums sums)
        where TSums : IRowSums, allows ref struct
    {
        var window = TNetwork.Window(layer);
        int outputs = TNetwork.Widths[layer + 1];
        if (window.IsEmpty) AddNodes(in point, layer, outputs, ref sums);
        else if (window.IsMaximum) AddLargest(point.Largest(layer), ref sums);
        else AddSums(in window, outputs, weights, ref sums);
    }

    private static void AddNodes<TSums>(in LocalPoint<T, TNetwork> point, int layer, int outputs, ref TSums sums)
        where TSums : IRowSums, allows ref struct
    {
        double slope = 0, unused = 0;
        for (int node = 0; node < outputs; node++)
        {
            if (!sums.Take(node)) continue;
            point.Column(layer, node, new Span<double>(ref slope), new Span<double>(ref unused));
            sums.Add(node, slope);
        }
    }

    private static void AddLargest<TSums>(ReadOnlySpan<int> largest, ref TSums sums)
        where TSums : IRowSums, allows ref struct
    {
        for (int output = 0; output < largest.Length; output++)
        {
            if (sums.Take(output)) sums.Add(largest[output], 1);
        }
    }

    private static void AddSums<TSums>(in LocalWindow window, int outputs, ReadOnlySpan<double> weights, ref TSums sums)
        where TSums : IRowSums, allows ref struct
    {
        int taps = window.Taps, seen = window.Seen, step = window.ChannelStep;
        for (int output = 0; output < outputs; output++)
        {
            if (!sums.Take(output)) continue;
            int weight = output % window.Filters * taps * seen;
            for (int tap = 0; tap < taps; tap++, weight += seen)
            {
                int input = window.Input(output, tap);
                if (input < 0) continue;
                for (int c = 0; c < seen; c++) sums.Add(input + (c * step), weights[weight + c]);
            }
        }
    }

    private static int Most(Func<LocalWindow, int> count)
    {
        int most = 0;
        for (int layer = 0; layer < LocalPoint<T, TNetwork>.LayerCount; layer++) most = Math.Max(most, count(TNetwork.Window(layer)));
        return most;
    }
}
