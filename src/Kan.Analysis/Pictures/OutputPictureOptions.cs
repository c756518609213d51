namespace Kan.Analysis;

/// <summary>The appearance of a picture of an output, and the contract whose tight places it marks.</summary>
public sealed record OutputPictureOptions
{
    /// <summary>The heading; none if empty.</summary>
    public string Title { get; init; } = "";

    /// <summary>The label of the horizontal axis.</summary>
    public string XLabel { get; init; } = "x0";

    /// <summary>The label of the second input, where there are two.</summary>
    public string YLabel { get; init; } = "x1";

    /// <summary>The name of the output.</summary>
    public string OutputLabel { get; init; } = "y0";

    /// <summary>The output to draw.</summary>
    public int Output { get; init; }

    /// <summary>The certified bound of |computed - exact|, or infinity where there is none.</summary>
    public double Bound { get; init; } = double.PositiveInfinity;

    /// <summary>The lower end of the range that the output must stay in, or null.</summary>
    public Rational? Low { get; init; }

    /// <summary>The upper end of that range, or null.</summary>
    public Rational? High { get; init; }

    /// <summary>Whether the output must never fall (true) or never rise (false) when the first input rises; null for neither.</summary>
    public bool? IsIncreasing { get; init; }

    /// <summary>The width of the plot, in pixels, at least 100.</summary>
    public int Size { get; init; } = 520;
}
