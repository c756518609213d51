namespace Kan.Networks;

/// <summary>Options for building an approximation. The certificate holds whatever the options.</summary>
public sealed record ApproximationOptions
{
    /// <summary>The numbers to use. Default: <see cref="Grain.Binary"/>.</summary>
    public Grain Grain { get; init; }

    /// <summary>
    /// Whether the values at the knots are those of the function, up to rounding. Otherwise knots may be anywhere within the error, which
    /// needs about 1.4 times fewer segments.
    /// </summary>
    public bool ThroughKnots { get; init; }

    /// <summary>The maximum number of segments that are tried.</summary>
    public int MaximumSegments { get; init; } = 4096;

    /// <summary>What breakpoints are multiples of, where a segment does not end at a kink; 0 for whatever the grain gives.</summary>
    internal double Step { get; init; }
}
