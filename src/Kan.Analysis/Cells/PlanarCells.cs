using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;

namespace Kan.Analysis;

/// <summary>The cells of a network of two inputs, from the subdivision of the plane.</summary>
internal static class PlanarCells
{
    /// <summary>The cells, or null if there are more than the limit.</summary>
    public static CellEnumeration? Of(KanNetwork network, IReadOnlyList<InputRange> box, int cellLimit, CancellationToken cancellation)
    {
        var domain = ConvexPolygon.Box(box[0].Low, box[0].High, box[1].Low, box[1].High);
        var regions = LinearRegions.Of(network, domain, cellLimit, cancellation);
        if (!regions.IsComplete) return null;
        var sides = new int[regions.Cells.Length];
        int interior = 0;
        foreach (var side in regions.Sides)
        {
            if (side.Left is { } left) sides[left]++;
            if (side.Right is { } right) sides[right]++;
            if (side.Left is not null && side.Right is not null) interior++;
        }

        return new CellEnumeration([.. regions.Cells.Select((cell, i) => new EnumeratedCell(cell.Segments, cell.Map, sides[i]))], interior,
            null);
    }
}
