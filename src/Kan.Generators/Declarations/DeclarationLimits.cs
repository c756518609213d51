using Kan.Generators.Parsing;

namespace Kan.Generators.Declarations;

/// <summary>
/// The limits of a network declared in attributes, checked before any work: a declaration is read on each keystroke. Larger networks need
/// model files.
/// </summary>
internal static class DeclarationLimits
{
    /// <summary>Breakpoints of one attribute.</summary>
    public const int Breakpoints = 1 << 14;

    /// <summary>Edges of one network.</summary>
    public const int Edges = 1 << 16;

    /// <summary>Layers of one network.</summary>
    public const int Layers = 1 << 10;

    /// <summary>Nodes of one network, inputs and outputs included.</summary>
    public const int Nodes = 1 << 20;

    /// <summary>Mistakes of one kind in one list: the rest shows when these are corrected.</summary>
    public const int Mistakes = 16;
}
