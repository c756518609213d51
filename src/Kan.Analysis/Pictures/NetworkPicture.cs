using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using static Kan.Analysis.SvgWriter;

namespace Kan.Analysis;

/// <summary>
/// Draws a network in the style of the KAN papers: rows of nodes, inputs at the bottom and outputs at the top, and a small plot of its
/// function on each edge. The stronger an edge can move its output, the darker it is. A layer of weights alone, as multilayer perceptrons
/// have, is drawn as lines: the larger a weight, the wider its line; negative weights are orange. Of wide layers, only the strongest edges
/// are drawn, and a note gives the total.
/// </summary>
public static class NetworkPicture
{
    private const double Box = 44;
    private const double BoxGap = 12;
    private const double NodeGap = 64;
    private const double RowHeight = 190;
    private const double Margin = 40;
    private const double ThinnestLine = 0.6;
    private const double WidestLine = 5;

    // Of text of 13 pixels in any sans-serif font.
    private const double LetterWidth = 7.3;
    private const int LongestName = 28;

    // Names that would run into each other are slanted, in degrees.
    private const int Slant = 60;
    private const double SlantHeight = 0.87, SlantWidth = 0.5;

    // The colors of the sheets of edges, which suit light and dark pages.
    private const string Style = $$$"""
        .wire{stroke:#57606a;stroke-width:1.2;fill:none}
        .box{fill:#fff;stroke:#8c959f}
        .curve{fill:none;stroke:{{{Palette.Curve}}};stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
        .plus{fill:none;stroke:{{{Palette.Curve}}}}
        .minus{fill:none;stroke:{{{Palette.Mark}}}}
        .node{fill:#24292f}
        @media (prefers-color-scheme:dark){.wire{stroke:#9da7b3}.box{fill:#161b22;stroke:#6e7781}.node{fill:#e6edf3}}
        """;

    /// <summary>The picture of a network.</summary>
    /// <param name="network">Any network.</param>
    /// <param name="options">The appearance. Default if null.</param>
    /// <returns>An SVG document with LF line ends, the same bytes on every machine.</returns>
    /// <exception cref="ArgumentException">A wrong number of input ranges, or a limit below 1.</exception>
    public static string ToSvg(this KanNetwork network, NetworkPictureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        options ??= new NetworkPictureOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.EdgesPerLayer, 1, nameof(options));
        var edges = EdgeDrawing.Largest(network, DrawnRanges.Of(network, options.InputRanges, options.NodeRanges), options.EdgesPerLayer);
        int[][] rows = [.. Enumerable.Range(0, network.Layers.Length + 1).Select(row => NodesOf(network, edges, row))];
        string[] notes = [.. network.Layers.Select((layer, i) => (layer, i)).Where(item => item.layer.Edges.Length > edges[item.i].Length)
            .Select(item => $"Layer {item.i}: the {edges[item.i].Length} strongest of "
            + $"{item.layer.Edges.Length.ToString("N0", CultureInfo.InvariantCulture)} edges")];

        double inner = Math.Max(edges.Max(static layer => (layer.Length * (Box + BoxGap)) - BoxGap),
            rows.Max(static row => (row.Length - 1) * NodeGap));
        double width = Math.Max(inner + (2 * Margin), 320);
        string[] inputs = Names(rows[0], options.InputNames, "x"), outputs = Names(rows[^1], options.OutputNames, "y");
        double inputRoom = SlantRoom(inputs, width), outputRoom = SlantRoom(outputs, width);
        double overhang = Math.Max(Overhang(inputs, inputRoom, width), Overhang(outputs, outputRoom, width));
        double top = (options.Title.Length > 0 ? 84 : 50) + outputRoom;
        double bottom = top + (network.Layers.Length * RowHeight), end = bottom + inputRoom;
        var svg = new SvgWriter(width + (2 * overhang), end + 44 + (18 * notes.Length),
            options.Title.Length > 0 ? options.Title : "Network", Style, -overhang);
        if (options.Title.Length > 0) svg.Text(Margin, 30, options.Title, "title");

        for (int layer = 0; layer < edges.Count; layer++)
        {
            double low = bottom - (layer * RowHeight);
            DrawLayer(svg, edges[layer], rows[layer], rows[layer + 1], low, width);
        }

        for (int row = 0; row < rows.Length; row++)
        {
            double y = bottom - (row * RowHeight);
            foreach (int node in rows[row])
                svg.Line($"<circle class=\"node\" cx=\"{Number(PlaceOf(rows[row], node, width))}\" cy=\"{Number(y)}\" r=\"5\"/>");
        }

