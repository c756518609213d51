using System.ComponentModel;

namespace Kan.Panels;

/// <summary>
/// A layer over an image, as a local map reads it: where its window is, and which inputs each output sees. A maximum sees one channel.
/// </summary>
/// <param name="channels">Channels of the image.</param>
/// <param name="height">Rows of the image.</param>
/// <param name="width">Columns of the image.</param>
/// <param name="kernelHeight">Rows of the kernel.</param>
/// <param name="kernelWidth">Columns of the kernel.</param>
/// <param name="strideY">Rows from one place of the kernel to the next.</param>
/// <param name="strideX">Columns from one place of the kernel to the next.</param>
/// <param name="dilationY">Rows from one tap of the kernel to the next.</param>
/// <param name="dilationX">Columns from one tap of the kernel to the next.</param>
/// <param name="padTop">Rows of padding above the image.</param>
/// <param name="padLeft">Columns of padding left of the image.</param>
/// <param name="columns">Places of the kernel from left to right.</param>
/// <param name="filters">Channels of the outputs.</param>
/// <param name="groups">Parts of the channels that do not see each other.</param>
/// <param name="channelsFirst">Whether inputs are numbered channel by channel, instead of place by place.</param>
/// <param name="isMaximum">Whether outputs are the largest numbers that they see, not sums.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct LocalWindow(
    int channels, int height, int width, int kernelHeight, int kernelWidth, int strideY, int strideX, int dilationY, int dilationX,
    int padTop, int padLeft, int columns, int filters, int groups, bool channelsFirst = false, bool isMaximum = false)
{
    /// <summary>Whether the layer is not over an image.</summary>
    internal bool IsEmpty => channels == 0;

    /// <summary>Whether outputs are the largest numbers that they see, not sums.</summary>
    internal bool IsMaximum => isMaximum;

    /// <summary>Channels of the outputs.</summary>
    internal int Filters => filters;

    /// <summary>Taps of the kernel.</summary>
    internal int Taps => kernelHeight * kernelWidth;

    /// <summary>Channels that an output sees.</summary>
    internal int Seen => channels / groups;

    /// <summary>Outputs that see the same channels of a place.</summary>
    internal int GroupFilters => filters / groups;

    /// <summary>From an input to that of the next channel.</summary>
    internal int ChannelStep => channelsFirst ? height * width : 1;

    /// <summary>
    /// The first input that an output sees under a tap, or -1 if the tap is on padding. Its other channels are <see cref="ChannelStep"/>
    /// apart.
    /// </summary>
    internal int Input(int output, int tap)
    {
        int channel = output % filters / GroupFilters * Seen, place = output / filters;
        int row = (place / columns * strideY) - padTop + (tap / kernelWidth * dilationY);
        int column = (place % columns * strideX) - padLeft + (tap % kernelWidth * dilationX);
        if ((uint)row >= (uint)height || (uint)column >= (uint)width) return -1;
        return channelsFirst ? (((channel * height) + row) * width) + column : (((row * width) + column) * channels) + channel;
    }
}
