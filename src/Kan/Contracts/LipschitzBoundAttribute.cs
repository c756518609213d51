using System;

namespace Kan.Contracts;

/// <summary>
/// Promises how fast outputs may change within the declared ranges: by at most a number times the change of one input or, where none is
/// named, of the input that changes most. The build proves it of the exact network, from which computed outputs differ by at most the
/// certified error, or fails with inputs that break it.
/// </summary>
/// <param name="bound">The largest |change of the output| over |change of the input|, not negative.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true)]
public sealed class LipschitzBoundAttribute(double bound) : Attribute
{
    /// <summary>The largest |change of the output| over |change of the input|.</summary>
    public double Bound { get; } = bound;

    /// <summary>The name or the zero-based index of the input that changes. Default: all may change.</summary>
    public string? Input { get; set; }

    /// <summary>The name or the zero-based index of the output. Default: every output.</summary>
    public string? Output { get; set; }

    /// <summary>
    /// Where it holds, within the declared ranges: <c>"age:18,65 income:0,90000"</c>, or two numbers for all inputs. Default: the declared
    /// ranges.
    /// </summary>
    public string? Box { get; set; }
}
