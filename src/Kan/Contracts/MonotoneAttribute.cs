using System;

namespace Kan.Contracts;

/// <summary>
/// Promises that outputs go one way when an input increases and the others stay, for all inputs in the declared ranges. The build proves it
/// of the exact network, from which computed outputs differ by at most the certified error, or fails with inputs that break it.
/// </summary>
/// <param name="input">The name or the zero-based index of the input.</param>
/// <param name="direction">Which way.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true)]
public sealed class MonotoneAttribute(string input, Direction direction) : Attribute
{
    /// <summary>The name or the zero-based index of the input.</summary>
    public string Input { get; } = input;

    /// <summary>Which way the outputs go.</summary>
    public Direction Direction { get; } = direction;

    /// <summary>The name or the zero-based index of the output. Default: every output.</summary>
    public string? Output { get; set; }

    /// <summary>
    /// Where it holds, within the declared ranges: <c>"age:18,65 income:0,90000"</c>, or two numbers for all inputs. Default: the declared
    /// ranges.
    /// </summary>
    public string? Box { get; set; }
}
