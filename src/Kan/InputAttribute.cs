using System;

namespace Kan;

/// <summary>
/// Names one input of a network, and declares its range. With a name for every input the build adds a record struct <c>Features</c>, whose
/// fields have these names. On a type with <see cref="KanModelAttribute"/>, the attribute overrides what the model file says of the input.
/// </summary>
/// <param name="index">The zero-based index of the input.</param>
/// <param name="name">The name, such as <c>"age"</c>, different for each input.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true)]
public sealed class InputAttribute(int index, string name) : Attribute
{
    /// <summary>The zero-based index of the input.</summary>
    public int Index { get; } = index;

    /// <summary>The name of the input.</summary>
    public string Name { get; } = name;

    /// <summary>
    /// The lower end of the range, together with <see cref="High"/>. Certified bounds hold within the ranges. Default: no range.
    /// </summary>
    public double Low { get; set; } = double.NegativeInfinity;

    /// <summary>The upper end of the range, which belongs to it. Default: no range.</summary>
    public double High { get; set; } = double.PositiveInfinity;
}
