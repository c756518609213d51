using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using static Kan.Analysis.SvgWriter;

namespace Kan.Analysis;

/// <summary>
/// Draws how one output varies with two inputs while the others rest: steps of its value as areas, with the lines between them, cut out of
/// the exact linear regions. The same regions give the same bytes on every machine.
/// </summary>
public static class OutputMap
{
    private const double LegendWidth = 250;

    private const int Steps = 8;

    private const string Style = """
        .step{stroke-width:.7;stroke-linejoin:round}
        .contour{fill:none;stroke:#1b1f24;stroke-width:.9;stroke-opacity:.55;stroke-linecap:round}
        .limit{fill:none;stroke:#d55e00;stroke-width:2.2;stroke-linecap:round}
        .place{fill:#fff;stroke:#d55e00;stroke-width:2}
        """;

    /// <summary>The picture of an output over the plane that regions were searched in.</summary>
    /// <param name="regions">The regions, complete.</param>
    /// <param name="options">The appearance. Default if null.</param>
    /// <returns>An SVG document with LF line ends.</returns>
    /// <exception cref="InvalidOperationException">The regions are incomplete.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The output does not exist, or the size is below 100.</exception>
    public static string ToSvg(LinearRegions regions, OutputPictureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(regions);
        options ??= new OutputPictureOptions();
        if (regions.Limit is { } limit) throw new InvalidOperationException($"The regions cannot be drawn: {limit}.");
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Size, 100, nameof(options));
        if (options.Output < 0 || options.Output >= regions.Cells[0].Map.OutputCount)
            throw new ArgumentOutOfRangeException(nameof(options),
                $"There is no output {options.Output}; the network has {regions.Cells[0].Map.OutputCount}.");

