using System;

namespace Kan.Analysis.Proofs;

/// <summary>Intervals of the nodes of some levels, kept for the parts of a box.</summary>
internal sealed class NodeIntervals
{
    private readonly double[]?[] _low, _high;

    private NodeIntervals(double[]?[] low, double[]?[] high) => (_low, _high) = (low, high);

    /// <summary>The intervals of a pass, of the levels whose nodes bend.</summary>
    public static NodeIntervals Of(ProofNetwork network, BoundPass pass)
    {
        double[]?[] low = new double[]?[network.Depth + 1], high = new double[]?[network.Depth + 1];
        for (int level = 1; level < network.Depth; level++)
        {
            if (network.Layers[level].Kind == ProofLayerKind.Affine) continue;
            low[level] = pass.Low[level].AsSpan(0, network.Sizes[level]).ToArray();
            high[level] = pass.High[level].AsSpan(0, network.Sizes[level]).ToArray();
        }

        return new NodeIntervals(low, high);
    }

    /// <summary>The same with one end of one node moved.</summary>
    public NodeIntervals Clamp(int level, int node, double at, bool above)
    {
        double[]?[] low = [.. _low], high = [.. _high];
        if (above) low[level] = [.. low[level]!];
        else high[level] = [.. high[level]!];
        if (above) low[level]![node] = Math.Max(low[level]![node], at);
        else high[level]![node] = Math.Min(high[level]![node], at);
        return new NodeIntervals(low, high);
    }

    /// <summary>Narrows the intervals of a level; false if one is empty then.</summary>
    public bool Intersect(int level, double[] low, double[] high, int count)
    {
        if (_low[level] is not { } lower || _high[level] is not { } upper) return true;
        bool isPossible = true;
        for (int q = 0; q < count; q++)
        {
            // A bound that is not a number is not kept.
            if (!(low[q] >= lower[q])) low[q] = lower[q];
            if (!(high[q] <= upper[q])) high[q] = upper[q];
            isPossible &= !(low[q] > high[q]);
        }

        return isPossible;
    }
}
