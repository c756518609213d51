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
internal sealed record WindowPlan(WindowGeometry Geometry, int Filters, int Groups, bool IsByChannel, bool IsCopied, FiniteEnds Ends)
{
    // Chains that keep the units of a core busy, what 16 registers hold beside a weight and an input, and places of two panels.
    private const int MostWide = 8, MostNarrow = 4, MostPaired = 6;

    /// <summary>The plan of a form; null where it is not over an image.</summary>
    /// <param name="form">The form.</param>
    /// <param name="index">Which layer it is: the first reads memory of the caller.</param>
    /// <param name="precision">The number type.</param>
    public static WindowPlan? Of(LayerForm form, int index, Precision precision)
    {
        if (form is MaximumForm maximum)
        {
            // Panels of channels are loaded past the last one, which memory of the caller has no room for.
            var size = maximum.Geometry;
            return new WindowPlan(size with { ChannelsFirst = size.ChannelsFirst && size.Channels > 1 }, size.Channels, 1,
                IsByChannel: true, index == 0 || (size.ChannelsFirst && size.Channels > 1), default)
            { IsMaximum = true };
        }

        if (form is not ConvolutionForm convolution) return null;
        var geometry = convolution.Geometry;
        bool isByChannel = convolution.Groups == geometry.Channels && convolution.Filters == geometry.Channels && geometry.Channels > 1;
        bool isCopied = geometry.PadTop + geometry.PadLeft + geometry.PadBottom + geometry.PadRight > 0 || convolution.Ends != default
            || (geometry.ChannelsFirst && geometry.Channels > 1) || (isByChannel && index == 0);
        var plan = new WindowPlan(
            geometry, convolution.Filters, isByChannel ? 1 : convolution.Groups, isByChannel, isCopied, convolution.Ends);
        return plan with
        {
            Wide = plan.TileOf(MostWide),
            Narrow = plan.TileOf(MostNarrow),
            Paired = plan.TileOf(MostPaired),
            Runs = WindowRuns.TryFind(convolution, plan, SummationOrder.Lanes(precision)),
        };
    }

    /// <summary>Places that a kernel takes at once where a panel is one register.</summary>
    public WindowTile Wide { get; init; } = new(1, 1);

    /// <summary>The same where it is several.</summary>
    public WindowTile Narrow { get; init; } = new(1, 1);

    /// <summary>The same for two panels of one register each.</summary>
    public WindowTile Paired { get; init; } = new(1, 1);

    /// <summary>The terms that are computed; null where all are.</summary>
    public WindowRuns? Runs { get; init; }

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

    /// <summary>Where the input of a term is in the image, counted from the first input under the window.</summary>
    public int PlaceOf(int term)
    {
        int channel = term % GroupChannels, tap = term / GroupChannels;
        return (tap / Geometry.KernelWidth * Geometry.DilationY * Pitch)
            + (tap % Geometry.KernelWidth * Geometry.DilationX * Geometry.Channels) + channel;
    }

    /// <summary>Where the runs of the terms are in the table, behind the weights.</summary>
    /// <param name="body">Where the weights are.</param>
    /// <param name="lanes">Outputs of a panel.</param>
    public int RunsStart(int body, int lanes) => body + (Runs!.VectorCount * lanes);

    /// <summary>Where it is that says what a panel has for each row of the kernel, behind the runs.</summary>
    /// <param name="body">Where the weights are.</param>
    /// <param name="lanes">Outputs of a panel.</param>
    /// <param name="panel">The panel.</param>
    public int RowsStart(int body, int lanes, int panel) =>
        RunsStart(body, lanes) + (Runs!.RunCount * WindowRuns.Numbers) + (panel * (Geometry.KernelHeight + 1) * WindowRuns.RowNumbers);

    /// <summary>
    /// The numbers of the table by panel: biases, then for each panel the weights of each term. Where some terms are left out there follow,
    /// in the form of <c>SegmentSearch.Row</c>, for each run the place, the number of terms (0 for a diagonal) and the first of them; and
    /// for each panel and row of the kernel, and the end, the vectors of weights and the runs before it.
    /// </summary>
    public static void Pack(ConvolutionForm form, Precision precision, List<double> table)
    {
        var plan = Of(form, 1, precision)!;
        int lanes = SummationOrder.Lanes(precision), panels = (plan.GroupFilters + lanes - 1) / lanes;
        foreach (var (group, panel) in plan.Panels(panels)) Add(group, panel, filter => form.FilterBiases[filter]);
        if (plan.Runs is { } runs)
        {
            for (int panel = 0; panel < panels; panel++)
            {
                foreach (var run in runs.Panels[panel])
                {
                    int first = run.First;
                    if (run.IsDiagonal)
                        Add(0, panel, filter => form.Weights[(filter * plan.Terms) + first + (filter % lanes)]);
                    for (int term = first; term < first + run.Count && !run.IsDiagonal; term++)
                        Add(0, panel, filter => form.Weights[(filter * plan.Terms) + term]);
                }
            }

            PackRuns(plan, runs, TablePacker.RowZero(precision), table);
            return;
        }

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

    private static void PackRuns(WindowPlan plan, WindowRuns runs, double zero, List<double> table)
    {
        foreach (var run in runs.Panels.SelectMany(static own => own))
            table.AddRange([zero + run.Place, zero + (run.IsDiagonal ? 0 : run.Count), zero + run.First]);
        int row = plan.Geometry.KernelWidth * plan.GroupChannels;
        foreach (var own in runs.Panels)
        {
            for (int ky = 0; ky <= plan.Geometry.KernelHeight; ky++)
            {
                var before = own.Where(run => run.First < ky * row);
                table.AddRange([zero + before.Sum(static run => run.Vectors), zero + before.Count()]);
            }
        }
    }

    private IEnumerable<(int Group, int Panel)> Panels(int panels) =>
        Enumerable.Range(0, Groups).SelectMany(_ => Enumerable.Range(0, panels), static (group, panel) => (group, panel));

    /// <summary>A tile of at most so many places: of several rows where one is too short to keep a core busy.</summary>
    private WindowTile TileOf(int most)
    {
        int columns = Tile(Geometry.OutputWidth, most);
        return new WindowTile(columns, columns < Geometry.OutputWidth ? 1 : Tile(Geometry.OutputHeight, most / columns));
    }

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

/// <summary>The places that a kernel takes at once.</summary>
/// <param name="Columns">Places of a row.</param>
/// <param name="Rows">Rows of places; all places of each, where there are several.</param>
internal readonly record struct WindowTile(int Columns, int Rows)
{
    /// <summary>The places.</summary>
    public int Count => Columns * Rows;
}
