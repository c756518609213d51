using System.Collections.Immutable;

namespace Kan.Analysis;

/// <summary>A cell of the input space of a network: a convex polytope on which every node stays on one segment of its edges.</summary>
/// <param name="Segments">For each layer the segment of each of its input nodes.</param>
/// <param name="Map">The map that the network computes there.</param>
/// <param name="FacetCount">The number of its facets, including those on the border of the box.</param>
public sealed record EnumeratedCell(ImmutableArray<ImmutableArray<int>> Segments, AffineMap Map, int FacetCount);
