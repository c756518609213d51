using System.Collections.Generic;
using System.Collections.Immutable;

namespace Kan.Analysis.Proofs;

/// <summary>A combination of the conditions of a case, and of the sides of nodes that a part is on, that is above 0.</summary>
/// <param name="Case">The case.</param>
/// <param name="Factors">One whole number, at least 0, for each of its conditions.</param>
/// <param name="Weights">
/// One number, at least 0, for each side: the weight of how far the node is beyond the number that splits it, which is taken off. Or none.
/// </param>
internal readonly record struct ProofClaim(int Case, ImmutableArray<int> Factors, ImmutableArray<double> Weights);

/// <summary>A node of the network that is on one side of a number.</summary>
internal readonly record struct NodePart(int Level, int Node, double At, bool IsAbove);

/// <summary>A part of a box: what is claimed of it, and the two parts in which the rest is claimed.</summary>
internal sealed class ProofNode
{
    public List<ProofClaim> Claims { get; } = [];

    /// <summary>The level whose node is split; 0 for an input; -1 for no split.</summary>
    public int Level { get; set; } = -1;

    public int Node { get; set; }

    public double At { get; set; }

    public ProofNode? Below { get; set; }

    public ProofNode? Above { get; set; }
}
