using System.Collections.Generic;
using Fractions;

namespace Kan.Generators.Tests.Functions.Trees;

/// <summary>What a tree is evaluated with, at one point.</summary>
internal sealed class Scope(params Fraction[] arguments)
{
    /// <summary>The parameters.</summary>
    public Fraction[] Arguments { get; } = arguments;

    /// <summary>The local variables.</summary>
    public Dictionary<string, Fraction> Locals { get; } = [];

    /// <summary>Whether a forbidden node was evaluated.</summary>
    public bool MetForbidden { get; set; }

    /// <summary>What was returned.</summary>
    public Fraction? Result { get; set; }
}
