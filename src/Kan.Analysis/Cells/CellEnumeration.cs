using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Threading;

namespace Kan.Analysis;

/// <summary>
/// All cells of a network over a box of inputs, in any number of dimensions. For small networks of a few inputs.
/// </summary>
/// <remarks>
/// From one cell the search goes across its facets to the next; the cells of a continuous piecewise-linear function on a convex set are
/// connected by facets, so none is missed. Linear programs in doubles look for facets, and what they find is checked: a facet by the signs
/// of exact slacks at a point beyond it, that there is none by multipliers that derive it. With two inputs the plane is cut node by node
/// instead (<see cref="LinearRegions"/>), which is faster.
/// </remarks>
public sealed class CellEnumeration
{
    internal CellEnumeration(ImmutableArray<EnumeratedCell> cells, int interiorFacetCount, RegionLimit? limit)
    {
        Cells = cells;
        InteriorFacetCount = interiorFacetCount;
        Limit = limit;
    }

    /// <summary>The cells, in the order in which they were reached; if the search is incomplete, those reached before it stopped.</summary>
    public ImmutableArray<EnumeratedCell> Cells { get; }

    /// <summary>The number of facets that two cells share. Meaningless if the search is incomplete.</summary>
    public int InteriorFacetCount { get; }

    /// <summary>The limit at which the search stopped; null if it is complete.</summary>
    public RegionLimit? Limit { get; }

    /// <summary>Whether all cells were found.</summary>
    public bool IsComplete => Limit is null;

    /// <summary>The cells of a network over a box.</summary>
    /// <param name="network">Any network.</param>
    /// <param name="box">A range with an interior for each input.</param>
    /// <param name="cellLimit">The maximum number of cells to find, at least 1.</param>
    /// <param name="cancellation">Cancels the search.</param>
    /// <exception cref="ArgumentException">A wrong number of ranges, an empty range, or a limit below 1.</exception>
    /// <exception cref="OperationCanceledException">The search was stopped.</exception>
    public static CellEnumeration Of(KanNetwork network, IReadOnlyList<InputRange> box, int cellLimit = LinearRegions.DefaultCellLimit,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(box);
        ArgumentOutOfRangeException.ThrowIfLessThan(cellLimit, 1);
        if (box.Count != network.InputCount)
            throw new ArgumentException($"The network has {network.InputCount} inputs; the box has {box.Count} ranges.", nameof(box));
        for (int i = 0; i < box.Count; i++)
        {
            if (box[i].Low >= box[i].High)
                throw new ArgumentException($"Range {i} of the box, [{box[i].Low}, {box[i].High}], has no interior.", nameof(box));
        }

        return (box.Count == 2 ? PlanarCells.Of(network, box, cellLimit, cancellation) : null)
            ?? AcrossFacets(network, box, cellLimit, cancellation);
    }

    /// <summary>The same in any number of dimensions, two included.</summary>
    internal static CellEnumeration AcrossFacets(KanNetwork network, IReadOnlyList<InputRange> box, int cellLimit,
        CancellationToken cancellation, Action<CellProgram>? report = null)
    {
        var search = new CellSearch(new LayerSteps(network), box);
        var (cells, crossings, limit) = search.Run(cellLimit, cancellation);
        report?.Invoke(search.Program);
        return new CellEnumeration(cells, limit is null ? crossings / 2 : 0, limit);
    }

    /// <summary>The cells of a ReLU network over a box: one for each pattern of active units that has an interior.</summary>
    /// <inheritdoc cref="Of(KanNetwork, IReadOnlyList{InputRange}, int, CancellationToken)"/>
    public static CellEnumeration Of(ReluNetwork network, IReadOnlyList<InputRange> box, int cellLimit = LinearRegions.DefaultCellLimit,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Of(network.ToKan(ReluEmbedding.Separate), box, cellLimit, cancellation);
    }
}
