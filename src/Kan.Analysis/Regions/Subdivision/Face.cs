namespace Kan.Analysis;

/// <summary>A face of the subdivision: a convex polygon, and its segments in the network.</summary>
internal sealed class Face(HalfEdge[] border, LayerState state, int[] segments)
{
    /// <summary>Its sides, counterclockwise.</summary>
    public HalfEdge[] Border { get; set; } = border;

    /// <summary>The maps of the nodes of the current layer, which all faces cut from one cell of the layers before share.</summary>
    public LayerState State { get; set; } = state;

    /// <summary>The segments of the nodes of the current layer that have been passed.</summary>
    public int[] Segments { get; set; } = segments;

    /// <summary>Its place in the result.</summary>
    public int Index { get; set; } = -1;

    /// <summary>Takes the left or the right of each of its sides.</summary>
    public void Attach()
    {
        foreach (var side in Border)
        {
            if (side.Forward) side.Edge.Left = this;
            else side.Edge.Right = this;
        }
    }
}
