using System;

namespace Kan;

/// <summary>
/// Declares a piecewise-linear Kolmogorov-Arnold network by hand: its widths here, and each non-zero edge in an
/// <see cref="EdgeAttribute"/>. The build adds <c>Evaluate</c>, <c>EvaluateBatch</c>, <c>Explain</c> and <c>Info</c> to the partial type.
/// </summary>
/// <param name="widths">The number of inputs, followed by the number of outputs of each layer. At least two numbers.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class KanNetworkAttribute(params int[] widths) : Attribute
{
    /// <summary>The number of inputs, followed by the number of outputs of each layer.</summary>
    public int[] Widths { get; } = widths;

    /// <summary>The number type of the generated code. Default: <see cref="Precision.Single"/>.</summary>
    public Precision Precision { get; set; }

    /// <summary>How layers that are not affine are compiled. Default: <see cref="Lowering.Auto"/>.</summary>
    public Lowering Lowering { get; set; }

    /// <summary>
    /// Whether the type also gets <c>EvaluateWithBound</c>: a sample with certified bounds of its own rounding errors. Default: no.
    /// </summary>
    public bool EvaluateWithBound { get; set; }
}
