using System;

namespace Kan;

/// <summary>
/// Declares one continuous piecewise-linear curve on a <c>static partial</c> method from <c>double</c> to <c>double</c> or from
/// <c>float</c> to <c>float</c>; the build writes its body.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PiecewiseLinearAttribute : Attribute
{
    /// <summary>k strictly increasing numbers; none when silent.</summary>
    public double[] Breakpoints { get; set; } = [];

    /// <summary>k + 1 slopes, left to right.</summary>
    public double[] Slopes { get; set; } = [];

    /// <summary>The value of the curve at 0; 0 when silent.</summary>
    public double ValueAtZero { get; set; }

    /// <summary>
    /// In place of numbers: the name of a static method of the same type, from the same number type to itself, whose code is compiled
    /// into the curve: <c>[PiecewiseLinear(Function = nameof(Ramp))]</c>.
    /// </summary>
    public string? Function { get; set; }
}
