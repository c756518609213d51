using System.Collections.Generic;
using System.Collections.Immutable;

namespace Kan.Interchange;

/// <summary>What the reader of one format gives.</summary>
internal sealed record ImportedModel(IReadOnlyList<LayerDescription> Layers)
{
    /// <summary>The name of the model, where it is not that of the file.</summary>
    public string? Name { get; init; }

    public ImmutableArray<string> Notes { get; init; } = [];

    public ImmutableArray<string> InputNames { get; init; } = [];

    public ImmutableArray<string> OutputNames { get; init; } = [];

    /// <summary>What the model applies to the outputs, if it is kept.</summary>
    public NetworkHead Head { get; init; }

    /// <summary>A bound of the error on <see cref="Domain"/>; 0 where the network is the model.</summary>
    public double CertifiedError { get; init; }

    /// <summary>The largest error found at samples of <see cref="Domain"/>; 0 where the network is the model.</summary>
    public double SampledError { get; init; }

    /// <summary>The codes of an integer network; null for any other.</summary>
    public QuantizedCodes? Codes { get; init; }

    public ImmutableArray<InputRange> Domain { get; init; } = [];
}
