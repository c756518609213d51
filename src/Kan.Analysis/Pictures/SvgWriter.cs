using System.Globalization;
using System.Security;
using System.Text;

namespace Kan.Analysis;

/// <summary>Writes SVG text: the same bytes on every machine and culture, with LF and numbers of at most two decimals.</summary>
internal sealed class SvgWriter
{
    // One ink for light pages and one for dark ones; fills are light enough for dark lines on both.
    private const string Style = """
        text{font-family:system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif;font-size:13px;fill:#24292f}
        .title{font-size:16px;font-weight:600}
        .small{font-size:11px}
        .soft{fill:#57606a}
        .axis{stroke:#57606a;stroke-width:1;fill:none}
        @media (prefers-color-scheme:dark){text{fill:#e6edf3}.soft{fill:#9da7b3}.axis{stroke:#9da7b3}}
        """;

    private readonly StringBuilder _text = new();

    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="title">The text for screen readers.</param>
    /// <param name="style">Rules next to the common ones.</param>
    /// <param name="left">Where the picture begins, in pixels.</param>
    public SvgWriter(double width, double height, string title, string style = "", double left = 0)
    {
        string size = $"width=\"{Number(width)}\" height=\"{Number(height)}\" "
            + $"viewBox=\"{Number(left)} 0 {Number(width)} {Number(height)}\"";
        Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" {size} role=\"img\">");
        Line($"<title>{Escape(title)}</title>");
        Line($"<style>\n{Style.ReplaceLineEndings("\n")}{(style.Length == 0 ? "" : "\n" + style.ReplaceLineEndings("\n"))}\n</style>");
    }

    /// <summary>A number with at most two decimals.</summary>
    public static string Number(double value)
    {
        string text = value.ToString("0.##", CultureInfo.InvariantCulture);
        return text == "-0" ? "0" : text;
    }

    /// <summary>Text as XML; characters that XML cannot hold are replaced.</summary>
    public static string Escape(string text)
    {
        var valid = new StringBuilder(text.Length);
        foreach (var rune in MessageText.Bound(text).EnumerateRunes())
        {
            bool allowed = rune.Value is '\t' or '\n' or '\r' or (>= 0x20 and not (0xFFFE or 0xFFFF));
            valid.Append((allowed ? rune : Rune.ReplacementChar).ToString());
        }

        return SecurityElement.Escape(valid.ToString());
    }

    public void Line(string text) => _text.Append(text).Append('\n');

    /// <summary>Text at a place.</summary>
    /// <param name="x">In pixels.</param>
    /// <param name="y">Of the base line, in pixels.</param>
    /// <param name="text">Any text.</param>
    /// <param name="classes">CSS classes.</param>
    /// <param name="anchor">start, middle or end.</param>
    /// <param name="slant">Degrees by which it rises.</param>
    public void Text(double x, double y, string text, string classes = "", string anchor = "start", int slant = 0) =>
        Line($"<text x=\"{Number(x)}\" y=\"{Number(y)}\"{(classes.Length == 0 ? "" : $" class=\"{classes}\"")}"
            + $"{(anchor == "start" ? "" : $" text-anchor=\"{anchor}\"")}"
            + $"{(slant == 0 ? "" : $" transform=\"rotate(-{slant} {Number(x)} {Number(y)})\"")}>{Escape(text)}</text>");

    /// <summary>Ends the picture.</summary>
    public string Finish()
    {
        Line("</svg>");
        return _text.ToString();
    }
}
