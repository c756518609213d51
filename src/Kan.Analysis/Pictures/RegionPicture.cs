using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using static Kan.Analysis.SvgWriter;

namespace Kan.Analysis;

/// <summary>
/// Draws linear regions as SVG: exact polygons, rounded to hundredths of a pixel only when they are drawn, the lines of the breakpoints,
/// axes and counts. The same regions give the same bytes on every machine.
/// </summary>
public static class RegionPicture
{
    private const double Left = 64;
    private const double LegendWidth = 190;

    private const string Style = """
        .cell{stroke-width:.7;stroke-linejoin:round}
        .line{fill:none;stroke:#1b1f24;stroke-linecap:round}
        .soft-line{stroke-opacity:.6}
        .same{stroke-dasharray:2 3;stroke-opacity:.55}
        .mark{fill:#fff;stroke:#1b1f24;stroke-width:1.6}
        .name{font-weight:600;fill:#1b1f24;paint-order:stroke;stroke:#fff;stroke-width:3px;stroke-linejoin:round}
        @media (prefers-color-scheme:dark){.name{fill:#1b1f24}}
        """;

    /// <summary>The picture of a complete set of regions.</summary>
    /// <param name="regions">The regions.</param>
    /// <param name="options">The appearance. Default if null.</param>
    /// <returns>An SVG document with LF line ends.</returns>
    /// <exception cref="InvalidOperationException">The regions are incomplete.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The output to show does not exist, or the size is below 100.</exception>
    public static string ToSvg(this LinearRegions regions, RegionPictureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(regions);
        options ??= new RegionPictureOptions();
        if (regions.Limit is { } limit) throw new InvalidOperationException($"The regions cannot be drawn: {limit}.");
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Size, 100, nameof(options));
        if (options.Output < 0 || options.Output >= regions.Cells[0].Map.OutputCount)
            throw new ArgumentOutOfRangeException(nameof(options),
                $"There is no output {options.Output}; the network has {regions.Cells[0].Map.OutputCount}.");

        var plot = new Plot(regions.Domain, options);
        var fill = RegionFill.Of(regions, options);
        string title = options.Title.Length > 0 ? options.Title : "Linear regions";
        var svg = new SvgWriter(plot.Right + LegendWidth, plot.Bottom + 56, title, Style);
        if (options.Title.Length > 0) svg.Text(Left, 26, options.Title, "title");
        DrawAreas(svg, fill, plot);
        DrawLines(svg, regions, options, plot);
        DrawAxes(svg, regions.Domain, options, plot);
        foreach (var (point, name) in options.Marks)
        {
            var (x, y) = plot.At(point.X.ToDouble(), point.Y.ToDouble());
            svg.Line($"<circle cx=\"{Number(x)}\" cy=\"{Number(y)}\" r=\"5\" class=\"mark\"/>");
            svg.Text(x + 9, y - 8, name, "name");
        }

