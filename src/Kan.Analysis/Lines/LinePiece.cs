using System.Collections.Immutable;

namespace Kan.Analysis;

/// <summary>A part of a line segment on which every node of the network stays on one segment of its edges.</summary>
/// <param name="Start">The start of the piece, from 0 to 1.</param>
/// <param name="End">The end of the piece, above <paramref name="Start"/>.</param>
/// <param name="Segments">For each layer the segment of each of its input nodes.</param>
/// <param name="Map">The outputs as affine functions of the way t along the line, 0 at its start and 1 at its end.</param>
public sealed record LinePiece(Rational Start, Rational End, ImmutableArray<ImmutableArray<int>> Segments, AffineMap Map);
