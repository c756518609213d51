using System.Collections.Immutable;
using Kan.Compiler.Emit;

namespace Kan.Compiler;

/// <summary>What the compiler is asked to produce.</summary>
public sealed record CompilerOptions
{
    /// <summary>The type to add members to.</summary>
    public required TargetType Target { get; init; }

    /// <summary>The number type of the generated code.</summary>
    public Precision Precision { get; init; }

    /// <summary>The form of the layers that bend.</summary>
    public Lowering Lowering { get; init; }

    /// <summary>Whether the project allows unsafe code; scratch memory then needs no clearing.</summary>
    public bool AllowUnsafe { get; init; }

    /// <summary>Whether <c>EvaluateWithBound</c> is wanted; a network that has no bound for a sample goes without.</summary>
    public bool EvaluateWithBound { get; init; }

    /// <summary>What the network must do, one sentence each.</summary>
    public ImmutableArray<string> Contracts { get; init; } = [];
}
