using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Xml.Linq;
using Kan.Analysis.Tests.Support;
using Xunit;

namespace Kan.Analysis.Tests.Pictures;

/// <summary>Pictures as texts: well-formed, complete, and the same whatever the culture.</summary>
public sealed class PictureTests
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    private static KanNetwork Network => Instance.All.First(static instance => instance.Cells == 212).Network;

    private static LinearRegions Regions => LinearRegions.Of(Network, Instance.Domain, cancellation: TestContext.Current.CancellationToken);

    [Fact]
    public void The_same_picture_is_the_same_bytes_in_any_culture()
    {
        string[] expected = [.. All()];
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NegativeSign = "\u2212";
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = ".";
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = culture;
            Assert.Equal(expected, All());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        Assert.All(expected, static svg => Assert.DoesNotContain('\r', svg));
        Assert.All(expected, static svg => Assert.Equal(s_svg + "svg", XDocument.Parse(svg).Root!.Name));
    }

    [Fact]
    public void A_picture_of_regions_has_all_cells_sides_and_counts()
    {
        var root = XDocument.Parse(Regions.ToSvg()).Root!;
        string[] texts = [.. root.Elements(s_svg + "text").Select(static text => text.Value)];
        Assert.Contains("212 cells", texts);
        Assert.Contains("199 linear regions", texts);
        Assert.Contains("198 different maps", texts);
        Assert.Equal(["-4", "-2", "0", "2", "4"], texts.Where(static text => text.Length <= 2 && text[0] != 'x').Distinct());
        var paths = root.Elements(s_svg + "path")
            .ToLookup(static path => ((string)path.Attribute("class")!).Split(' ')[0], static path => (string)path.Attribute("d")!);
        Assert.Equal(212, paths["cell"].Sum(static path => path.Count(static letter => letter == 'Z')));
        Assert.Equal(397, paths["line"].Sum(static path => path.Count(static letter => letter == 'M')));
    }

    [Fact]
    public void Names_that_would_run_into_each_other_stand_at_a_slant_inside_the_picture()
    {
        var edges = Enumerable.Range(0, 7).Select(static i => new KanEdge(i, 0, PiecewiseLinearFunction.Identity));
        var network = new KanNetwork([new KanLayer(7, 1, edges)]);
        string[] names = [.. Enumerable.Range(0, 7).Select(static i => $"fractal dimension error {i}")];
        var root = XDocument.Parse(network.ToSvg(new NetworkPictureOptions { InputNames = [.. names], OutputNames = ["benign"] })).Root!;
        var texts = root.Elements(s_svg + "text").ToDictionary(static text => text.Value);
        double[] view = [.. ((string)root.Attribute("viewBox")!).Split(' ')
            .Select(static number => double.Parse(number, CultureInfo.InvariantCulture))];
        Assert.All(names, name =>
        {
            var text = texts[name];
            double x = (double)text.Attribute("x")!, y = (double)text.Attribute("y")!, length = name.Length * 6.6;
            Assert.StartsWith("rotate(-60 ", (string)text.Attribute("transform")!, StringComparison.Ordinal);
            Assert.InRange(x - (length * 0.5), view[0], view[0] + view[2]);
            Assert.InRange(y + (length * 0.87), view[1], view[1] + view[3]);
        });
        Assert.Null(texts["benign"].Attribute("transform"));
    }

    [Fact]
    public void Neighbours_with_different_maps_have_different_colours()
    {
        var regions = Regions;
        var fill = RegionFill.Of(regions, new RegionPictureOptions());
        Assert.All(
            regions.Sides.Where(static side => side is { Left: not null, Right: not null }),
            side => Assert.Equal(
                regions.Cells[side.Left!.Value].MapIndex == regions.Cells[side.Right!.Value].MapIndex,
                fill.Areas[side.Left.Value].Color == fill.Areas[side.Right.Value].Color));
    }

    [Fact]
    public void Decisions_cover_the_domain_and_follow_the_largest_output()
    {
        var network = Instance.All.First(static instance => instance.Network.OutputCount == 2).Network;
        var regions = LinearRegions.Of(network, Instance.Domain, cancellation: TestContext.Current.CancellationToken);
        var fill = RegionFill.Of(regions, new RegionPictureOptions { Colors = RegionColors.Decision, OutputNames = ["no", "yes"] });
        Assert.Equal(64, fill.Areas.Sum(static area => Area(area.Polygon)), 6);
        Assert.Equal(["no", "yes"], fill.Legend.Select(static entry => entry.Text));
        foreach (var (color, polygon) in fill.Areas.Where(static area => Area(area.Polygon) > 1e-6))
        {
            double[] values = network.Evaluate([polygon.Average(static point => point.X), polygon.Average(static point => point.Y)]);
            Assert.Equal(fill.Legend[values[0] >= values[1] ? 0 : 1].Color, color);
        }
    }

    [Fact]
    public void Wide_layers_say_what_is_left_out()
    {
        var wide = new KanNetwork([KanLayer.Affine(30, 4, static (q, p) => q + p + 1), KanLayer.Affine(4, 1, static (_, p) => p + 1)]);
        var root = XDocument.Parse(wide.ToSvg(new NetworkPictureOptions { EdgesPerLayer = 6, InputNames = ["<a&b>"] })).Root!;
        string[] titles = [.. root.Elements(s_svg + "path").Select(static path => path.Element(s_svg + "title")!.Value)];
        Assert.Equal(6 + 4, titles.Length);
        Assert.Contains("Layer 0: the 6 strongest of 120 edges", root.Elements(s_svg + "text").Select(static text => text.Value));

        // The six largest weights are those of the last inputs.
        Assert.Equal(["27 to 3: 31", "28 to 2: 31", "28 to 3: 32", "29 to 1: 31", "29 to 2: 32", "29 to 3: 33"], titles.Take(6));
    }

    [Fact]
    public void Weights_are_lines_by_size_and_sign_and_other_edges_are_plots()
    {
        double[] weights = [0.5, -4, 2, -1];
        var network =
            new KanNetwork([KanLayer.Affine(4, 1, (_, p) => Rational.FromDouble(weights[p])),
            new KanLayer(1, 1, [new(0, 0, PiecewiseLinearFunction.Relu)])]);
        var root = XDocument.Parse(network.ToSvg()).Root!;
        XElement[] lines = [.. root.Elements(s_svg + "path")];
        Assert.Equal(["plus", "minus", "plus", "minus"], lines.Select(static line => line.Attribute("class")!.Value));
        Assert.Equal(
            weights.Select(Math.Abs).Order(),
            lines.OrderBy(static line => double.Parse(line.Attribute("stroke-width")!.Value, CultureInfo.InvariantCulture))
            .Select(line => Math.Abs(weights[Array.IndexOf(lines, line)])));
        Assert.Equal("0 to 0", Assert.Single(root.Elements(s_svg + "g")).Element(s_svg + "title")!.Value);
    }

    [Fact]
    public void A_sheet_marks_every_breakpoint()
    {
        var function = PiecewiseLinearFunction.FromSlopes([-1, 0, 1], [0, 1, -1, 2], 0, 0);
        var network = new KanNetwork([new KanLayer(1, 1, [new(0, 0, function)])]);
        var root =
            XDocument.Parse(EdgeSheet.ToSvg(network, [new EdgePlace(0, 0, 0)],
            new EdgeSheetOptions { InputRanges = [new(-2, 2)], InputNames = ["income"] })).Root!;
        Assert.Equal(3, root.Descendants(s_svg + "circle").Concat(root.Descendants(s_svg + "ellipse")).Count());
        Assert.Contains(root.Descendants(s_svg + "text"), static text => text.Value == "layer 0: income \u2192 y0");
        Assert.Contains(root.Descendants(s_svg + "text"), static text => text.Value == "income");
        Assert.Contains(root.Descendants(s_svg + "text"), static text => text.Value == "added to y0");
    }

    [Fact]
    public void Ranges_of_nodes_are_exact_for_one_layer_and_hold_for_more()
    {
        var absolute = PiecewiseLinearFunction.Identity.Abs();
        var network =
            new KanNetwork([new KanLayer(2, 1, [new(0, 0, absolute), new(1, 0, PiecewiseLinearFunction.Identity)], [10]),
            new KanLayer(1, 1, [new(0, 0, PiecewiseLinearFunction.Linear(-2, 1))])]);
        var ranges = NodeRanges.Of(network, new InputRange(-1, 2));
        Assert.Equal([new InputRange(-1, 2), new InputRange(-1, 2)], ranges[0]);
        Assert.Equal([new InputRange(9, 14)], ranges[1]);
        Assert.Equal([new InputRange(-27, -17)], ranges[2]);
    }

    [Fact]
    public void Observed_ranges_are_the_extremes_of_the_samples_and_edges_are_drawn_over_them_alone()
    {
        var absolute = PiecewiseLinearFunction.Identity.Abs();
        var network = new KanNetwork([
            new KanLayer(2, 2, [new(0, 0, absolute), new(1, 0, PiecewiseLinearFunction.Identity),
                new(1, 1, PiecewiseLinearFunction.Linear(3, 0))], [10, 0]),
            new KanLayer(2, 1, [new(0, 0, PiecewiseLinearFunction.Relu), new(1, 0, PiecewiseLinearFunction.Linear(-2, 1))])]);
        double[][] samples = [[-4, 1], [2, -3], [0, 0]];
        var ranges = NodeRanges.Observed(network, samples);
        Assert.Equal([new InputRange(-4, 2), new InputRange(-3, 1)], ranges[0]);
        Assert.Equal([new InputRange(9, 15), new InputRange(-9, 3)], ranges[1]);
        Assert.Equal([new InputRange(10, 28)], ranges[2]);

        // Among these values the first edge of the last layer does not bend, and it moves its output by 6, the second one by 24.
        Assert.Equal([new EdgePlace(0, 1, 1), new EdgePlace(1, 1, 0)], EdgeSheet.Strongest(network, 1, ranges));
        var sheet = XDocument.Parse(EdgeSheet.ToSvg(network, [new EdgePlace(1, 0, 0)], new EdgeSheetOptions { NodeRanges = ranges })).Root!;
        Assert.Empty(sheet.Descendants(s_svg + "circle").Concat(sheet.Descendants(s_svg + "ellipse")));
        Assert.Contains(sheet.Descendants(s_svg + "text"), static text => text.Value == "14");

        // An input that never changes moves nothing, however steep its edge is.
        Assert.Equal(new EdgePlace(0, 0, 0), EdgeSheet.Strongest(network, 1, NodeRanges.Observed(network, [[1, 5], [2, 5]]))[0]);

        Assert.Throws<ArgumentException>(() => NodeRanges.Observed(network, []));
        Assert.Throws<ArgumentException>(() => NodeRanges.Observed(network, [[1]]));
        Assert.Contains("widths 2, 2, 1",
            Assert.Throws<ArgumentException>(() => network.ToSvg(new NetworkPictureOptions { NodeRanges = ranges[..2] })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Mistakes_are_told_at_once()
    {
        var token = TestContext.Current.CancellationToken;
        Assert.Contains("incomplete",
            Assert.Throws<InvalidOperationException>(() => LinearRegions.Of(Network, Instance.Domain, cellLimit: 5, token).ToSvg()).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Regions.ToSvg(new RegionPictureOptions { Output = 1 }));
        Assert.Throws<ArgumentException>(() => EdgeSheet.ToSvg(Network, []));
        Assert.Contains("no layer 2", Assert.Throws<ArgumentException>(() => EdgeSheet.ToSvg(Network, [new EdgePlace(2, 0, 0)])).Message,
            StringComparison.Ordinal);
        Assert.Contains("no edge (2, 0)",
            Assert.Throws<ArgumentException>(() => EdgeSheet.ToSvg(Network, [new EdgePlace(0, 2, 0)])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() =>
            Network.ToSvg(new NetworkPictureOptions { InputRanges = [new(0, 1), new(0, 1), new(0, 1)] }));
    }

    [Theory]
    [InlineData(-2, 2, "-2|-1|0|1|2")]
    [InlineData(0, 1, "0.0|0.2|0.4|0.6|0.8|1.0")]
    [InlineData(-0.25, 1.25, "-0.2|0.0|0.2|0.4|0.6|0.8|1.0|1.2")]
    [InlineData(0, 0.0005, "0|1e-4|2e-4|3e-4|4e-4|5e-4")]
    [InlineData(3, 3, "")]
    public void Ticks_are_round(double low, double high, string expected) =>
        Assert.Equal(expected.Split('|', StringSplitOptions.RemoveEmptyEntries)
            .Select(static text => double.Parse(text, CultureInfo.InvariantCulture)),
            AxisTicks.Between(low, high, 5).Select(static tick => double.Parse(tick.Text, CultureInfo.InvariantCulture)));

    private static IEnumerable<string> All()
    {
        var network = Network;
        var regions = Regions;
        foreach (var colors in Enum.GetValues<RegionColors>())
            yield return regions.ToSvg(new RegionPictureOptions
            {
                Title = "a < b & \"c\"",
                Colors = colors,
                Marks = [(new(-1, Rational.Create(1, 3)), "here")]
            });
        yield return network.ToSvg(new NetworkPictureOptions { Title = "t", InputRanges = [new(-4, 4)] });
        yield return EdgeSheet.ToSvg(network, EdgeSheet.Strongest(network, 4, new InputRange(-4, 4)),
            new EdgeSheetOptions { Title = "t", InputRanges = [new(-4, 4)] });
    }

    private static double Area(IReadOnlyList<(double X, double Y)> polygon) =>
        polygon.Select((point, i) => (point, next: polygon[(i + 1) % polygon.Count]))
            .Sum(static side => (side.point.X * side.next.Y) - (side.next.X * side.point.Y)) / 2;
}
