using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using System.Threading;
using static Kan.Analysis.SvgWriter;

namespace Kan.Analysis;

/// <summary>
/// Draws how one output varies with one input while the others rest: the exact curve with all of its corners, the band of computed outputs
/// around it, and where a contract about it is tight. The same network gives the same bytes on every machine.
/// </summary>
public sealed class OutputCurve
{
    private const double LegendWidth = 250, Ratio = 0.62;

    private const string Style = """
        .band{fill:#2187c8;fill-opacity:.25;stroke:none}
        .curve{fill:none;stroke:#2187c8;stroke-width:2;stroke-linejoin:round}
        .limit{fill:none;stroke:#d55e00;stroke-width:1.2;stroke-dasharray:6 4}
        .tight{fill:none;stroke:#d55e00;stroke-width:4;stroke-opacity:.75;stroke-linecap:round}
        .place{fill:#fff;stroke:#d55e00;stroke-width:2}
        """;

    private OutputCurve(ImmutableArray<(Rational X, Rational Y)> corners) => Corners = corners;

    /// <summary>The ends of the curve and its corners between them, from left to right.</summary>
    public ImmutableArray<(Rational X, Rational Y)> Corners { get; }

    /// <summary>The curve of an output.</summary>
    /// <param name="network">Any network.</param>
    /// <param name="point">The values of all inputs; that of the varying one is not read.</param>
    /// <param name="input">The input that varies.</param>
    /// <param name="range">Its range, from a smaller to a larger number.</param>
    /// <param name="output">The output.</param>
    /// <param name="cancellation">Cancels the work.</param>
    /// <exception cref="ArgumentException">A wrong number of inputs, a node that does not exist, or a range without interior.</exception>
    /// <exception cref="InvalidOperationException">The curve has more pieces than a search keeps.</exception>
    public static OutputCurve Of(KanNetwork network, IReadOnlyList<Rational> point, int input, InputRange range, int output,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(point);
        if (point.Count != network.InputCount)
            throw new ArgumentException($"The network has {network.InputCount} inputs; the point has {point.Count}.", nameof(point));
        ArgumentOutOfRangeException.ThrowIfNegative(input);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(input, network.InputCount);
        ArgumentOutOfRangeException.ThrowIfNegative(output);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(output, network.OutputCount);
        if (range.Low >= range.High) throw new ArgumentException("The range must go from a smaller to a larger number.", nameof(range));
        Rational[] from = [.. point], to = [.. point];
        (from[input], to[input]) = (range.Low, range.High);
        var function = LinearPieces.Of(network, from, to, cancellation: cancellation).Output(output);
        var width = range.High - range.Low;
        var ways = function.Breakpoints.Where(static t => t > Rational.Zero && t < Rational.One)
            .Prepend(Rational.Zero).Append(Rational.One);
        return new OutputCurve([.. ways.Select(t => (range.Low + (t * width), function.Evaluate(t)))]);
    }

    /// <summary>The picture.</summary>
    /// <param name="options">The appearance. Default if null.</param>
    /// <returns>An SVG document with LF line ends.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 100.</exception>
    public string ToSvg(OutputPictureOptions? options = null)
    {
        options ??= new OutputPictureOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Size, 100, nameof(options));
        (double X, double Y)[] points = [.. Corners.Select(static corner => (corner.X.ToDouble(), corner.Y.ToDouble()))];
        double bound = double.IsFinite(options.Bound) ? options.Bound : 0;
        var plot = Frame(points, bound, options);
        var svg = new SvgWriter(plot.Right + LegendWidth, plot.Bottom + 56, Name(options), Style);
        if (options.Title.Length > 0) svg.Text(PlotFrame.Left, 26, options.Title, "title");
        if (bound > 0)
        {
            var band = plot.Append(new StringBuilder(), points.Select(point => (point.X, point.Y + bound))
                .Concat(points.Reverse().Select(point => (point.X, point.Y - bound))));
            svg.Line($"<path class=\"band\" d=\"{band}Z\"/>");
        }

        string computed = double.IsFinite(options.Bound)
            ? $"computed, within {PlotFrame.Short(options.Bound)}"
            : "computed: no certified bound";
        var legend = new List<(string Class, string Text)> { ("curve", $"{options.OutputLabel}, exactly"), ("band", computed) };
        foreach (var limit in new[] { options.Low, options.High })
        {
            if (limit is not { } end) continue;
            double y = plot.At(points[0].X, end.ToDouble()).Y;
            svg.Line($"<path class=\"limit\" d=\"M{Number(PlotFrame.Left)} {Number(y)}H{Number(plot.Right)}\"/>");
        }

