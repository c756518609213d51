namespace Kan.Interchange.Export;

/// <summary>What it cost to write exact numbers in a floating-point type.</summary>
/// <param name="Numbers">The weights and biases that are not 0.</param>
/// <param name="Rounded">How many of them the type does not hold exactly.</param>
/// <param name="MaxRelativeChange">The largest |written - exact| / |exact|; 0 where nothing was rounded.</param>
/// <remarks>
/// Where <see cref="IsExact"/>, the file says exactly what the network says. What reads it still rounds as it computes.
/// </remarks>
public readonly record struct RoundingReport(long Numbers, long Rounded, double MaxRelativeChange)
{
    /// <summary>Whether no number was changed.</summary>
    public bool IsExact => Rounded == 0;
}
