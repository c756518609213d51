using System;

namespace Kan.Contracts;

/// <summary>
/// Promises that outputs stay in a closed interval for all inputs in the declared ranges. The build proves it, or fails with inputs that
/// break it.
/// </summary>
/// <param name="low">The lower end.</param>
/// <param name="high">The upper end.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true)]
public sealed class OutputRangeAttribute(double low, double high) : Attribute
{
    /// <summary>The lower end of the interval.</summary>
    public double Low { get; } = low;

    /// <summary>The upper end of the interval.</summary>
    public double High { get; } = high;

    /// <summary>The name or the zero-based index of the output. Default: every output.</summary>
    public string? Output { get; set; }

    /// <summary>
    /// Where it holds, within the declared ranges: <c>"age:18,65 income:0,90000"</c>, or two numbers for all inputs. Default: the declared
    /// ranges.
    /// </summary>
    public string? Box { get; set; }
}
