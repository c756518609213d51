using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Kan.Analysis;

/// <summary>Draws edge functions as plots with axes, breakpoints marked, side by side on one SVG sheet.</summary>
public static class EdgeSheet
{
    // One gray that reads on white and on near-black alike: the sheet has no background.
    private static readonly OxyColor s_ink = OxyColor.Parse("#6e7781");
    private static readonly OxyColor s_grid = OxyColor.FromAColor(60, s_ink);

    private const double Heading = 40;

    /// <summary>The edges that can move their outputs most, layer by layer, at most a given number of each.</summary>
    /// <param name="network">Any network.</param>
    /// <param name="perLayer">The maximum number of edges of a layer, at least 1.</param>
    /// <param name="inputRanges">The ranges of the inputs, as in <see cref="NodeRanges"/>.</param>
    public static IReadOnlyList<EdgePlace> Strongest(KanNetwork network, int perLayer, params IReadOnlyList<InputRange> inputRanges)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfLessThan(perLayer, 1);
        return PlacesOf(EdgeDrawing.Largest(network, DrawnRanges.Of(network, inputRanges, []), perLayer));
    }

    /// <summary>The edges whose values vary most over some ranges, layer by layer, at most a given number of each.</summary>
    /// <param name="network">Any network.</param>
    /// <param name="perLayer">The maximum number of edges of a layer, at least 1.</param>
    /// <param name="nodeRanges">The ranges of all nodes, as <see cref="NodeRanges.Observed"/> gives them.</param>
    public static IReadOnlyList<EdgePlace> Strongest(KanNetwork network, int perLayer,
        ImmutableArray<ImmutableArray<InputRange>> nodeRanges)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfLessThan(perLayer, 1);
        return PlacesOf(EdgeDrawing.Largest(network, DrawnRanges.Of(network, [], nodeRanges), perLayer));
    }

    /// <summary>The sheet of some edges.</summary>
    /// <param name="network">Any network.</param>
    /// <param name="edges">The edges to draw, at least one; edges that are zero everywhere are allowed.</param>
    /// <param name="options">The appearance. Default if null.</param>
    /// <returns>An SVG document with LF line ends, the same bytes on every machine.</returns>
    /// <exception cref="ArgumentException">No edge, an edge that does not exist, or sizes out of range.</exception>
    public static string ToSvg(KanNetwork network, IReadOnlyList<EdgePlace> edges, EdgeSheetOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(edges);
        options ??= new EdgeSheetOptions();
        if (edges.Count == 0) throw new ArgumentException("A sheet needs at least one edge.", nameof(edges));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Columns, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.PlotWidth, 120, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.PlotHeight, 100, nameof(options));

        var ranges = DrawnRanges.Of(network, options.InputRanges, options.NodeRanges);
        var drawings = edges.Select(place => EdgeDrawing.Of(network, ranges, place)).ToList();
        int columns = Math.Min(options.Columns, drawings.Count);
        double top = options.Title.Length > 0 ? Heading : 0;
        double width = columns * options.PlotWidth, height = top + ((drawings.Count + columns - 1) / columns * options.PlotHeight);

        using var stream = new MemoryStream();
        using (var context = new SvgRenderContext(stream, width, height, true, new TextRoom(), OxyColors.Transparent, true))
        {
            if (options.Title.Length > 0)
                context.DrawText(new ScreenPoint(16, Heading / 2), options.Title, s_ink, Font, 16, FontWeights.Bold, 0,
                    HorizontalAlignment.Left, VerticalAlignment.Middle, null);
            for (int i = 0; i < drawings.Count; i++)
            {
                IPlotModel model = Plot(drawings[i], options, drawings[i].Layer == network.Layers.Length - 1);
                model.Update(true);
                model.Render(context, new OxyRect(i % columns * options.PlotWidth, top + (i / columns * options.PlotHeight),
                    options.PlotWidth, options.PlotHeight));
            }

            context.Complete();
            context.Flush();
        }

        return Encoding.UTF8.GetString(stream.ToArray()).TrimStart('\uFEFF').ReplaceLineEndings("\n");
    }

    private static IReadOnlyList<EdgePlace> PlacesOf(List<EdgeDrawing[]> layers) =>
        [.. layers.SelectMany(static layer => layer)
            .Select(static drawing => new EdgePlace(drawing.Layer, drawing.Edge.Input, drawing.Edge.Output))];

    private const string Font = "Helvetica, Arial, sans-serif";

    private static PlotModel Plot(EdgeDrawing drawing, EdgeSheetOptions options, bool isLast)
    {
        var (layer, edge) = (drawing.Layer, drawing.Edge);
        string input = Name(layer == 0 ? options.InputNames : [], edge.Input, layer == 0 ? "x" : "node "),
            output = Name(isLast ? options.OutputNames : [], edge.Output, isLast ? "y" : "node ");
        var model = new PlotModel
        {
            Culture = CultureInfo.InvariantCulture,
            DefaultFont = Font,
            Title = $"layer {layer}: {input} \u2192 {output}",
            TitleFontSize = 13,
            TitleFontWeight = FontWeights.Normal,
            TitleColor = s_ink,
            TextColor = s_ink,
            PlotAreaBorderColor = s_ink,
            PlotAreaBorderThickness = new OxyThickness(1, 0, 0, 1),
            Background = OxyColors.Transparent,
            Padding = new OxyThickness(10, 8, 14, 8),
        };
        double margin = drawing.Magnitude > 0 ? drawing.Magnitude * 0.08 : 1;
        model.Axes.Add(Axis(AxisPosition.Bottom, input, drawing.Range.Low.ToDouble(), drawing.Range.High.ToDouble()));
        model.Axes.Add(Axis(AxisPosition.Left, "added to " + output, drawing.Low - margin, drawing.High + margin));

        var line = new LineSeries { Color = OxyColor.Parse(Palette.Curve), StrokeThickness = 2.2, LineJoin = LineJoin.Round };
        line.Points.AddRange(drawing.Points.Select(static point => new DataPoint(point.X, point.Y)));
        var marks = new ScatterSeries
        {
            MarkerType = MarkerType.Circle,
            MarkerSize = 3.2,
            MarkerFill = OxyColor.Parse(Palette.Mark),
            MarkerStrokeThickness = 0
        };
        marks.Points.AddRange(drawing.Breakpoints.Select(static point => new ScatterPoint(point.X, point.Y)));
        model.Series.Add(line);
        model.Series.Add(marks);
        return model;
    }

    private static string Name(ImmutableArray<string> names, int node, string letter) =>
        node < names.Length ? names[node] : letter + node.ToString(CultureInfo.InvariantCulture);

    private static LinearAxis Axis(AxisPosition position, string title, double low, double high) => new()
    {
        Position = position,
        Title = title,
        TitleFontSize = 11,
        TitleColor = s_ink,
        Minimum = low,
        Maximum = high,
        FontSize = 11,
        IntervalLength = 55,
        TickStyle = TickStyle.Outside,
        TicklineColor = s_ink,
        TextColor = s_ink,
        AxislineStyle = LineStyle.None,
        MajorGridlineStyle = LineStyle.Solid,
        MajorGridlineColor = s_grid,
        MinorTickSize = 0,
    };
}
