using System;
using Microsoft.CodeAnalysis;

namespace Kan.Generators.Symbolic.Evaluation;

/// <summary>Code nests too deep to be bound.</summary>
/// <param name="node">The code that is nested too deeply, or the code as a whole.</param>
/// <param name="limit">What it needs more than.</param>
internal sealed class NestingException(SyntaxNode node, string limit) : Exception
{
    /// <summary>The code that is nested too deeply, or the code as a whole.</summary>
    public SyntaxNode Node { get; } = node;

    /// <summary>What it needs more than.</summary>
    public string Limit { get; } = limit;
}
