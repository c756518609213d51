using System;

namespace Kan;

/// <summary>One non-zero edge of a <see cref="KanNetworkAttribute"/>: a continuous piecewise-linear function of one input.</summary>
/// <param name="layer">The layer, from 0.</param>
/// <param name="input">The input node of that layer, from 0.</param>
/// <param name="output">The output node of that layer, from 0.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true)]
public sealed class EdgeAttribute(int layer, int input, int output) : Attribute
{
    /// <summary>The layer, from 0.</summary>
    public int Layer { get; } = layer;

    /// <summary>The input node, from 0.</summary>
    public int Input { get; } = input;

    /// <summary>The output node, from 0.</summary>
    public int Output { get; } = output;

    /// <summary>k strictly increasing numbers; none when silent.</summary>
    public double[] Breakpoints { get; set; } = [];

    /// <summary>k + 1 slopes, left to right.</summary>
    public double[] Slopes { get; set; } = [];

    /// <summary>The value of the edge at 0; 0 when silent.</summary>
    public double ValueAtZero { get; set; }
}
