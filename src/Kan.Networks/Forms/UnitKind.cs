namespace Kan.Networks;

/// <summary>A unit of one bend or two, of the difference d = x - b.</summary>
public enum UnitKind
{
    /// <summary>min(d, 0).</summary>
    LowRay,

    /// <summary>min(max(d, 0), h).</summary>
    Clamp,

    /// <summary>max(d, 0).</summary>
    HighRay,

    /// <summary>max(b - x, 0).</summary>
    LeftRelu,

    /// <summary>max(d, 0).</summary>
    RightRelu,
}
