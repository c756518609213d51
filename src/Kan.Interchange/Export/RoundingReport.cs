namespace Kan.Interchange;

/// <summary>The loss of writing exact numbers in a floating-point type.</summary>
/// <param name="Numbers">The weights and biases that are not 0.</param>
/// <param name="Rounded">The number of those that are not exactly representable in the type.</param>
/// <param name="MaxRelativeChange">The largest |written - exact| / |exact|; 0 where nothing was rounded.</param>
/// <remarks>
/// Where <see cref="IsExact"/>, the file is exactly the network. A program that reads it still rounds as it computes.
/// </remarks>
public readonly record struct RoundingReport(long Numbers, long Rounded, double MaxRelativeChange)
{
    /// <summary>Whether no number was changed.</summary>
    public bool IsExact => Rounded == 0;
}
