using System;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Interchange;

/// <summary>What an import did, beyond what the layers show.</summary>
public sealed record ImportReport
{
    /// <summary>
    /// What was left out, assumed, rounded or approximated, one sentence each. Also in the document, as
    /// <see cref="KanDocument.SourceNotes"/>.
    /// </summary>
    public required ImmutableArray<string> Notes { get; init; }

    /// <summary>
    /// A bound of |network - model| for every output, the model in exact arithmetic, on <see cref="Domain"/>; 0 where the network is the
    /// model everywhere.
    /// </summary>
    public double CertifiedError { get; init; }

    /// <summary>
    /// The largest |network - model| found at some hundreds of points of <see cref="Domain"/>, both in double: how far
    /// <see cref="CertifiedError"/> may be above what happens. It proves nothing. 0 where the network is the model.
    /// </summary>
    public double SampledError { get; init; }

    /// <summary>The box on which <see cref="CertifiedError"/> holds, one range for each input; empty if it holds everywhere.</summary>
    public ImmutableArray<InputRange> Domain { get; init; } = [];

    /// <summary>The widths of the network: inputs, then the outputs of each layer.</summary>
    public required ImmutableArray<int> Widths { get; init; }

    /// <summary>The number of edges that are not zero everywhere.</summary>
    public required int EdgeCount { get; init; }

    /// <summary>The number of linear pieces of all edges together.</summary>
    public required long SegmentCount { get; init; }

    /// <summary>Counts a network.</summary>
    internal static ImportReport Of(KanNetwork network, ImmutableArray<string> notes) => new()
    {
        Notes = notes,
        Widths = network.Widths,
        EdgeCount = (int)Math.Min(int.MaxValue, network.Layers.Sum(static layer => layer.Window?.EdgeCount ?? layer.Edges.Length)),
        SegmentCount = network.Layers.Sum(static layer => layer.Window?.EdgeCount
            ?? layer.Edges.Sum(static edge => (long)edge.Function.Slopes.Length)),
    };
}

/// <summary>An imported model.</summary>
/// <param name="Document">The network and its origin.</param>
/// <param name="Report">The report of the import.</param>
public sealed record ImportResult(KanDocument Document, ImportReport Report);
