using System;

namespace Kan;

/// <summary>
/// Names one output of a network. With a name for every input and for every one of several outputs the build adds a record struct
/// <c>Result</c>, whose fields have the names of the outputs. On a type with <see cref="KanModelAttribute"/>, the attribute overrides what
/// the model file says of the output.
/// </summary>
/// <param name="index">The zero-based index of the output.</param>
/// <param name="name">The name, such as <c>"risk"</c>, different for each output.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true)]
public sealed class OutputAttribute(int index, string name) : Attribute
{
    /// <summary>The zero-based index of the output.</summary>
    public int Index { get; } = index;

    /// <summary>The name of the output.</summary>
    public string Name { get; } = name;
}
