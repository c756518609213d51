using System.Linq;

namespace Kan.Compiler.Lower;

/// <summary>
/// An activation that all nodes of a layer share, of so many segments that comparing with each knot takes longer than looking a number up:
/// a tanh within 1e-3 has some two thousand.
/// </summary>
internal static class SharedCurve
{
    /// <summary>Whether a layer's activation is such a curve.</summary>
    public static bool Is(ActivationForm activation)
    {
        if (activation.IsRelu || activation.Segments[0].Knots.Length <= JitLimits.ComparedKnots) return false;
        var first = activation.Segments[0];
        return activation.Segments.All(table => ReferenceEquals(table, first));
    }
}
