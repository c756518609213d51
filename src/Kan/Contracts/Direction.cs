namespace Kan.Contracts;

/// <summary>Which way an output must go when an input increases.</summary>
public enum Direction
{
    /// <summary>The output never decreases.</summary>
    Increasing,

    /// <summary>The output never increases.</summary>
    Decreasing,
}
