using System;
using System.Collections.Immutable;
using System.Threading;
using Kan.Generators.Parsing;
using Microsoft.CodeAnalysis;

namespace Kan.Generators.Diagnostics;

/// <summary>A mistake in a declaration. The analyzer reports it; the generator only learns that there is one.</summary>
internal sealed record Problem(DiagnosticDescriptor Descriptor, Place Place, params object[] Arguments)
{
    private const int LongestArgument = 1_000;

    /// <summary>What code fixes need to know; see <see cref="Diagnostics.DiagnosticProperties"/>.</summary>
    public ImmutableDictionary<string, string?> Properties { get; init; } = ImmutableDictionary<string, string?>.Empty;

    /// <summary>The diagnostic to report.</summary>
    public Diagnostic ToDiagnostic(CancellationToken cancellation) =>
        Diagnostic.Create(Descriptor, Place.Locate(cancellation), Properties, Array.ConvertAll(Arguments, Shown));

    // Names of files, of nodes and of items may hold anything, and be of any length.
    private static object Shown(object argument) =>
        argument is string text ? MessageText.Escape(MessageText.Cut(text, LongestArgument)) : argument;
}

/// <summary>What a declaration asks for, and its mistakes.</summary>
/// <param name="Spec">What to generate, a stub where there are mistakes, or null for nothing.</param>
/// <param name="Problems">The mistakes, in the order of the source.</param>
internal sealed record Parsed<TSpec>(TSpec? Spec, ImmutableArray<Problem> Problems)
    where TSpec : class;
