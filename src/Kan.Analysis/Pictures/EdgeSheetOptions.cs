using System.Collections.Immutable;

namespace Kan.Analysis;

/// <summary>The appearance of a sheet of edge functions.</summary>
public sealed record EdgeSheetOptions
{
    /// <summary>The heading; none if empty.</summary>
    public string Title { get; init; } = "";

    /// <summary>
    /// The ranges of the inputs, as in <see cref="NodeRanges"/>: edges are drawn over what reaches them around their breakpoints.
    /// </summary>
    public ImmutableArray<InputRange> InputRanges { get; init; } = [];

    /// <summary>
    /// The ranges of all nodes, as <see cref="Analysis.NodeRanges.Observed"/> gives them: edges are drawn, and compared, over these alone.
    /// Where empty, the ranges follow from <see cref="InputRanges"/>.
    /// </summary>
    public ImmutableArray<ImmutableArray<InputRange>> NodeRanges { get; init; } = [];

    /// <summary>One name for each input of the network, or empty.</summary>
    public ImmutableArray<string> InputNames { get; init; } = [];

    /// <summary>One name for each output of the network, or empty.</summary>
    public ImmutableArray<string> OutputNames { get; init; } = [];

    /// <summary>The number of plots per row, at least 1.</summary>
    public int Columns { get; init; } = 3;

    /// <summary>The width of one plot in pixels, at least 120.</summary>
    public int PlotWidth { get; init; } = 280;

    /// <summary>The height of one plot in pixels, at least 100.</summary>
    public int PlotHeight { get; init; } = 210;
}
