namespace Kan;

/// <summary>The number type in which a network computes.</summary>
public enum Precision
{
    /// <summary>IEEE binary32, <c>float</c>.</summary>
    Single,

    /// <summary>IEEE binary64, <c>double</c>.</summary>
    Double,
}
