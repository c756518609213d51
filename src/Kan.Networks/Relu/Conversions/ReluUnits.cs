namespace Kan.Networks;

/// <summary>The ways in which the edges of a KAN layer become ReLU units.</summary>
public enum ReluUnits
{
    /// <summary>
    /// The edges that leave an input share their units: one for each distinct breakpoint of theirs and one more, so that n inputs with
    /// a shared grid of k breakpoints need n (k + 1) units, however many outputs there are.
    /// </summary>
    Merged,

    /// <summary>Each edge with k breakpoints has its own k + 1 units, as Lemma 2 is written in the paper.</summary>
    Separate,

    /// <summary>
    /// As <see cref="Merged"/>, and where all edges of an input are flat on a common segment, units turn away from it: one for each
    /// distinct breakpoint and no more. n inputs with a shared grid of k breakpoints and functions of compact support need n k units.
    /// </summary>
    Fewest,
}
