using System;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Kan.CodeFixes.Plans;

/// <summary>A change of one node; it is given the node with the changes inside of it made already.</summary>
internal readonly record struct NodeEdit(SyntaxNode Node, Func<SyntaxNode, SyntaxNode> Rewrite)
{
    /// <summary>Takes a node away.</summary>
    public static NodeEdit Remove(SyntaxNode node) => new(node, Removal.Mark);
}

/// <summary>One way of fixing one diagnostic, found to be possible.</summary>
/// <param name="Title">What it does, for people.</param>
/// <param name="Key">What it does, for applying the same to other places.</param>
/// <param name="Document">Where the changes are.</param>
/// <param name="Subject">What is fixed: of several plans with one subject, only one is applied.</param>
/// <param name="Edits">The changes.</param>
internal sealed record FixPlan(string Title, string Key, Document Document, SyntaxNode Subject, ImmutableArray<NodeEdit> Edits)
{
    /// <summary>The heading under which choices are grouped; null for none.</summary>
    public string? Group { get; init; }
}
