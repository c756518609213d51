using System;

namespace Kan.Networks;

/// <summary>
/// A window over an image of codes, which does the same at each place: the kernel of a convolution, or what a maximum looks at. An average
/// is a convolution whose weights are equal. Nodes are numbered as <see cref="WindowGeometry"/> says.
/// </summary>
/// <param name="Geometry">Where the window stands.</param>
/// <param name="Filters">Channels of the outputs: a multiple of the groups, or the channels of the image for a maximum.</param>
/// <param name="Groups">
/// Parts of the channels that do not see each other: a divisor of the channels of the image, or their number for a maximum.
/// </param>
public sealed record IntegerWindow(WindowGeometry Geometry, int Filters, int Groups)
{
    /// <summary>Whether the largest code of each channel is taken, rather than a sum.</summary>
    public bool IsMaximum { get; init; }

    /// <summary>Numbers of the image.</summary>
    public int InputCount => Geometry.InputCount;

    /// <summary>Outputs: filters at each place.</summary>
    public int OutputCount => Geometry.PlaceCount * Filters;

    /// <summary>Channels of the image that a filter sees.</summary>
    public int GroupChannels => Geometry.Channels / Groups;

    /// <summary>Weights of a filter.</summary>
    public int FilterWeights => GroupChannels * Geometry.KernelHeight * Geometry.KernelWidth;

    /// <summary>Whether each channel is by itself, as in a depthwise convolution and a maximum.</summary>
    internal bool IsByChannel => Groups == Geometry.Channels && Filters == Groups && (IsMaximum || Groups > 1);

    /// <summary>Requires that something can be computed.</summary>
    /// <exception cref="ArgumentException">Nothing can be.</exception>
    internal void Require()
    {
        string? problem = IsMaximum
            ? new MaximumDescription(Geometry).Problem()
            : Geometry.Problem(Filters);
        if (problem is null && (Groups < 1 || Geometry.Channels % Groups != 0 || Filters % Groups != 0))
            problem = FormattableString.Invariant($"{Groups} groups do not divide {Geometry.Channels} channels and {Filters} filters.");
        if (problem is not null) throw new ArgumentException(problem);
    }

    /// <summary>The sums of a layer: the largest codes, or products of weights and codes.</summary>
    /// <param name="form">The layer.</param>
    /// <param name="codes">The codes before it.</param>
    /// <param name="zero">The code of 0, which padding of a convolution has.</param>
    /// <param name="start">Where the sums of each filter or channel start.</param>
    internal int[] Sums(IntegerLayerForm form, ushort[] codes, int zero, long[] start)
    {
        int[] sums = new int[OutputCount];
        int perGroup = Filters / Groups, inner = GroupChannels, taps = Geometry.KernelHeight * Geometry.KernelWidth;
        for (int q = 0; q < sums.Length; q++)
        {
            int filter = q % Filters, place = q / Filters, y = place / Geometry.OutputWidth, x = place % Geometry.OutputWidth,
                first = filter / perGroup * inner, largest = 0;
            long sum = start[filter];
            for (int k = 0; k < taps; k++)
            {
                int row = Geometry.Row(y, k / Geometry.KernelWidth), column = Geometry.Column(x, k % Geometry.KernelWidth);
                bool isInside = Geometry.IsRow(row) && Geometry.IsColumn(column);
                if (IsMaximum)
                {
                    if (isInside) largest = Math.Max(largest, codes[Geometry.Input(row, column, filter)]);
                    continue;
                }

                for (int c = 0, w = (filter * inner * taps) + k; c < inner; c++, w += taps)
                    sum += form.Weights[w] * (isInside ? codes[Geometry.Input(row, column, first + c)] : zero);
            }

            sums[q] = checked((int)(sum + largest));
        }

        return sums;
    }
}
