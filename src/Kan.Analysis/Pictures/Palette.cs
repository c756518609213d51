using System.Collections.Immutable;

namespace Kan.Analysis;

/// <summary>Colors that people with any kind of color vision can tell apart.</summary>
internal static class Palette
{
    /// <summary>Light fills for areas under dark lines (from the "light" scheme of Paul Tol, a little lighter).</summary>
    public static ImmutableArray<string> Fills { get; } =
        ["#9dc2e7", "#f3e7a9", "#f3a991", "#78ceb6", "#ffc2ce", "#b6e7ff", "#ceda6c"];

    /// <summary>A blue for curves that reads on white and on near-black.</summary>
    public const string Curve = "#2187c8";

    /// <summary>The orange of Okabe and Ito, which no kind of color vision confuses with blue.</summary>
    public const string Mark = "#d55e00";

    /// <summary>Ten fills for classes: those, and three more.</summary>
    public static ImmutableArray<string> Classes { get; } = [.. Fills, "#c2c247", "#dddddd", "#8899bb"];
}
