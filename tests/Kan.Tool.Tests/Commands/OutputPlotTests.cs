using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using System.Xml.Linq;
using Kan.Interchange.Tests.Support;
using Kan.Tool.Tests.Support;
using Xunit;

namespace Kan.Tool.Tests.Commands;

/// <summary>How an output varies, as <c>kan plot</c> draws it.</summary>
public sealed class OutputPlotTests
{
    /// <summary>risk = max(0, age - 10) + 2 income, then price = -risk.</summary>
    private const string Model = """
        {"format":"kan","version":1,"name":"a <b> & \"c\"","inputs":{"names":["age","income"],"ranges":[[0,20],[0,4]]},
        "outputs":{"names":["risk","price"]},"layers":[{"kind":"kan","inputs":2,"outputs":1,
        "edges":[{"input":0,"output":0,"breakpoints":[10],"slopes":[0,1],"anchor":[10,0]},
        {"input":1,"output":0,"slopes":[2],"anchor":[0,0]}]},
        {"kind":"affine","inputs":1,"outputs":2,"weights":[1,-1]}]}
        """;

    [Fact]
    public async Task A_curve_has_the_corners_of_the_exact_function()
    {
        using var scratch = new Scratch();
        var svg = await Plot(scratch, "--vary", "age");

        // Income rests at 2: the curve is 4 up to age 10, then rises to 14.
        var points = Points(Element(svg, "path", "curve").Attribute("d")!.Value);
        Assert.Equal(3, points.Count);
        Assert.Equal(points[0].Y, points[1].Y);
        Assert.Equal((points[0].X + points[2].X) / 2, points[1].X, 0.011);
        Assert.True(points[2].Y < points[1].Y);
        Assert.Contains(Texts(svg), static text => text.StartsWith("computed, within ", StringComparison.Ordinal));
        Assert.Contains("a <b> & \"c\"", Texts(svg));

        var json = await KanRun.Json(0, "plot", scratch.PathOf("m.kan.json"), "-o", scratch.PathOf("p.svg"), "--vary", "age", "--at",
            "0,1");
        Assert.Equal((2.0, 12.0), (json.GetProperty("least").GetDouble(), json.GetProperty("greatest").GetDouble()));
        Assert.InRange(json.GetProperty("roundingBound").GetDouble(), 0, 1e-4);
    }

    [Theory]
    [InlineData("0,15", "stays 1 below 15")]
    [InlineData("0,14", "touches 14")]
    [InlineData("0,12.5", "goes 1.5 above 12.5")]
    [InlineData("5,20", "goes 1 below 5")]
    public async Task Where_a_range_is_tight_is_said(string within, string expected)
    {
        using var scratch = new Scratch();
        var svg = await Plot(scratch, "--vary", "age", "--within", within);
        Assert.Contains(expected, Texts(svg));
        Assert.Equal(2, svg.Descendants().Count(static element => element.Name.LocalName == "circle"));
    }

    [Theory]
    [InlineData("risk", "+", "flat")]
    [InlineData("price", "-", "flat")]
    [InlineData("price", "+", "falls, slope -1 at worst")]
    [InlineData("risk", "-", "rises, slope 1 at worst")]
    public async Task Where_a_slope_is_tight_is_said(string output, string direction, string expected)
    {
        using var scratch = new Scratch();
        var svg = await Plot(scratch, "--vary", "0", "--show", output, "--monotone", direction);
        Assert.Contains(expected, Texts(svg));
        var marked = Points(Element(svg, "path", "tight").Attribute("d")!.Value);
        bool isSecondHalf = expected != "flat";
        Assert.Equal(2, marked.Count);
        Assert.Equal(isSecondHalf, marked[0].Y != marked[1].Y);
    }

    [Fact]
    public async Task Two_inputs_are_drawn_in_steps_with_the_limits()
    {
        using var scratch = new Scratch();
        var svg = await Plot(scratch, "--vary", "age,income", "--within", "0,15");
        string[] texts = [.. Texts(svg)];
        Assert.Contains("greatest: 18, limit 15", texts);
        Assert.Contains("least: 0, limit 0", texts);
        Assert.Contains("above 16", texts);
        Assert.Contains("below 2", texts);
        Assert.Equal(9, svg.Descendants().Count(static element => (string?)element.Attribute("class") == "step"));

        // risk = 15 on the line from (13, 1) to (20, 2.5), cut nowhere between: income = (25 - age) / 2 leaves the plane at age 17.
        var line = Points(Element(svg, "path", "limit").Attribute("d")!.Value);
        Assert.Equal(2, line.Count);
        double[] ages = [.. line.Select(static point => (point.X - 72) / 520 * 20).Order()];
        Assert.Equal(17, ages[0], 0.01);
        Assert.Equal(20, ages[1], 0.01);
    }

