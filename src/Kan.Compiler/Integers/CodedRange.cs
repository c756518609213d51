using System;

namespace Kan.Compiler.Integers;

/// <summary>The range that the codes of some nodes are for.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
internal readonly record struct CodedRange(double Low, double High)
{
    /// <summary>The range of their ReLUs.</summary>
    public CodedRange Relu => new(0, Math.Max(High, 0));

    /// <summary>The range with some number below 0, so that the lowest code says that a number may be beyond it.</summary>
    public CodedRange BelowZero(bool isWide = false) =>
        new(Math.Min(Low, -Math.Max(High, 1e-20) / (isWide ? CodeRange.HighestWide : CodeRange.Highest)), High);
}
