using System;

namespace Kan.Contracts;

/// <summary>
/// Promises that what a VNN-LIB file describes, inputs and outputs that must not occur, never occurs. The build proves it of computed
/// outputs, or fails with inputs that break it.
/// </summary>
/// <param name="file">The path of the file, relative to the project.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true)]
public sealed class SatisfiesAttribute(string file) : Attribute
{
    /// <summary>The path of the file, relative to the project.</summary>
    public string File { get; } = file;
}
