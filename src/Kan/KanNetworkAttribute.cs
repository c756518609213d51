using System;

namespace Kan;

/// <summary>
/// Declares a piecewise-linear Kolmogorov-Arnold network by hand: its widths here, its non-zero edges in <see cref="EdgeAttribute"/>.
/// The build adds <c>Evaluate</c>, <c>EvaluateBatch</c>, <c>Explain</c> and <c>Info</c> to the partial type.
/// </summary>
/// <param name="widths">The number of inputs, then the number of outputs of each layer: at least two numbers.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class KanNetworkAttribute(params int[] widths) : Attribute
{
    /// <summary>The number of inputs, then the number of outputs of each layer.</summary>
    public int[] Widths { get; } = widths;

    /// <summary>The number type of the generated code; <see cref="Precision.Single"/> when silent.</summary>
    public Precision Precision { get; set; }

    /// <summary>How layers that bend are compiled; <see cref="Lowering.Auto"/> when silent.</summary>
    public Lowering Lowering { get; set; }
}
