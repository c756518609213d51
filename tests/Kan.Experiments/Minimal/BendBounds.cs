using System;
using System.Numerics;

namespace Kan.Experiments.Minimal;

/// <summary>Lower bounds of the bends that a network of two inputs needs.</summary>
internal static class BendBounds
{
    /// <summary>
    /// The units of any feed-forward ReLU network: u units have at most 2^u cells, each of them convex, and bend on at most 2^u - 1 lines,
    /// for the form of a unit is affine for each pattern of the units before it. A single unit bends along a whole line.
    /// </summary>
    public static int Units(PlaneBends bends)
    {
        int units = bends.Lines.Count == 0 ? 0 : HiddenLayer.FindObstacle(bends) is null ? 1 : 2;
        while (BigInteger.One << units < bends.RegionCount || (BigInteger.One << units) - 1 < bends.Lines.Count) units++;
        return units;
    }

    /// <summary>The distinct breakpoints of any KAN of two layers, which are as many units.</summary>
    public static int TwoLayers(PlaneBends bends) => Math.Max(Units(bends), InnerGrid.LeastBends(bends.Lines));
}
