namespace Kan.Analysis;

/// <summary>A side that two cells share, or that a cell has on the border of the domain.</summary>
/// <param name="From">One end.</param>
/// <param name="To">The other end.</param>
/// <param name="Left">The cell left of the way between them, or null on the border.</param>
/// <param name="Right">The cell right of the way between them, or null on the border.</param>
/// <param name="Layer">The layer whose breakpoint makes it, from 0; -1 on the border.</param>
public sealed record Side(PlanePoint From, PlanePoint To, int? Left, int? Right, int Layer);