        if (options.IsIncreasing is { } isIncreasing) DrawSlopes(svg, plot, points, isIncreasing, legend);
        svg.Line($"<path class=\"curve\" d=\"{plot.Append(new StringBuilder(), points)}\"/>");
        if (options.High is { } high) DrawNearest(svg, plot, high, isHigh: true, legend);
        if (options.Low is { } low) DrawNearest(svg, plot, low, isHigh: false, legend);
        plot.Draw(svg, options.XLabel, options.OutputLabel);
        DrawLegend(svg, plot, legend);
        return svg.Finish();
    }

    private static string Name(OutputPictureOptions options) =>
        options.Title.Length > 0 ? options.Title : $"{options.OutputLabel} over {options.XLabel}";

    private static PlotFrame Frame((double X, double Y)[] points, double bound, OutputPictureOptions options)
    {
        double low = points.Min(static point => point.Y) - bound, high = points.Max(static point => point.Y) + bound;
        if (options.Low is { } least) low = Math.Min(low, least.ToDouble());
        if (options.High is { } most) high = Math.Max(high, most.ToDouble());
        double margin = high > low ? (high - low) * 0.06 : Math.Max(1e-3, Math.Abs(high) * 0.1);
        return new PlotFrame((points[0].X, points[^1].X), (low - margin, high + margin), options.Title.Length > 0 ? 44 : 16, options.Size,
            options.Size * Ratio);
    }

    /// <summary>Marks the corner that comes nearest to an end of the range, or goes furthest beyond it.</summary>
    private void DrawNearest(SvgWriter svg, PlotFrame plot, Rational limit, bool isHigh, List<(string Class, string Text)> legend)
    {
        var nearest = Corners.Aggregate((best, corner) => isHigh ? corner.Y > best.Y ? corner : best : corner.Y < best.Y ? corner : best);
        var (x, y) = plot.At(nearest.X.ToDouble(), nearest.Y.ToDouble());
        svg.Line($"<circle class=\"place\" cx=\"{Number(x)}\" cy=\"{Number(y)}\" r=\"5\"/>");
        var room = isHigh ? limit - nearest.Y : nearest.Y - limit;
        string where = $"{(isHigh ? "above" : "below")} {PlotFrame.Short(limit.ToDouble())}";
        legend.Add(("limit", room.IsZero ? $"touches {PlotFrame.Short(limit.ToDouble())}"
            : room < Rational.Zero ? $"goes {PlotFrame.Short(-room.ToDouble())} {where}"
            : $"stays {PlotFrame.Short(room.ToDouble())} {(isHigh ? "below" : "above")} {PlotFrame.Short(limit.ToDouble())}"));
    }

    /// <summary>Marks all pieces that go the wrong way or, where none does, the flattest.</summary>
    private void DrawSlopes(SvgWriter svg, PlotFrame plot, (double X, double Y)[] points, bool isIncreasing,
        List<(string Class, string Text)> legend)
    {
        Rational[] slopes = [.. Enumerable.Range(1, Corners.Length - 1).Select(i =>
            (isIncreasing ? Corners[i].Y - Corners[i - 1].Y : Corners[i - 1].Y - Corners[i].Y) / (Corners[i].X - Corners[i - 1].X))];
        var least = slopes.Aggregate(Rational.Min);
        bool isBroken = least < Rational.Zero;
        var path = new StringBuilder();
        for (int i = 0; i < slopes.Length; i++)
        {
            if (isBroken ? slopes[i] < Rational.Zero : slopes[i] == least) plot.Append(path, [points[i], points[i + 1]]);
        }

        svg.Line($"<path class=\"tight\" d=\"{path}\"/>");
        double slope = (isIncreasing ? least : -least).ToDouble();
        legend.Add(("tight", isBroken ? $"{(isIncreasing ? "falls" : "rises")}, slope {PlotFrame.Short(slope)} at worst"
            : least.IsZero ? "flat" : $"flattest, slope {PlotFrame.Short(slope)}"));
    }

    private static void DrawLegend(SvgWriter svg, PlotFrame plot, List<(string Class, string Text)> legend)
    {
        double x = plot.Right + 22, y = plot.Top + 14;
        foreach (var (style, text) in legend)
        {
            svg.Line(style == "band"
                ? $"<rect class=\"band\" x=\"{Number(x)}\" y=\"{Number(y - 10)}\" width=\"20\" height=\"12\"/>"
                : $"<path class=\"{style}\" d=\"M{Number(x)} {Number(y - 4)}h20\"/>");
            svg.Text(x + 28, y, text);
            y += 22;
        }
    }
}
