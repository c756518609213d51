namespace Kan;

/// <summary>The numbers with which a network computes.</summary>
public enum Precision
{
    /// <summary>IEEE binary32, <c>float</c>.</summary>
    Single,

    /// <summary>IEEE binary64, <c>double</c>.</summary>
    Double,

    /// <summary>
    /// Codes and weights of 8 bits, sums of 32: a quarter of the memory of <see cref="Single"/>, inputs and outputs of <c>float</c>. For
    /// networks that are not over images and whose input ranges are known.
    /// </summary>
    Int8,
}
