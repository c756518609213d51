using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Xunit;

namespace Kan.Analysis.Tests.Support;

/// <summary>What must hold of every subdivision.</summary>
internal static class Checks
{
    /// <summary>
    /// Areas add up, Euler's formula, neighbours, equal values at corners and centres, one set of segments for each cell.
    /// </summary>
    public static void IsSound(LinearRegions regions, KanNetwork network)
    {
        Assert.True(regions.IsComplete);
        Assert.Equal(regions.Counts.Cells, regions.Cells.Length);
        Assert.Equal(regions.Counts.Edges, regions.Sides.Length);
        Assert.Equal(1, regions.Counts.EulerCharacteristic);
        Assert.Equal(regions.Domain.Area, regions.Cells.Aggregate(Rational.Zero, static (sum, cell) => sum + cell.Polygon.Area));
        Assert.True(regions.Counts.Maps <= regions.Counts.Regions && regions.Counts.Regions <= regions.Counts.Cells);
        Assert.Equal(regions.Counts.Regions, regions.Cells.Select(static cell => cell.Region).Distinct().Count());
        Assert.Equal(regions.Counts.Maps, regions.Cells.Select(static cell => cell.Map).Distinct().Count());
        Assert.Equal(regions.Counts.Vertices, regions.Cells.SelectMany(static cell => cell.Polygon.Vertices).Distinct().Count());

        var values = new Dictionary<PlanePoint, Rational[]>();
        foreach (var cell in regions.Cells)
        {
            // The public constructor checks convexity.
            Assert.True(new ConvexPolygon(cell.Polygon.Vertices).Area.Sign > 0);
            foreach (var point in cell.Polygon.Vertices.Append(cell.Polygon.Center))
            {
                if (!values.TryGetValue(point, out var expected)) values.Add(point, expected = network.Evaluate(regions.InputsAt(point)));
                Assert.Equal(expected, cell.Map.Evaluate(point.X, point.Y));
            }
        }

        Assert.Equal(regions.Cells.Length, SegmentSets(regions).Count);
        foreach (var side in regions.Sides)
        {
            if (side.Left is not { } left || side.Right is not { } right)
            {
                Assert.Equal(-1, side.Layer);
                continue;
            }

            Cell one = regions.Cells[left], other = regions.Cells[right];
            bool equal = one.Map.Equals(other.Map);
            Assert.Equal(equal, one.MapIndex == other.MapIndex);
            Assert.Equal(equal, one.Region == other.Region);
        }
    }

    public static HashSet<string> SegmentSets(LinearRegions regions) => [.. regions.Cells.Select(static cell => Text(cell.Segments))];

    public static string Text(ImmutableArray<ImmutableArray<int>> segments) =>
        string.Join(";", segments.Select(static layer => string.Join(",", layer)));
}
