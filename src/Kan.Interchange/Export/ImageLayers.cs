using System;

namespace Kan.Interchange;

/// <summary>Layers over images, which languages without loops over places do not have.</summary>
internal static class ImageLayers
{
    /// <summary>The refusal to write one.</summary>
    /// <param name="language">The language, with "yet" if it may come.</param>
    public static NotSupportedException NotWritten(string language) => new(
        $"Layers over images (convolutions and maxima) are not written as {language}. Small ones can be: convert the model with --to kan "
        + $"first, which writes their edges out.");
}
