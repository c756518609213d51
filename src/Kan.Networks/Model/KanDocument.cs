using System.Collections.Immutable;
using System.Linq;
using System.Threading;

namespace Kan.Networks;

/// <summary>The content of a <c>.kan.json</c> file: a network as declared, and what is known about it.</summary>
public sealed record KanDocument
{
    /// <summary>The display name of the model.</summary>
    public required string Name { get; init; }

    /// <summary>The file from which the model was converted, if any.</summary>
    public string? SourceFile { get; init; }

    /// <summary>The lowercase hexadecimal SHA-256 of that file, if any.</summary>
    public string? SourceHash { get; init; }

    /// <summary>What the conversion left out, assumed, rounded or approximated, one sentence each.</summary>
    public ImmutableArray<string> SourceNotes { get; init; } = [];

    /// <summary>One name for each input, or empty.</summary>
    public ImmutableArray<string> InputNames { get; init; } = [];

    /// <summary>One unit for each input, or empty.</summary>
    public ImmutableArray<string> InputUnits { get; init; } = [];

    /// <summary>The range of the inputs: one for each input, one for all, or empty. Certificates hold inside.</summary>
    public ImmutableArray<InputRange> InputRanges { get; init; } = [];

    /// <summary>
    /// For integers: the range that samples gave to the values behind each layer but the last of the simplified network, or empty for the
    /// certified ranges, which are wider.
    /// </summary>
    public ImmutableArray<InputRange> HiddenRanges { get; init; } = [];

    /// <summary>
    /// For integers: what outputs should be off the exact ones at most. Codes have 16 bits where codes of 8 are not certified to keep it,
    /// and 16 are certified to be nearer. Null for codes of 8 bits.
    /// </summary>
    public double? IntegerTolerance { get; init; }

    /// <summary>
    /// The codes of a network that was quantised before it came here: its integers are those of the file. Null for any other.
    /// </summary>
    public QuantizedCodes? Codes { get; init; }

    /// <summary>One name for each output, or empty.</summary>
    public ImmutableArray<string> OutputNames { get; init; } = [];

    /// <summary>The classes of a classifier, one label for each output, or empty.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary>What the model applies to its outputs, a step behind the network and not part of it.</summary>
    public NetworkHead Head { get; init; }

    /// <summary>The layers as declared.</summary>
    public required ImmutableArray<LayerDescription> Layers { get; init; }

    /// <summary>The network these layers describe.</summary>
    public KanNetwork ToNetwork() => Expand(CancellationToken.None);

    /// <summary>Builds the network that these layers describe. Large networks take a second.</summary>
    /// <param name="cancellation">Cancels the operation; observed between edges.</param>
    public KanNetwork Expand(CancellationToken cancellation) => new(Layers.SelectMany(layer => layer.ExpandAll(cancellation)));

    /// <summary>The network as it is compiled: layers over images keep their descriptions, and have no edges.</summary>
    internal KanNetwork Compact(CancellationToken cancellation) => new(Layers.Select(layer => layer.Compact(cancellation)));
}

/// <summary>The closed interval of an input.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end, at least <paramref name="Low"/>.</param>
public readonly record struct InputRange(Rational Low, Rational High);
