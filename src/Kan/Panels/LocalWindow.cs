using System.ComponentModel;

namespace Kan.Panels;

/// <summary>
/// A layer over an image, as a local map reads it: where its window is, and which inputs each output sees. A maximum sees one channel.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct LocalWindow
{
    /// <summary>Channels of the image.</summary>
    public required int Channels { get; init; }

    /// <summary>Rows of the image.</summary>
    public required int Height { get; init; }

    /// <summary>Columns of the image.</summary>
    public required int Width { get; init; }

    /// <summary>Whether inputs are numbered channel by channel, instead of place by place.</summary>
    public bool ChannelsFirst { get; init; }

    /// <summary>Rows of the kernel.</summary>
    public required int KernelHeight { get; init; }

    /// <summary>Columns of the kernel.</summary>
    public required int KernelWidth { get; init; }

    /// <summary>Rows from one place of the kernel to the next.</summary>
    public required int StrideY { get; init; }

    /// <summary>Columns from one place of the kernel to the next.</summary>
    public required int StrideX { get; init; }

    /// <summary>Rows from one tap of the kernel to the next.</summary>
    public required int DilationY { get; init; }

    /// <summary>Columns from one tap of the kernel to the next.</summary>
    public required int DilationX { get; init; }

    /// <summary>Rows of padding above the image.</summary>
    public required int PadTop { get; init; }

    /// <summary>Columns of padding left of the image.</summary>
    public required int PadLeft { get; init; }

    /// <summary>Places of the kernel from left to right.</summary>
    public required int Columns { get; init; }

    /// <summary>Channels of the outputs.</summary>
    public required int Filters { get; init; }

    /// <summary>Parts of the channels that do not see each other.</summary>
    public required int Groups { get; init; }

    /// <summary>Whether outputs are the largest numbers that they see, not sums.</summary>
    public bool IsMaximum { get; init; }

    /// <summary>Whether the layer is not over an image.</summary>
    internal bool IsEmpty => Channels == 0;

    /// <summary>Taps of the kernel.</summary>
    internal int Taps => KernelHeight * KernelWidth;

    /// <summary>Channels that an output sees.</summary>
    internal int Seen => Channels / Groups;

    /// <summary>Weights of all filters, by filter, then tap, then channel.</summary>
    internal int WeightCount => IsMaximum ? 0 : Filters * Taps * Seen;

    /// <summary>
    /// The first input that an output sees under a tap, or -1 if the tap is on padding. Its other channels are <see cref="ChannelStep"/>
    /// apart.
    /// </summary>
    internal int Input(int output, int tap)
    {
        int filter = output % Filters, place = output / Filters, channel = filter / (Filters / Groups) * Seen;
        int row = (place / Columns * StrideY) - PadTop + (tap / KernelWidth * DilationY),
            column = (place % Columns * StrideX) - PadLeft + (tap % KernelWidth * DilationX);
        if ((uint)row >= (uint)Height || (uint)column >= (uint)Width) return -1;
        return ChannelsFirst ? (((channel * Height) + row) * Width) + column : (((row * Width) + column) * Channels) + channel;
    }

    /// <summary>From an input to that of the next channel.</summary>
    internal int ChannelStep => ChannelsFirst ? Height * Width : 1;
}
