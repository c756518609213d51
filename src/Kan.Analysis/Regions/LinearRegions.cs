using System;
using System.Collections.Immutable;
using System.Threading;

namespace Kan.Analysis;

/// <summary>
/// The exact picture of a network in the plane: all cells over a convex domain, for a network of two inputs or for a plane through the
/// inputs of a larger one. All numbers are rational; nothing is rounded.
/// </summary>
/// <remarks>
/// The number of cells grows quickly with the network (arXiv 2503.01702, Theorem 4, bounds it), so a limit always applies. A search that
/// reaches it says so in <see cref="Limit"/> and has no cells.
/// </remarks>
public sealed class LinearRegions
{
    /// <summary>The limit of cells where none is given.</summary>
    public const int DefaultCellLimit = 100_000;

    internal LinearRegions(ConvexPolygon domain, Slice? slice, ImmutableArray<Cell> cells, ImmutableArray<Side> sides, RegionCounts counts,
        RegionLimit? limit)
    {
        Domain = domain;
        Slice = slice;
        Cells = cells;
        Sides = sides;
        Counts = counts;
        Limit = limit;
    }

    /// <summary>The part of the plane that was examined.</summary>
    public ConvexPolygon Domain { get; }

    /// <summary>The plane, or null if the two inputs of the network are the coordinates.</summary>
    public Slice? Slice { get; }

    /// <summary>The cells; they cover the domain and overlap in sides only. Empty if the search is incomplete.</summary>
    public ImmutableArray<Cell> Cells { get; }

    /// <summary>The sides of the cells, each once. Empty if the search is incomplete.</summary>
    public ImmutableArray<Side> Sides { get; }

    /// <summary>The counts. If the search is incomplete, Cells is a lower bound and the others are 0.</summary>
    public RegionCounts Counts { get; }

    /// <summary>The limit at which the search stopped; null if it is complete.</summary>
    public RegionLimit? Limit { get; }

    /// <summary>Whether all cells were found.</summary>
    public bool IsComplete => Limit is null;

    /// <summary>The cells of a network of two inputs.</summary>
    /// <param name="network">Any network of two inputs.</param>
    /// <param name="domain">The part of the plane to examine.</param>
    /// <param name="cellLimit">The maximum number of cells to keep, at least 1.</param>
    /// <param name="cancellation">Cancels the search.</param>
    /// <exception cref="ArgumentException">The network does not have two inputs, or the limit is below 1.</exception>
    /// <exception cref="OperationCanceledException">The search was stopped.</exception>
    public static LinearRegions Of(KanNetwork network, ConvexPolygon domain, int cellLimit = DefaultCellLimit,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        RequireTwoInputs(network.InputCount);
        return Subdivide(network, IntegerMap.Identity(2), domain, null, cellLimit, cancellation);
    }

    /// <summary>The cells of a network in a plane through its inputs; their maps are in the coordinates of the plane.</summary>
    /// <param name="network">Any network.</param>
    /// <param name="slice">A plane through its inputs.</param>
    /// <param name="domain">The part of the plane to examine.</param>
    /// <param name="cellLimit">The maximum number of cells to keep, at least 1.</param>
    /// <param name="cancellation">Cancels the search.</param>
    /// <exception cref="ArgumentException">The slice is not one of this network's inputs, or the limit is below 1.</exception>
    /// <exception cref="OperationCanceledException">The search was stopped.</exception>
    public static LinearRegions Of(KanNetwork network, Slice slice, ConvexPolygon domain, int cellLimit = DefaultCellLimit,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(slice);
        if (slice.InputCount != network.InputCount)
            throw new ArgumentException($"The slice has {slice.InputCount} inputs, but the network has {network.InputCount}.",
                nameof(slice));
        return Subdivide(network, IntegerMap.Along(slice.Origin, slice.First, slice.Second), domain, slice, cellLimit, cancellation);
    }

    /// <summary>The cells of a ReLU network of two inputs: one for each pattern of active units that has an interior.</summary>
    /// <inheritdoc cref="Of(KanNetwork, ConvexPolygon, int, CancellationToken)"/>
    public static LinearRegions Of(ReluNetwork network, ConvexPolygon domain, int cellLimit = DefaultCellLimit,
        CancellationToken cancellation = default) =>
        Of(Patterns(network), domain, cellLimit, cancellation);

    /// <summary>
    /// The cells of a ReLU network in a plane through its inputs: one for each pattern of active units that has an interior.
    /// </summary>
    /// <inheritdoc cref="Of(KanNetwork, Slice, ConvexPolygon, int, CancellationToken)"/>
    public static LinearRegions Of(ReluNetwork network, Slice slice, ConvexPolygon domain, int cellLimit = DefaultCellLimit,
        CancellationToken cancellation = default) =>
        Of(Patterns(network), slice, domain, cellLimit, cancellation);

    /// <summary>The inputs of the network at a point of the plane.</summary>
    public ImmutableArray<Rational> InputsAt(PlanePoint point) => Slice?.At(point) ?? [point.X, point.Y];

    /// <summary>
    /// The cell that holds a point; the first of them where it is on a side, null outside the domain or where the search is incomplete.
    /// </summary>
    public Cell? CellAt(PlanePoint point)
    {
        foreach (var cell in Cells)
        {
            if (cell.Polygon.Contains(point)) return cell;
        }

        return null;
    }

    // Each unit becomes a separate node, so that a unit whose weights are all zero divides cells too.
    private static KanNetwork Patterns(ReluNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return network.ToKan(ReluEmbedding.Separate);
    }

    private static LinearRegions Subdivide(KanNetwork network, IntegerMap inputs, ConvexPolygon domain, Slice? slice, int cellLimit,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentOutOfRangeException.ThrowIfLessThan(cellLimit, 1);
        var subdivision = new Subdivision(inputs, domain, cellLimit, cancellation);
        var steps = new LayerSteps(network);
        var limit = subdivision.Run(steps);
        if (limit is not null) return new LinearRegions(domain, slice, [], [], new RegionCounts(limit.Cells, 0, 0, 0, 0, 0), limit);
        var result = new SubdivisionResult(subdivision, steps);
        return new LinearRegions(domain, slice, result.Cells, result.Sides, result.Counts, null);
    }

    private static void RequireTwoInputs(int inputs)
    {
        if (inputs != 2)
            throw new ArgumentException($"The network has {inputs} inputs, not 2; specify a slice: a plane in its input space.",
                nameof(inputs));
    }
}