        Area[] areas = [.. regions.Cells.Select(cell => Area.Of(cell, options.Output))];
        double low = areas.Min(static area => area.Corners.Min(static corner => corner.Value)),
            high = areas.Max(static area => area.Corners.Max(static corner => corner.Value));
        double[] levels =
            [.. AxisTicks.Between(low, high, Steps).Select(static tick => tick.Value).Where(level => level > low && level < high)];
        var (x, y) = regions.Domain.Bounds;
        var plot = new PlotFrame((x.Low.ToDouble(), x.High.ToDouble()), (y.Low.ToDouble(), y.High.ToDouble()),
            options.Title.Length > 0 ? 44 : 16, options.Size, options.Size);
        var svg = new SvgWriter(plot.Right + LegendWidth, plot.Bottom + 56,
            options.Title.Length > 0 ? options.Title : $"{options.OutputLabel} over {options.XLabel} and {options.YLabel}", Style);
        if (options.Title.Length > 0) svg.Text(PlotFrame.Left, 26, options.Title, "title");
        DrawSteps(svg, plot, areas, levels);
        foreach (double level in levels) DrawContour(svg, plot, areas, level, "contour");
        var legend = new List<(string Mark, string Text)>();
        DrawLimits(svg, plot, areas, options, legend);
        plot.Draw(svg, options.XLabel, options.YLabel);
        DrawLegend(svg, plot, levels, options, legend);
        return svg.Finish();
    }

    private static string Shade(int step, int count) => RegionFill.Shade(count == 1 ? 0.5 : step / (count - 1.0));

    private static void DrawSteps(SvgWriter svg, PlotFrame plot, Area[] areas, double[] levels)
    {
        // A hair of the same color closes the seams that smoothing leaves between polygons.
        for (int step = 0; step <= levels.Length; step++)
        {
            var path = new StringBuilder();
            foreach (var area in areas)
            {
                IReadOnlyList<Corner> part = area.Corners;
                if (step > 0) part = Clip(part, levels[step - 1], isAbove: true);
                if (step < levels.Length) part = Clip(part, levels[step], isAbove: false);
                if (part.Count > 2) plot.Append(path, part.Select(static corner => (corner.X, corner.Y))).Append('Z');
            }

            string color = Shade(step, levels.Length + 1);
            if (path.Length > 0) svg.Line($"<path class=\"step\" fill=\"{color}\" stroke=\"{color}\" d=\"{path}\"/>");
        }
    }

    /// <summary>Draws where the output has a value; nothing where it has it nowhere.</summary>
    private static void DrawContour(SvgWriter svg, PlotFrame plot, Area[] areas, double level, string style)
    {
        var path = new StringBuilder();
        foreach (var area in areas)
        {
            (double X, double Y)[] ends = [.. Crossings(area.Corners, level).Take(2)];
            if (ends.Length == 2) plot.Append(path, ends);
        }

        if (path.Length > 0) svg.Line($"<path class=\"{style}\" d=\"{path}\"/>");
    }

    /// <summary>Marks the ends of the range that the output must stay in: the lines where it leaves it, or the nearest place.</summary>
    private static void DrawLimits(SvgWriter svg, PlotFrame plot, Area[] areas, OutputPictureOptions options,
        List<(string Mark, string Text)> legend)
    {
        foreach (var (limit, isHigh) in new[] { (options.High, true), (options.Low, false) })
        {
            if (limit is not { } end) continue;
            double level = end.ToDouble();
            DrawContour(svg, plot, areas, level, "limit");
            var corners = areas.SelectMany(static area => area.Corners);
            var nearest = isHigh ? corners.MaxBy(static corner => corner.Value) : corners.MinBy(static corner => corner.Value);
            var (x, y) = plot.At(nearest.X, nearest.Y);
            svg.Line($"<circle class=\"place\" cx=\"{Number(x)}\" cy=\"{Number(y)}\" r=\"5\"/>");
            legend.Add(("place", $"{(isHigh ? "greatest" : "least")}: {PlotFrame.Short(nearest.Value)}, limit {PlotFrame.Short(level)}"));
        }
    }

    private static void DrawLegend(SvgWriter svg, PlotFrame plot, double[] levels, OutputPictureOptions options,
        List<(string Mark, string Text)> legend)
    {
        double x = plot.Right + 24, y = plot.Top + 12;
        svg.Text(x, y, options.OutputLabel);
        y += 20;
        for (int step = levels.Length; step >= 0; step--)
        {
            string from = step == 0 ? "" : PlotFrame.Short(levels[step - 1]),
                to = step == levels.Length ? "" : PlotFrame.Short(levels[step]);
            string text = levels.Length == 0 ? "constant" : from.Length == 0 ? $"below {to}" : to.Length == 0 ? $"above {from}"
                : $"{from} to {to}";
            string color = Shade(step, levels.Length + 1);
            svg.Line($"<rect x=\"{Number(x)}\" y=\"{Number(y - 11)}\" width=\"14\" height=\"14\" rx=\"2\" fill=\"{color}\"/>");
            svg.Text(x + 22, y, text);
            y += 21;
        }

        y += 8;
        foreach (var (mark, text) in legend)
        {
            svg.Line($"<circle class=\"{mark}\" cx=\"{Number(x + 7)}\" cy=\"{Number(y - 4)}\" r=\"5\"/>");
            svg.Text(x + 22, y, text);
            y += 21;
        }

        string computed = double.IsFinite(options.Bound) ? $"computed within {PlotFrame.Short(options.Bound)}" : "no certified bound";
        svg.Text(x, y + 4, computed, "small soft");
    }

    /// <summary>The part of a polygon on one side of a level.</summary>
    private static List<Corner> Clip(IReadOnlyList<Corner> polygon, double level, bool isAbove)
    {
        var kept = new List<Corner>(polygon.Count + 2);
        for (int i = 0; i < polygon.Count; i++)
        {
            var (from, to) = (polygon[i], polygon[(i + 1) % polygon.Count]);
            if (isAbove ? from.Value >= level : from.Value <= level) kept.Add(from);
            if (from.Value > level != to.Value > level && from.Value != level && to.Value != level) kept.Add(from.Toward(to, level));
        }

        return kept;
    }

    private static IEnumerable<(double X, double Y)> Crossings(IReadOnlyList<Corner> polygon, double level)
    {
        for (int i = 0; i < polygon.Count; i++)
        {
            var (from, to) = (polygon[i], polygon[(i + 1) % polygon.Count]);
            if (from.Value == level) yield return (from.X, from.Y);
            else if (from.Value > level != to.Value > level && to.Value != level)
                yield return from.Toward(to, level) is var crossing ? (crossing.X, crossing.Y) : default;
        }
    }

    /// <summary>A place and the value there.</summary>
    private readonly record struct Corner(double X, double Y, double Value)
    {
        /// <summary>The place on the way to another where a level is crossed.</summary>
        public Corner Toward(Corner other, double level)
        {
            double way = (level - Value) / (other.Value - Value);
            return new Corner(X + (way * (other.X - X)), Y + (way * (other.Y - Y)), level);
        }
    }

    /// <summary>A cell, whose values are exact at its corners before they are rounded.</summary>
    private sealed record Area(IReadOnlyList<Corner> Corners)
    {
        public static Area Of(Cell cell, int output) => new([.. cell.Polygon.Vertices.Select(vertex =>
            new Corner(vertex.X.ToDouble(), vertex.Y.ToDouble(), cell.Map.Evaluate(vertex.X, vertex.Y)[output].ToDouble()))]);
    }
}
