using System;
using System.ComponentModel;

namespace Kan.Panels;

/// <summary>What the build's prover reads from a compiled assembly: the contracts of a network, written by the compiler.</summary>
/// <param name="text">A JSON document.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class ContractDataAttribute(string text) : Attribute
{
    /// <summary>A JSON document.</summary>
    public string Text { get; } = text;
}
