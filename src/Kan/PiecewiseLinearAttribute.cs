using System;

namespace Kan;

/// <summary>
/// Declares one continuous piecewise-linear curve on a <c>static partial</c> method from <c>double</c> to <c>double</c> or from
/// <c>float</c> to <c>float</c>. The build generates the method's body.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PiecewiseLinearAttribute : Attribute
{
    /// <summary>The x-values at which the slope changes: k strictly increasing numbers. Default: none.</summary>
    public double[] Breakpoints { get; set; } = [];

    /// <summary>The k + 1 slopes between the breakpoints, from left to right.</summary>
    public double[] Slopes { get; set; } = [];

    /// <summary>The curve's value at x = 0. Default: 0.</summary>
    public double ValueAtZero { get; set; }

    /// <summary>
    /// The name of a static method in the same type whose code is compiled into the curve, instead of numbers:
    /// <c>[PiecewiseLinear(Function = nameof(Ramp))]</c>. The method takes and returns the number type of the partial method.
    /// </summary>
    public string? Function { get; set; }
}
