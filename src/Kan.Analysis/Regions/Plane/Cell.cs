using System.Collections.Immutable;

namespace Kan.Analysis;

/// <summary>
/// One cell of the plane: the convex polygon on which every node of the network stays on one segment of its edges, and on which the
/// network therefore is one affine map.
/// </summary>
/// <param name="Polygon">The corners, exact and counterclockwise. Neighbouring cells share corners and whole sides.</param>
/// <param name="Segments">
/// For each layer the segment of each of its input nodes: the number of breakpoints (of all edges that leave the node) at or below the
/// node's value. Each cell has its own.
/// </param>
/// <param name="Map">The map that the network computes there, in the coordinates of the plane.</param>
/// <param name="Region">The index of the linear region it belongs to: cells that share a side and have equal maps are one region.</param>
/// <param name="MapIndex">The index of its map among the different ones.</param>
public sealed record Cell(ConvexPolygon Polygon, ImmutableArray<ImmutableArray<int>> Segments, AffineMap Map, int Region, int MapIndex);
