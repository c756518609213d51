using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Kan.Analysis;

/// <summary>Polygons in pixels and the color of each, with a legend.</summary>
internal sealed record RegionFill(IReadOnlyList<(string Color, IReadOnlyList<(double X, double Y)> Polygon)> Areas,
    IReadOnlyList<(string Color, string Text)> Legend)
{
    public static RegionFill Of(LinearRegions regions, RegionPictureOptions options) => options.Colors switch
    {
        RegionColors.Map => ByMap(regions),
        RegionColors.Decision => ByDecision(regions, options),
        RegionColors.Value => ByValue(regions, options),
        _ => throw new ArgumentOutOfRangeException(nameof(options), $"The coloring {options.Colors} is not defined."),
    };

    /// <summary>Each map takes the first color that none of its neighbors has, or else the one that they have least.</summary>
    private static RegionFill ByMap(LinearRegions regions)
    {
        var neighbours = new HashSet<int>[regions.Counts.Maps];
        for (int i = 0; i < neighbours.Length; i++) neighbours[i] = [];
        foreach (var side in regions.Sides)
        {
            if (side.Left is not { } left || side.Right is not { } right) continue;
            int a = regions.Cells[left].MapIndex, b = regions.Cells[right].MapIndex;
            if (a == b) continue;
            neighbours[a].Add(b);
            neighbours[b].Add(a);
        }

        int[] colors = new int[neighbours.Length];
        Array.Fill(colors, -1);
        for (int map = 0; map < colors.Length; map++)
        {
            int[] uses = new int[Palette.Fills.Length];
            foreach (int other in neighbours[map].Where(other => colors[other] >= 0)) uses[colors[other]]++;

            // Starting at a different color each time spreads the palette where there is a choice.
            colors[map] = Enumerable.Range(0, uses.Length).Select(i => (i + map) % uses.Length).MinBy(color => uses[color]);
        }

        return new RegionFill([.. regions.Cells.Select(cell => (Palette.Fills[colors[cell.MapIndex]], Corners(cell)))], []);
    }

    private static RegionFill ByValue(LinearRegions regions, RegionPictureOptions options)
    {
        double[] values =
            [.. regions.Cells.Select(cell => cell.Map.Evaluate(cell.Polygon.Center.X, cell.Polygon.Center.Y)[options.Output].ToDouble())];
        double low = values.Min(), high = values.Max();
        var areas = regions.Cells.Select((cell, i) => (Shade(high > low ? (values[i] - low) / (high - low) : 0.5), Corners(cell)));
        return new RegionFill([.. areas], [(Shade(0), Text(low)), (Shade(0.5), Text((low + high) / 2)), (Shade(1), Text(high))]);

        static string Text(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
    }

    /// <summary>Each cell, cut where another output becomes the largest.</summary>
    private static RegionFill ByDecision(LinearRegions regions, RegionPictureOptions options)
    {
        var areas = new List<(string, IReadOnlyList<(double X, double Y)>)>();
        var winners = new SortedSet<int>();
        foreach (var cell in regions.Cells)
        {
            for (int q = 0; q < cell.Map.OutputCount; q++)
            {
                var polygon = Corners(cell);
                for (int other = 0; other < cell.Map.OutputCount && polygon.Count > 0; other++)
                {
                    if (other == q) continue;
                    double a = (cell.Map[q, 0] - cell.Map[other, 0]).ToDouble(), b = (cell.Map[q, 1] - cell.Map[other, 1]).ToDouble();
                    double c = (cell.Map.Constants[q] - cell.Map.Constants[other]).ToDouble();
                    polygon = Clip(polygon, point => (a * point.X) + (b * point.Y) + c);
                }

                if (polygon.Count < 3) continue;
                areas.Add((Palette.Classes[q % Palette.Classes.Length], polygon));
                winners.Add(q);
            }
        }

        var legend =
            winners.Select(q => (Palette.Classes[q % Palette.Classes.Length],
            q < options.OutputNames.Length ? options.OutputNames[q] : "output " + q.ToString(CultureInfo.InvariantCulture)));
        return new RegionFill(areas, [.. legend]);
    }

    private static IReadOnlyList<(double X, double Y)> Corners(Cell cell) =>
        [.. cell.Polygon.Vertices.Select(static vertex => (vertex.X.ToDouble(), vertex.Y.ToDouble()))];

    /// <summary>The part of a polygon where a value is at least 0.</summary>
    private static List<(double X, double Y)> Clip(IReadOnlyList<(double X, double Y)> polygon, Func<(double X, double Y), double> value)
    {
        var kept = new List<(double X, double Y)>(polygon.Count + 1);
        for (int i = 0; i < polygon.Count; i++)
        {
            var (from, to) = (polygon[i], polygon[(i + 1) % polygon.Count]);
            double start = value(from), end = value(to);
            if (start >= 0) kept.Add(from);
            if (start < 0 == end < 0) continue;
            double way = start / (start - end);
            kept.Add((from.X + (way * (to.X - from.X)), from.Y + (way * (to.Y - from.Y))));
        }

        return kept;
    }

    // Dark blue over gray to light yellow: lightness rises evenly, and blue and yellow stay apart in every kind of color vision.
    internal static string Shade(double level)
    {
        ReadOnlySpan<(int R, int G, int B)> stops = [(64, 91, 143), (124, 141, 168), (176, 178, 170), (220, 206, 137), (255, 236, 128)];
        double place = level * (stops.Length - 1);
        int first = Math.Clamp((int)place, 0, stops.Length - 2);
        var (from, to, way) = (stops[first], stops[first + 1], place - first);
        return string.Create(CultureInfo.InvariantCulture, $"#{Mix(from.R, to.R):x2}{Mix(from.G, to.G):x2}{Mix(from.B, to.B):x2}");

        int Mix(int a, int b) => (int)Math.Round(a + (way * (b - a)));
    }
}