        DrawLegend(svg, regions, fill, plot);
        return svg.Finish();
    }

    private static void DrawAreas(SvgWriter svg, RegionFill fill, Plot plot)
    {
        // One path for each color. A hair of the same color around it closes the seams that smoothing leaves between polygons.
        foreach (var color in fill.Areas.GroupBy(static area => area.Color))
        {
            var path = new StringBuilder();
            foreach (var (_, polygon) in color) plot.Append(path, polygon).Append('Z');
            svg.Line($"<path class=\"cell\" fill=\"{color.Key}\" stroke=\"{color.Key}\" d=\"{path}\"/>");
        }
    }

    private static void DrawLines(SvgWriter svg, LinearRegions regions, RegionPictureOptions options, Plot plot)
    {
        var interior = regions.Sides.Where(static side => side.Layer >= 0).ToList();
        int first = interior.Count == 0 ? 0 : interior.Min(static side => side.Layer);

        // Thinner where they are many, so that the areas between them stay visible.
        double weight = Math.Clamp(Math.Sqrt(300.0 / regions.Counts.Cells), 0.25, 1);
        foreach (var kind in interior.GroupBy(Kind).OrderByDescending(static kind => kind.Key, StringComparer.Ordinal))
        {
            var path = new StringBuilder();
            foreach (var side in kind) plot.Append(path, [Corner(side.From), Corner(side.To)]);
            double width = weight * (kind.Key == "first" ? 1.4 : 0.8);
            string tone = options.Colors == RegionColors.Map ? "" : " soft-line";
            svg.Line($"<path class=\"line {kind.Key}{tone}\" stroke-width=\"{Number(width)}\" d=\"{path}\"/>");
        }

        string Kind(Side side) =>
            regions.Cells[side.Left!.Value].MapIndex == regions.Cells[side.Right!.Value].MapIndex ? "same" : side.Layer == first
                ? "first"
                : "deep";

        static (double, double) Corner(PlanePoint point) => (point.X.ToDouble(), point.Y.ToDouble());
    }

    private static void DrawAxes(SvgWriter svg, ConvexPolygon domain, RegionPictureOptions options, Plot plot)
    {
        var border = new StringBuilder();
        plot.Append(border, [.. domain.Vertices.Select(static vertex => (vertex.X.ToDouble(), vertex.Y.ToDouble()))]).Append('Z');
        svg.Line($"<path class=\"axis\" d=\"{border}\"/>");
        var ticks = new StringBuilder();
        foreach (var (value, text) in AxisTicks.Between(plot.XLow, plot.XHigh, 5))
        {
            double x = plot.At(value, 0).X;
            ticks.Append(CultureInfo.InvariantCulture, $"M{Number(x)} {Number(plot.Bottom)}v5");
            svg.Text(x, plot.Bottom + 20, text, "small soft", "middle");
        }

        foreach (var (value, text) in AxisTicks.Between(plot.YLow, plot.YHigh, 5))
        {
            double y = plot.At(0, value).Y;
            ticks.Append(CultureInfo.InvariantCulture, $"M{Number(Left)} {Number(y)}h-5");
            svg.Text(Left - 9, y + 4, text, "small soft", "end");
        }

        svg.Line($"<path class=\"axis\" d=\"{ticks}\"/>");
        svg.Text((Left + plot.Right) / 2, plot.Bottom + 42, options.XLabel, anchor: "middle");
        double middle = (plot.Top + plot.Bottom) / 2;
        svg.Line($"<text transform=\"translate(18 {Number(middle)}) rotate(-90)\" text-anchor=\"middle\">{Escape(options.YLabel)}</text>");
    }

    private static void DrawLegend(SvgWriter svg, LinearRegions regions, RegionFill fill, Plot plot)
    {
        double x = plot.Right + 24, y = plot.Top + 12;
        foreach (var (count, name) in new[] { (regions.Counts.Cells, "cells"), (regions.Counts.Regions, "linear regions"),
            (regions.Counts.Maps, "different maps") })
        {
            svg.Text(x, y, $"{count.ToString("N0", CultureInfo.InvariantCulture)} {name}");
            y += 20;
        }

        y += 10;
        foreach (var (color, text) in fill.Legend)
        {
            svg.Line($"<rect x=\"{Number(x)}\" y=\"{Number(y - 11)}\" width=\"14\" height=\"14\" rx=\"2\" fill=\"{color}\"/>");
            svg.Text(x + 22, y, text);
            y += 21;
        }
    }

    /// <summary>From the coordinates of the plane to pixels.</summary>
    private sealed class Plot
    {
        private readonly double _scaleX;
        private readonly double _scaleY;

        public Plot(ConvexPolygon domain, RegionPictureOptions options)
        {
            var (x, y) = domain.Bounds;
            (XLow, XHigh, YLow, YHigh) = (x.Low.ToDouble(), x.High.ToDouble(), y.Low.ToDouble(), y.High.ToDouble());
            Top = options.Title.Length > 0 ? 44 : 16;

            // Equal scales, unless that would leave a strip.
            double ratio = Math.Clamp((YHigh - YLow) / (XHigh - XLow), 1.0 / 3, 3);
            Right = Left + (options.Size * Math.Min(1, 1 / ratio));
            Bottom = Top + (options.Size * Math.Min(1, ratio));
            _scaleX = (Right - Left) / (XHigh - XLow);
            _scaleY = (Bottom - Top) / (YHigh - YLow);
        }

        public double XLow { get; }

        public double XHigh { get; }

        public double YLow { get; }

        public double YHigh { get; }

        public double Top { get; }

        public double Right { get; }

        public double Bottom { get; }

        public (double X, double Y) At(double x, double y) => (Left + ((x - XLow) * _scaleX), Bottom - ((y - YLow) * _scaleY));

        /// <summary>Appends a path through points, left open.</summary>
        public StringBuilder Append(StringBuilder path, IReadOnlyList<(double X, double Y)> points)
        {
            for (int i = 0; i < points.Count; i++)
            {
                var (x, y) = At(points[i].X, points[i].Y);
                path.Append(i == 0 ? 'M' : 'L').Append(Number(x)).Append(' ').Append(Number(y));
            }

            return path;
        }
    }
}
