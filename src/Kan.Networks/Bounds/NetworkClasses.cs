using System;
using System.Linq;

namespace Kan.Networks;

/// <summary>
/// What the edges that leave an input have in common. The more they share, the narrower the ReLU networks that contain the KAN.
/// </summary>
public enum BreakpointSharing
{
    /// <summary>Nothing is used: each edge has its own units, as Theorem 3 of arXiv 2503.01702 is stated.</summary>
    Separate,

    /// <summary>Nothing in common, but edges share units where possible: n k + 1 units an input.</summary>
    Merged,

    /// <summary>The same breakpoints: k + 1 units an input.</summary>
    SharedGrid,

    /// <summary>The same breakpoints, and a segment on which all are flat, as for functions of compact support: k units an input.</summary>
    SharedGridAndFlatSegment,
}

/// <summary>KAN(L, n, k): all KANs of at most L layers, width at most n, and at most k breakpoints an edge.</summary>
/// <param name="Depth">L.</param>
/// <param name="Width">n.</param>
/// <param name="Breakpoints">k.</param>
public readonly record struct KanClass(int Depth, int Width, int Breakpoints)
{
    /// <summary>The smallest class that holds a network.</summary>
    public static KanClass Of(KanNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new(
            network.Layers.Length,
            network.Widths.Max(),
            network.Layers.SelectMany(static layer => layer.Edges).Select(static edge => edge.Function.Breakpoints.Length).DefaultIfEmpty(0)
            .Max());
    }

    /// <summary>Whether a network is in this class.</summary>
    public bool Contains(KanNetwork network)
    {
        var own = Of(network);
        return own.Depth <= Depth && own.Width <= Width && own.Breakpoints <= Breakpoints;
    }

    /// <summary>
    /// A class of ReLU networks that contains this one (Theorem 3): KAN(L, n, k) is in ReLU(L + 1, n^2 (k + 1)); where edges share
    /// breakpoints the width is n (n k + 1), n (k + 1) or n k.
    /// </summary>
    /// <remarks>An affine edge takes two units in the worst case, so k counts as at least 1.</remarks>
    /// <exception cref="OverflowException">The width passes the largest integer.</exception>
    public ReluClass ToRelu(BreakpointSharing sharing = BreakpointSharing.Separate)
    {
        int k = Math.Max(Breakpoints, 1);
        int width = checked(sharing switch
        {
            BreakpointSharing.Separate => Width * Width * (k + 1),
            BreakpointSharing.Merged => Width * ((Width * k) + 1),
            BreakpointSharing.SharedGrid => Width * (k + 1),
            BreakpointSharing.SharedGridAndFlatSegment => Width * k,
            _ => throw new ArgumentOutOfRangeException(nameof(sharing)),
        });
        return new ReluClass(checked(Depth + 1), width);
    }
}

/// <summary>ReLU(L, n): all ReLU networks of at most L affine maps with ReLUs between them, and width at most n.</summary>
/// <param name="Depth">L.</param>
/// <param name="Width">n.</param>
public readonly record struct ReluClass(int Depth, int Width)
{
    /// <summary>
    /// The smallest class that holds a network; neighboring affine layers count as one, as after <see cref="ReluNetwork.Fuse"/>.
    /// </summary>
    public static ReluClass Of(ReluNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        int depth = 0, width = network.InputCount;
        bool rectified = true;
        for (int l = 0; l < network.Layers.Length; l++)
        {
            var layer = network.Layers[l];
            if (rectified) depth++;
            rectified = layer.IsRectified;
            if (rectified || l == network.Layers.Length - 1) width = Math.Max(width, layer.OutputCount);
        }

        return new ReluClass(rectified ? depth + 1 : depth, width);
    }

    /// <summary>Whether a network is in this class.</summary>
    public bool Contains(ReluNetwork network)
    {
        var own = Of(network);
        return own.Depth <= Depth && own.Width <= Width;
    }

    /// <summary>
    /// Gets a class of KANs that contains this one (Theorem 3): ReLU(L, n) is in KAN(L, n, 1), by <see cref="ReluEmbedding.Fused"/>.
    /// </summary>
    public KanClass ToKan() => new(Depth, Width, 1);
}
