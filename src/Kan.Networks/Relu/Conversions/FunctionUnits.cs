namespace Kan.Networks;

/// <summary>The forms of Lemma 1: which ReLU units compute a piecewise-linear function of k breakpoints.</summary>
public enum FunctionUnits
{
    /// <summary>k + 1 units, as many as segments: one turned left at the first breakpoint, the others turned right.</summary>
    TwoSided,

    /// <summary>k + 2 units: x itself as ReLU(x) - ReLU(-x), and one unit turned right at each breakpoint.</summary>
    IdentityPath,

    /// <summary>
    /// k units, one at each breakpoint, where that is possible; <see cref="MinimalUnits"/> decides it.
    /// </summary>
    OnePerBreakpoint,
}
