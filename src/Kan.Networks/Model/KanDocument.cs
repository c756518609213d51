using System.Collections.Immutable;
using System.Threading;

namespace Kan.Networks;

/// <summary>What a <c>.kan.json</c> file holds: a network as it was declared, and what is known about it.</summary>
public sealed record KanDocument
{
    /// <summary>The name people use for the model.</summary>
    public required string Name { get; init; }

    /// <summary>The file the model was converted from, if any.</summary>
    public string? SourceFile { get; init; }

    /// <summary>Lower-case hexadecimal SHA-256 of that file, if any.</summary>
    public string? SourceHash { get; init; }

    /// <summary>What the conversion left out, assumed, rounded or approximated, one sentence each.</summary>
    public ImmutableArray<string> SourceNotes { get; init; } = [];

    /// <summary>One name for each input, or empty.</summary>
    public ImmutableArray<string> InputNames { get; init; } = [];

    /// <summary>One unit for each input, or empty.</summary>
    public ImmutableArray<string> InputUnits { get; init; } = [];

    /// <summary>The range of the inputs: one for each input, one for all, or empty. Certificates hold inside.</summary>
    public ImmutableArray<InputRange> InputRanges { get; init; } = [];

    /// <summary>One name for each output, or empty.</summary>
    public ImmutableArray<string> OutputNames { get; init; } = [];

    /// <summary>The layers as declared.</summary>
    public required ImmutableArray<LayerDescription> Layers { get; init; }

    /// <summary>The network these layers describe.</summary>
    public KanNetwork ToNetwork() => Expand(CancellationToken.None);

    /// <summary>The network these layers describe; large ones take a second.</summary>
    /// <param name="cancellation">Observed between edges.</param>
    public KanNetwork Expand(CancellationToken cancellation) => new(ImmutableArray.CreateRange(Layers, layer => layer.Expand(cancellation)));
}

/// <summary>The closed interval of an input.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end, at least <paramref name="Low"/>.</param>
public readonly record struct InputRange(Rational Low, Rational High);
