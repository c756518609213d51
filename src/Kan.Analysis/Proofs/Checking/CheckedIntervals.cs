using System.Collections.Generic;
using System.Linq;

namespace Kan.Analysis.Proofs;

/// <summary>Intervals of all nodes that the checker derived for a box, to start from in its parts.</summary>
internal sealed record CheckedIntervals(double[][] Low, double[][] High, IReadOnlyList<NodePart> Parts)
{
    /// <summary>Whether intervals are kept for parts this deep: of all, or where there are many inputs, of every fourth.</summary>
    public static bool IsBasis(int depth, int inputs) => inputs <= 16 || depth % 4 == 3;

    /// <summary>Whether they hold in a box: it is part of theirs, and on the same sides of nodes.</summary>
    public bool Holds(double[] low, double[] high, IReadOnlyList<NodePart> sides)
    {
        for (int p = 0; p < low.Length; p++)
        {
            if (!(Low[0][p] <= low[p] && high[p] <= High[0][p])) return false;
        }

        return Parts.All(sides.Contains);
    }
}
