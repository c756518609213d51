namespace Kan.Compiler.Lower;

/// <summary>
/// Codes as a layer reads them: row by row, the channels of a place together, with the padding of a convolution around them.
/// </summary>
/// <param name="Channels">Channels of a place.</param>
/// <param name="Height">Rows without padding.</param>
/// <param name="Width">Columns without padding.</param>
internal sealed record CodeImage(int Channels, int Height, int Width)
{
    /// <summary>Rows of padding above.</summary>
    public int Above { get; private init; }

    /// <summary>Rows of padding below.</summary>
    public int Below { get; private init; }

    /// <summary>Columns of padding to the left.</summary>
    public int Left { get; private init; }

    /// <summary>Columns of padding to the right.</summary>
    public int Right { get; private init; }

    /// <summary>The code of padding.</summary>
    public int Zero { get; private init; }

    /// <summary>Whether the layer before it writes it as it is; else its results are copied.</summary>
    public bool IsDirect { get; private init; } = true;

    /// <summary>Whether it is copied from codes that are numbered channel by channel.</summary>
    public bool IsTransposed { get; private init; }

    /// <summary>Whether there is padding.</summary>
    public bool IsPadded => Above + Below + Left + Right > 0;

    /// <summary>Bytes of a row.</summary>
    public int Pitch => (Left + Width + Right) * Channels;

    /// <summary>Bytes of the image.</summary>
    public int Length => (Above + Height + Below) * Pitch;

    /// <summary>Where the first code is that is no padding.</summary>
    public int First => (Above * Pitch) + (Left * Channels);

    /// <summary>Codes one after the other.</summary>
    public static CodeImage Flat(int count) => new(count, 1, 1);

    /// <summary>What a layer reads.</summary>
    /// <param name="form">The network.</param>
    /// <param name="index">The layer.</param>
    public static CodeImage Before(IntegerForm form, int index)
    {
        if (form.Layers[index].Window is not { } window) return Flat(form.Layers[index].InputCount);
        var geometry = window.Geometry;
        bool isTransposed = geometry.ChannelsFirst && geometry.Channels > 1 && geometry.Height * geometry.Width > 1;
        var image = new CodeImage(geometry.Channels, geometry.Height, geometry.Width) { IsTransposed = isTransposed };
        if (!window.IsMaximum)
        {
            image = image with
            {
                Above = geometry.PadTop,
                Below = geometry.PadBottom,
                Left = geometry.PadLeft,
                Right = geometry.PadRight,
                Zero = form.ZeroBefore(index, 0),
            };
        }

        var before = index == 0 ? null : form.Layers[index - 1].Window;
        bool isSame = before is not null && before.Filters == geometry.Channels && before.Geometry.OutputHeight == geometry.Height
            && before.Geometry.OutputWidth == geometry.Width;
        return image with { IsDirect = !isTransposed && (isSame || !image.IsPadded) };
    }
}