    /// <summary>The figures of docs/kan/plot.md; what differs is written beside them, to be accepted by renaming.</summary>
    [Theory]
    [InlineData("output-curve", "--vary", "age", "--within", "0,100", "--monotone", "+")]
    [InlineData("output-map", "--vary", "age,pressure", "--within", "0,100")]
    public async Task The_documentation_shows_what_is_drawn(string name, params string[] options)
    {
        using var scratch = new Scratch();
        string pages = TestFiles.Metadata("Pages"), verified = Path.Combine(pages, "..", "images", name + ".svg"),
            received = Path.ChangeExtension(verified, ".received.svg");
        await KanRun.Succeed(["plot", Path.Combine(pages, "examples", "score.kan.json"), "-o", scratch.PathOf("p.svg"), .. options]);
        var token = TestContext.Current.CancellationToken;
        string drawn = await File.ReadAllTextAsync(scratch.PathOf("p.svg"), token);
        File.Delete(received);
        if (File.Exists(verified) && await File.ReadAllTextAsync(verified, token) == drawn) return;
        await File.WriteAllTextAsync(received, drawn, token);
        Assert.Fail($"{name}.svg is not what is drawn now; compare it with {name}.received.svg beside it.");
    }

    [Fact]
    public async Task The_same_bytes_come_again()
    {
        using var scratch = new Scratch();
        string model = scratch.Write("m.kan.json", Encoding.UTF8.GetBytes(Model));
        string[] Arguments(string file) => ["plot", model, "-o", scratch.PathOf(file), "--vary", "age,income"];
        await KanRun.Succeed(Arguments("a.svg"));
        await KanRun.Succeed(Arguments("b.svg"));
        var token = TestContext.Current.CancellationToken;
        string text = await File.ReadAllTextAsync(scratch.PathOf("a.svg"), token);
        Assert.Equal(text, await File.ReadAllTextAsync(scratch.PathOf("b.svg"), token));
        Assert.DoesNotContain("\r", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--vary salary", "--vary: there is no 'salary'; expected 'age', 'income'.")]
    [InlineData("--vary age,age", "expected one input, or two different ones")]
    [InlineData("--vary age --show cost", "--show: there is no 'cost'; expected 'risk', 'price'.")]
    [InlineData("--vary age --box 3,3", "must go from a smaller to a larger number")]
    [InlineData("--vary age --within 2,1", "--within 2,1: Expected two finite numbers")]
    [InlineData("--vary age --monotone up", "--monotone: expected + or -.")]
    [InlineData("--vary age,income --monotone +", "--monotone goes with one varying input.")]
    [InlineData("--vary age --at 1", "The sample '1' has 1 number; the network has 2 inputs.")]
    [InlineData("--within 0,1", "--within goes with --vary.")]
    public async Task What_does_not_fit_is_said(string options, string message)
    {
        using var scratch = new Scratch();
        string model = scratch.Write("m.kan.json", Encoding.UTF8.GetBytes(Model));
        var (code, _, error) = await KanRun.Run(["plot", model, "-o", scratch.PathOf("p.svg"), .. options.Split(' ')]);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.False(File.Exists(scratch.PathOf("p.svg")));
    }

    private static async Task<XElement> Plot(Scratch scratch, params string[] options)
    {
        string model = scratch.Write("m.kan.json", Encoding.UTF8.GetBytes(Model));
        await KanRun.Succeed(["plot", model, "-o", scratch.PathOf("p.svg"), .. options]);
        return XDocument.Load(scratch.PathOf("p.svg")).Root!;
    }

    private static XElement Element(XElement svg, string name, string style) => svg.Descendants()
        .First(element => element.Name.LocalName == name && (string?)element.Attribute("class") == style);

    private static IEnumerable<string> Texts(XElement svg) =>
        svg.Descendants().Where(static element => element.Name.LocalName == "text").Select(static element => element.Value);

    private static List<(double X, double Y)> Points(string path) =>
        [.. path.Split(['M', 'L'], StringSplitOptions.RemoveEmptyEntries).Select(static part => part.Split(' '))
            .Select(static ends => (Number(ends[0]), Number(ends[1])))];

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
