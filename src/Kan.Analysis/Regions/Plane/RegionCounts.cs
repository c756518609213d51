namespace Kan.Analysis;

/// <summary>The number of parts of a domain, by three notions of "linear region", each at least as large as the next.</summary>
/// <param name="Cells">Sets on which every node stays on one segment: the faces of the subdivision.</param>
/// <param name="Regions">Cells with equal maps merged across common sides: the linear regions proper.</param>
/// <param name="Maps">Different affine maps, wherever they occur.</param>
/// <param name="Vertices">Corners of the subdivision.</param>
/// <param name="Edges">Sides of the subdivision.</param>
/// <param name="InteriorEdges">Sides between two cells; the others are on the border of the domain.</param>
public readonly record struct RegionCounts(int Cells, int Regions, int Maps, int Vertices, int Edges, int InteriorEdges)
{
    /// <summary>V - E + F, which is 1 for every subdivision of a convex domain.</summary>
    public int EulerCharacteristic => Vertices - Edges + Cells;
}
