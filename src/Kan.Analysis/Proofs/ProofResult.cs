using System;

namespace Kan.Analysis;

/// <summary>The answer to whether a network meets a statement.</summary>
public enum ProofVerdict
{
    /// <summary>The statement holds for all inputs in question.</summary>
    Proved,

    /// <summary>It does not, and inputs are known for which it fails.</summary>
    Refuted,

    /// <summary>Not decided within the limits of <see cref="ProverOptions"/>.</summary>
    Undecided,
}

/// <summary>Whether a statement holds, and how that is known.</summary>
public sealed record ProofResult
{
    /// <summary>The answer.</summary>
    public required ProofVerdict Verdict { get; init; }

    /// <summary>The answer in a sentence; for <see cref="ProofVerdict.Undecided"/> what prevented one.</summary>
    public required string Explanation { get; init; }

    /// <summary>Inputs for which the statement fails; null unless refuted.</summary>
    public Violation? Violation { get; init; }

    /// <summary>The steps of the proof, which <see cref="Analysis.Proof.Check"/> follows; null unless proved.</summary>
    public Proof? Proof { get; init; }

    /// <summary>The parts of the box that were examined.</summary>
    public int PartCount { get; init; }

    /// <summary>The share of the box for which the statement is proved, 0 to 1.</summary>
    public double ProvedShare { get; init; }

    /// <summary>The time that the answer took.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Of that time, what the separate checker took, summed over the threads.</summary>
    public TimeSpan CheckTime { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Verdict}: {Explanation}";
}
