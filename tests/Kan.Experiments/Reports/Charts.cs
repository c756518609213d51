using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace Kan.Experiments.Reports;

/// <summary>A line of a chart.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Points">x, y and the half height of the band around y, 0 for none.</param>
internal sealed record Curve(string Name, IReadOnlyList<(double X, double Y, double Spread)> Points)
{
    public bool IsDashed { get; init; }

    /// <summary>Which colour and marker it has; its place among the curves where null. Curves that belong together share one.</summary>
    public int? Style { get; init; }
}

/// <summary>An axis of a chart.</summary>
/// <param name="Title">Quantity and unit.</param>
/// <param name="IsLogarithmic">Whether equal steps are equal factors.</param>
internal sealed record ChartAxis(string Title, bool IsLogarithmic = false)
{
    public double Minimum { get; init; } = double.NaN;

    public double Maximum { get; init; } = double.NaN;
}

/// <summary>Charts in one style, as SVG.</summary>
internal static class Charts
{
    public const int Width = 860;
    public const int Height = 440;

    private const string Font = "Arial";

    /// <summary>Colours that people of any colour vision tell apart (Okabe and Ito).</summary>
    private static readonly OxyColor[] s_colours =
    [
        OxyColor.FromRgb(0x00, 0x72, 0xB2), OxyColor.FromRgb(0xD5, 0x5E, 0x00), OxyColor.FromRgb(0x00, 0x9E, 0x73),
            OxyColor.FromRgb(0xCC, 0x79, 0xA7),
        OxyColor.FromRgb(0xE6, 0x9F, 0x00), OxyColor.FromRgb(0x56, 0xB4, 0xE9), OxyColor.FromRgb(0x33, 0x33, 0x33),
            OxyColor.FromRgb(0x99, 0x99, 0x33),
        OxyColor.FromRgb(0x8B, 0x1A, 0x1A),
    ];

    private static readonly MarkerType[] s_markers = [MarkerType.Circle, MarkerType.Square, MarkerType.Triangle, MarkerType.Diamond];

    public static PlotModel Lines(string title, ChartAxis x, ChartAxis y, IReadOnlyList<Curve> curves)
    {
        var model = Create(title, x, y);
        for (int i = 0; i < curves.Count; i++)
        {
            if (curves[i].Points.Any(static point => point.Spread > 0)) model.Series.Add(Band(curves[i], ColourOf(i)));
        }

        for (int i = 0; i < curves.Count; i++)
        {
            var line = new LineSeries
            {
                Title = curves[i].Name,
                Color = ColourOf(i),
                StrokeThickness = 1.8,
                LineStyle = curves[i].IsDashed ? LineStyle.Dash : LineStyle.Solid,
                MarkerType = curves[i].Points.Count <= 24 ? s_markers[StyleOf(i) % s_markers.Length] : MarkerType.None,
                MarkerSize = 3,
            };
            line.Points.AddRange(curves[i].Points.Select(static point => new DataPoint(point.X, point.Y)));
            model.Series.Add(line);
        }

        return model;

        int StyleOf(int curve) => curves[curve].Style ?? curve;

        OxyColor ColourOf(int curve) => s_colours[StyleOf(curve) % s_colours.Length];
    }

    /// <summary>The chart as SVG text with LF line ends.</summary>
    public static string ToSvg(PlotModel model, int width = Width, int height = Height)
    {
        // Not every viewer of SVG knows about baselines, and few hosts of pages have the very font that the text was measured with.
        string svg = new SvgExporter
        {
            Width = width,
            Height = height,
            UseVerticalTextAlignmentWorkaround = true,
            TextMeasurer = new TextMeasurer()
        }.ExportToString(model);
        return svg.ReplaceLineEndings("\n").Replace(Font, Font + ", Helvetica, sans-serif", StringComparison.Ordinal).TrimEnd('\n') + "\n";
    }

    /// <summary>The room that text needs in any sans-serif font, rather than in one that was installed where the chart was made.</summary>
    private sealed class TextMeasurer() : PdfRenderContext(Width, Height, OxyColors.White)
    {
        private const double LetterWidth = 0.58;
        private const double LineHeight = 1.25;

        public override OxySize MeasureText(string text, string fontFamily, double fontSize, double fontWeight) =>
            string.IsNullOrEmpty(text) ? OxySize.Empty : new OxySize(LetterWidth * fontSize * text.Length, LineHeight * fontSize);
    }

    private static PlotModel Create(string title, ChartAxis x, ChartAxis y)
    {
        var model = new PlotModel
        {
            Title = title,
            TitleFontSize = 14,
            TitleFontWeight = 400,
            DefaultFont = Font,
            Background = OxyColors.White
        };
        model.Axes.Add(Create(x, AxisPosition.Bottom));
        model.Axes.Add(Create(y, AxisPosition.Left));
        model.Legends.Add(new Legend
        {
            LegendPlacement = LegendPlacement.Outside,
            LegendPosition = LegendPosition.RightTop,
            LegendPadding = 16,
            LegendFontSize = 11
        });
        return model;
    }

    private static Axis Create(ChartAxis axis, AxisPosition position)
    {
        Axis created = axis.IsLogarithmic ? new LogarithmicAxis { LabelFormatter = Power, AxisTitleDistance = 10 } : new LinearAxis();
        created.Position = position;
        created.Title = axis.Title;
        created.Minimum = axis.Minimum;
        created.Maximum = axis.Maximum;
        created.MajorGridlineStyle = LineStyle.Solid;
        created.MajorGridlineColor = OxyColor.FromRgb(0xE4, 0xE4, 0xE4);
        return created;
    }

    /// <summary>Long numbers as powers, "1e6", which take as little room in every font.</summary>
    private static string Power(double value) =>
        value is >= 1e5 or < 1e-3 ? value.ToString("0.##e0", CultureInfo.InvariantCulture)
            : value.ToString("G6", CultureInfo.InvariantCulture);

    private static AreaSeries Band(Curve curve, OxyColor colour)
    {
        var band = new AreaSeries
        {
            Fill = OxyColor.FromAColor(36, colour),
            Color = OxyColors.Transparent,
            Color2 = OxyColors.Transparent,
            RenderInLegend = false
        };
        band.Points.AddRange(curve.Points.Select(static point => new DataPoint(point.X, point.Y + point.Spread)));
        band.Points2.AddRange(curve.Points.Select(static point => new DataPoint(point.X, point.Y - point.Spread)));
        return band;
    }
}
