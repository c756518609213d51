using System;

namespace Kan;

/// <summary>
/// Declares one non-zero edge of a <see cref="KanNetworkAttribute"/>: a continuous piecewise-linear function of one input.
/// </summary>
/// <param name="layer">The zero-based index of the layer.</param>
/// <param name="input">The zero-based index of the layer's input node.</param>
/// <param name="output">The zero-based index of the layer's output node.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true)]
public sealed class EdgeAttribute(int layer, int input, int output) : Attribute
{
    /// <summary>The zero-based index of the layer.</summary>
    public int Layer { get; } = layer;

    /// <summary>The zero-based index of the layer's input node.</summary>
    public int Input { get; } = input;

    /// <summary>The zero-based index of the layer's output node.</summary>
    public int Output { get; } = output;

    /// <summary>The x-values at which the slope changes: k strictly increasing numbers. Default: none.</summary>
    public double[] Breakpoints { get; set; } = [];

    /// <summary>The k + 1 slopes between the breakpoints, from left to right.</summary>
    public double[] Slopes { get; set; } = [];

    /// <summary>The edge's value at x = 0. Default: 0.</summary>
    public double ValueAtZero { get; set; }
}
