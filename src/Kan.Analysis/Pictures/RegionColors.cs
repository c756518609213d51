namespace Kan.Analysis;

/// <summary>The meaning of the colors in a picture of linear regions.</summary>
public enum RegionColors
{
    /// <summary>One color for each affine map; neighbors differ.</summary>
    Map,

    /// <summary>One color for each output: that of the largest, as in a classifier. Its border may cross cells.</summary>
    Decision,

    /// <summary>The mean value of one output on each cell, from dark (least) to light (most).</summary>
    Value,
}
