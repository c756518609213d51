namespace Kan.Interchange;

/// <summary>The loops of C code over the places of a window and over its taps, whatever the type of numbers.</summary>
internal static class CWindowLoops
{
    /// <summary>Opens the function of a layer, and the loops over its places: <c>y</c> moves from place to place.</summary>
    /// <param name="writer">What is written to.</param>
    /// <param name="name">The function.</param>
    /// <param name="from">The type of what is before the layer, <c>x</c>.</param>
    /// <param name="to">The type of what is behind it, <c>y</c>.</param>
    /// <param name="geometry">Where the window stands.</param>
    /// <param name="channels">Numbers of a place behind it.</param>
    public static void OpenPlaces(this CWriter writer, string name, string from, string to, WindowGeometry geometry, int channels) =>
        writer.Lines($$"""

            static void {{name}}(const {{from}} *x, {{to}} *y)
            {
                for (int row = 0; row < {{geometry.OutputHeight}}; row++) {
                    for (int column = 0; column < {{geometry.OutputWidth}}; column++, y += {{channels}}) {
            """);

    /// <summary>Opens the loops over the taps of a place, without those on padding.</summary>
    public static void OpenTaps(this CWriter writer, WindowText text)
    {
        writer.Lines(
            $"            for (int ky = 0; ky < {text.Geometry.KernelHeight}; ky++) {{\n                const int r = {text.Row};");
        if (text.IsPaddingRow is { } row) writer.Lines($"                if ({row}) continue;");
        writer.Lines($"                for (int kx = 0; kx < {text.Geometry.KernelWidth}; kx++) {{\n                    const int k = "
            + $"{text.Column};");
        if (text.IsPaddingColumn is { } column) writer.Lines($"                    if ({column}) continue;");
    }

    /// <summary>Closes the loops over taps.</summary>
    public static void CloseTaps(this CWriter writer) => writer.Lines("                }\n            }");

    /// <summary>Closes the loops over places, and the function.</summary>
    public static void ClosePlaces(this CWriter writer) => writer.Lines("        }\n    }\n}");
}
