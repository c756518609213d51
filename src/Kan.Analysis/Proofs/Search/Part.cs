using System.Collections.Generic;

namespace Kan.Analysis.Proofs;

/// <summary>A part of a box that waits to be examined.</summary>
/// <param name="Low">The lower ends.</param>
/// <param name="High">The upper ends.</param>
/// <param name="Sides">The sides of nodes that it is on.</param>
/// <param name="Known">Intervals that hold in it.</param>
/// <param name="Open">The cases that are not excluded in it yet.</param>
/// <param name="Proof">Where claims about it go.</param>
/// <param name="Share">Its share of the whole.</param>
/// <param name="Depth">How often the whole was split to get it.</param>
/// <param name="Checked">What the checker derived for a part around it, or null.</param>
/// <param name="Score">How far the part around it was from being settled; least is farthest.</param>
internal sealed record Part(double[] Low, double[] High, NodePart[] Sides, NodeIntervals? Known, int[] Open, ProofNode Proof, double Share,
    int Depth, CheckedIntervals? Checked, double Score);

/// <summary>What came of examining a part.</summary>
internal sealed class Examined
{
    public List<ProofClaim> Claims { get; } = [];

    public Violation? Violation { get; set; }

    /// <summary>Whether no input is left in it.</summary>
    public bool IsEmpty { get; set; }

    public int[] Open { get; set; } = [];

    /// <summary>The open case that is farthest from being settled, and what its bound is of.</summary>
    public int Worst { get; set; } = -1;

    /// <inheritdoc cref="Worst"/>
    public ConditionRow? Row { get; set; }

    /// <summary>The least of the best bounds of the cases that are open.</summary>
    public double Score { get; set; }

    /// <summary>By how much the last claim is above 0.</summary>
    public double ClaimedScore { get; set; }

    /// <summary>What times the score is a bound of the row.</summary>
    public double Scale { get; set; } = 1;

    public int Level { get; set; } = -1;

    public int Node { get; set; }

    public double At { get; set; }

    public NodeIntervals? Known { get; set; }

    public CheckedIntervals? Checked { get; set; }
}
