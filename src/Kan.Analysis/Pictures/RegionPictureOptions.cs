using System.Collections.Immutable;

namespace Kan.Analysis;

/// <summary>The appearance of a picture of linear regions.</summary>
public sealed record RegionPictureOptions
{
    /// <summary>The heading; none if empty.</summary>
    public string Title { get; init; } = "";

    /// <summary>The label of the horizontal axis.</summary>
    public string XLabel { get; init; } = "x0";

    /// <summary>The label of the vertical axis.</summary>
    public string YLabel { get; init; } = "x1";

    /// <summary>The meaning of the colors.</summary>
    public RegionColors Colors { get; init; } = RegionColors.Map;

    /// <summary>The output that <see cref="RegionColors.Value"/> shows.</summary>
    public int Output { get; init; }

    /// <summary>Names of the outputs, for <see cref="RegionColors.Decision"/>; their indices where empty.</summary>
    public ImmutableArray<string> OutputNames { get; init; } = [];

    /// <summary>Points to mark, with their names.</summary>
    public ImmutableArray<(PlanePoint Point, string Name)> Marks { get; init; } = [];

    /// <summary>The longer side of the plot, in pixels.</summary>
    public int Size { get; init; } = 560;
}
