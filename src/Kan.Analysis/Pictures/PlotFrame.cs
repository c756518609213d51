using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using static Kan.Analysis.SvgWriter;

namespace Kan.Analysis;

/// <summary>The axes of a plot, and the way from its coordinates to pixels.</summary>
/// <param name="x">The ends of the horizontal axis, the lower first.</param>
/// <param name="y">The ends of the vertical axis.</param>
/// <param name="top">The upper edge, in pixels.</param>
/// <param name="width">In pixels.</param>
/// <param name="height">In pixels.</param>
internal sealed class PlotFrame((double Low, double High) x, (double Low, double High) y, double top, double width, double height)
{
    public const double Left = 72;

    /// <summary>A number as people write it, with at most four decimals where it is not far from 1.</summary>
    public static string Short(double value) => value == 0 || Math.Abs(value) is >= 0.01 and < 1e6
        ? (Math.Round(value, 4) + 0.0).ToString("0.####", CultureInfo.InvariantCulture)
        : value.ToString("0.##e0", CultureInfo.InvariantCulture);

    public double Top => top;

    public double Right => Left + width;

    public double Bottom => top + height;

    public (double X, double Y) At(double xValue, double yValue) =>
        (Left + ((xValue - x.Low) / (x.High - x.Low) * width), Bottom - ((yValue - y.Low) / (y.High - y.Low) * height));

    /// <summary>Appends a path through points, left open.</summary>
    public StringBuilder Append(StringBuilder path, IEnumerable<(double X, double Y)> points)
    {
        bool isFirst = true;
        foreach (var point in points)
        {
            var (px, py) = At(point.X, point.Y);
            path.Append(isFirst ? 'M' : 'L').Append(Number(px)).Append(' ').Append(Number(py));
            isFirst = false;
        }

        return path;
    }

    /// <summary>Draws the border, the ticks and the labels.</summary>
    public void Draw(SvgWriter svg, string xLabel, string yLabel)
    {
        var ticks = new StringBuilder();
        ticks.Append(CultureInfo.InvariantCulture, $"M{Number(Left)} {Number(top)}V{Number(Bottom)}H{Number(Right)}V{Number(top)}Z");
        foreach (var (value, text) in AxisTicks.Between(x.Low, x.High, 5))
        {
            double at = At(value, y.Low).X;
            ticks.Append(CultureInfo.InvariantCulture, $"M{Number(at)} {Number(Bottom)}v5");
            svg.Text(at, Bottom + 20, text, "small soft", "middle");
        }

        foreach (var (value, text) in AxisTicks.Between(y.Low, y.High, 5))
        {
            double at = At(x.Low, value).Y;
            ticks.Append(CultureInfo.InvariantCulture, $"M{Number(Left)} {Number(at)}h-5");
            svg.Text(Left - 9, at + 4, text, "small soft", "end");
        }

        svg.Line($"<path class=\"axis\" d=\"{ticks}\"/>");
        svg.Text((Left + Right) / 2, Bottom + 42, xLabel, anchor: "middle");
        double middle = (top + Bottom) / 2;
        svg.Line($"<text transform=\"translate(16 {Number(middle)}) rotate(-90)\" text-anchor=\"middle\">{Escape(yLabel)}</text>");
    }
}
