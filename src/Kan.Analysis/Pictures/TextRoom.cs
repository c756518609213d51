using OxyPlot;

namespace Kan.Analysis;

/// <summary>The room text needs in any sans-serif font, so that the layout depends neither on the machine nor on the viewer.</summary>
internal sealed class TextRoom() : PdfRenderContext(1, 1, OxyColors.Transparent)
{
    private const double LetterWidth = 0.56;
    private const double LineHeight = 1.25;

    public override OxySize MeasureText(string text, string fontFamily, double fontSize, double fontWeight) =>
        string.IsNullOrEmpty(text) ? OxySize.Empty : new OxySize(LetterWidth * fontSize * text.Length, LineHeight * fontSize);
}
