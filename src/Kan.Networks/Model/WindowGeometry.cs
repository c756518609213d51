using System;
using System.Globalization;

namespace Kan.Networks;

/// <summary>
/// Where a kernel stands over an image of some channels. Nodes are numbered row by row, then column by column, and the channels of a place
/// are stored together: node (row, column, channel) is number (row * Width + column) * Channels + channel. One axis is an image of height
/// 1.
/// </summary>
/// <remarks>Taps of the kernel on padding do not exist.</remarks>
public sealed record WindowGeometry
{
    // Some seconds of bounds, which the compiler may compute on each key press.
    private const long MostTerms = 1 << 28;

    /// <summary>Channels of the image.</summary>
    public required int Channels { get; init; }

    /// <summary>Rows of the image.</summary>
    public required int Height { get; init; }

    /// <summary>Columns of the image.</summary>
    public required int Width { get; init; }

    /// <summary>Rows of the kernel.</summary>
    public required int KernelHeight { get; init; }

    /// <summary>Columns of the kernel.</summary>
    public required int KernelWidth { get; init; }

    /// <summary>Rows from one place of the kernel to the next.</summary>
    public int StrideY { get; init; } = 1;

    /// <summary>Columns from one place of the kernel to the next.</summary>
    public int StrideX { get; init; } = 1;

    /// <summary>Rows from one tap of the kernel to the next.</summary>
    public int DilationY { get; init; } = 1;

    /// <summary>Columns from one tap of the kernel to the next.</summary>
    public int DilationX { get; init; } = 1;

    /// <summary>Rows of padding above the image.</summary>
    public int PadTop { get; init; }

    /// <summary>Columns of padding left of the image.</summary>
    public int PadLeft { get; init; }

    /// <summary>Rows of padding below the image.</summary>
    public int PadBottom { get; init; }

    /// <summary>Columns of padding right of the image.</summary>
    public int PadRight { get; init; }

    /// <summary>
    /// Whether inputs are numbered channel by channel, as most tools write images: number (channel * Height + row) * Width + column.
    /// </summary>
    public bool ChannelsFirst { get; init; }

    /// <summary>Places of the kernel from top to bottom.</summary>
    public int OutputHeight => Outputs(Height, PadTop, PadBottom, KernelHeight, StrideY, DilationY);

    /// <summary>Places of the kernel from left to right.</summary>
    public int OutputWidth => Outputs(Width, PadLeft, PadRight, KernelWidth, StrideX, DilationX);

    /// <summary>Numbers of the image.</summary>
    public int InputCount => Channels * Height * Width;

    /// <summary>Places of the kernel.</summary>
    public int PlaceCount => OutputHeight * OutputWidth;

    /// <summary>Why nothing can be computed with this geometry, as a sentence; null if something can.</summary>
    /// <param name="filters">Channels of the outputs.</param>
    internal string? Problem(int filters)
    {
        int[] positive = [Channels, Height, Width, KernelHeight, KernelWidth, StrideY, StrideX, DilationY, DilationX, filters],
            padding = [PadTop, PadLeft, PadBottom, PadRight];
        if (Array.Exists(positive, static size => size is < 1 or > LayerDescription.MaximumWidth)
            || Array.Exists(padding, static size => size is < 0 or > LayerDescription.MaximumWidth))
            return Text("A size, stride, dilation or padding is out of range; the most is {0}.", LayerDescription.MaximumWidth);
        long inputs = (long)Height * Width;
        if (inputs > LayerDescription.MaximumWidth || inputs * Channels > LayerDescription.MaximumWidth)
            return Text("An image of {0} channels, {1} rows and {2} columns has more than {3} numbers.", Channels, Height, Width,
                LayerDescription.MaximumWidth);
        if ((long)KernelHeight * KernelWidth > LayerDescription.MaximumWidth) return Text("A kernel of {0} rows and {1} columns has more "
            + "than {2} taps.", KernelHeight, KernelWidth, LayerDescription.MaximumWidth);
        long extentY = Extent(KernelHeight, DilationY), extentX = Extent(KernelWidth, DilationX);
        if (Math.Max(PadTop, PadBottom) >= extentY || Math.Max(PadLeft, PadRight) >= extentX)
            return Text("The padding is as large as the kernel, which spans {0} rows and {1} columns.", extentY, extentX);
        long rows = (long)Height + PadTop + PadBottom, columns = (long)Width + PadLeft + PadRight;
        if (extentY > rows || extentX > columns)
            return Text("A kernel that spans {0} rows and {1} columns does not fit an image of {2} rows and {3} columns with its padding.",
                extentY, extentX, rows, columns);
        if (rows * columns * Channels > 4L * LayerDescription.MaximumWidth)
            return Text("The image has more than {0} numbers with its padding.", 4L * LayerDescription.MaximumWidth);
        long places = (long)OutputHeight * OutputWidth;
        if (places * filters > LayerDescription.MaximumWidth)
            return Text("{0} channels at {1} places are more than {2} outputs.", filters, places, LayerDescription.MaximumWidth);
        return ProblemOfTaps(places * filters * KernelHeight * KernelWidth);
    }

    /// <summary>Why so many terms are too many, as a sentence; null if they are not. A few characters must not ask for hours.</summary>
    /// <param name="terms">What the outputs of a layer are computed from, counted for each of them.</param>
    internal static string? ProblemOfTaps(long terms) =>
        terms > MostTerms ? Text("The outputs take {0} taps of the kernel in all; the most is {1}.", terms, MostTerms) : null;

    /// <summary>The number of an input.</summary>
    internal int Input(int row, int column, int channel) =>
        ChannelsFirst ? (((channel * Height) + row) * Width) + column : (((row * Width) + column) * Channels) + channel;

    /// <summary>The row of the image under a tap; outside of it on padding.</summary>
    internal int Row(int place, int tap) => (place * StrideY) - PadTop + (tap * DilationY);

    /// <summary>The column of the image under a tap.</summary>
    internal int Column(int place, int tap) => (place * StrideX) - PadLeft + (tap * DilationX);

    /// <summary>For each tap of the kernel, row by row, the places where it is on the image.</summary>
    internal long[] TapCounts()
    {
        var counts = new long[KernelHeight * KernelWidth];
        var columns = new long[KernelWidth];
        for (int x = 0; x < OutputWidth; x++)
        {
            for (int kx = 0; kx < KernelWidth; kx++)
            {
                if (IsColumn(Column(x, kx))) columns[kx]++;
            }
        }

        for (int ky = 0; ky < KernelHeight; ky++)
        {
            long rows = 0;
            for (int y = 0; y < OutputHeight; y++)
            {
                if (IsRow(Row(y, ky))) rows++;
            }

            for (int kx = 0; kx < KernelWidth; kx++) counts[(ky * KernelWidth) + kx] = rows * columns[kx];
        }

        return counts;
    }

    /// <summary>Whether a row is of the image.</summary>
    internal bool IsRow(int row) => row >= 0 && row < Height;

    /// <summary>Whether a column is of the image.</summary>
    internal bool IsColumn(int column) => column >= 0 && column < Width;

    private static long Extent(int kernel, int dilation) => ((long)dilation * (kernel - 1)) + 1;

    private static int Outputs(int size, int before, int after, int kernel, int stride, int dilation) =>
        (int)(((long)size + before + after - Extent(kernel, dilation)) / stride) + 1;

    private static string Text(string format, params object[] numbers) => string.Format(CultureInfo.InvariantCulture, format, numbers);
}
