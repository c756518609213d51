using System.Collections.Immutable;

namespace Kan.Analysis;

/// <summary>The appearance of a picture of a network.</summary>
public sealed record NetworkPictureOptions
{
    /// <summary>The heading; none if empty.</summary>
    public string Title { get; init; } = "";

    /// <summary>
    /// The ranges of the inputs, as in <see cref="NodeRanges"/>: edges are drawn, and compared, over what reaches them around their
    /// breakpoints.
    /// </summary>
    public ImmutableArray<InputRange> InputRanges { get; init; } = [];

    /// <summary>
    /// The ranges of all nodes, as <see cref="Analysis.NodeRanges.Observed"/> gives them: edges are drawn, and compared, over these alone.
    /// Where empty, the ranges follow from <see cref="InputRanges"/>.
    /// </summary>
    public ImmutableArray<ImmutableArray<InputRange>> NodeRanges { get; init; } = [];

    /// <summary>One name for each input, or empty.</summary>
    public ImmutableArray<string> InputNames { get; init; } = [];

    /// <summary>One name for each output, or empty.</summary>
    public ImmutableArray<string> OutputNames { get; init; } = [];

    /// <summary>The maximum number of edges to draw of a layer, at least 1; those whose values vary most are drawn.</summary>
    public int EdgesPerLayer { get; init; } = 20;
}
