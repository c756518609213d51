using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Compiler.Lower;

/// <summary>How a layer over an image runs: what was decided for it.</summary>
/// <param name="Geometry">Where the window stands.</param>
/// <param name="Filters">Channels of the outputs.</param>
/// <param name="Groups">Parts of the channels that do not see each other; 1 where every channel is by itself.</param>
/// <param name="IsByChannel">Whether each channel is by itself, so that inputs stand in lanes like outputs.</param>
/// <param name="IsCopied">Whether the image is copied first: with its padding, its channels together, or bounded.</param>
/// <param name="Ends">Bounds of the inputs.</param>
/// <param name="WideTile">Places that a kernel takes at once where a panel is one register.</param>
/// <param name="NarrowTile">The same where it is several.</param>
internal sealed record WindowPlan(WindowGeometry Geometry, int Filters, int Groups, bool IsByChannel, bool IsCopied, FiniteEnds Ends,
    int WideTile, int NarrowTile)
{
    // Chains that keep the units of a core busy, and what 16 registers hold beside a weight and an input.
    private const int MostWide = 8, MostNarrow = 4;

    /// <summary>The plan of a form; null where it is not over an image.</summary>
    public static WindowPlan? Of(LayerForm form, int index)
    {
        if (form is MaximumForm maximum)
        {
            // Panels of channels are loaded past the last one, which memory of the caller has no room for.
            var size = maximum.Geometry;
            return new WindowPlan(size with { ChannelsFirst = size.ChannelsFirst && size.Channels > 1 }, size.Channels, 1,
                IsByChannel: true, index == 0 || (size.ChannelsFirst && size.Channels > 1), default, 1, 1)
            { IsMaximum = true };
        }

        if (form is not ConvolutionForm convolution) return null;
        var geometry = convolution.Geometry;
        bool isByChannel = convolution.Groups == geometry.Channels && convolution.Filters == geometry.Channels && geometry.Channels > 1;
        bool isCopied = geometry.PadTop + geometry.PadLeft + geometry.PadBottom + geometry.PadRight > 0 || convolution.Ends != default
            || (geometry.ChannelsFirst && geometry.Channels > 1) || (isByChannel && index == 0);
        return new WindowPlan(
            geometry, convolution.Filters, isByChannel ? 1 : convolution.Groups, isByChannel, isCopied, convolution.Ends,
            Tile(geometry.OutputWidth, MostWide), Tile(geometry.OutputWidth, MostNarrow));
    }

    /// <summary>Whether a maximum is taken, not a sum.</summary>
    public bool IsMaximum { get; init; }

    /// <summary>Rows above the image as the kernel reads it.</summary>
    public int Above => IsMaximum ? 0 : Geometry.PadTop;

    /// <summary>Columns left of the image as the kernel reads it.</summary>
    public int Before => IsMaximum ? 0 : Geometry.PadLeft;

    /// <summary>Rows of the image as the kernel reads it.</summary>
    public int Rows => Geometry.Height + (IsMaximum ? 0 : Geometry.PadTop + Geometry.PadBottom);

    /// <summary>Columns of the image as the kernel reads it.</summary>
    public int Columns => Geometry.Width + (IsMaximum ? 0 : Geometry.PadLeft + Geometry.PadRight);

    /// <summary>Numbers of a row of the image as the kernel reads it.</summary>
    public int Pitch => Columns * Geometry.Channels;

    /// <summary>Numbers of the image as the kernel reads it.</summary>
    public int ImageLength => Rows * Pitch;

    /// <summary>Outputs of a group.</summary>
    public int GroupFilters => Filters / Groups;

    /// <summary>Channels that an output sees one after the other.</summary>
    public int GroupChannels => IsByChannel ? 1 : Geometry.Channels / Groups;

    /// <summary>Terms of an output.</summary>
    public int Terms => Geometry.KernelHeight * Geometry.KernelWidth * GroupChannels;

    /// <summary>The numbers of the table by panel: biases, then for each panel the weights of each term.</summary>
    public static void Pack(ConvolutionForm form, int lanes, List<double> table)
    {
        var plan = Of(form, 1)!;
        int panels = (plan.GroupFilters + lanes - 1) / lanes;
        foreach (var (group, panel) in plan.Panels(panels)) Add(group, panel, filter => form.FilterBiases[filter]);
        foreach (var (group, panel) in plan.Panels(panels))
        {
            for (int term = 0; term < plan.Terms; term++) Add(group, panel, filter => form.Weights[(filter * plan.Terms) + term]);
        }

        void Add(int group, int panel, Func<int, double> number)
        {
            for (int lane = panel * lanes; lane < (panel + 1) * lanes; lane++)
                table.Add(lane < plan.GroupFilters ? number((group * plan.GroupFilters) + lane) : 0);
        }
    }

    private IEnumerable<(int Group, int Panel)> Panels(int panels) =>
        Enumerable.Range(0, Groups).SelectMany(_ => Enumerable.Range(0, panels), static (group, panel) => (group, panel));

    /// <summary>The size of tiles that wastes least at the end of a row.</summary>
    private static int Tile(int places, int most)
    {
        int best = 1;
        for (int tile = 1; tile <= Math.Min(most, places); tile++)
        {
            // A tile costs a little by itself: a third of a place.
            if (Cost(tile) <= Cost(best)) best = tile;
        }

        return best;

        double Cost(int tile) => (places + tile - 1) / tile * (tile + 1.4);
    }
}