        DrawNames(svg, rows[0], inputs, bottom + (inputRoom > 0 ? 16 : 24), width, inputRoom > 0 ? "end" : "middle");
        DrawNames(svg, rows[^1], outputs, top - 14, width, outputRoom > 0 ? "start" : "middle");
        for (int i = 0; i < notes.Length; i++) svg.Text(Margin, end + 50 + (18 * i), notes[i], "small soft");
        return svg.Finish();
    }

    /// <summary>The nodes of a row that are drawn: those of drawn edges; all inputs and outputs where they are few.</summary>
    private static int[] NodesOf(KanNetwork network, List<EdgeDrawing[]> edges, int row)
    {
        int count = row == 0 ? network.InputCount : network.Layers[row - 1].OutputCount;
        var above = row < edges.Count ? edges[row].Select(static drawing => drawing.Edge.Input) : [];
        var below = row > 0 ? edges[row - 1].Select(static drawing => drawing.Edge.Output) : [];
        int[] used = [.. above.Concat(below).Distinct().Order()];
        return count <= 12 || used.Length == 0 ? [.. Enumerable.Range(0, Math.Min(count, 12))] : used;
    }

    private static void DrawLayer(SvgWriter svg, EdgeDrawing[] edges, int[] inputs, int[] outputs, double low, double width)
    {
        if (Array.TrueForAll(edges, static drawing => drawing.Weight is not null))
        {
            DrawWeights(svg, edges, inputs, outputs, low, width);
            return;
        }

        double strongest = edges.Length == 0 ? 0 : edges.Max(static drawing => drawing.Magnitude);
        double high = low - RowHeight, boxTop = ((low + high) / 2) - (Box / 2);
        double left = (width - ((edges.Length * (Box + BoxGap)) - BoxGap)) / 2;
        for (int i = 0; i < edges.Length; i++)
        {
            var drawing = edges[i];
            double x = left + (i * (Box + BoxGap)), middle = x + (Box / 2);
            double opacity = strongest > 0 ? 0.12 + (0.88 * Math.Tanh(2.5 * drawing.Magnitude / strongest) / Math.Tanh(2.5)) : 1;
            svg.Line($"<g opacity=\"{Number(opacity)}\"><title>{drawing.Edge.Input} to {drawing.Edge.Output}</title>");
            svg.Line($"<path class=\"wire\" d=\"M{Number(PlaceOf(inputs, drawing.Edge.Input, width))} {Number(low)}L{Number(middle)} "
                + $"{Number(boxTop + Box)}M{Number(middle)} {Number(boxTop)}L{Number(PlaceOf(outputs, drawing.Edge.Output, width))} "
                + $"{Number(high)}\"/>");
            svg.Line($"<rect class=\"box\" x=\"{Number(x)}\" y=\"{Number(boxTop)}\" width=\"{Number(Box)}\" height=\"{Number(Box)}\" "
                + $"rx=\"4\"/>");
            svg.Line($"<path class=\"curve\" d=\"{Curve(drawing, x + 6, boxTop + 6, Box - 12)}\"/></g>");
        }
    }

    /// <summary>Weights as lines: a plot of each would be the same diagonal.</summary>
    private static void DrawWeights(SvgWriter svg, EdgeDrawing[] edges, int[] inputs, int[] outputs, double low, double width)
    {
        double largest = edges.Length == 0 ? 0 : edges.Max(static drawing => Math.Abs(drawing.Weight!.Value));
        foreach (var drawing in edges)
        {
            double weight = drawing.Weight!.Value, share = largest > 0 ? Math.Abs(weight) / largest : 0;
            svg.Line($"<path class=\"{(weight < 0 ? "minus" : "plus")}\" "
                + $"stroke-width=\"{Number(ThinnestLine + ((WidestLine - ThinnestLine) * share))}\" "
                + $"opacity=\"{Number(0.25 + (0.75 * share))}\" "
                + $"d=\"M{Number(PlaceOf(inputs, drawing.Edge.Input, width))} "
                + $"{Number(low)}L{Number(PlaceOf(outputs, drawing.Edge.Output, width))} {Number(low - RowHeight)}\">"
                + $"<title>{drawing.Edge.Input} to {drawing.Edge.Output}: "
                + $"{weight.ToString("G4", CultureInfo.InvariantCulture)}</title></path>");
        }
    }

    private static string Curve(EdgeDrawing drawing, double left, double top, double size)
    {
        double low = drawing.Range.Low.ToDouble(), scale = size / (drawing.Range.High.ToDouble() - low);
        var path = new StringBuilder();
        foreach (var (x, y) in drawing.Points)
        {
            double level = drawing.Magnitude > 0 ? (y - drawing.Low) / drawing.Magnitude : 0.5;
            path.Append(path.Length == 0 ? 'M' : 'L').Append(Number(left + ((x - low) * scale))).Append(' ')
                .Append(Number(top + ((1 - level) * size)));
        }

        return path.ToString();
    }

    private static string[] Names(int[] nodes, IReadOnlyList<string> names, string letter) =>
        [.. nodes.Select(node => node < names.Count ? names[node] : letter + node.ToString(CultureInfo.InvariantCulture))];

    /// <summary>The height that names take at a slant; 0 where they fit next to each other.</summary>
    private static double SlantRoom(string[] names, double width)
    {
        double longest = Longest(names), gap = (width - (2 * Margin)) / Math.Max(names.Length, 1);
        return names.Length < 2 || longest + LetterWidth <= gap ? 0 : longest * SlantHeight;
    }

    /// <summary>How far the first or last of slanted names would reach past the picture.</summary>
    private static double Overhang(string[] names, double room, double width) => room == 0 ? 0
        : Math.Max(0, (Longest(names) * SlantWidth) + LetterWidth - Margin - ((width - (2 * Margin)) / names.Length / 2));

    private static double Longest(string[] names) => names.Max(static name => Shown(name).Length) * LetterWidth;

    private static string Shown(string name) => name.Length <= LongestName ? name : name[..(LongestName - 3)] + "...";

    /// <summary>Names in a row, or at a slant upwards that ends or begins at their nodes.</summary>
    private static void DrawNames(SvgWriter svg, int[] nodes, string[] names, double y, double width, string anchor)
    {
        for (int i = 0; i < names.Length; i++)
        {
            double x = PlaceOf(nodes, nodes[i], width);
            if (anchor == "middle") svg.Text(x, y, names[i], anchor: anchor);
            else svg.Text(x, y, Shown(names[i]), anchor: anchor, slant: Slant);
        }
    }

    private static double PlaceOf(int[] nodes, int node, double width)
    {
        int index = Array.IndexOf(nodes, node);
        double gap = nodes.Length > 1 ? (width - (2 * Margin)) / nodes.Length : 0;
        return (width / 2) + ((index - ((nodes.Length - 1) / 2.0)) * gap);
    }
}
