namespace Kan.Networks;

/// <summary>How an approximation is built. What it certifies does not depend on it.</summary>
public sealed record ApproximationOptions
{
    /// <summary>Which numbers are used; <see cref="Grain.Binary"/> when silent.</summary>
    public Grain Grain { get; init; }

    /// <summary>
    /// Whether the values at the knots are those of the function, up to rounding. Otherwise knots may lie anywhere within the error, which
    /// needs about 1.4 times fewer segments.
    /// </summary>
    public bool ThroughKnots { get; init; }

    /// <summary>The most segments that are tried.</summary>
    public int MaximumSegments { get; init; } = 4096;
}
