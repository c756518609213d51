using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Kan.Benchmarks.Engines;
using Kan.Benchmarks.Sections;
using Kan.Benchmarks.Workloads;

namespace Kan.Benchmarks.Reporting;

/// <summary>A bar chart of one sample by network and engine; the axis is logarithmic.</summary>
internal static class SingleChart
{
    private const int Left = 190, Width = 900, BarHeight = 12, Gap = 14, Top = 56;

    private static readonly (string Engine, string Color)[] s_series =
    [
        (EngineSet.Ours, "#0b6e4f"), (EngineSet.Onnx, "#d1495b"), (EngineSet.C, "#3d5a80"), (EngineSet.CEdges, "#3d5a80"),
            (EngineSet.CRows, "#7a9cc6"), (EngineSet.Tensor, "#edae49"),
    ];

    /// <summary>The picture, or null where nothing was measured.</summary>
    public static string? Draw(Results results)
    {
        List<(string Network, List<(string Engine, string Color, double Value)> Bars)> groups = [.. Workload.All
            .Select(workload => (workload.Name, Bars(results, workload.Name)))
            .Where(static group => group.Item2.Count > 1)];
        if (groups.Count == 0) return null;
        double low = Math.Pow(10, Math.Floor(Math.Log10(groups.SelectMany(static group => group.Bars).Min(static bar => bar.Value))));
        double high = groups.SelectMany(static group => group.Bars).Max(static bar => bar.Value) * 3;
        double X(double value) => Left + (Math.Log(value / low) / Math.Log(high / low) * (Width - Left - 20));

        var body = new StringBuilder();
        int y = Top;
        foreach (var (network, bars) in groups)
        {
            Text(body, Left - 10, y + (bars.Count * BarHeight / 2) + 4, network, "end");
            foreach (var (engine, color, value) in bars)
            {
                body.Append(Invariant($"""<rect x="{Left}" y="{y}" width="{X(value) - Left:0.0}" height="{BarHeight - 2}" fill="{color}"><title>{engine}</title></rect>""")).Append('\n');
                Text(body, X(value) + 4, y + BarHeight - 3, Format.Number(value), "start");
                y += BarHeight;
            }

            y += Gap;
        }

        var svg = new StringBuilder(Invariant($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {y + 20}" font-family="sans-serif" font-size="11">""")).Append('\n');
        svg.Append(Invariant($"""<rect width="{Width}" height="{y + 20}" fill="white"/>""")).Append('\n');
        Text(svg, 10, 20, "Nanoseconds for one sample, logarithmic; shorter is better", "start");
        double legend = 10;
        foreach (var (engine, color) in s_series.Where(series => groups.Any(group => group.Bars.Any(bar => bar.Engine == series.Engine))))
        {
            svg.Append(Invariant($"""<rect x="{legend}" y="30" width="10" height="10" fill="{color}"/>""")).Append('\n');
            Text(svg, legend + 14, 39, engine, "start");
            legend += 34 + (engine.Length * 6.2);
        }

        for (double tick = low; tick < high; tick *= 10)
        {
            svg.Append(Invariant($"""<line x1="{X(tick):0.0}" y1="{Top - 6}" x2="{X(tick):0.0}" y2="{y}" stroke="#ddd"/>""")).Append('\n');
            Text(svg, X(tick), y + 12, tick.ToString("N0", CultureInfo.InvariantCulture), "middle");
        }

        return svg.Append(body).Append("</svg>\n").ToString();
    }

    private static List<(string, string, double)> Bars(Results results, string network)
    {
        var bars = new List<(string, string, double)>();
        foreach (var (engine, color) in s_series)
        {
            string key = engine == EngineSet.Ours ? $"single/{network}/ns" : $"single/{network}/ns/{engine}";
            if (results.Number(key) is { } value) bars.Add((engine, color, value));
        }

        return bars;
    }

    private static void Text(StringBuilder svg, double x, double y, string text, string anchor) =>
        svg.Append(Invariant($"""<text x="{x:0.0}" y="{y:0.0}" text-anchor="{anchor}" fill="#222">{text}</text>""")).Append('\n');

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
